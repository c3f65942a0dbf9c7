"""The first words with a peer, and what its silence or refusal means; PS3.8 9.3.

Import it where an association is about to begin: pynetdicom takes a moment.
"""

import socket
import struct
from collections.abc import Sequence
from typing import Final

from viewer.core.peers import Peer
from viewer.network import negotiation, proposing
from viewer.network.connecting import Deadline, receive, transmit
from viewer.network.faults import Fault, PeerFault
from viewer.network.negotiation import Answer, Garbled, Identity, Proposal
from viewer.network.pdata import LONGEST_PDU
from viewer.network.tls import early_end

_TLS_ALERT: Final = 0x15
_CALLED, _CALLING = (1, 7), (1, 3)
_BUSY: Final = {(3, 1), (3, 2)}
_TRANSIENT: Final = 2


def introduce(
    connection: socket.socket,
    peer: Peer,
    proposals: Sequence[Proposal],
    identity: Identity | None,
    deadline: Deadline,
) -> Answer:
    """Propose over a new connection, and hear what `peer` accepts.

    Raises
    ------
    PeerFault, Cancelled
    """
    if proposals and not proposing.can_ask(proposals):
        raise PeerFault(Fault.NO_CONTEXT, peer)
    asked = proposing.request(
        peer.our_aet, peer.aet, proposals, longest_pdu=LONGEST_PDU, identity=identity
    )
    try:
        transmit(connection, asked, deadline)
        kind, body = _first_pdu(connection, peer, deadline)
    except TimeoutError as cause:
        raise PeerFault(Fault.SILENT, peer) from cause
    except OSError as cause:
        if peer.tls is not None:
            raise early_end(cause, peer) from cause
        raise PeerFault(Fault.TLS_WANTED, peer) from cause
    if kind == negotiation.REJECT and len(body) == 4:
        raise _rejection(peer, *proposing.reasons(body))
    if kind == negotiation.ABORT:
        raise PeerFault(Fault.ABORTED, peer)
    if kind != negotiation.ACCEPT:
        raise PeerFault(Fault.MANNERS, peer)
    try:
        return proposing.answer(body, proposals)
    except Garbled as cause:
        raise PeerFault(Fault.MANNERS, peer) from cause


def _first_pdu(
    connection: socket.socket, peer: Peer, deadline: Deadline
) -> tuple[int, bytes]:
    head = receive(connection, 6, deadline)
    if not head:
        if peer.tls is not None:
            raise early_end(None, peer)
        raise PeerFault(Fault.TLS_WANTED, peer)
    if head[0] == _TLS_ALERT:
        sentence = "{peer.name} expects TLS at port {peer.port}."
        hint = "Turn TLS on for this peer."
        wanted = PeerFault(Fault.TLS_WANTED, peer, sentence=sentence, hint=hint)
        wanted.passing = False
        raise wanted
    if len(head) < 6:
        raise PeerFault(Fault.LOST, peer)
    kind, length = struct.unpack(">BxI", head)
    if length > negotiation.LONGEST_ANSWER:
        raise PeerFault(Fault.MANNERS, peer)
    body = receive(connection, length, deadline)
    if len(body) < length:
        raise PeerFault(Fault.LOST, peer)
    return kind, body


def _rejection(peer: Peer, result: int, source: int, reason: int) -> PeerFault:
    """Why the peer does not want us; PS3.8 table 9-21."""
    faults = {_CALLED: Fault.CALLED_TITLE, _CALLING: Fault.CALLING_TITLE}
    fault = faults.get((source, reason), Fault.REJECTED)
    if (source, reason) in _BUSY:
        fault = Fault.BUSY
    rejection = PeerFault(fault, peer)
    rejection.passing = rejection.passing or (
        result == _TRANSIENT and fault is Fault.REJECTED
    )
    return rejection
