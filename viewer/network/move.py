"""C-MOVE: the peer sends what is asked for to our listener; PS3.4 C.4.2.

What arrives comes in by the listener, not here: this only asks, and waits until the
peer says that it has sent everything, for as long as it shows that it lives.
"""

from collections.abc import Callable, Iterator
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
from viewer.network.vigil import LOOKS, Vigil
from viewer.network.ways import Deliver, Fetcher, Portion

STUDY_ROOT_MOVE: Final = "1.2.840.10008.5.1.4.1.2.2.2"

_FINE: Final = {0x0000, 0xB000}
_PENDING: Final = {0xFF00, 0xFF01}


@contextmanager
def open_move(
    peer: Peer,
    *,
    came: Callable[[], bool] = lambda: False,
    secret: str = "",
    cancel: Cancel = lambda: False,
    timeouts: Timeouts = PATIENT,
) -> Iterator[Fetcher]:
    """An association over which a peer is asked to send to `peer.our_aet`.

    Parameters
    ----------
    came : callable
        Whether our listener has taken anything since this was asked last; see `Vigil`.

    Raises
    ------
    PeerFault, Cancelled
        Also for whatever breaks the wire while it is used.
    """
    proposals = (Proposal(STUDY_ROOT_MOVE, PLAIN_SYNTAXES),)
    watchful = replace(timeouts, silence=timeouts.silence / LOOKS)
    with open_association(
        peer, proposals, secret=secret, cancel=cancel, timeouts=watchful
    ) as association:
        vigil = Vigil(peer, timeouts, came, secret=secret, cancel=cancel)
        association.wire.waits_on = vigil
        yield _Moving(association, vigil)


class _Moving:
    """One association at work."""

    def __init__(self, association: Association, vigil: Vigil) -> None:
        self._association, self._vigil = association, vigil
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
        self._vigil.heard()
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
            self._vigil.heard()
            if command.field != CommandField.C_MOVE_RSP or command.status is None:
                raise Misspoken
            if command.has_data:  # names of what failed; the catalog knows better
                self._wire.read_data(context, len)
            late = command.responds_to not in (asked, None)
            if command.status not in _PENDING and not late:
                return command.status
            if self._wire.stop():
                raise Stopped
