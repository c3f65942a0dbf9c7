"""Asking a peer to answer for objects, and telling a peer what we answer for.

The result comes as a report on the association of the request, or on another one with
the roles reversed, at any time; PS3.4 J.3, PS3.7 10.1.1 and 10.1.4.
"""

from collections.abc import Callable
from typing import Final

from viewer.core.peers import Peer
from viewer.network.associations import (
    PLAIN_SYNTAXES,
    Association,
    open_association,
)
from viewer.network.command_set import CommandField, CommandSet
from viewer.network.connecting import Cancel
from viewer.network.faults import Fault, PeerFault, status_fault
from viewer.network.negotiation import Proposal
from viewer.network.pdata import Aborted, Misspoken, Released, Wire

COMMITMENT: Final = "1.2.840.10008.1.20.1"
INSTANCE: Final = "1.2.840.10008.1.20.1.1"
"""The well-known SOP instance; PS3.4 J.3.5."""

LONGEST_REPORT: Final = 16 << 20
"""Of a hundred thousand objects, in bytes."""

ALL_KEPT, SOME_FAILED = 1, 2  # event types; PS3.4 J.3.3.1
_ACTION: Final = 1  # request storage commitment

Write = Callable[[str], bytes]
"""Gives a data set in the transfer syntax of a UID."""

Report = tuple[bytes, str]
"""A data set and the UID of its transfer syntax."""


def ask(
    peer: Peer,
    write: Write,
    *,
    secret: str = "",
    wait: float = 0.0,
    cancel: Cancel = lambda: False,
) -> Report | None:
    """Ask, and wait a while for the report; None if it has not come by then.

    Parameters
    ----------
    write : callable
        The request.
    wait : float
        Seconds.

    Raises
    ------
    PeerFault
        If the peer cannot be asked, or does not take the request.
    Cancelled
    """
    proposal = Proposal(COMMITMENT, PLAIN_SYNTAXES)
    with open_association(
        peer, [proposal], secret=secret, cancel=cancel
    ) as association:
        context = association.context(COMMITMENT)
        request = CommandSet(
            CommandField.N_ACTION_RQ,
            has_data=True,
            message_id=association.message_id(),
            sop_class=COMMITMENT,
            sop_instance=INSTANCE,
            action_type=_ACTION,
        )
        wire = association.wire
        wire.send(context.id, request, [write(context.syntax)])
        _hear_assent(association)
        raw = _awaited(wire, wait) if wait > 0 else None
        return None if raw is None else (raw, context.syntax)


def tell(
    peer: Peer, write: Write, event: int, *, secret: str = "", cancel: Cancel
) -> None:
    """Report to a peer that asked, on an association of ours.

    Raises
    ------
    PeerFault, Cancelled
    """
    proposal = Proposal(COMMITMENT, PLAIN_SYNTAXES, as_scp=True, as_scu=False)
    with open_association(peer, [proposal], secret=secret, cancel=cancel) as open_:
        context = open_.context(COMMITMENT)
        command = report_command(open_.message_id(), event)
        open_.wire.send(context.id, command, [write(context.syntax)])
        _, answer = open_.wire.read_command()
        if answer.field != CommandField.N_EVENT_REPORT_RSP:
            raise Misspoken
        if answer.status:
            raise status_fault(peer, answer.status)


def report_command(message_id: int, event: int) -> CommandSet:
    """The command of a report; its data set follows."""
    return CommandSet(
        CommandField.N_EVENT_REPORT_RQ,
        has_data=True,
        message_id=message_id,
        sop_class=COMMITMENT,
        sop_instance=INSTANCE,
        event_type=event,
    )


def read_bounded(wire: Wire, context: int) -> bytes:
    """A data set of `LONGEST_REPORT` at most.

    Raises
    ------
    Misspoken
        If it is longer.
    """
    raw = bytearray()

    def keep(piece: memoryview) -> None:
        if len(raw) + len(piece) > LONGEST_REPORT:
            raise Misspoken
        raw.extend(piece)

    wire.read_data(context, keep)
    return bytes(raw)


def _hear_assent(association: Association) -> None:
    _, answer = association.wire.read_command()
    if answer.field != CommandField.N_ACTION_RSP or answer.status is None:
        raise Misspoken
    if answer.has_data:  # an action reply, which has nothing to say
        association.wire.read_data(association.context(COMMITMENT).id, len)
    if answer.status:
        raise status_fault(association.peer, answer.status)


def _awaited(wire: Wire, seconds: float) -> bytes | None:
    """The report, if it comes on this association."""
    wire.patience = seconds
    try:
        context, command = wire.read_command()
        if command.field != CommandField.N_EVENT_REPORT_RQ or not command.has_data:
            raise Misspoken
        raw = read_bounded(wire, context)
    except (TimeoutError, Aborted, Released):
        return None
    wire.send(
        context,
        CommandSet(
            CommandField.N_EVENT_REPORT_RSP,
            responds_to=command.message_id,
            sop_class=command.sop_class,
            sop_instance=command.sop_instance,
            status=0x0000,
            event_type=command.event_type,
        ),
    )
    return raw


def is_refusal(fault: PeerFault) -> bool:
    """Whether the peer has understood and does not want to, however often we ask."""
    return not fault.passing and fault.fault in (Fault.STATUS, Fault.NO_CONTEXT)
