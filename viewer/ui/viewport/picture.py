"""The grey or coloured pixels of a viewport, as Qt can blit them one to one."""

from PySide6.QtGui import QImage

from viewer.core.grayscale import Voi
from viewer.core.render import FramePainter
from viewer.core.resampling import to_words
from viewer.core.view import Size, View

_QUICK_FROM = 200_000  # pixels of the frame; smaller ones are averaged in no time


class Picture:
    """Keeps the last picture, and paints anew only when something changed."""

    def __init__(self) -> None:
        self._key: object = None
        self._place: object = None
        self.image = QImage()
        self.is_rough = False

    def paint(
        self, painter: FramePainter, view: View, size: Size, voi: Voi | None
    ) -> QImage:
        """The picture for a viewport of `size` device pixels.

        While frame, zoom, pan or size change, large frames are shrunk quickly;
        `is_rough` tells that a call of `refine` would bring a better one.
        """
        place = (painter, view, size)
        columns, rows = painter.transform(view, size).image_size
        rough = place != self._place and columns * rows >= _QUICK_FROM
        self._place = place
        return self._painted(painter, view, size, voi, rough=rough or self.is_rough)

    def refine(self) -> None:
        """Paint in full quality next time."""
        self.is_rough = False

    def _painted(
        self,
        painter: FramePainter,
        view: View,
        size: Size,
        voi: Voi | None,
        *,
        rough: bool,
    ) -> QImage:
        key = (painter, view, size, voi, rough)
        if key != self._key:
            pixels = to_words(painter.paint(view, size, voi, quick=rough))
            height, width = pixels.shape[:2]
            self._pixels = pixels  # Qt does not own them
            kind = QImage.Format.Format_RGB32
            self.image = QImage(pixels.data, width, height, pixels.strides[0], kind)
            self._key = key
        self.is_rough = rough
        return self.image
