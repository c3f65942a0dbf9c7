"""One frame as the viewport shows it, down to the device pixel."""

from typing import Any

import numpy as np
import numpy.typing as npt

from viewer.core.frame_parts import FrameParts
from viewer.core.frame_resampler import Resampler, shown_mask
from viewer.core.frame_shading import shading
from viewer.core.grayscale import Voi
from viewer.core.image import Image
from viewer.core.layers import Layers
from viewer.core.resampling import Rectangle, Words, oriented, to_words
from viewer.core.shading import TableShading
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
        self._resampler = Resampler(self._shading, mask=not self._has_greys)
        self._size = (image.pixels.columns, image.pixels.rows)
        self._transform = ViewTransform(View(), self._size, (1, 1), self._proportion)
        self._key: object = None
        self._kept: Array
        self._shown: Bytes | None
        self._finished: tuple[object, Bytes] | None = None

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
            pixels = _masked(pixels, shown_mask(~hidden))
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
        left, top, right, bottom = self._place(view, size, quick=quick)
        canvas = np.zeros((size[1], size[0], *self._channels), dtype=np.uint8)
        if left < right and top < bottom:
            canvas[top:bottom, left:right] = self._pixels(view, voi)
        return canvas

    def prepare(self, view: View, size: Size, *, quick: bool = False) -> None:
        """Resample what `paint` and `lay` will want with the same arguments."""
        self._place(view, size, quick=quick)

    def lay(
        self,
        words: Words,
        part: Rectangle,
        view: View,
        voi: Voi | None,
        *,
        quick: bool = False,
    ) -> Rectangle:
        """The image alone, written where a window system keeps its pixels.

        Parameters
        ----------
        words : numpy.ndarray
            ``(height, width)`` of the viewport.
        part : Rectangle
            What of it is written; all else stays as it is.
        view, voi, quick
            As in `paint`.

        Returns
        -------
        Rectangle
            Where the image is now; what is black around it is left to be painted.
        """
        height, width = words.shape
        place = self._place(view, (width, height), quick=quick)
        left, top, right, bottom = meeting = _meeting(place, part)
        if left >= right or top >= bottom:
            return (0, 0, 0, 0)
        rows = slice(top - place[1], bottom - place[1])
        columns = slice(left - place[0], right - place[0])
        inside, frame = words[top:bottom, left:right], self._shading
        if self._is_bare(view) and isinstance(frame, TableShading):
            frame.lay(self._kept[rows, columns], voi, inside, inverted=view.inverted)
        else:
            to_words(self._whole(view, voi)[rows, columns], inside)
        return meeting

    def _place(self, view: View, size: Size, *, quick: bool) -> Rectangle:
        """Where the image lies in the viewport; what it shows there is at hand then."""
        transform = self.transform(view, size)
        place = transform.covered
        if place[0] < place[2] and place[1] < place[3]:
            lies = transform.upright_size, transform.corner, view.turns, view.mirrored
            if (lies, place, quick) != self._key:
                self._keep(transform, place, quick=quick)
                self._key = (lies, place, quick)
                self._finished = None
        return place

    def _is_bare(self, view: View) -> bool:
        """Whether nothing lies on the pixels, and each of them shows."""
        return self._shown is None and not self._layers.lie_on(view)

    def _whole(self, view: View, voi: Voi | None) -> Bytes:
        """The pixels of the place; found once as long as nothing changes."""
        key = (view, voi)
        if self._finished is None or self._finished[0] != key:
            self._finished = key, self._pixels(view, voi)
        return self._finished[1]

    def _pixels(self, view: View, voi: Voi | None) -> Bytes:
        pixels = self._to_screen(self._kept, voi, view)
        if self._shown is not None:
            pixels = _masked(pixels, self._shown)
        if self._layers.lie_on(view):
            covered = np.empty((*pixels.shape[:2], *self._channels), np.uint8)
            covered[...] = self._with_channels(pixels)
            self._layers.lay_on(covered, view)
            pixels = covered
        return pixels

    def _keep(self, transform: ViewTransform, place: Rectangle, *, quick: bool) -> None:
        part = _upright(transform, place)
        kept, shown = self._resampler.part(transform.upright_size, part, quick=quick)
        turns, mirrored = transform.view.turns, transform.view.mirrored
        self._kept = oriented(kept, turns=turns, mirrored=mirrored)
        self._shown = shown
        if shown is not None:
            self._shown = oriented(shown, turns=turns, mirrored=mirrored)
        self._layers.keep(transform.upright_size, part, transform.view, quick=quick)


def _meeting(one: Rectangle, other: Rectangle) -> Rectangle:
    """What two rectangles share; where they share nothing, right is not beyond left."""
    left, top = max(one[0], other[0]), max(one[1], other[1])
    return left, top, min(one[2], other[2]), min(one[3], other[3])


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


def _masked(pixels: Bytes, shown: Bytes) -> Bytes:
    if pixels.ndim == 3:
        shown = shown[..., None]
    masked: Bytes = np.bitwise_and(pixels, shown)
    return masked
