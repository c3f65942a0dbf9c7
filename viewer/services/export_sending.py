"""Send an export to a peer instead of keeping it."""

import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path
from typing import TYPE_CHECKING, Final

from viewer.core.errors import EnvironmentFailure, ViewerError
from viewer.core.records import StoredInstance
from viewer.services.logins import Logins
from viewer.services.peers import Peers
from viewer.services.secrets import Secrets
from viewer.services.send_ledger import Ledger, Nowhere
from viewer.services.sending import Sending
from viewer.services.store import stamp_of

if TYPE_CHECKING:
    from viewer.services.jobs import Progress
    from viewer.services.library import Library
    from viewer.services.workers import Workers

_LOOK_S: Final = 0.1


class _Control:
    """Called off by whoever waits."""

    def __init__(self, progress: "Progress", wanted: int) -> None:
        self.over = threading.Event()
        self._progress, self._wanted = progress, wanted

    def stopped(self) -> bool:
        """Whether somebody gave up."""
        return self.over.is_set()

    def advance(self, *, total: int, done: int, failed: int) -> None:
        """Say how far it is."""
        self._progress.report(done + failed, max(total, self._wanted))

    def first(self) -> Sequence[str]:
        """Nobody waits for one of them before the others."""
        return ()


def send_instances(
    library: "Library",
    workers: "Workers",
    peer_name: str,
    stored: Sequence[StoredInstance],
    progress: "Progress",
) -> Mapping[str, str]:
    """Send instances to a peer; why not, by SOP Instance UID, for those it has not.

    Raises
    ------
    ViewerError
        If there is no such peer.
    EnvironmentFailure
        If it cannot be reached at all.
    Cancelled
    """
    peer = Peers(library.data_dir).get(peer_name)
    secret = Secrets(library.data_dir).passcode(peer)
    sending = Sending(library, workers.decode, Logins(library.data_dir).of)
    control = _Control(progress, len(stored))
    ledger = Ledger(Nowhere(), 0, control, stored)
    with ThreadPoolExecutor(1, "export-send") as pool:
        work = pool.submit(
            sending.send, ledger, peer, secret, control, by_web=peer.prefers_web
        )
        try:
            while not wait([work], _LOOK_S).done:
                progress.checkpoint()
            ending = work.result()
        except BaseException:
            control.over.set()
            raise
    if ending.unreachable:
        raise EnvironmentFailure(ending.reason, hint=ending.hint)
    return ending.failed


def as_stored(workers: "Workers", paths: Sequence[Path]) -> list[StoredInstance]:
    """What lies in files of ours, as it is sent.

    Raises
    ------
    ViewerError
        If one cannot be read: it was just written.
    """
    found: list[StoredInstance] = []
    for path, outcome in workers.read_files(paths):
        if isinstance(outcome, ViewerError):
            raise outcome
        found.append(StoredInstance(outcome.instance, str(path), stamp_of(path)))
    return found
