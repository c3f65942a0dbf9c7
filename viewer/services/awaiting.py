"""Ask a peer to answer for objects, and wait for its word wherever it comes."""

import contextlib
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from viewer.core.commitment import Commitment, CommitmentState, ObjectRef
from viewer.core.errors import EnvironmentFailure
from viewer.core.peers import Peer
from viewer.services.commitment import Commitments
from viewer.services.hearing import Ears

if TYPE_CHECKING:
    from viewer.services.library import Library

_SAME_ASSOCIATION_S: Final = 3.0
_LOOK_S: Final = 0.1


def commitment_awaited(
    library: "Library",
    peer: Peer,
    objects: Iterable[ObjectRef],
    *,
    secret: str = "",
    wait: float = 30.0,
) -> Commitment:
    """Ask, and wait some seconds; what is pending then may still be answered later.

    Meanwhile we listen where the peer expects us, unless somebody else does already.

    Raises
    ------
    PeerFault
        As `Commitments.request`.
    """
    until = time.monotonic() + wait
    commitments = Commitments(library)
    with contextlib.ExitStack() as own:
        ears = own.enter_context(Ears(library))
        with contextlib.suppress(EnvironmentFailure):  # it may say so where we ask
            ears.hear(peer)
        first = min(wait, _SAME_ASSOCIATION_S)
        found = commitments.request(peer, objects, secret=secret, wait=first)
        while found.state is CommitmentState.PENDING and time.monotonic() < until:
            time.sleep(_LOOK_S)
            found = commitments.get(found.transaction_uid)
    return found
