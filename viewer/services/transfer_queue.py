"""The queue of transfers: it survives the program, and works on by itself.

Threads take what is due, the most urgent first. What fails in passing is tried again
after a while, and again after a longer one; what fails for good is left with its
reason. Other processes may work on the same queue.
"""

import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Protocol, Self

from psygnal import Signal

from viewer.core.errors import Cancelled, ViewerError
from viewer.core.peers import Peer, Way
from viewer.core.remote import RemoteKey
from viewer.core.transfer import NORMAL, SOON, Direction, Transfer, TransferState
from viewer.services.leases import is_alive, lease
from viewer.services.running_transfer import RunningTransfer
from viewer.services.transferring import Control, Ending

if TYPE_CHECKING:
    from viewer.services.library import Library

TRANSFER = "transfer"
"""Kind of the jobs that work on the queue."""

_PAUSES_S = (5, 15, 60, 300, 900, 1800)
_MOST_ATTEMPTS = 24
_MISTAKE = "Lightbox made a mistake; its log says where."
_LOOK_S = 2.0  # another process may have added something


class Runner(Protocol):
    """Makes one attempt at a transfer of one direction."""

    def run(
        self, transfer: Transfer, peer: Peer, secret: str, control: Control
    ) -> Ending:
        """How it ended; may raise `Cancelled` where `control` stopped it."""


FindPeer = Callable[[str], tuple[Peer, str]]
"""The peer of a name with its passcode; raises `ViewerError` if there is none."""


