"""Opening an association as its requestor: the one place that does.

Every failure becomes a `PeerFault` here, with a sentence and what to do about it.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Final

from viewer.core.errors import Cancelled
from viewer.core.peers import Peer
from viewer.network.connecting import Cancel, Deadline, connect
from viewer.network.faults import Fault, PeerFault
from viewer.network.negotiation import Accepted, Identity, Proposal
from viewer.network.pdata import (
    Aborted,
    Misspoken,
    Released,
    Stopped,
    Wire,
)

IMPLICIT_LITTLE: Final = "1.2.840.10008.1.2"
EXPLICIT_LITTLE: Final = "1.2.840.10008.1.2.1"
PLAIN_SYNTAXES: Final = (EXPLICIT_LITTLE, IMPLICIT_LITTLE)


@dataclass(frozen=True, slots=True)
class Timeouts:
    """How long we wait for a peer, in seconds.

    Attributes
    ----------
    connect : float
        Until TCP and TLS are up.
    negotiate : float
        Until it has answered our proposals.
    silence : float
        Between two signs of life afterwards.
    """

    connect: float = 10.0
    negotiate: float = 15.0
    silence: float = 60.0


PATIENT: Final = Timeouts()


@dataclass(slots=True)
class Association:
    """An established association. One thread at a time.

    Attributes
    ----------
    peer : Peer
    wire : Wire
        Sends and reads messages.
    contexts : tuple of Accepted
        What the peer agreed to; never empty.
    implementation : str
        How the peer's software calls itself.
    """

    peer: Peer
    wire: Wire
    contexts: tuple[Accepted, ...]
    implementation: str = ""
    _ids: Iterator[int] = field(default_factory=lambda: count(1), repr=False)

    def context(self, abstract: str, *syntaxes: str) -> Accepted:
        """The accepted context of a SOP class, in one of `syntaxes` if any are given.

        Raises
        ------
        PeerFault
            If there is none.
        """
        for context in self.contexts:
            if context.abstract == abstract and (
                not syntaxes or context.syntax in syntaxes
            ):
                return context
        raise PeerFault(Fault.NO_CONTEXT, self.peer)

    def message_id(self) -> int:
        """A number for the next request, 1 to 65535."""
        return (next(self._ids) - 1) % 0xFFFF + 1


def prepare() -> None:
    """Load now what the first association would have to wait for."""
    import viewer.network.introduction  # noqa: F401, PLC0415 - see there


@contextmanager
def open_association(
    peer: Peer,
    proposals: Sequence[Proposal],
    *,
    secret: str = "",
    cancel: Cancel = lambda: False,
    timeouts: Timeouts = PATIENT,
) -> Iterator[Association]:
    """An association with `peer` for the length of a block.

    It is released where the block ends in order, and cut off where it does not. What
    the wire raises inside the block (`pdata.Aborted` and the others) leaves it as
    `PeerFault`, a stop as `Cancelled`.

    Parameters
    ----------
    peer : Peer
    proposals : sequence of Proposal
        1 to 128.
    secret : str
        The passcode that goes with `peer.user`.
    cancel : callable
        Asked ten times a second while we wait; true calls the association off.
    timeouts : Timeouts

    Raises
    ------
    PeerFault, Cancelled
    EnvironmentFailure
        If files for TLS cannot be used.
    """
    from viewer.network.introduction import introduce  # noqa: PLC0415 - see there

    if not peer.has_dicom:
        raise PeerFault(Fault.NO_DICOM, peer)
    identity = _identity(peer, secret)
    connection = connect(peer, Deadline(timeouts.connect, cancel))
    try:
        deadline = Deadline(timeouts.negotiate, cancel)
        answer = introduce(connection, peer, proposals, identity, deadline)
        wire = Wire(
            connection, answer.longest_pdu, patience=timeouts.silence, stop=cancel
        )
    except BaseException:
        connection.close()
        raise
    if not answer.contexts:
        wire.release()
        raise PeerFault(Fault.NO_CONTEXT, peer)
    try:
        yield Association(peer, wire, answer.contexts, answer.implementation)
    except BaseException as error:
        if isinstance(error, PeerFault) and error.fault is Fault.STATUS:
            wire.release()  # a plain no is no reason to be rude
            raise
        wire.abort()
        fault = wire_fault(error, peer)
        if fault is not None:
            raise fault from error
        raise
    wire.release()


def wire_fault(error: BaseException, peer: Peer) -> PeerFault | Cancelled | None:
    """What the user is told of a failure of the wire; None if it is none of these."""
    match error:
        case Aborted(__cause__=OSError()):
            return PeerFault(Fault.LOST, peer)
        case Aborted() | Released():
            return PeerFault(Fault.ABORTED, peer)
        case Misspoken():
            return PeerFault(Fault.MANNERS, peer)
        case Stopped():
            return Cancelled()
        case TimeoutError():
            return PeerFault(Fault.SILENT, peer)
    return None


def _identity(peer: Peer, secret: str) -> Identity | None:
    """Who we are.

    Raises
    ------
    PeerFault
        If a passcode would travel in clear and nobody allowed it.
    """
    if secret and peer.tls is None and not peer.insecure_identity:
        raise PeerFault(Fault.IDENTITY, peer)
    return Identity(peer.user, secret) if peer.user else None
