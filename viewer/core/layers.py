"""What lies over the pixels of a picture: the shutter, and on it the overlay planes.

Both come to the screen by the rule of `resampling.nearest`: a device pixel is that
image pixel in whose area its centre lies. Where the picture shrinks, the overlay is
averaged instead, so that no thin line is lost, and mixed with what is under it.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from viewer.core.frame_parts import FrameParts
from viewer.core.image import Image
from viewer.core.overlay_plane import Bits, laid_on
from viewer.core.resampling import Rectangle, Size, nearest, oriented, shrink
from viewer.core.shutter import covered
from viewer.core.view import View, proportion

Bytes = npt.NDArray[np.uint8]
Array = npt.NDArray[Any]

_WHITE = 255


class Layers:
    """The shutter and the overlay planes of one frame, at any size.

    Parameters
    ----------
    image : Image
    number : int
        Counted from 1.
    parts : FrameParts

    Attributes
    ----------
    channels : tuple of int
        What must follow height and width in the shape of a picture for them.
    """

    def __init__(self, image: Image, number: int, parts: FrameParts) -> None:
        frame = image.frame(number)
        shape = (image.pixels.rows, image.pixels.columns)
        self._size = (shape[1], shape[0])
        self.channels: tuple[int, ...] = ()
        self._instead = np.zeros(1, np.uint8)
        self._covered: Bits | None = None
        hidden_group = None
        if frame.shutter is not None:
            hidden_group = frame.shutter.overlay_group
            self._instead = np.array([frame.shutter.grey], np.uint8)
            if frame.shutter.color is not None:
                self.channels = (3,)
                self._instead = np.array(frame.shutter.color, np.uint8)
            self._covered = covered(frame.shutter, shape, proportion(frame))
        planes = {plane.group: plane for plane in image.overlays}
        brought = {
            group: (planes[group], bits)
            for group, bits in parts.overlays.items()
            if group in planes
        }
        if hidden_group in brought and self._covered is not None:
            bitmap = laid_on(shape, [brought.pop(hidden_group)])
            self._covered = self._covered | bitmap
        self._drawn: Bytes | None = None
        if brought:
            self._drawn = laid_on(shape, brought.values()).view(np.uint8)
            self._drawn *= np.uint8(_WHITE)
        self._reduced: tuple[object, Bytes | None] = ((self._size, False), self._drawn)
        self._shut: Bits | None = None
        self._ink: _Ink | None = None

    def keep(
        self, size: Size, part: Rectangle, view: View, *, quick: bool = False
    ) -> None:
        """Bring both to `part` of the image at `size`, as `view` turns it."""
        if self._covered is not None:
            sheet = nearest(self._covered.view(np.uint8), size, part)
            self._shut = _as_seen(sheet, view).view(np.bool_)
        if self._drawn is not None:
            smaller = (min(size[0], self._size[0]), min(size[1], self._size[1]))
            share = nearest(self._shrunk(self._drawn, smaller, quick=quick), size, part)
            self._ink = _Ink(_as_seen(share, view), mixed=smaller != self._size)

    def _shrunk(self, drawn: Bytes, size: Size, *, quick: bool) -> Bytes:
        """The overlay at `size`, shrunk only once for it."""
        key, kept = self._reduced
        if key != (size, quick) or kept is None:
            kept = drawn if size == self._size else shrink(drawn, size, quick=quick)
            self._reduced = (size, quick), kept
        return kept

    def lie_on(self, view: View) -> bool:
        """Whether there is anything on the part kept last that `view` wants to see."""
        shut, inked = self._shut is not None, self._ink is not None
        return (shut and view.shuttered) or (inked and view.overlaid)

    def lay_on(self, pixels: Bytes, view: View) -> None:
        """Change the `pixels` of the part kept last as `view` wants them."""
        if self._shut is not None and view.shuttered:
            where = _spread(self._shut, pixels)
            np.copyto(pixels, self._instead, where=where)
        if self._ink is not None and view.overlaid:
            self._ink.lay_on(pixels)


def _as_seen(sheet: Array, view: View) -> Array:
    return oriented(sheet, turns=view.turns, mirrored=view.mirrored)


class _Ink:
    """White, and how much of it there is on each pixel of a picture.

    Parameters
    ----------
    share : numpy.ndarray
        255 is white alone, 0 none; ``(height, width)``.
    mixed : bool
        Whether there is anything between the two.
    """

    def __init__(self, share: Bytes, *, mixed: bool) -> None:
        self._share, self._mixed = share, mixed
        if mixed:  # found once, and not again at each step of the window
            self._place = np.nonzero(share)
            self._part = share[self._place].astype(np.uint32)

    def lay_on(self, pixels: Bytes) -> None:
        """Change `pixels`, grey or colour, to have this white over them."""
        if not self._mixed:
            np.bitwise_or(pixels, _spread(self._share, pixels), out=pixels)
            return
        under = pixels[self._place].astype(np.uint32)
        part = self._part[:, None] if pixels.ndim == 3 else self._part
        pixels[self._place] = under + (2 * (_WHITE - under) * part + _WHITE) // 510


def _spread(sheet: Array, pixels: Bytes) -> Array:
    """A sheet for each of the channels."""
    return sheet[..., None] if pixels.ndim == 3 else sheet
