"""C-FIND: a question, and its answers as they come; PS3.4 C.4.1, PS3.7 9.1.2."""

import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Final

from viewer.core.errors import Cancelled
from viewer.network.associations import PLAIN_SYNTAXES, Association
from viewer.network.command_set import CommandField, CommandSet
from viewer.network.faults import status_fault
from viewer.network.negotiation import Accepted, Proposal
from viewer.network.pdata import Aborted, Misspoken, Released, Stopped, Wire

PATIENT_ROOT: Final = "1.2.840.10008.5.1.4.1.2.1.1"
STUDY_ROOT: Final = "1.2.840.10008.5.1.4.1.2.2.1"
WORKLIST: Final = "1.2.840.10008.5.1.4.31"
LONGEST_ANSWER: Final = 1 << 20
"""No honest answer comes near this, in bytes."""

_PENDING: Final = {0xFF00, 0xFF01}
_FAREWELL_S: Final = 1.0

STUDY_QUERIES: Final = (
    Proposal(STUDY_ROOT, PLAIN_SYNTAXES),
    Proposal(PATIENT_ROOT, PLAIN_SYNTAXES),
)
WORKLIST_QUERIES: Final = (Proposal(WORKLIST, PLAIN_SYNTAXES),)


@dataclass(frozen=True, slots=True)
class Found:
    """One answer, as bytes.

    Attributes
    ----------
    raw : bytes
        The identifier.
    syntax : str
        UID of the transfer syntax it is written in.
    """

    raw: bytes
    syntax: str


def find(
    association: Association, context: Accepted, write: Callable[[str], bytes]
) -> Generator[Found, None, None]:
    """Ask, and give each answer when it comes.

    Closing the iterator early tells the peer to stop (C-CANCEL); the association can
    be used for the next question if it obeys in time.

    Parameters
    ----------
    association : Association
    context : Accepted
        Of one of this module's SOP classes.
    write : callable
        Gives the identifier in the transfer syntax of a UID.

    Raises
    ------
    PeerFault
        If the peer fails. What the wire raises passes through.
    Cancelled
        If `association.wire.stop` says so.
    """
    wire, ours = association.wire, association.message_id()
    asked = CommandSet(
        CommandField.C_FIND_RQ,
        has_data=True,
        message_id=ours,
        sop_class=context.abstract,
        priority=0,
    )
    wire.send(context.id, asked, [write(context.syntax)])
    over = False
    try:
        while True:
            answer, raw = _answer(association)
            if answer.responds_to not in (ours, None):
                continue  # a late answer to a question that was called off
            if answer.status not in _PENDING:
                over = True
                break
            yield Found(raw, context.syntax)
            _look(wire)
    except (Aborted, Released, Misspoken, Stopped, TimeoutError):
        over = True
        raise
    finally:
        if not over:
            _call_off(association, context, ours)
    if answer.status:
        raise status_fault(association.peer, answer.status)


def _look(wire: Wire) -> None:
    """Stop between two answers; a peer that pours them out leaves no silence."""
    if wire.stop():
        raise Cancelled


def _answer(association: Association) -> tuple[CommandSet, bytes]:
    wire = association.wire
    context, answer = wire.read_command()
    if answer.field != CommandField.C_FIND_RSP or answer.status is None:
        raise Misspoken
    if answer.has_data is not (answer.status in _PENDING):
        raise Misspoken
    raw = bytearray()

    def keep(piece: memoryview) -> None:
        if len(raw) + len(piece) > LONGEST_ANSWER:
            raise Misspoken
        raw.extend(piece)

    if answer.has_data:
        wire.read_data(context, keep)
    return answer, bytes(raw)


def _call_off(association: Association, context: Accepted, ours: int) -> None:
    """Tell the peer to stop and let pass what comes; cut it off if it goes on."""
    wire, patience = association.wire, time.monotonic() + _FAREWELL_S
    stop, wire.stop = wire.stop, lambda: time.monotonic() > patience
    try:
        cancel = CommandSet(CommandField.C_CANCEL_RQ, responds_to=ours)
        wire.send(context.id, cancel)
        while time.monotonic() < patience:
            answer, _ = _answer(association)
            if answer.responds_to == ours and answer.status not in _PENDING:
                return
        wire.abort()
    except (Aborted, Released, Misspoken, Stopped, TimeoutError):
        wire.abort()
    finally:
        wire.stop = stop
