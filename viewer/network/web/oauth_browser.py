"""A login on a page in the browser, which comes back with a code; RFC 8252, 7636."""

from base64 import urlsafe_b64encode
from dataclasses import dataclass
from hashlib import sha256
from secrets import token_urlsafe
from typing import Self
from urllib.parse import urlencode, urlsplit

from viewer.core.peers import Peer
from viewer.network.connecting import Cancel
from viewer.network.web.oauth import Tokens, granted, scope_of, to_tokens
from viewer.network.web.site import access


@dataclass(frozen=True, slots=True, repr=False)
class Proof:
    """What shows that who brings a code is who asked for it; RFC 7636."""

    verifier: str
    state: str

    @classmethod
    def fresh(cls) -> Self:
        """One that nobody can guess."""
        return cls(token_urlsafe(48), token_urlsafe(24))

    @property
    def challenge(self) -> str:
        """The verifier's hash."""
        digest = sha256(self.verifier.encode()).digest()
        return urlsafe_b64encode(digest).rstrip(b"=").decode()


def login_page(peer: Peer, proof: Proof, redirect: str) -> str:
    """The address at which the user logs in; the browser then comes to `redirect`."""
    known = access(peer)
    asked = {
        "response_type": "code",
        "client_id": known.client_id,
        "redirect_uri": redirect,
        "state": proof.state,
        "code_challenge": proof.challenge,
        "code_challenge_method": "S256",
        **scope_of(known),
    }
    joint = "&" if urlsplit(known.authorize_url).query else "?"
    return f"{known.authorize_url}{joint}{urlencode(asked)}"


def tokens_for_code(
    peer: Peer, code: str, proof: Proof, redirect: str, cancel: Cancel
) -> Tokens:
    """What a code from the browser is worth.

    Raises
    ------
    PeerFault, Cancelled, EnvironmentFailure
    """
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": redirect,
        "code_verifier": proof.verifier,
    }
    return to_tokens(peer, granted(peer, form, cancel))
