"""The grey or coloured pixels of a viewport, as Qt can blit them one to one."""

import numpy as np
import numpy.typing as npt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from viewer.core.grayscale import Voi
from viewer.core.render import FramePainter
from viewer.core.resampling import Rectangle, to_words
from viewer.core.view import Size, View

_BLACK = np.array([0, 0, 0, 255], np.uint8)  # blue, green, red, and what Qt ignores
_QUICK_FROM = 200_000  # pixels of the frame; smaller ones are averaged in no time

Bytes = npt.NDArray[np.uint8]


def device_size_of(widget: QWidget) -> Size:
    """Width and height of a widget in device pixels, at least one each."""
    ratio = widget.devicePixelRatioF()
    return max(round(widget.width() * ratio), 1), max(round(widget.height() * ratio), 1)


class Picture:
    """Keeps the pixels of an image, and finds them anew only when something changed."""

    def __init__(self) -> None:
        self._key: object = None
        self._place: object = None
        self._pixels: tuple[Rectangle, Bytes] = (0, 0, 0, 0), np.empty((0, 0), np.uint8)
        self.is_rough = False

    def paint(
        self, painter: FramePainter, view: View, size: Size, voi: Voi | None
    ) -> QImage:
        """The picture for a viewport of `size` device pixels, until the next call.

        While frame, zoom, pan or size change, large frames are shrunk quickly;
        `is_rough` tells that a call of `refine` would bring a better one.
        """
        place = (painter, view, size)
        columns, rows = painter.transform(view, size).image_size
        rough = place != self._place and columns * rows >= _QUICK_FROM
        self._place, self.is_rough = place, rough or self.is_rough
        key = (painter, view, size, voi, self.is_rough)
        if key != self._key:
            self._pixels = painter.part(view, size, voi, quick=self.is_rough)
            self._key = key
        return _CANVAS.showing(size, *self._pixels)

    def refine(self) -> None:
        """Paint in full quality next time."""
        self.is_rough = False


class _Canvas:
    """One viewport's pixels as the window system has them.

    All viewports share it, one after the other: memory that was just written is in
    the processor's cache, and that of four viewports would not fit.
    """

    def __init__(self) -> None:
        self._words = np.empty((0, 0, 4), np.uint8)
        self._room: object = None

    def showing(self, size: Size, place: Rectangle, pixels: Bytes) -> QImage:
        """`pixels` at their `place`, black around them."""
        width, height = size
        if self._words.shape[:2] != (height, width):
            self._words = np.empty((height, width, 4), np.uint8)
        if (size, place) != self._room:
            self._words[...] = _BLACK
            self._room = (size, place)
        left, top, right, bottom = place
        if pixels.size:
            to_words(pixels, self._words[top:bottom, left:right])
        kind, step = QImage.Format.Format_RGB32, self._words.strides[0]
        return QImage(self._words.data, width, height, step, kind)


_CANVAS = _Canvas()
