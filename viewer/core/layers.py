"""What lies over the pixels of a picture: the shutter, and on it the overlay planes.

Both come to the screen by the rule of `resampling.nearest`: a device pixel is that
image pixel in whose area its centre lies. Where the picture shrinks, the overlay is
averaged instead, so that no thin line is lost, and mixed with what is under it.
"""

from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from viewer.core.frame_parts import FrameParts
from viewer.core.image import Image
from viewer.core.overlay_plane import Bits, laid_on
from viewer.core.resampling import Rectangle, Size, nearest, oriented, shrink
from viewer.core.shutter import Shutter
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
    """

    def __init__(self, image: Image, number: int, parts: FrameParts) -> None:
        frame = image.frame(number)
        shape = (image.pixels.rows, image.pixels.columns)
        self._size = (shape[1], shape[0])
        self._grey = 0
        self._covered: Bits | None = None
        hidden_group = None
        if frame.shutter is not None:
            self._grey, hidden_group = frame.shutter.grey, frame.shutter.overlay_group
            self._covered = _covered(frame.shutter, shape, proportion(frame))
        planes = {plane.group: plane for plane in image.overlays}
        brought = {
            group: (planes[group], bits)
            for group, bits in parts.overlays.items()
            if group in planes
        }
        if hidden_group in brought and self._covered is not None:
            bitmap = laid_on(shape, [brought.pop(hidden_group)])
            self._covered = self._covered | bitmap
        self._drawn: Bits | None = None
        if brought:
            self._drawn = laid_on(shape, brought.values())
        self._part: tuple[Bits | None, Bytes | None] = (None, None)

    def keep(self, size: Size, part: Rectangle, view: View) -> None:
        """Bring both to `part` of the image at `size`, as `view` turns it."""
        covered, drawn = self._covered, self._drawn
        if covered is not None:
            sheet = nearest(covered.view(np.uint8), size, part)
            covered = _as_seen(sheet, view).view(np.bool_)
        share: Bytes | None = None
        if drawn is not None:
            share = drawn.view(np.uint8) * np.uint8(_WHITE)
            smaller = (min(size[0], self._size[0]), min(size[1], self._size[1]))
            if smaller != self._size:
                share = shrink(share, smaller)
            share = _as_seen(nearest(share, size, part), view)
        self._part = (covered, share)

    def lay_on(self, pixels: Bytes, view: View) -> None:
        """Change the `pixels` of the part kept last as `view` wants them."""
        covered, drawn = self._part
        if covered is not None and view.shuttered:
            pixels[covered] = self._grey
        if drawn is not None and view.overlaid:
            _mix_white(pixels, drawn)


def _as_seen(sheet: Array, view: View) -> Array:
    return oriented(sheet, turns=view.turns, mirrored=view.mirrored)


@lru_cache(maxsize=8)
def _covered(shutter: Shutter, shape: tuple[int, int], row_proportion: float) -> Bits:
    """The frames of a cine share their shutter."""
    covered = shutter.covered(shape, row_proportion)
    covered.flags.writeable = False
    return covered


def _mix_white(pixels: Bytes, share: Bytes) -> None:
    """Mix white into `pixels`, 255 of `share` being all of it."""
    rows, columns = np.nonzero(share)
    under = pixels[rows, columns].astype(np.uint32)
    part = share[rows, columns].astype(np.uint32)
    if pixels.ndim == 3:
        part = part[:, None]
    pixels[rows, columns] = under + (2 * (_WHITE - under) * part + _WHITE) // 510
