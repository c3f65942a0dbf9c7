"""The hand on boxes: draw, move, drag an edge, by mouse and by keys."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QKeyEvent

from viewer.core.boxes import Box
from viewer.core.view import Point
from viewer.services.box_strokes import Edge, Hold, dragged, drawn, held_at
from viewer.services.review_session import ReviewSession

_STILL = 3  # screen pixels a hand may tremble before a click is a drag
_REACH = 7  # screen pixels beside an edge where it is still taken
_LEAP = 10
_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
_CURSORS = {
    Edge.ALL: Qt.CursorShape.SizeAllCursor,
    Edge.LEFT: Qt.CursorShape.SizeHorCursor,
    Edge.RIGHT: Qt.CursorShape.SizeHorCursor,
    Edge.TOP: Qt.CursorShape.SizeVerCursor,
    Edge.BOTTOM: Qt.CursorShape.SizeVerCursor,
    Edge.LEFT | Edge.TOP: Qt.CursorShape.SizeFDiagCursor,
    Edge.RIGHT | Edge.BOTTOM: Qt.CursorShape.SizeFDiagCursor,
    Edge.RIGHT | Edge.TOP: Qt.CursorShape.SizeBDiagCursor,
    Edge.LEFT | Edge.BOTTOM: Qt.CursorShape.SizeBDiagCursor,
}


@dataclass(frozen=True, slots=True)
class Draft:
    """A box while the hand moves it: which one, None for a new one, and where it is."""

    place: int | None
    box: Box


class Hand:
    """What a mouse and the arrow keys do to the boxes of the image on show.

    A drag is a draft until it ends; only then it is said, in one step of undo.

    Parameters
    ----------
    session : ReviewSession
    to_image : callable
        From screen pixels to pixels of the image from its upper left corner; None
        while there is no image.
    """

    def __init__(
        self, session: ReviewSession, to_image: Callable[[QPointF], Point | None]
    ) -> None:
        self._review, self._to_image = session, to_image
        self._pressed: QPointF | None = None
        self._hold: Hold | None = None
        self._draft: Draft | None = None

    @property
    def draws(self) -> bool:
        """Whether the left button is down."""
        return self._pressed is not None

    def boxes(self) -> Iterator[tuple[int | None, Box]]:
        """Every box of the frame on show with its place, the draft in the hand too."""
        state, draft = self._review.state, self._draft
        for place, box in enumerate(state.boxes):
            shown = draft.box if draft is not None and draft.place == place else box
            if shown.lies_in(state.frame):
                yield place, shown
        if draft is not None and draft.place is None:
            yield None, draft.box

    def drop(self) -> None:
        """Let go: something else is on show."""
        self._hold = self._draft = self._pressed = None

    def press(self, position: QPointF) -> None:
        """Take hold of a box, or begin a new one."""
        self._pressed, self._hold = position, self.held_at(position)
        self._review.select(None if self._hold is None else self._hold.place)

    def move(self, position: QPointF) -> None:
        """Follow the mouse."""
        look, start = self._review.state.look, self._pressed
        if look is None or start is None:
            return
        first, last = self._to_image(start), self._to_image(position)
        way = position - start
        if first is None or last is None:
            return
        if self._draft is None and max(abs(way.x()), abs(way.y())) < _STILL:
            return
        hold, boxes = self._hold, self._review.state.boxes
        if hold is None:
            box = drawn(first, last, look.size)
            self._draft = None if box is None else Draft(None, box)
        elif hold.place < len(boxes):
            moved = (last[0] - first[0], last[1] - first[1])
            box = dragged(boxes[hold.place], hold.edges, moved, look.size)
            self._draft = Draft(hold.place, box)

    def release(self) -> None:
        """Say what the drag came to."""
        draft = self._draft
        self.drop()
        if draft is None:
            return
        if draft.place is None:
            self._review.add(draft.box)
        else:
            self._review.change(draft.place, draft.box)

    def cursor(self, position: QPointF) -> Qt.CursorShape:
        """What the mouse looks like where it would take hold of something."""
        hold, plain = self.held_at(position), Qt.CursorShape.CrossCursor
        return plain if hold is None else _CURSORS.get(hold.edges, plain)

    def held_at(self, position: QPointF) -> Hold | None:
        """What would be taken hold of."""
        point = self._to_image(position)
        beside = self._to_image(position + QPointF(_REACH, 0))
        if point is None or beside is None:
            return None
        here = [(at, box) for at, box in self.boxes() if at is not None]
        places, chosen = [at for at, _ in here], self._review.state.selected
        first = places.index(chosen) if chosen in places else None
        reach = beside[0] - point[0]
        hold = held_at([box for _, box in here], point, reach, first)
        return None if hold is None else replace(hold, place=places[hold.place])

    def wants(self, event: QKeyEvent) -> bool:
        """Whether a key is the chosen box's; without one arrows are the page's."""
        return Qt.Key(event.key()) in _ARROWS and self._review.state.box is not None

    def press_key(self, event: QKeyEvent) -> None:
        """Move the chosen box by a pixel, with Shift by ten; with Ctrl, its corner."""
        state = self._review.state
        box, place, look = state.box, state.selected, state.look
        if box is None or place is None or look is None:
            return
        keys, way = event.modifiers(), _ARROWS[Qt.Key(event.key())]
        far = _LEAP if keys & Qt.KeyboardModifier.ShiftModifier else 1
        sized = bool(keys & Qt.KeyboardModifier.ControlModifier)
        edges = Edge.RIGHT | Edge.BOTTOM if sized else Edge.ALL
        moved = dragged(box, edges, (way[0] * far, way[1] * far), look.size)
        self._review.change(place, moved, step=("keys", state.place, place))
