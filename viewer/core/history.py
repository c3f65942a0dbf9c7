"""Undo and redo by keeping old values."""

from typing import Generic, TypeVar

ValueT = TypeVar("ValueT")


class History(Generic[ValueT]):
    """The present value, and the ones before and after it.

    Changes that carry the same `step` (one drag of the mouse) are undone together.
    """

    def __init__(self, value: ValueT, limit: int = 200) -> None:
        self._past: list[ValueT] = []
        self._future: list[ValueT] = []
        self._step: object = None
        self._limit = limit
        self.value = value

    def put(self, value: ValueT, *, step: object = None) -> None:
        """Make `value` the present; what was undone before is forgotten."""
        if value == self.value:
            return
        if step is None or step != self._step:
            self._past = [*self._past[-(self._limit - 1) :], self.value]
        self._step = step
        self._future.clear()
        self.value = value

    def amend(self, value: ValueT) -> None:
        """Change the present without a step of its own: scrolling is not undone."""
        self.value = value

    @property
    def can_undo(self) -> bool:
        """Whether there is a value to go back to."""
        return bool(self._past)

    @property
    def can_redo(self) -> bool:
        """Whether something was undone."""
        return bool(self._future)

    def undo(self) -> None:
        """Go back one step, if there is one."""
        if self._past:
            self._future.append(self.value)
            self.value = self._past.pop()
            self._step = None

    def redo(self) -> None:
        """Take back the last undo, if there is one."""
        if self._future:
            self._past.append(self.value)
            self.value = self._future.pop()
            self._step = None
