"""One place of the screen: an image, what is written over it, and the hand on it."""

from functools import partial

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, Qt, QTimer, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDropEvent,
    QImage,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QRegion,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from viewer.commands.desk import Desk
from viewer.core.grayscale import Voi
from viewer.core.probing import Probe
from viewer.core.render import FramePainter
from viewer.core.view import Point, Size, ViewTransform
from viewer.core.voi import as_window
from viewer.services.course import Course
from viewer.services.drags import Grip
from viewer.services.frame_on_show import FrameOnShow, Subject
from viewer.services.lines_across import LineAcross, lines_across
from viewer.services.painters_ahead import Ahead, PaintersAhead
from viewer.services.reading_state import ReadingState, Viewport
from viewer.ui import theme
from viewer.ui.viewport.captions import Captions, Scene
from viewer.ui.viewport.cover import Cover, outdated
from viewer.ui.viewport.drawing_layer import DrawingLayer
from viewer.ui.viewport.hands import Hands
from viewer.ui.viewport.overlay import (
    Overlay,
    paint_frame,
    paint_sentence,
    paint_written,
    to_written,
)
from viewer.ui.viewport.pen import Pen, Place
from viewer.ui.viewport.picture import (
    Ground,
    Picture,
    device_point,
    device_size_of,
    is_large,
    screen_rect,
    to_grid,
)

STACK_MIME = "application/x-lightbox-stack"
"""What a thumbnail carries when it is dragged: the id of its stack."""

_REFINE_MS = 80
_APART_MS = 25  # four mammograms at once would hold the window for a tenth of a second
_PATIENCE_MS = 150  # before a progress line says that a frame is on its way
_PROGRESS = 2


