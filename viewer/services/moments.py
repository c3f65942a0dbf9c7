"""The present moment of the reading page, and the ones before and after it."""

from collections.abc import Callable

from psygnal import Signal

from viewer.core.history import History
from viewer.services.reading_state import ReadingState


class Moments:
    """Holds the state of the reading page and tells when it changed.

    Signals
    -------
    changed : (ReadingState)
        After any change.
    """

    changed = Signal(ReadingState)

    def __init__(self) -> None:
        self._history = History(ReadingState())

    @property
    def present(self) -> ReadingState:
        """The state of the moment."""
        return self._history.value

    @property
    def can_undo(self) -> bool:
        """Whether there is a step to take back."""
        return self._history.can_undo

    @property
    def can_redo(self) -> bool:
        """Whether a step was taken back."""
        return self._history.can_redo

    def begin(self, state: ReadingState) -> None:
        """Start anew: what was before is forgotten, and nothing is announced."""
        self._history = History(state)

    def put(self, state: ReadingState, *, step: object = None) -> None:
        """Go on to `state`; changes of one `step` are undone together."""
        if state != self.present:
            self._history.put(state, step=step)
            self.changed.emit(state)

    def amend(self, state: ReadingState) -> None:
        """Change what is not undone: scrolling, the tool, switches."""
        if state != self.present:
            self._history.amend(state)
            self.changed.emit(state)

    def settle(self, state: ReadingState) -> None:
        """Change what is not undone, and announce nothing."""
        self._history.amend(state)

    def undo(self) -> None:
        """Take back one step."""
        self._travel(self._history.undo)

    def redo(self) -> None:
        """Do again what was taken back."""
        self._travel(self._history.redo)

    def _travel(self, move: Callable[[], None]) -> None:
        before = self.present
        move()
        if self.present is not before:
            self._history.amend(self.present.restored(before))
            self.changed.emit(self.present)
