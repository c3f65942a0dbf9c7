"""The queue of transfers put together, and worked off while somebody waits."""

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from viewer.core.peers import Peer
from viewer.core.remote import RemoteInstance, RemoteKey
from viewer.core.transfer import Direction, Transfer, TransferState
from viewer.network.connecting import Cancel
from viewer.services.asking import list_instances
from viewer.services.hearing import Ears
from viewer.services.jobs import Progress
from viewer.services.logins import Logins
from viewer.services.peers import Peers
from viewer.services.receiving import Receiving
from viewer.services.retrieving import Retrieving
from viewer.services.secrets import Secrets
from viewer.services.sending import Sending
from viewer.services.transfer_queue import Runner, TransferQueue
from viewer.services.transferring import Ending

if TYPE_CHECKING:
    from viewer.services.library import Library
    from viewer.services.workers import Workers

_ATTEMPTS = 3
_LOOK_S = 0.1
_PATIENCE_S = 30.0  # somebody sits before it


@contextmanager
def open_transfers(
    library: "Library",
    workers: "Workers",
    directions: Sequence[Direction] = tuple(Direction),
) -> Iterator[TransferQueue]:
    """The queue of a library, for the length of a block; `start` has it work.

    Raises
    ------
    EnvironmentFailure
        If catalog or store cannot be used.
    """
    peers, secrets = Peers(library.data_dir), Secrets(library.data_dir)
    logins = Logins(library.data_dir)

    def find_peer(name: str) -> tuple[Peer, str]:
        peer = peers.get(name)
        return peer, secrets.passcode(peer)

    def listed(
        peer: Peer, key: RemoteKey, *, secret: str, cancel: Cancel
    ) -> tuple[RemoteInstance, ...]:
        login = logins.of(peer)
        return list_instances(peer, key, secret=secret, login=login, cancel=cancel)

    runners: dict[Direction, Runner] = {}
    with ExitStack() as own:
        if Direction.FETCH in directions:
            receiving = own.enter_context(Receiving(library))
            ears = own.enter_context(Ears(library))
            runners[Direction.FETCH] = Retrieving(
                library, receiving, listed, ears.hear, logins.of
            )
        if Direction.SEND in directions:
            runners[Direction.SEND] = Sending(library, workers.decode, logins.of)
        yield own.enter_context(TransferQueue(library, runners, find_peer))


def work_off(
    queue: TransferQueue, ids: Sequence[int], progress: Progress
) -> tuple[Ending, ...]:
    """Work on these transfers until each is over, or has failed a few times.

    What interrupts the caller (Ctrl+C) pauses them before it goes on its way.
    """
    told = _Told(ids, progress)
    queue.changed.connect(told.hear)
    endings: list[Ending] = []
    bugs: list[BaseException] = []
    over = threading.Event()

    def work() -> None:
        try:
            lost: set[str] = set()  # a peer out of reach is waited for once
            peers = {one.id: one.peer for one in queue.get(ids)}
            for one in ids:
                attempts = 1 if peers.get(one) in lost else _ATTEMPTS
                endings.append(_until_over(queue, one, over, attempts))
                if endings[-1].unreachable:
                    lost.add(peers.get(one, ""))
        except BaseException as bug:  # noqa: BLE001 - it travels on in the caller
            bugs.append(bug)

    worker = threading.Thread(target=work, name="work off")
    worker.start()
    try:
        while worker.is_alive():
            worker.join(_LOOK_S)
            progress.checkpoint()
    except BaseException:
        over.set()
        queue.pause(ids)
        raise
    finally:
        worker.join()
        queue.changed.disconnect(told.hear)
    if bugs:
        raise bugs[0]
    return tuple(endings)


def _until_over(
    queue: TransferQueue, id_: int, over: threading.Event, most: int
) -> Ending:
    """Attempt one as often as makes sense while somebody waits."""
    attempts = 0
    ending: Ending | None = None
    until = time.monotonic() + _PATIENCE_S
    while not over.is_set():
        found = queue.run_next([id_])
        if found is not None:
            ending, attempts = found, attempts + (not found.advanced)
            if found.state.over or attempts >= most:
                return found
            continue
        (entry,) = queue.get([id_]) or (None,)
        if entry is None or entry.state.over:
            return ending or _ending_of(entry)
        is_due = entry.state is TransferState.WAITING
        if is_due and ending is not None and time.monotonic() > until:
            return ending
        over.wait(_LOOK_S)
    return ending or Ending(TransferState.PAUSED)


def _ending_of(entry: Transfer | None) -> Ending:
    """How a transfer ended that another process worked on."""
    if entry is None:
        return Ending(TransferState.CANCELLED)
    return Ending(
        entry.state,
        wanted=entry.total or 0,
        done=entry.done,
        reason=entry.reason,
    )


class _Told:
    """Adds up what several transfers say of their progress."""

    def __init__(self, ids: Sequence[int], progress: Progress) -> None:
        self._known = dict.fromkeys(ids, (0, 0))
        self._progress = progress

    def hear(self, transfer: Transfer) -> None:
        """One of them advanced."""
        if transfer.id in self._known:
            self._known[transfer.id] = (transfer.done, transfer.total or 0)
            done, total = map(sum, zip(*self._known.values(), strict=True))
            self._progress.report(done, total)


def unfinished(queue: TransferQueue, direction: Direction) -> list[int]:
    """What is paused, waits or was cut off, ready to go on."""
    ids = [
        one.id for one in queue.entries(unfinished=True) if one.direction is direction
    ]
    queue.resume(ids)
    return ids
