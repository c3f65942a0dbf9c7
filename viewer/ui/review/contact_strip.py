"""The frames of one image side by side, small, to see where names may be."""

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QImage, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from viewer.commands.desk import Desk
from viewer.services.contact_pictures import ContactPictures, spread
from viewer.services.review_frames import Frames
from viewer.services.review_state import ReviewState
from viewer.ui import theme

SIDE = 72
_STEP = SIDE + theme.UNIT
_MOST = 40


class ContactStrip(QWidget):
    """As many frames as find room, evenly spread; a click shows one large.

    Signals
    -------
    chosen : (int)
        A frame, counted from 1.
    """

    chosen = Signal(int)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pictures = ContactPictures(desk.decoding, 2 * SIDE, self._on_picture)
        self._frames: Frames | None = None
        self._numbers: tuple[int, ...] = ()
        self._shown: dict[int, QImage | str] = {}
        self._state = ReviewState()
        self.setFixedHeight(SIDE + 2 * theme.UNIT + 16)
        self.setAccessibleName("Frames")
        self.hide()

    @property
    def numbers(self) -> tuple[int, ...]:
        """Which frames have a place here."""
        return self._numbers

    def show_frames(self, state: ReviewState, frames: Frames | None) -> None:
        """Show another image's frames; one alone needs no strip."""
        self._state, self._frames = state, frames
        self._shown.clear()
        look = state.look
        several = look is not None and look.frames > 1 and frames is not None
        self.setVisible(several)
        self._numbers = ()
        self._lay_out()

    def show_state(self, state: ReviewState) -> None:
        """Mark another frame."""
        self._state = state
        self.update()

    def put_away(self) -> None:
        """Want no more pictures."""
        self._pictures.drop()
        self._frames = None

    @override
    def sizeHint(self) -> QSize:
        return QSize(_STEP * 4, self.height())

    @override
    def resizeEvent(self, event: object) -> None:
        self._lay_out()

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = (round(event.position().x()) - theme.UNIT) // _STEP
        if 0 <= place < len(self._numbers):
            self.chosen.emit(self._numbers[place])

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color(theme.tokens().panel))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setFont(theme.figures(theme.font("caption")))
        near = self._nearest()
        for at, number in enumerate(self._numbers):
            place = QRect(theme.UNIT + at * _STEP, theme.UNIT, SIDE, SIDE)
            self._paint_one(painter, place, number, current=number == near)
        painter.end()

    def _paint_one(
        self, painter: QPainter, place: QRect, number: int, *, current: bool
    ) -> None:
        painter.fillRect(place, theme.color(theme.ON_IMAGE.canvas))
        picture = self._shown.get(number)
        if isinstance(picture, QImage):
            painter.drawImage(place, picture)
        elif picture is not None:
            painter.setPen(theme.color(theme.ON_IMAGE.text_2))
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, "–")
        look = theme.tokens()
        if current:
            painter.setPen(theme.color(look.focus))
            painter.drawRect(place.adjusted(0, 0, -1, -1))
        painter.setPen(theme.color(look.text if current else look.text_2))
        below = QRect(place.left(), place.bottom() + 1, SIDE, 16)
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, f"{number:,}")

    def _lay_out(self) -> None:
        look = self._state.look
        if look is None or self._frames is None or look.frames < 2:
            self._pictures.drop()
            return
        room = max((self.width() - theme.UNIT) // _STEP, 2)
        numbers = spread(look.frames, min(room, _MOST))
        if numbers != self._numbers:
            self._numbers = numbers
            missing = tuple(one for one in numbers if one not in self._shown)
            self._pictures.ask(self._frames, missing)
        self.update()

    def _nearest(self) -> int:
        """The frame on show, or the one beside it that has a place here."""
        here = self._state.frame
        return min(self._numbers, key=lambda one: abs(one - here), default=0)

    def _on_picture(self, number: int, picture: npt.NDArray[np.uint8] | str) -> None:
        if isinstance(picture, str):
            self._shown[number] = picture
        else:
            self._shown[number] = _to_image(picture)
        self.update()


def _to_image(picture: npt.NDArray[np.uint8]) -> QImage:
    pixels = np.ascontiguousarray(picture)
    grey = pixels.ndim == 2
    kind = QImage.Format.Format_Grayscale8 if grey else QImage.Format.Format_RGB888
    rows, columns = pixels.shape[:2]
    # `copy` lets the picture outlive the array.
    return QImage(pixels.data, columns, rows, pixels.strides[0], kind).copy()
