"""Whether a peer answers: C-ECHO; PS3.4 annex A, PS3.7 9.1.5."""

import time
from dataclasses import dataclass
from typing import Final

from viewer.core.peers import Peer
from viewer.network.associations import (
    PATIENT,
    PLAIN_SYNTAXES,
    Timeouts,
    open_association,
    prepare,
)
from viewer.network.command_set import CommandField, CommandSet
from viewer.network.connecting import Cancel
from viewer.network.faults import status_fault
from viewer.network.negotiation import Proposal
from viewer.network.pdata import Misspoken

VERIFICATION: Final = "1.2.840.10008.1.1"


@dataclass(frozen=True, slots=True)
class Echo:
    """A peer that answered.

    Attributes
    ----------
    seconds : float
        From the first packet to the answer.
    implementation : str
        How the peer's software calls itself.
    """

    seconds: float
    implementation: str


def echo(
    peer: Peer,
    *,
    secret: str = "",
    cancel: Cancel = lambda: False,
    timeouts: Timeouts = PATIENT,
) -> Echo:
    """Ask `peer` for a sign of life.

    Raises
    ------
    PeerFault, Cancelled, EnvironmentFailure
        See `open_association`.
    """
    prepare()
    started = time.monotonic()
    proposals = [Proposal(VERIFICATION, PLAIN_SYNTAXES)]
    with open_association(
        peer, proposals, secret=secret, cancel=cancel, timeouts=timeouts
    ) as association:
        asked = CommandSet(
            CommandField.C_ECHO_RQ,
            message_id=association.message_id(),
            sop_class=VERIFICATION,
        )
        association.wire.send(association.contexts[0].id, asked)
        _, answer = association.wire.read_command()
        if answer.field != CommandField.C_ECHO_RSP or answer.has_data:
            raise Misspoken
        if answer.status:
            raise status_fault(peer, answer.status)
    return Echo(time.monotonic() - started, association.implementation)
