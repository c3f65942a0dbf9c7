"""One transfer while it runs: it says how far it is, and hears what is wished of it."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from viewer.core.transfer import Transfer, TransferState

if TYPE_CHECKING:  # SQLAlchemy loads when the catalog is opened
    from viewer.catalog.transfers import TransferRows

_NOTED_S = 0.3  # each note waits for the disk
_LOOK_S = 1.0  # another process may have paused it


class RunningTransfer:
    """What a running transfer hears and says; see `transferring.Control`.

    Parameters
    ----------
    transfer : Transfer
    rows : TransferRows
    first : callable
        UIDs of the series that go first.
    changed : callable
        Hears of each step, on any thread.
    """

    def __init__(
        self,
        transfer: Transfer,
        rows: "TransferRows",
        first: Callable[[], Sequence[str]],
        changed: Callable[[Transfer], object],
    ) -> None:
        self.transfer = transfer
        self.first = first
        self._rows = rows
        self._changed = changed
        self._stop = threading.Event()
        self._to_note, self._to_look = _Often(_NOTED_S), _Often(_LOOK_S)

    def stop(self) -> None:
        """End it as soon as may be."""
        self._stop.set()

    def stopped(self) -> bool:
        """Whether it should end now."""
        if not self._stop.is_set() and self._to_look.is_due():
            (known,) = self._rows.get([self.transfer.id]) or (None,)
            if known is None or known.state is not TransferState.RUNNING:
                self._stop.set()
        return self._stop.is_set()

    def advance(self, *, total: int, done: int, failed: int) -> None:
        """Say how far it is."""
        self.transfer = replace(self.transfer, total=total, done=done, failed=failed)
        self._changed(self.transfer)
        if self._to_note.is_due():
            self.note()

    def note(self) -> None:
        """Write down how far it is."""
        now = self.transfer
        state = self._rows.advance(
            now.id, total=now.total, done=now.done, failed=now.failed
        )
        if state is not TransferState.RUNNING:
            self._stop.set()


class _Often:
    """Something to do, but not more often than every so many seconds."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._last = time.monotonic()
        self._lock = threading.Lock()

    def is_due(self) -> bool:
        """Whether it is time again; of several threads one is told so."""
        with self._lock:
            now = time.monotonic()
            due = now - self._last >= self._seconds
            if due:
                self._last = now
        return due
