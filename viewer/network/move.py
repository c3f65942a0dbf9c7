"""C-MOVE: the peer sends what is asked for to our listener; PS3.4 C.4.2.

What arrives comes in by the listener, not here: this only asks, and waits until the
peer says that it has sent everything.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Final

from viewer.core.errors import Cancelled
from viewer.core.peers import Peer
from viewer.network.associations import (
    PATIENT,
    PLAIN_SYNTAXES,
    Association,
    Timeouts,
    open_association,
)
from viewer.network.command_set import CommandField, CommandSet
from viewer.network.connecting import Cancel
from viewer.network.faults import status_fault
from viewer.network.identifier import identifier
from viewer.network.negotiation import Proposal
from viewer.network.pdata import Misspoken, Stopped
from viewer.network.ways import Deliver, Fetcher, Portion

STUDY_ROOT_MOVE: Final = "1.2.840.10008.5.1.4.1.2.2.2"

_FINE: Final = {0x0000, 0xB000}
_PENDING: Final = {0xFF00, 0xFF01}
_SILENCE_S: Final = 600.0
"""A peer may be fetching tapes, and need not tell us how far it is."""


@contextmanager
def open_move(
    peer: Peer,
    *,
    secret: str = "",
    cancel: Cancel = lambda: False,
    timeouts: Timeouts = PATIENT,
) -> Iterator[Fetcher]:
    """An association over which a peer is asked to send to `peer.our_aet`.

    Raises
    ------
    PeerFault, Cancelled
        Also for whatever breaks the wire while it is used.
    """
    proposals = (Proposal(STUDY_ROOT_MOVE, PLAIN_SYNTAXES),)
    patient = replace(timeouts, silence=max(timeouts.silence, _SILENCE_S))
    with open_association(
        peer, proposals, secret=secret, cancel=cancel, timeouts=patient
    ) as association:
        yield _Moving(association)


class _Moving:
    """One association at work."""

    def __init__(self, association: Association) -> None:
        self._association = association
        self._wire = association.wire
        self._asking = association.context(STUDY_ROOT_MOVE)

    def fetch(self, portion: Portion, deliver: Deliver) -> None:
        """Have a portion sent; nothing is given to `deliver`. See `Fetcher`."""
        del deliver
        asked = self._association.message_id()
        request = CommandSet(
            CommandField.C_MOVE_RQ,
            has_data=True,
            message_id=asked,
            sop_class=STUDY_ROOT_MOVE,
            priority=0,
            destination=self._association.peer.our_aet,
        )
        raw = identifier(portion, self._asking.syntax)
        self._wire.send(self._asking.id, request, [raw])
        try:
            status = self._final_status(asked)
        except Stopped:
            cancel = CommandSet(CommandField.C_CANCEL_RQ, responds_to=asked)
            self._wire.send(self._asking.id, cancel)  # and not a word is waited for
            raise Cancelled from None
        if status not in _FINE:
            raise status_fault(self._association.peer, status)

    def _final_status(self, asked: int) -> int:
        while True:
            context, command = self._wire.read_command()
            if command.field != CommandField.C_MOVE_RSP or command.status is None:
                raise Misspoken
            if command.has_data:  # names of what failed; the catalog knows better
                self._wire.read_data(context, len)
            late = command.responds_to not in (asked, None)
            if command.status not in _PENDING and not late:
                return command.status
            if self._wire.stop():
                raise Stopped
