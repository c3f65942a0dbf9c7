"""One frame as the viewport shows it, down to the device pixel."""

from typing import Any

import numpy as np
import numpy.typing as npt

from viewer.core.frame_parts import FrameParts
from viewer.core.frame_shading import shading
from viewer.core.grayscale import Voi
from viewer.core.image import Image
from viewer.core.layers import Layers
from viewer.core.resampling import Rectangle, grow, nearest, oriented, shrink
from viewer.core.shading import Shading
from viewer.core.view import Size, View, ViewTransform, proportion
from viewer.core.voi import is_step, misses

Array = npt.NDArray[Any]
Bytes = npt.NDArray[np.uint8]

MISSED = "the window misses the image"
CUT = "the window leaves only black and white"
_AS_STORED = View(zoom=1.0)


class FramePainter:
    """Paints one frame; a new window costs one table lookup.

    What was resampled is kept until zoom, pan or size of the viewport change. Not
    for several threads at once.

    Parameters
    ----------
    stored : numpy.ndarray
        The decoded frame, ``(rows, columns)`` or ``(rows, columns, 3)``; not changed.
        A smaller picture of it will do, which `native` then paints as it is.
    image : Image
    number : int
        Which frame of the image it is, counted from 1.
    photometric : str
        What the samples are after decoding, which need not be what the file says.
    parts : FrameParts
        What the file keeps beside the pixels.

    Attributes
    ----------
    missing : tuple of str
        What of the picture could not be brought, in words.

    Raises
    ------
    PixelError
        If the frame cannot be shown truthfully.
    """

    def __init__(
        self,
        stored: Array,
        image: Image,
        number: int,
        photometric: str,
        parts: FrameParts | None = None,
    ) -> None:
        parts = parts or FrameParts()
        self._shading = shading(stored, image, number, photometric, parts.to_screen)
        self._layers = Layers(image, number, parts)
        self._channels = self._shading.channels or self._layers.channels
        self.missing = parts.missing
        self._proportion = proportion(image.frame(number))
        self._has_greys = image.pixels.bits_stored > 1
        self._resampler = _Resampler(self._shading, mask=not self._has_greys)
        self._size = (image.pixels.columns, image.pixels.rows)
        self._transform = ViewTransform(View(), self._size, (1, 1), self._proportion)
        self._key: object = None
        self._kept: Array
        self._shown: Bytes | None

    def transform(self, view: View, size: Size) -> ViewTransform:
        """The way between this image and a viewport of `size`; the last one is kept."""
        if (self._transform.view, self._transform.viewport) != (view, size):
            self._transform = ViewTransform(view, self._size, size, self._proportion)
        return self._transform

    @property
    def ends(self) -> tuple[float, float] | None:
        """Lowest and highest modality value; None for colour, and without an image."""
        return self._shading.ends

    def marks(self, voi: Voi | None) -> tuple[str, ...]:
        """What must be said of the picture beside it, in words."""
        if voi is None or self.ends is None:
            return self.missing
        if misses(voi, *self.ends):
            return (*self.missing, MISSED)
        if self._has_greys and is_step(voi, *self.ends):
            return (*self.missing, CUT)
        return self.missing

    def native(self, voi: Voi | None, view: View = _AS_STORED) -> Bytes:
        """One pixel for each pixel of the file, not turned, not brought in shape."""
        whole = (slice(None), slice(None))
        kept = np.ascontiguousarray(self._shading.kept(whole))
        pixels = self._to_screen(kept, voi, view)
        hidden = self._shading.hidden
        if hidden is not None:
            pixels = _masked(pixels, _shown_mask(~hidden))
        self._layers.keep(self._size, (0, 0, *self._size), _AS_STORED)
        self._key = None  # what is kept over the pixels is no longer the viewport's
        picture = np.empty((*pixels.shape[:2], *self._channels), np.uint8)
        picture[...] = self._with_channels(pixels)
        self._layers.lay_on(picture, view)
        return picture

    def _with_channels(self, pixels: Bytes) -> Bytes:
        """Greys as one of three channels, where a layer has colours."""
        return pixels[..., None] if self._channels and pixels.ndim == 2 else pixels

    def _to_screen(self, kept: Array, voi: Voi | None, view: View) -> Bytes:
        return self._shading.to_screen(
            kept, voi, inverted=view.inverted, managed=view.color_managed
        )

    def paint(
        self, view: View, size: Size, voi: Voi | None, *, quick: bool = False
    ) -> Bytes:
        """The viewport's pixels, black beside the image and in its padding.

        Parameters
        ----------
        view : View
        size : Size
            Width and height of the viewport in device pixels.
        voi : Voi or None
            Colour images take None (and do not mind a window).
        quick : bool
            While the hand zooms: shrinks without averaging, five times as fast on a
            mammogram.

        Returns
        -------
        numpy.ndarray
            ``(height, width)``, or ``(height, width, 3)`` red, green, blue.
        """
        (left, top, right, bottom), pixels = self.part(view, size, voi, quick=quick)
        canvas = np.zeros((size[1], size[0], *self._channels), dtype=np.uint8)
        canvas[top:bottom, left:right] = pixels
        return canvas

    def part(
        self, view: View, size: Size, voi: Voi | None, *, quick: bool = False
    ) -> tuple[Rectangle, Bytes]:
        """Where the image lies in the viewport, and its pixels there; they are ours.

        The same as `paint` without what is black around it.
        """
        transform = self.transform(view, size)
        left, top, right, bottom = place = _visible(transform)
        if left >= right or top >= bottom:
            return (0, 0, 0, 0), np.zeros((0, 0, *self._channels), np.uint8)
        key = (transform.upright_size, transform.corner, view.turns, view.mirrored)
        if (key, place, quick) != self._key:
            self._keep(transform, place, quick=quick)
            self._key = (key, place, quick)
        pixels = self._to_screen(self._kept, voi, view)
        if self._shown is not None:
            pixels = _masked(pixels, self._shown)
        if self._layers.lie_on(view):
            covered = np.empty((*pixels.shape[:2], *self._channels), np.uint8)
            covered[...] = self._with_channels(pixels)
            self._layers.lay_on(covered, view)
            pixels = covered
        return place, pixels

    def _keep(self, transform: ViewTransform, place: Rectangle, *, quick: bool) -> None:
        part = _upright(transform, place)
        kept, shown = self._resampler.part(transform.upright_size, part, quick=quick)
        turns, mirrored = transform.view.turns, transform.view.mirrored
        self._kept = oriented(kept, turns=turns, mirrored=mirrored)
        self._shown = shown
        if shown is not None:
            self._shown = oriented(shown, turns=turns, mirrored=mirrored)
        self._layers.keep(transform.upright_size, part, transform.view, quick=quick)


