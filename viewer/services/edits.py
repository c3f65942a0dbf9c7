"""Undo and redo of what is changed in the catalog."""

from collections.abc import Callable
from dataclasses import dataclass

from psygnal import Signal

from viewer.services.jobs import Jobs


@dataclass(frozen=True, slots=True)
class Edit:
    """One change of the catalog, with the way back.

    Attributes
    ----------
    title : str
        What it did, for the notice: ``"3 studies moved to the trash"``; holds no
        patient's data.
    apply, revert : callable
        Change the catalog, off the calling thread; doing either twice does no harm.
    """

    title: str
    apply: Callable[[], None]
    revert: Callable[[], None]


class Edits:
    """Carries edits out, one after the other, and remembers them.

    Signals
    -------
    changed : ()
        The catalog, or what can be undone, is not what it was.
    failed : (BaseException)
        An edit could not be carried out; nothing is remembered of it.
    """

    changed = Signal()
    failed = Signal(object)

    def __init__(self, jobs: Jobs, limit: int = 100) -> None:
        self._jobs = jobs
        self._limit = limit
        self._done: list[Edit] = []
        self._undone: list[Edit] = []
        self._busy = False

    @property
    def can_undo(self) -> bool:
        """Whether there is an edit to take back, and none under way."""
        return bool(self._done) and not self._busy

    @property
    def can_redo(self) -> bool:
        """Whether an edit was taken back, and none is under way."""
        return bool(self._undone) and not self._busy

    @property
    def can_apply(self) -> bool:
        """Whether no edit is under way."""
        return not self._busy

    def apply(self, edit: Edit, then: Callable[[Edit], None] | None = None) -> None:
        """Carry `edit` out, then remember it and call `then`."""

        def done() -> None:
            self._done = [*self._done[-(self._limit - 1) :], edit]
            self._undone.clear()
            if then is not None:
                then(edit)

        self._carry_out(edit.apply, done)

    def undo(self, then: Callable[[Edit], None] | None = None) -> None:
        """Take the last edit back."""
        if self.can_undo:
            self._move(self._done, self._undone, self._done[-1].revert, then)

    def undo_only(self, edit: Edit) -> None:
        """Take `edit` back if it is still the last one; later ones stay as they are."""
        if self._done and self._done[-1] is edit:
            self.undo()

    def redo(self, then: Callable[[Edit], None] | None = None) -> None:
        """Carry the last edit that was taken back out again."""
        if self.can_redo:
            self._move(self._undone, self._done, self._undone[-1].apply, then)

    def _move(
        self,
        source: list[Edit],
        target: list[Edit],
        work: Callable[[], None],
        then: Callable[[Edit], None] | None,
    ) -> None:
        def done() -> None:
            edit = source.pop()
            target.append(edit)
            if then is not None:
                then(edit)

        self._carry_out(work, done)

    def _carry_out(self, work: Callable[[], None], done: Callable[[], None]) -> None:
        self._busy = True

        def finished(_: None) -> None:
            self._busy = False
            done()
            self.changed.emit()

        def failed(error: BaseException) -> None:
            self._busy = False
            self.changed.emit()
            self.failed.emit(error)

        self._jobs.submit(work, finished, failed)
