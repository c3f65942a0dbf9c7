"""The image somebody looks through for names, with its boxes, and the hand on them."""

from dataclasses import replace

from PySide6.QtCore import QEvent, QPointF, QRect, Qt, QTimer
from PySide6.QtGui import (
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QRegion,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from viewer.commands.desk import Desk
from viewer.core.boxes import Box
from viewer.core.grayscale import Voi
from viewer.core.review import Verdict
from viewer.core.view import Point, Size, View, ViewTransform
from viewer.core.windowing import full_range
from viewer.services.frame_on_show import FrameOnShow, Subject
from viewer.services.review_frames import Frames
from viewer.services.review_state import ReviewState
from viewer.services.windowing import Windowing
from viewer.ui import theme
from viewer.ui.review.box_layer import ShownBox, paint_black, paint_boxes, to_rect
from viewer.ui.review.hand import Hand
from viewer.ui.viewport.outlined import line_height, outlined
from viewer.ui.viewport.overlay import paint_sentence
from viewer.ui.viewport.picture import Ground, Picture, device_size_of

_REFINE_MS = 80
_PATIENCE_MS = 150
_PROGRESS = 2
_NOTCH = 120
_ZOOM_NOTCH = 1.15
_LOOK = "Drag a box over each name.   Enter: reviewed   N: nothing on it"
_AGREE = "Boxes become black in the export.   Enter: reviewed   Del: remove the box"
_ABSENT = "This frame cannot be shown; withhold the image."


class ReviewCanvas(QWidget):
    """Shows one frame as it is stored; nothing lies over it but boxes."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._state = desk.review, desk.review.state
        self._hand = Hand(desk.review, self._to_image)
        self._panned_at: QPointF | None = None
        self.frame = FrameOnShow(desk.decoding, self._on_frame, desk.colors)
        self._frames: Frames | None = None
        self._picture, self._windowing = Picture(), Windowing()
        self._view = View()
        self._full: tuple[Subject | None, Voi | None] = (None, None)
        self._refine = QTimer(self, interval=_REFINE_MS, singleShot=True)
        self._refine.timeout.connect(self._on_rest)
        self._patience = QTimer(self, interval=_PATIENCE_MS, singleShot=True)
        self._patience.timeout.connect(self.update)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Image under review")

    def show_frames(self, frames: Frames | None) -> None:
        """Show another image, fitted; None while its frames are being found."""
        self._frames, self._view = frames, View()
        self.show_state(self._state)

    def show_state(self, state: ReviewState) -> None:
        """Show another moment; a drag goes on where the image is the same."""
        before, self._state = self._state, state
        if (before.look, before.frame) != (state.look, state.frame):
            self._hand.drop()
        self.frame.want(self._subject)
        self.update()

    def put_away(self) -> None:
        """Ask for nothing more, and keep nothing in memory."""
        self._frames = None
        self.frame.close()

    @property
    def middle(self) -> Point:
        """The point of the image in the middle, from its upper left corner."""
        width, height = self.device_size
        transform = self.transform
        if transform is None:
            look = self._state.look
            return (look.columns / 2, look.rows / 2) if look else (0.0, 0.0)
        column, row = transform.to_image((width / 2, height / 2))
        return column + 0.5, row + 0.5

    @property
    def device_size(self) -> Size:
        """Width and height in device pixels."""
        return device_size_of(self)

    @property
    def transform(self) -> ViewTransform | None:
        """How the image lies, in device pixels; None while there is none."""
        painter = self.frame.painter
        if painter is None or self.frame.subject != self._subject:
            return None  # what is on show is another image: no box may be put there
        return painter.transform(self._view, self.device_size)

    @property
    def _subject(self) -> Subject | None:
        return (self._frames or {}).get(self._state.frame)

    @property
    def _voi(self) -> Voi | None:
        subject, decoded = self.frame.subject, self.frame.decoded
        if subject is None or not subject.stack.has_window:
            return None
        if not self._state.whole_range or decoded is None:
            return self._windowing.voi(subject.stack, subject.image, None, decoded)
        if self._full[0] != subject:
            image, number = subject.stack.image(subject.image), subject.frame_ref.number
            self._full = (subject, full_range(image, number, decoded))
        return self._full[1]

    # Painting

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color(theme.ON_IMAGE.canvas))
        self._paint_image(painter, event.region())
        if self.transform is not None:
            self._paint_boxes(painter, self.transform)
            self._paint_hint(painter)
        if self.frame.waiting and not self._patience.isActive():
            line = QRect(0, 0, self.width(), _PROGRESS)
            painter.fillRect(line, theme.color(theme.ON_IMAGE.accent))
        painter.end()

    def _paint_image(self, painter: QPainter, region: QRegion) -> None:
        source, failure = self.frame.painter, self.frame.failure
        if source is not None:
            ground = Ground(painter, region, self.device_size)
            self._picture.lay_on(ground, source, self._view, self._voi)
            if self._picture.is_rough:
                self._refine.start()
        elif failure is not None:
            paint_sentence(painter, self.rect(), failure.message, _ABSENT)
        elif self._frames is not None and self._subject is None:
            paint_sentence(painter, self.rect(), _ABSENT)

    def _paint_boxes(self, painter: QPainter, transform: ViewTransform) -> None:
        ratio, shown = self.devicePixelRatioF(), []
        for place, box in self._hand.boxes():
            shown.append(
                ShownBox(
                    to_rect(box, transform, ratio),
                    self._words(box, place)
                    if place in (None, self._state.selected)
                    else str(place + 1),
                    self._is_proposed,
                    place == self._state.selected,
                )
            )
        if self._state.previewed:
            paint_black(painter, [one.rect for one in shown])
            shown = [one for one in shown if one.selected]
        paint_boxes(painter, shown, ratio)

    def _paint_hint(self, painter: QPainter) -> None:
        """Say what to do, where nothing has been done yet."""
        if self._is_proposed:
            words = _AGREE if self._state.boxes else _LOOK
            ratio = self.devicePixelRatioF()
            line = outlined(words, theme.ON_IMAGE.text_2, ratio)
            place = QPointF(theme.GAP_S, self.height() - line_height() - theme.GAP_S)
            painter.drawPixmap(place, line)

    @property
    def _is_proposed(self) -> bool:
        review = self._state.review
        return review is not None and review.verdict is Verdict.PROPOSED

    def _words(self, box: Box, place: int | None) -> str:
        number = "new" if place is None else str(place + 1)
        what = "proposed" if self._is_proposed else "black"
        look = self._state.look
        several = look is not None and look.frames > 1
        if not several or box.everywhere:
            return f"{number} · {what}"
        last = box.last_frame
        frames = f"frame {box.first_frame}" + ("" if last == box.first_frame else "…")
        return f"{number} · {what} · {frames}"

    # The hand

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._hand.press(event.position())
        elif event.button() == Qt.MouseButton.MiddleButton:
            self._panned_at = event.position()

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._hand.draws:
            self._hand.move(event.position())
            self.update()
        elif self._panned_at is not None:
            self._pan(event.position() - self._panned_at)
            self._panned_at = event.position()
        else:
            self.setCursor(self._hand.cursor(event.position()))

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._hand.release()
            self.update()
        elif event.button() == Qt.MouseButton.MiddleButton:
            self._panned_at = None

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self._hand.held_at(event.position()) is None:
            self._view = replace(self._view, zoom=None, center=None)
            self.update()

    @override
    def event(self, event: QEvent) -> bool:
        """Keep the keys of the chosen box from the page."""
        asked = event.type() == QEvent.Type.ShortcutOverride
        if asked and isinstance(event, QKeyEvent) and self._hand.wants(event):
            event.accept()
            return True
        return super().event(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._hand.wants(event):
            self._hand.press_key(event)
        else:
            super().keyPressEvent(event)

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        turned = event.angleDelta().y() or event.angleDelta().x()
        transform, ratio = self.transform, self.devicePixelRatioF()
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            if transform is not None:
                at = (event.position().x() * ratio, event.position().y() * ratio)
                self._view = transform.zoomed(_ZOOM_NOTCH ** (turned / _NOTCH), at)
                self.update()
        elif turned:
            self._session.scroll(-1 if turned > 0 else 1)
        event.accept()

    def _pan(self, way: QPointF) -> None:
        transform, ratio = self.transform, self.devicePixelRatioF()
        if transform is not None:
            self._view = transform.panned(way.x() * ratio, way.y() * ratio)
            self.update()

    def _to_image(self, position: QPointF) -> Point | None:
        """From screen pixels to pixels of the image from its upper left corner."""
        transform, ratio = self.transform, self.devicePixelRatioF()
        if transform is None:
            return None
        column, row = transform.to_image((position.x() * ratio, position.y() * ratio))
        return column + 0.5, row + 0.5

    # What comes later

    def _on_frame(self) -> None:
        if self.frame.waiting:
            self._patience.start()
        else:
            self._patience.stop()
        self.update()

    def _on_rest(self) -> None:
        if self._picture.is_rough:
            self._picture.refine()
            self.update()