class ViewportWidget(QWidget):
    """Shows what the session has in one place.

    Signals
    -------
    menu_wanted : (QPoint)
        The right button was clicked, at this point of the screen.
    frame_changed : ()
        Another frame is on show, or the reason why there is none.
    """

    menu_wanted = Signal(QPoint)
    frame_changed = Signal()

    def __init__(
        self, index: int, desk: Desk, parent: QWidget, painters: PaintersAhead
    ) -> None:
        super().__init__(parent)
        self.index = index
        self._desk, self._session = desk, desk.session
        self._state = ReadingState()
        self._key: object = None
        self._lines: tuple[LineAcross, ...] = ()
        made = partial(painters.take, index)
        self.frame = FrameOnShow(desk.decoding, self._on_frame, desk.colors, made)
        self._course = Course()
        self._picture = Picture()
        self._captions = Captions()
        self._cover: Cover | None = None
        self._painted: Cover | None = None
        self._is_renewed = self._takes_in = False
        self._cursor: QPointF | None = None
        self._pen = Pen(desk, self._to_place, self._to_pen)
        self._layer = DrawingLayer()
        self._hands = Hands(
            desk, index, self._to_grip, self.menu_wanted.emit, self._pen
        )
        rest = _REFINE_MS + _APART_MS * index
        self._refine = QTimer(self, interval=rest, singleShot=True)
        self._refine.timeout.connect(self._on_rest)
        self._patience = QTimer(self, interval=_PATIENCE_MS, singleShot=True)
        self._patience.timeout.connect(self.update)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMouseTracking(True)
        self.setAcceptDrops(True)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setAccessibleName(f"Viewport {index + 1}")

    # What is shown

    @property
    def viewport(self) -> Viewport:
        """What the session has here."""
        return self._state.viewports[self.index]

    @property
    def device_size(self) -> Size:
        """Width and height in device pixels."""
        return device_size_of(self)

    @property
    def transform(self) -> ViewTransform | None:
        """How the image lies, in device pixels; None while there is none."""
        if self.frame.painter is None:
            return None
        return self.frame.painter.transform(self.viewport.view, self.device_size)

    @property
    def voi(self) -> Voi | None:
        """How the image on show is windowed; None for colours and for nothing."""
        subject, decoded = self.frame.subject, self.frame.decoded
        if subject is None or self.frame.painter is None:
            return None
        if not subject.stack.has_window:
            return None
        choice = self._session.choice(subject.stack)
        return self._session.windowing.voi(
            subject.stack, subject.image, choice, decoded
        )

    @property
    def probe(self) -> Probe | None:
        """The source pixel under the cursor."""
        return self._probed(self.transform)

    def _probed(self, transform: ViewTransform | None) -> Probe | None:
        if transform is None or self._cursor is None:
            return None
        pixel = transform.pixel_at(device_point(self, self._cursor))
        return None if pixel is None else self.frame.probe(pixel)

    def show_state(self, state: ReadingState) -> None:
        """Show another moment; paints only if something here looks different."""
        self._state = state
        self._lines = lines_across(self._session, self.index)
        stack, viewport = self._session.shown(self.index), self.viewport
        wish = None if stack is None else Subject(stack, viewport.image)
        self._course.note(self.frame.subject, wish)
        self._takes_in = True
        try:
            self.frame.want(wish)
        finally:
            self._takes_in = False
        key = (
            viewport,
            stack,
            stack and self._session.choice(stack),
            self._is_framed,
            state.text,
            self._lines,
            self._why_empty,
            wish and self._pen.key(wish),
            self.frame.subject and self._pen.key(self.frame.subject),
        )
        if key != self._key:
            self._key = key
            self.renew()

    def renew(self, *, image: bool = True) -> None:
        """Have painted what is not as it was painted last, the `image` or texts alone.

        Whoever changes what is shown calls this: nothing else finds it out.
        """
        self._is_renewed, self._cover = True, None
        try:
            self._cover = self._to_cover()
        except Exception:  # noqa: BLE001 - it comes again where it is painted, and is seen
            self._painted = None
        region = outdated(self._painted, self._cover, image=image)
        self.update(QRegion(self.rect()) if region is None else region)

    @property
    def ahead(self) -> Ahead | None:
        """What a hand that scrolls on comes to next; None if it does not scroll."""
        subject, transform = self._course.next_to(self.frame.subject), self.transform
        if subject is None or transform is None or self.frame.waiting:
            return None
        view, size = transform.view, transform.viewport
        return Ahead(subject, view, size, quick=is_large(transform))

    def grab_picture(self) -> QImage:
        """What the viewport shows with its text, without frame, in device pixels.

        In sRGB, whatever the colours of the screen are.
        """
        shot = QImage(*self.device_size, QImage.Format.Format_RGB32)
        shot.setDevicePixelRatio(self.devicePixelRatioF())
        painter, whole = QPainter(shot), QRegion(self.rect())
        source = self.frame.painter_for_file(), Picture(hurries=False)
        self._paint(painter, whole, source, self._to_cover())
        painter.end()
        shot.setDevicePixelRatio(1)
        return shot

    def put_away(self) -> None:
        """Ask for nothing more, and keep nothing in memory."""
        self.frame.close()
        self._captions, self._picture = Captions(), Picture()
        self._key = self._cover = self._painted = None

    # Painting

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        region, cover = event.region(), self._cover
        is_sure, self._painted = True, None  # as long as it may fail
        if cover is None or (cover.size, cover.ratio) != self._measure:
            self._cover = cover = self._to_cover()
            is_sure = QRegion(self.rect()).subtracted(region).isEmpty()
        painter = QPainter(self)
        try:
            painter.translate(to_grid(self))
            self._paint(painter, region, (self.frame.painter, self._picture), cover)
            self._paint_around(painter)
        finally:
            painter.end()  # or the window could not be painted any more
        if is_sure:  # what had changed before was in the region
            self._painted = cover

    def _paint_around(self, painter: QPainter) -> None:
        if self.frame.waiting and not self._patience.isActive():
            line = QRect(0, 0, self.width(), _PROGRESS)
            painter.fillRect(line, theme.color(theme.ON_IMAGE.accent))
        if self._is_framed:
            paint_frame(painter, self.rect(), self.devicePixelRatioF())

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        self._key = self._cover = self._painted = None

    def _paint(
        self,
        painter: QPainter,
        region: QRegion,
        shown: tuple[FramePainter | None, Picture],
        cover: Cover,
    ) -> None:
        failure, (source, picture) = self.frame.failure, shown
        if source is None:
            painter.fillRect(self.rect(), theme.color(theme.ON_IMAGE.canvas))
        else:
            ground = Ground(painter, region, self.device_size)
            picture.lay_on(ground, source, self.viewport.view, cover.voi)
            if picture.is_rough:
                self._refine.start()
        said = (failure.message, failure.hint) if failure else (self._why_empty,)
        if said[0]:
            paint_sentence(painter, self.rect(), *said)
        paint_written(painter, cover.written, region)
        self._layer.paint(painter, cover.drawn, cover.size, cover.ratio)

    def _to_cover(self) -> Cover:
        (size, ratio), voi, frame = self._measure, self.voi, self.frame
        image, transform = None, self.transform
        written = to_written(self._to_overlay(voi, transform), size, ratio)
        drawn = self._pen.drawn()
        is_more = frame.waiting or self._why_empty or written.lines or drawn
        if transform is not None and ratio.is_integer() and not is_more:
            image = screen_rect(transform.covered, ratio)
        return Cover(size, ratio, voi, written, drawn, image, self._is_framed)

    @property
    def _measure(self) -> tuple[Size, float]:
        return (self.width(), self.height()), self.devicePixelRatioF()

    @property
    def _why_empty(self) -> str:
        return self._session.stacks.why_empty if self._is_framed else ""

    def _to_overlay(self, voi: Voi | None, transform: ViewTransform | None) -> Overlay:
        subject, painter = self.frame.subject, self.frame.painter
        if subject is None:
            return Overlay()
        return self._captions.overlay(
            Scene(
                subject,
                transform,
                voi,
                self._state.text,
                *self._measure,
                self._probed(transform),
                () if self.frame.waiting else self._lines,  # not over an old image
                (*self._pen.marks(subject), *(painter.marks(voi) if painter else ())),
            )
        )

    @property
    def _is_framed(self) -> bool:
        return self.index == self._state.active

    # The hand

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._hands.press(event)

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._cursor, self._is_renewed = event.position(), False
        self._hands.move(event)
        if not event.buttons():
            self.setCursor(self._pen.cursor(self._pen.at(self._cursor)))
        if not self._is_renewed:
            self.renew(image=False)

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._hands.release(event)

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._hands.double_click(event)

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        self._hands.wheel(event)
        event.accept()

    @override
    def leaveEvent(self, event: QEvent) -> None:
        self._cursor = None
        self.renew(image=False)

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasFormat(STACK_MIME):
            event.acceptProposedAction()

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        stack_id = bytes(event.mimeData().data(STACK_MIME).data()).decode("utf-8")
        event.acceptProposedAction()
        self._session.show(stack_id, self.index)

    def _to_grip(self, point: QPointF) -> Grip | None:
        transform, voi = self.transform, self.voi
        if transform is None:
            return None
        return Grip(
            self._session,
            self.index,
            transform,
            device_point(self, point),
            window=None if voi is None else as_window(voi),
            ratio=self.devicePixelRatioF(),
            down_brightens=self._desk.settings.value.drag_down_brightens,
        )

    def _to_place(self) -> Place | None:
        transform, subject = self.transform, self.frame.subject
        if transform is None or subject is None:
            return None
        return Place(subject, transform, *self._measure)

    def _to_pen(self, point: QPointF) -> Point:
        """The same in screen pixels of the picture, as the pen has them."""
        x, y = device_point(self, point)
        return x / self.devicePixelRatioF(), y / self.devicePixelRatioF()

    # What comes later

    def _on_frame(self) -> None:
        if self.frame.waiting:
            self._patience.start()
        else:
            self._patience.stop()
            self.frame_changed.emit()
        if self._takes_in:
            self._key = None  # who made the wish has it painted
        else:
            self.renew()

    def _on_rest(self) -> None:
        if self._picture.is_rough:
            self._picture.refine()
            self.renew()
