"""What we ask of a peer, each with the words in which a polite one would answer."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.network.parrot import identifier, message, response
from viewer.core.identity import SeriesUID, SOPInstanceUID, StudyUID
from viewer.core.peers import Peer
from viewer.core.remote import RemoteInstance
from viewer.network.associations import (
    EXPLICIT_LITTLE,
    PLAIN_SYNTAXES,
    Timeouts,
    open_association,
)
from viewer.network.command_set import CommandField
from viewer.network.connecting import Cancel
from viewer.network.echo import echo
from viewer.network.find import STUDY_ROOT, find
from viewer.network.get import open_get
from viewer.network.move import open_move
from viewer.network.negotiation import Proposal
from viewer.network.store import open_store
from viewer.network.ways import Offer, Portion

CT = "1.2.840.10008.5.1.4.1.1.2"
ASKING, OBJECTS = 1, 3  # presentation contexts, in the order in which they are proposed
NUMBER = 1  # of our first message
OBJECT = identifier(SOPClassUID=CT, SOPInstanceUID="1.2.3.4", PixelData=b"") + bytes(
    600
)

_STUDY, _SERIES, _IMAGE = StudyUID("1.2"), SeriesUID("1.2.3"), SOPInstanceUID("1.2.3.4")
_INSTANCE = RemoteInstance("Parrot", _STUDY, _SERIES, _IMAGE, CT)
_PORTION = Portion(_STUDY, _SERIES, (_INSTANCE,), whole=True)


@dataclass
class Outcome:
    """What an errand brought home."""

    kept: list[bytes] = field(default_factory=list)


def no(_: object = None) -> bool:
    """Nobody calls it off."""
    return False


def echoes(peer: Peer, timeouts: Timeouts, cancel: Cancel) -> Outcome:
    """C-ECHO."""
    echo(peer, timeouts=timeouts, cancel=cancel)
    return Outcome()


def finds(peer: Peer, timeouts: Timeouts, cancel: Cancel) -> Outcome:
    """C-FIND."""
    proposals = [Proposal(STUDY_ROOT, PLAIN_SYNTAXES)]
    with open_association(
        peer, proposals, timeouts=timeouts, cancel=cancel
    ) as association:
        context = association.context(STUDY_ROOT)
        answers = find(association, context, lambda _: identifier(PatientID="*"))
        return Outcome([one.raw for one in answers])


def gets(peer: Peer, timeouts: Timeouts, cancel: Cancel) -> Outcome:
    """C-GET."""
    outcome = Outcome()
    proposals = [Proposal(CT, (EXPLICIT_LITTLE,), as_scp=True)]
    with open_get(peer, proposals, timeouts=timeouts, cancel=cancel) as fetcher:
        fetcher.fetch(_PORTION, lambda offer: _taking(offer, outcome))
    return outcome


def moves(peer: Peer, timeouts: Timeouts, cancel: Cancel) -> Outcome:
    """C-MOVE."""
    with open_move(peer, timeouts=timeouts, cancel=cancel) as fetcher:
        fetcher.fetch(_PORTION, lambda offer: _taking(offer, Outcome()))
    return Outcome()


def stores(peer: Peer, timeouts: Timeouts, cancel: Cancel) -> Outcome:
    """C-STORE."""
    proposals = [Proposal(CT, (EXPLICIT_LITTLE,))]
    with open_store(peer, proposals, timeouts=timeouts, cancel=cancel) as storing:
        said = storing.send(CT, "1.2.3.4", EXPLICIT_LITTLE, [OBJECT])
    return Outcome([OBJECT] if said.kept else [])


@dataclass(frozen=True)
class Errand:
    """One thing we ask.

    Attributes
    ----------
    run : callable
    reply : int
        The command field of the answer.
    before : bytes
        What is said before the final answer.
    brings : int
        Objects or answers that are there in the end.
    """

    run: Callable[[Peer, Timeouts, Cancel], Outcome]
    reply: int
    before: bytes = b""
    brings: int = 0

    def final(self, status: int = 0) -> bytes:
        """The last word."""
        return message(ASKING, response(self.reply, NUMBER, status))

    @property
    def answer(self) -> bytes:
        """All that a polite peer says."""
        return self.before + self.final()


def sent_object(uid: str = "1.2.3.4") -> bytes:
    """The C-STORE request of a C-GET."""
    request = response(CommandField.C_STORE_RQ, 1, 0)
    del request.MessageIDBeingRespondedTo, request.Status
    request.MessageID, request.Priority = 7, 0
    request.AffectedSOPClassUID = CT
    request.add_new(0x00001000, "UI", uid)
    return message(OBJECTS, request, OBJECT)


_PENDING = response(CommandField.C_FIND_RSP, NUMBER, 0xFF00)
_ON_ITS_WAY = response(
    CommandField.C_MOVE_RSP, NUMBER, 0xFF00, NumberOfRemainingSuboperations=1
)

ERRANDS = {
    "echo": Errand(echoes, CommandField.C_ECHO_RSP),
    "find": Errand(
        finds,
        CommandField.C_FIND_RSP,
        message(ASKING, _PENDING, identifier(StudyInstanceUID="1.2")),
        brings=1,
    ),
    "get": Errand(gets, CommandField.C_GET_RSP, sent_object(), brings=1),
    "move": Errand(moves, CommandField.C_MOVE_RSP, message(ASKING, _ON_ITS_WAY)),
    "store": Errand(stores, CommandField.C_STORE_RSP, brings=1),
}


@contextmanager
def _taking(_: Offer, outcome: Outcome) -> Iterator["_Object"]:
    yield _Object(outcome)


class _Object:
    def __init__(self, outcome: Outcome) -> None:
        self._outcome, self._raw = outcome, bytearray()

    def write(self, piece: memoryview) -> None:
        self._raw += piece

    def keep(self) -> None:
        self._outcome.kept.append(bytes(self._raw))