class TransferQueue:
    """The transfers of one library. Any thread may call it.

    Signals
    -------
    changed : (Transfer)
        One advanced or changed its state; emitted on the thread that did it.
    """

    changed = Signal(object)

    def __init__(
        self,
        library: "Library",
        runners: Mapping[Direction, Runner],
        find_peer: FindPeer,
    ) -> None:
        self._library = library
        self._rows = library.catalog.transfers
        self._runners, self._find_peer = runners, find_peer
        self._running: dict[int, RunningTransfer] = {}
        self._first: list[str] = []
        self._claiming = threading.Lock()
        self._news = threading.Condition()
        self._closing = False
        self._threads: list[threading.Thread] = []
        self._own = ExitStack()
        self._token = ""

    def __enter__(self) -> Self:
        """Be known as one who works on the queue."""
        jobs = self._library.catalog.jobs
        self._token = self._own.enter_context(lease(jobs, TRANSFER))
        return self

    def __exit__(self, *_: object) -> None:
        """Stop what runs, wait for it, and leave the rest for the next time."""
        with self._news:
            self._closing = True
            self._news.notify_all()
        for running in list(self._running.values()):
            running.stop()
        for thread in self._threads:
            thread.join()
        self._own.close()

    def start(self, threads: int = 2) -> None:
        """Work on it from now on, so many transfers at a time."""
        for _ in range(threads):
            self._threads.append(threading.Thread(target=self._serve, name="transfer"))
            self._threads[-1].start()

    def add(
        self,
        direction: Direction,
        peer: str,
        keys: Sequence[RemoteKey],
        *,
        way: Way | None = None,
        priority: int = NORMAL,
    ) -> tuple[Transfer, ...]:
        """Wish for these; what was wished for before goes on."""
        added = self._rows.add(direction, peer, keys, way=way, priority=priority)
        self._tell(added)
        return added

    def entries(self, *, unfinished: bool = False) -> tuple[Transfer, ...]:
        """Every transfer, in the order in which they go."""
        return self._rows.all(unfinished=unfinished)

    def get(self, ids: Collection[int]) -> tuple[Transfer, ...]:
        """Those with these numbers, in the order in which they go."""
        return self._rows.get(ids)

    def pause(self, ids: Collection[int]) -> None:
        """Let these rest; what has come of them stays."""
        self._wish(ids, TransferState.PAUSED)

    def cancel(self, ids: Collection[int]) -> None:
        """Want these no more; what has come of them stays."""
        self._wish(ids, TransferState.CANCELLED)

    def resume(self, ids: Collection[int]) -> None:
        """Take up again what is paused, cancelled or failed, at once."""
        self._wish(ids, TransferState.WAITING)

    def forget(self, ids: Collection[int]) -> None:
        """Take those that are over off the list."""
        self._rows.forget(ids)

    def prefer(self, series_uid: str) -> None:
        """The reader waits for this series: it goes before everything else."""
        self._first = [series_uid, *(one for one in self._first if one != series_uid)]
        wanted = [
            one.id
            for one in self._rows.all(unfinished=True)
            if one.key.series_uid == series_uid
        ]
        if wanted:
            self._rows.set_priority(wanted, SOON)

    def run_next(self, ids: Collection[int] | None = None) -> Ending | None:
        """Make one attempt at what is due, on this thread; None if nothing is."""
        running = self._claim(ids)
        if running is None:
            return None
        try:
            return self._attempt(running)
        finally:
            with self._claiming:
                self._running.pop(running.transfer.id)

    def _claim(self, ids: Collection[int] | None) -> RunningTransfer | None:
        with self._claiming:  # one that is being stopped is not begun again before
            transfer = self._rows.claim(
                self._token, self._living(), ids, busy=self._running
            )
            if transfer is None:
                return None
            running = RunningTransfer(
                transfer, self._rows, lambda: self._first, self.changed.emit
            )
            self._running[transfer.id] = running
        if self._closing:
            running.stop()
        return running

    def _attempt(self, running: RunningTransfer) -> Ending:
        transfer = running.transfer
        ending = Ending(TransferState.FAILED, reason=_MISTAKE)
        again: datetime | None = None
        attempts = transfer.attempts
        try:
            peer, secret = self._find_peer(transfer.peer)
            runner = self._runners[transfer.direction]
            ending = runner.run(transfer, peer, secret, running)
            running.note()
        except Cancelled:  # it goes on another time
            ending = Ending(TransferState.WAITING)
            running.note()
        except ViewerError as error:
            ending = Ending(TransferState.FAILED, reason=error.message, hint=error.hint)
        finally:
            state = ending.state
            if state is TransferState.WAITING and ending.reason:
                attempts = 1 if ending.advanced else attempts + 1
                again = _later(attempts)
                if attempts > _MOST_ATTEMPTS:
                    state = TransferState.FAILED
            self._rows.leave(
                transfer.id, state, reason=ending.reason, again=again, attempts=attempts
            )
            self._tell(self._rows.get([transfer.id]))
        return ending

    def _serve(self) -> None:
        while not self._closing:
            try:
                idle = self.run_next() is None
            except Exception as mistake:  # noqa: BLE001 - it is shown; the rest goes on
                _show(mistake)
                idle = True
            if idle:
                with self._news:
                    if not self._closing:
                        self._news.wait(_LOOK_S)

    def _wish(self, ids: Collection[int], state: TransferState) -> None:
        self._rows.wish(ids, state)
        for id_ in ids:
            running = self._running.get(id_)
            if running is not None and state is not TransferState.WAITING:
                running.stop()
        self._tell(self._rows.get(ids))

    def _tell(self, transfers: Sequence[Transfer]) -> None:
        with self._news:
            self._news.notify_all()
        for one in transfers:
            self.changed.emit(one)

    def _living(self) -> set[str]:
        return {row.token for row in self._library.catalog.jobs.all() if is_alive(row)}


def _show(mistake: Exception) -> None:
    """Have a mistake seen as if it had ended its thread."""
    kind, trace = type(mistake), mistake.__traceback__
    thread = threading.current_thread()
    threading.excepthook(threading.ExceptHookArgs((kind, mistake, trace, thread)))


def _later(attempts: int) -> datetime:
    """When the next attempt is due after so many that failed."""
    pause = _PAUSES_S[min(attempts, len(_PAUSES_S)) - 1]
    return datetime.now(UTC) + timedelta(seconds=pause)
