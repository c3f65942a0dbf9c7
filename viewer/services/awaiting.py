"""Ask a peer to answer for objects, and wait for its word wherever it comes."""

import contextlib
import time
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from viewer.core.commitment import Commitment, CommitmentState, ObjectRef
from viewer.core.errors import EnvironmentFailure
from viewer.core.peers import Peer
from viewer.network.listener.policy import Allowed
from viewer.services.calling import entry_of
from viewer.services.commitment import Commitments
from viewer.services.hearing import Ears
from viewer.services.secrets import Secrets

if TYPE_CHECKING:
    from viewer.services.library import Library

_SAME_ASSOCIATION_S: Final = 3.0
_LOOK_S: Final = 0.1


def commitment_awaited(
    library: "Library",
    peer: Peer,
    objects: Iterable[ObjectRef],
    *,
    wait: float = 30.0,
    callers: Sequence[Allowed] | None = None,
) -> Commitment:
    """Ask, and wait some seconds; what is pending then may still be answered later.

    Meanwhile we listen where the peer expects us, unless somebody else does already.

    Parameters
    ----------
    callers : sequence of Allowed or None
        Who may call meanwhile, beside the peer itself; None is everybody. Where they
        say from where the peer's title calls, its word counts from there, too.

    Raises
    ------
    PeerFault
        As `Commitments.request`.
    EnvironmentFailure
        If the peer's passcode cannot be read.
    """
    until = time.monotonic() + wait
    commitments = Commitments(library)
    with contextlib.ExitStack() as own:
        entry = entry_of(peer)
        if entry is not None:  # else it never calls
            allowed = () if callers is None else (*callers, entry)
            ears = own.enter_context(Ears(library, allowed))
            with contextlib.suppress(EnvironmentFailure):  # it may say so where we ask
                ears.hear(peer)
        first = min(wait, _SAME_ASSOCIATION_S)
        secret = Secrets(library.data_dir).passcode(peer)
        found = commitments.request(peer, objects, secret=secret, wait=first)
        while found.state is CommitmentState.PENDING and time.monotonic() < until:
            time.sleep(_LOOK_S)
            found = commitments.get(found.transaction_uid)
    return found
