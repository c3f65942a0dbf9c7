"""Mouse and wheel over a viewport, turned into wishes to the session."""

from collections.abc import Callable

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent

from viewer.commands.desk import Desk
from viewer.services.drags import Drag, Grip, PanDrag, ZoomDrag, to_drag
from viewer.ui.viewport.pen import Pen

_STILL = 4  # screen pixels a hand may tremble before a click is a drag
_NOTCH = 120  # Qt's eighths of a degree
_NOTCH_PIXELS = 40  # of a touchpad that counts in pixels
_LEAP = 10
_ZOOM_NOTCH = 1.15


class Hands:
    """The gestures of one viewport.

    Parameters
    ----------
    desk : Desk
    index : int
        The viewport's place.
    grip : callable
        What the hand would take hold of at a point; None while nothing is shown.
    menu : callable
        Opens the context menu at a point of the screen.
    pen : Pen
        Takes the left button where there is something to draw or to move.
    """

    def __init__(
        self,
        desk: Desk,
        index: int,
        grip: Callable[[QPointF], Grip | None],
        menu: Callable[[QPoint], None],
        pen: Pen,
    ) -> None:
        self._session, self._index = desk.session, index
        self._decoding = desk.decoding
        self._grip, self._menu, self._pen = grip, menu, pen
        self._draws = self._has_moved = False
        self._button = Qt.MouseButton.NoButton
        self._start = QPointF()
        self._held: Grip | None = None
        self._drag: Drag | None = None
        self._wheel = 0.0

    @property
    def busy(self) -> bool:
        """Whether a drag has begun."""
        return self._drag is not None

    def press(self, event: QMouseEvent) -> None:
        """Make the viewport active, and take hold of the image."""
        if self._button != Qt.MouseButton.NoButton:
            return
        self._decoding.note_hand()  # what is behind stands back from here on
        self._session.activate(self._index)
        self._button = event.button()
        self._start = event.position()
        self._has_moved = False
        at = self._pen.at(self._start)
        if self._button == Qt.MouseButton.RightButton:
            self._pen.select_at(at)
        self._draws = self._button == Qt.MouseButton.LeftButton and self._pen.press(at)
        self._held = None if self._draws else self._grip(self._start)

    def move(self, event: QMouseEvent) -> None:
        """Follow the hand; a drag begins where the hand left its place."""
        if self._button != Qt.MouseButton.NoButton:
            self._decoding.note_hand()
        way = event.position() - self._start
        far = max(abs(way.x()), abs(way.y())) >= _STILL
        self._has_moved = self._has_moved or far
        if self._button == Qt.MouseButton.NoButton or (self._draws and self._has_moved):
            self._pen.move(self._pen.at(event.position()))
            return
        if self._held is None:
            return
        if self._drag is None:
            if not far:
                return
            self._drag = self._begin(self._held)
        if self._drag is not None:
            self._drag.move(way.x(), way.y())

    def release(self, event: QMouseEvent) -> None:
        """Let go; the right button without a drag asks for the menu."""
        if event.button() != self._button:
            return
        was_click = self._drag is None
        button, self._button = self._button, Qt.MouseButton.NoButton
        self._held = self._drag = None
        if self._draws:
            self._draws = False
            self._pen.release(self._pen.at(event.position()), dragged=self._has_moved)
        if was_click and button == Qt.MouseButton.RightButton:
            self._menu(event.globalPosition().toPoint())

    def double_click(self, event: QMouseEvent) -> None:
        """Show this viewport alone, or all of them again."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._session.drawing.drop()
            self._session.toggle_maximised(self._index)

    def wheel(self, event: QWheelEvent) -> None:
        """Scroll an image a notch; with Shift ten, with Ctrl zoom."""
        self._decoding.note_hand()
        notches = self._notches(event)
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._zoom(event.position(), notches)
            return
        self._wheel += notches
        whole = int(self._wheel)
        self._wheel -= whole
        if whole:
            shift = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            self._session.scroll(-whole * (_LEAP if shift else 1), self._index)

    def _notches(self, event: QWheelEvent) -> float:
        """Upwards positive. Touchpads send parts of a notch; turning back starts anew.

        Shift turns the wheel sideways on some systems: what there is is taken.
        """
        turned, moved = event.angleDelta(), event.pixelDelta()
        if not turned.isNull():
            notches = (turned.y() or turned.x()) / _NOTCH
        else:
            notches = (moved.y() or moved.x()) / _NOTCH_PIXELS
        if notches * self._wheel < 0:
            self._wheel = 0.0
        return notches

    def _zoom(self, point: QPointF, notches: float) -> None:
        grip = self._grip(point)
        if grip is not None:
            view = grip.transform.zoomed(_ZOOM_NOTCH**notches, grip.at)
            step = ("wheel zoom", self._index)
            self._session.change_view(lambda _: view, self._index, step=step)

    def _begin(self, grip: Grip) -> Drag | None:
        if self._button == Qt.MouseButton.MiddleButton:
            return PanDrag(grip)
        if self._button == Qt.MouseButton.RightButton:
            return ZoomDrag(grip)
        if self._button == Qt.MouseButton.LeftButton:
            return to_drag(self._session.state.tool, grip)
        return None
