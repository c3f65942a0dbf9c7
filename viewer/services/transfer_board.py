"""How far each transfer is, for the window, and how fast it goes."""

import threading
import time
from collections import deque
from collections.abc import Iterable

from psygnal import Signal

from viewer.core.transfer import Transfer, TransferState
from viewer.services.jobs import Deliver
from viewer.services.transfer_rows import TransferRow, to_rows

_PACE_OVER_S = 5.0


class TransferBoard:
    """The transfers as the window shows them.

    `hear` may be called by any thread, thousands of times a second; everything else
    belongs to the delivering thread.

    Signals
    -------
    changed : (Transfer)
    """

    changed = Signal(Transfer)

    def __init__(self, deliver: Deliver) -> None:
        self._deliver = deliver
        self._known: dict[int, Transfer] = {}
        self._untold: dict[int, Transfer] = {}
        self._telling = threading.Lock()
        self._paces: dict[int, _Pace] = {}

    @property
    def entries(self) -> tuple[Transfer, ...]:
        """Every transfer, the newest wish first."""
        return tuple(sorted(self._known.values(), key=lambda one: -one.id))

    @property
    def rows(self) -> tuple[TransferRow, ...]:
        """The same in rows; see `to_rows`."""
        return to_rows(self._known.values())

    def row_of(self, id_: int) -> TransferRow | None:
        """The row that a transfer is in; None if it was taken off the list."""
        return next((row for row in self.rows if id_ in row.ids), None)

    def get(self, id_: int) -> Transfer | None:
        """One of them; None if it was taken off the list."""
        return self._known.get(id_)

    def of_study(self, study_uid: str) -> tuple[Transfer, ...]:
        """Those of one study."""
        return tuple(t for t in self._known.values() if t.key.study_uid == study_uid)

    def pace(self, *ids: int) -> float:
        """Images a second of these together; 0 where nothing can be said."""
        return sum(self._paces[one].value for one in ids if one in self._paces)

    def hear(self, transfer: Transfer) -> None:
        """Note the newest state of one."""
        with self._telling:
            waits = bool(self._untold)
            self._untold[transfer.id] = transfer
        if not waits:
            self._deliver(self._tell)

    def show(self, transfers: Iterable[Transfer]) -> None:
        """Show these and no others."""
        every = {one.id: one for one in transfers}
        gone = self._known.keys() - every.keys()
        for id_ in gone:
            del self._known[id_]
            self._paces.pop(id_, None)
        for one in every.values():
            self._put(one)

    def _tell(self) -> None:
        with self._telling:
            news, self._untold = self._untold, {}
        for one in news.values():
            self._put(one)

    def _put(self, transfer: Transfer) -> None:
        self._known[transfer.id] = transfer
        if transfer.state is TransferState.RUNNING:
            self._paces.setdefault(transfer.id, _Pace()).note(transfer.done)
        else:
            self._paces.pop(transfer.id, None)
        self.changed.emit(transfer)


class _Pace:
    """How fast something goes, over the last few seconds."""

    def __init__(self) -> None:
        self._seen: deque[tuple[float, int]] = deque()

    def note(self, done: int) -> None:
        now = time.monotonic()
        self._seen.append((now, done))
        while now - self._seen[0][0] > _PACE_OVER_S:
            self._seen.popleft()

    @property
    def value(self) -> float:
        (first, before), (last, after) = self._seen[0], self._seen[-1]
        return (after - before) / (last - first) if last > first else 0.0
