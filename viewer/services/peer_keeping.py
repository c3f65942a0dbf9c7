"""Keep what the user has settled about peers, and their secrets with them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from viewer.core.peers import Peer
from viewer.network.web.login import WebLogin, bearer
from viewer.services.logins import (
    WEB_KINDS,
    Logins,
    forget_login,
    keep_tokens,
    kind_of,
    login_with,
)
from viewer.services.peer_drafts import PeerDraft
from viewer.services.secrets import PASSCODE

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
        before = draft.before
        if before is not None and before.name != peer.name:
            kept = {kind: secrets.read(before.name, kind) for kind in _KINDS}
            for kind, secret in kept.items():
                if secret:
                    notes.append(secrets.keep(peer.name, secret, kind))
        if passcode is not None and (passcode or before is not None):
            notes.append(secrets.keep(peer.name, passcode))
        notes += _keep_login(secrets, draft, peer)
    names = {peer.name for _, peer in wanted}
    gone = [known.name for known in peers.all() if known.name not in names]
    for _, peer in wanted:
        peers.keep(peer)
    for name in gone:
        peers.remove(name)
        secrets.forget(name)
    return tuple(dict.fromkeys(note for note in notes if note))


def login_of_draft(draft: PeerDraft, logins: Logins) -> WebLogin:
    """What logs in to a peer as it is described now.

    Raises
    ------
    ViewerError
        If it cannot be a peer.
    """
    peer = draft.to_peer()
    if draft.tokens is not None:
        return bearer(draft.tokens.access)
    if draft.web_secret is not None and peer.web is not None:
        return login_with(peer.web, draft.web_secret)
    return logins.of(draft.before or peer)


def _keep_login(secrets: "Secrets", draft: PeerDraft, peer: Peer) -> list[str]:
    """Keep what logs in to a peer's DICOMweb; another server gets none of it."""
    notes: list[str] = []
    if draft.before is not None and draft.before.web != peer.web:
        forget_login(peer.name, secrets)
    kind = kind_of(peer.web.login) if peer.web is not None else ""
    if kind and draft.web_secret is not None:
        notes.append(secrets.keep(peer.name, draft.web_secret, kind))
    if draft.tokens is not None:
        notes.append(keep_tokens(peer, secrets, draft.tokens))
    return notes


_KINDS = (PASSCODE, *WEB_KINDS)
