"""Where callers call from, and whether one is the peer that it says it is."""

import socket
from collections.abc import Iterable

from viewer.core.errors import ViewerError
from viewer.core.peers import Peer
from viewer.network.listener.policy import Allowed, Caller


def is_from(peer: Peer, caller: Caller, allowed: Iterable[Allowed] = ()) -> bool:
    """Whether a caller is this peer: by its title, and by where it calls from.

    Anybody can say a title. A peer calls from its host, or, where it is several
    computers behind one address, from where the user said that its title calls from.
    """
    if caller.title != peer.aet:
        return False
    if any(one.title and one.addresses and one.covers(caller) for one in allowed):
        return True
    entry = entry_of(peer)
    return entry is not None and entry.covers(caller)


def entry_of(peer: Peer) -> Allowed | None:
    """What a peer calls as, and from where; None if it never calls.

    One that speaks DICOMweb alone has neither title nor host: an entry made of these
    would name everybody. A host that nobody knows calls from nowhere.
    """
    if not (peer.aet and peer.host):
        return None
    try:
        return Allowed(peer.aet, addresses_of(peer.host))
    except ViewerError:
        return None


def addresses_of(host: str) -> frozenset[str]:
    """Every address of a host.

    Raises
    ------
    ViewerError
        If nobody knows it.
    """
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (socket.gaierror, UnicodeError) as cause:
        raise ViewerError(f"The host {host} is not known.") from cause
    return frozenset(str(address[0]) for *_, address in found)
