"""Storage commitment both ways: have peers answer for objects, and answer for ours."""

import logging
import threading
import uuid
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Final, Self

from viewer.core.commitment import (
    FAILURE,
    NO_SUCH_OBJECT,
    OTHER_CLASS,
    Commitment,
    CommitmentReport,
    CommitmentRequest,
    ObjectRef,
)
from viewer.core.errors import UnreadableError, ViewerError
from viewer.core.peers import Peer
from viewer.dicom.commitment_sets import (
    read_report,
    read_request,
    written_report,
    written_request,
)
from viewer.network.commitment import ALL_KEPT, SOME_FAILED, ask, is_refusal, tell
from viewer.network.connecting import Cancel
from viewer.network.faults import PeerFault
from viewer.network.listener.committing import Reply
from viewer.network.listener.policy import Allowed, Caller
from viewer.services.calling import is_from
from viewer.services.peers import Peers
from viewer.services.secrets import Secrets
from viewer.services.store import stamp_of

if TYPE_CHECKING:  # SQLAlchemy loads when the catalog is opened
    from viewer.services.library import Library

_log = logging.getLogger(__name__)

_TRIES_AFTER_S: Final = (0.0, 10.0, 60.0, 300.0)
_MOST_TOLD: Final = 16  # callers who left, at a time; anybody can ask and leave
_ROOM: Final = 1000  # objects looked up at a time


class Commitments:
    """What peers are to answer for, of one library."""

    def __init__(self, library: "Library") -> None:
        self._rows = library.catalog.commitments

    def all(self) -> tuple[Commitment, ...]:
        """Every request and what became of it, newest first."""
        return self._rows.all()

    def request(
        self,
        peer: Peer,
        objects: Iterable[ObjectRef],
        *,
        secret: str = "",
        wait: float = 10.0,
        cancel: Cancel = lambda: False,
    ) -> Commitment:
        """Ask a peer to answer for objects, and wait some seconds for its word.

        The word may also come to our listener, minutes later or never; until then the
        commitment is pending.

        Raises
        ------
        PeerFault
            If the peer could not be asked, or refused. Unless it refused it may have
            heard, and the commitment stays pending.
        Cancelled
        """
        request = CommitmentRequest(f"2.25.{uuid.uuid4().int}", tuple(objects))
        self._rows.add(request, peer.name)
        try:
            write = partial(written_request, request)
            said = ask(peer, write, secret=secret, wait=wait, cancel=cancel)
        except PeerFault as fault:
            if is_refusal(fault):
                self._rows.refuse(request.transaction_uid)
            raise
        if said is not None:
            self._rows.settle(read_report(*said), [peer.name])
        return self.get(request.transaction_uid)

    def get(self, transaction_uid: str) -> Commitment:
        """One request, as it stands.

        Raises
        ------
        LookupError
            If there is none.
        """
        found = self._rows.get(transaction_uid)
        if found is None:
            raise LookupError("a commitment that was noted is not there")
        return found


class CommitmentLedger:
    """Answers callers for the length of a block: what we keep, what they keep for us.

    Parameters
    ----------
    library : Library
    settle : callable
        Waits until all that was taken is in the catalog.
    allowed : sequence of Allowed
        Where callers call from, as far as the user has said so.
    """

    def __init__(
        self,
        library: "Library",
        settle: Callable[[], None],
        allowed: Sequence[Allowed] = (),
    ) -> None:
        self._library = library
        self._settle = settle
        self._allowed = allowed
        self._closing = threading.Event()
        self._telling: list[threading.Thread] = []

    def __enter__(self) -> Self:
        """Be ready."""
        return self

    def __exit__(self, *_: object) -> None:
        """Tell nobody any more."""
        self._closing.set()
        for thread in self._telling:
            thread.join()

    def asked(self, raw: bytes, syntax_uid: str, caller: Caller) -> Reply:
        """What we answer for; see `listener.committing.Ledger`."""
        request = read_request(raw, syntax_uid)
        self._settle()
        report = self._report(request)
        event = SOME_FAILED if report.failed else ALL_KEPT
        write = partial(written_report, report)
        later = partial(self._tell_later, caller, write, event)
        return Reply(event, write, later)

    def told(self, raw: bytes, syntax_uid: str, caller: Caller) -> None:
        """Note what a peer answers for."""
        report = read_report(raw, syntax_uid)
        names = [peer.name for peer in self._peers_of(caller)]
        if not self._library.catalog.commitments.settle(report, names):
            _log.warning("storage commitment not believed: told by nobody we asked")
            raise UnreadableError("Nobody asked this peer for storage commitment.")
        self._library.changed.emit()

    def _report(self, request: CommitmentRequest) -> CommitmentReport:
        kept: list[ObjectRef] = []
        failed: dict[ObjectRef, int] = {}
        for start in range(0, len(request.objects), _ROOM):
            part = request.objects[start : start + _ROOM]
            for one, reason in zip(part, self._reasons(part), strict=True):
                if reason:
                    failed[one] = reason
                else:
                    kept.append(one)
        return CommitmentReport(request.transaction_uid, tuple(kept), failed)

    def _reasons(self, objects: Sequence[ObjectRef]) -> list[int]:
        """Why we do not answer for each; 0 if we do: its file is there as it was."""
        catalog = self._library.catalog
        known = catalog.known([one.sop_instance_uid for one in objects])
        return [
            self._reason(one) if one.sop_instance_uid in known else NO_SUCH_OBJECT
            for one in objects
        ]

    def _reason(self, one: ObjectRef) -> int:
        filed = self._library.catalog.instance(one.sop_instance_uid)
        if filed is None or filed.record is None:
            return NO_SUCH_OBJECT if filed is None else FAILURE
        if filed.record.sop_class_uid != one.sop_class_uid:
            return OTHER_CLASS
        try:
            whole = filed.stored and stamp_of(filed.path) == filed.stamp
        except UnreadableError:
            return NO_SUCH_OBJECT
        return 0 if whole else FAILURE  # what others may change we do not answer for

    def _peers_of(self, caller: Caller) -> list[Peer]:
        every = Peers(self._library.data_dir).all()
        return [one for one in every if is_from(one, caller, self._allowed)]

    def _tell_later(
        self, caller: Caller, write: Callable[[str], bytes], event: int
    ) -> None:
        self._telling = [one for one in self._telling if one.is_alive()]
        if len(self._telling) >= _MOST_TOLD:
            _log.warning("storage commitment not told: too many wait for it")
            return
        for peer in self._peers_of(caller)[:1]:
            thread = threading.Thread(
                target=self._tell, args=(peer, write, event), name="commitment"
            )
            self._telling.append(thread)
            thread.start()

    def _tell(self, peer: Peer, write: Callable[[str], bytes], event: int) -> None:
        for pause in _TRIES_AFTER_S:
            if self._closing.wait(pause):
                return
            try:
                secret = Secrets(self._library.data_dir).passcode(peer)
                tell(peer, write, event, secret=secret, cancel=self._closing.is_set)
            except ViewerError as error:
                _log.info("storage commitment not told: %s", error.message)
            else:
                return
