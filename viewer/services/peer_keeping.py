"""Keep what the user has settled about peers, and their secrets with them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from viewer.services.peer_drafts import PeerDraft

if TYPE_CHECKING:
    from viewer.services.peers import Peers
    from viewer.services.secrets import Secrets


def keep_peers(
    peers: "Peers", secrets: "Secrets", drafts: Sequence[PeerDraft]
) -> tuple[str, ...]:
    """Make the peers those of `drafts`; sentences about where secrets went.

    Nothing is changed if one of them cannot be a peer. Secrets are kept before the
    peers that need them, and forgotten after those that are gone.

    Raises
    ------
    ViewerError
        If one of them cannot be a peer.
    EnvironmentFailure
        If something cannot be written down.
    """
    wanted = [(draft, draft.to_peer()) for draft in drafts]
    notes: list[str] = []
    for draft, peer in wanted:
        passcode = draft.passcode
        if passcode is None and draft.before is not None:
            moved = draft.before.name != peer.name
            passcode = secrets.read(draft.before.name) if moved else None
        if passcode is not None and (passcode or draft.before is not None):
            notes.append(secrets.keep(peer.name, passcode))
    names = {peer.name for _, peer in wanted}
    gone = [known.name for known in peers.all() if known.name not in names]
    for _, peer in wanted:
        peers.keep(peer)
    for name in gone:
        peers.remove(name)
        secrets.forget(name)
    return tuple(dict.fromkeys(note for note in notes if note))