class _Resampler:
    """Parts of one frame at any size; keeps the last whole image it has shrunk.

    A mask has an edge where the file puts it: growing makes no greys between yes and
    no. Shrinking does, or thin parts would be lost.
    """

    def __init__(self, frame: Shading, *, mask: bool) -> None:
        self._frame, self._mask = frame, mask
        rows, columns = frame.source.shape[:2]
        self._size = (columns, rows)
        self._weights = None
        if frame.hidden is not None:
            self._weights = (~frame.hidden).astype(np.float32)
        self._reduced_for: object = (self._size, False)
        self._reduced: tuple[Array, Array | None] = (self._filtered, self._weights)

    @property
    def _filtered(self) -> Array:
        """What the filters see: padding weighs nothing, so that it cannot bleed."""
        if self._weights is None:
            return self._frame.source
        return self._frame.source.astype(np.float32) * self._weights

    def part(
        self, size: Size, part: Rectangle, *, quick: bool
    ) -> tuple[Array, Bytes | None]:
        """What is kept for `part` of the image at `size`, and a mask of what shows."""
        left, top, right, bottom = part
        rectangle = (slice(top, bottom), slice(left, right))
        if size == self._size:
            hidden = self._frame.hidden
            shown = None if hidden is None else _shown_mask(~hidden[rectangle])
            return self._frame.kept(rectangle), shown
        grows = size[0] >= self._size[0] and size[1] >= self._size[1]
        if not self._frame.smooth or (self._mask and grows):
            return self._nearest(size, part)
        values, weights = self._reduce(size, quick=quick)
        rows, columns = values.shape[:2]
        if (columns, rows) == size:
            values = values[rectangle]
            weights = None if weights is None else weights[rectangle]
        else:
            values = grow(values, size, part)
            weights = None if weights is None else grow(weights, size, part)
        if weights is None:
            return self._frame.kept_of(values), None
        values = values / np.maximum(weights, np.float32(1e-3))
        if self._frame.source.dtype == np.uint16:
            values = np.floor(values + 0.5).astype(np.uint16)
        return self._frame.kept_of(values), _shown_mask(weights >= 0.5)

    def _nearest(self, size: Size, part: Rectangle) -> tuple[Array, Bytes | None]:
        hidden = self._frame.hidden
        kept = self._frame.kept_of(nearest(self._frame.source, size, part))
        if hidden is None:
            return kept, None
        return kept, _shown_mask(~nearest(hidden, size, part))

    def _reduce(self, size: Size, *, quick: bool) -> tuple[Array, Array | None]:
        """The whole image, shrunk along the axes that get shorter."""
        smaller = (min(size[0], self._size[0]), min(size[1], self._size[1]))
        quick = quick and smaller != self._size
        if self._reduced_for != (smaller, quick):
            values, weights = self._filtered, self._weights
            if smaller != self._size:
                values = shrink(values, smaller, quick=quick)
                if weights is not None:
                    weights = shrink(weights, smaller, quick=quick)
            self._reduced, self._reduced_for = (values, weights), (smaller, quick)
        return self._reduced


def _visible(transform: ViewTransform) -> Rectangle:
    """The part of the viewport that the image covers."""
    x, y = transform.corner
    (width, height), (across, down) = transform.shown_size, transform.viewport
    return max(0, x), max(0, y), min(across, x + width), min(down, y + height)


def _upright(transform: ViewTransform, place: Rectangle) -> Rectangle:
    """The same part in device pixels of the image before mirroring and turning."""
    x, y = transform.corner
    left, right, top, bottom = place[0] - x, place[2] - x, place[1] - y, place[3] - y
    width, height = transform.upright_size
    left, top, right, bottom = {
        0: (left, top, right, bottom),
        1: (top, height - right, bottom, height - left),
        2: (width - right, height - bottom, width - left, height - top),
        3: (width - bottom, left, width - top, right),
    }[transform.view.turns]
    if transform.view.mirrored:
        left, right = width - right, width - left
    return left, top, right, bottom


def _shown_mask(shown: npt.NDArray[np.bool_]) -> Bytes:
    """255 where the image shows, 0 where it does not."""
    return shown.astype(np.uint8) * np.uint8(255)


def _masked(pixels: Bytes, shown: Bytes) -> Bytes:
    if pixels.ndim == 3:
        shown = shown[..., None]
    masked: Bytes = np.bitwise_and(pixels, shown)
    return masked
