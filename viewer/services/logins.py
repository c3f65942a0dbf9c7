"""What shows DICOMweb servers who we are: passwords and tokens out of the secrets."""

import json
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from viewer.core.peers import Login, Peer, WebAccess
from viewer.network.faults import Fault, PeerFault
from viewer.network.web.login import NOBODY, WebLogin, basic, bearer
from viewer.services.secrets import Secrets

if TYPE_CHECKING:  # HTTP loads when it is needed
    from viewer.network.web.oauth import Tokens

PASSWORD, TOKEN, REFRESH = "password", "token", "refresh"
WEB_KINDS: Final = (PASSWORD, TOKEN, REFRESH)
_EARLY_S: Final = 60.0  # a token is renewed so long before it ends


class Logins:
    """The logins of one data folder. Any thread may ask."""

    def __init__(self, data_dir: Path) -> None:
        self._secrets = Secrets(data_dir)
        self._known: dict[Peer, WebLogin] = {}
        self._lock = threading.Lock()

    def of(self, peer: Peer) -> WebLogin:
        """The login of a peer's DICOMweb; all who use it share its token."""
        if peer.web is None or peer.web.login is Login.NONE:
            return NOBODY
        with self._lock:
            if peer not in self._known:
                kind = TokenLogin if peer.web.login is Login.OAUTH else KeptLogin
                self._known[peer] = kind(peer, peer.web, self._secrets)
            return self._known[peer]


def login_with(web: WebAccess, secret: str) -> WebLogin:
    """A login with a password or token as it was typed."""
    if web.login is Login.BASIC:
        return basic(web.user, secret)
    return bearer(secret) if web.login is Login.BEARER else NOBODY


def forget_login(peer: str, secrets: Secrets) -> None:
    """Keep nothing that logged in to a peer's DICOMweb.

    Raises
    ------
    EnvironmentFailure
    """
    for kind in WEB_KINDS:
        if secrets.read(peer, kind):
            secrets.keep(peer, "", kind)


def kind_of(login: Login) -> str:
    """The kind of secret the user types for a login; empty if none is typed."""
    return {Login.BASIC: PASSWORD, Login.BEARER: TOKEN}.get(login, "")


class KeptLogin:
    """A password or token that the user typed once; see `WebLogin`."""

    def __init__(self, peer: Peer, web: WebAccess, secrets: Secrets) -> None:
        self._peer, self._web, self._secrets = peer, web, secrets
        self._shown = ""
        self._lock = threading.Lock()

    def authorization(self) -> str:
        """What was typed."""
        with self._lock:
            if not self._shown:
                self._shown = self._read()
            return self._shown

    def renewed(self, refused: str) -> str:
        """Another one, if it was typed meanwhile."""
        with self._lock:
            self._shown = self._read()
            return self._shown if self._shown != refused else ""

    def _read(self) -> str:
        secret = self._secrets.read(self._peer.name, kind_of(self._web.login))
        if not secret and self._web.login is Login.BEARER:
            raise nobody_logged_in(self._peer)
        return login_with(self._web, secret).authorization()


class TokenLogin:
    """Tokens of OAuth that are renewed before they end; see `WebLogin`."""

    def __init__(self, peer: Peer, web: WebAccess, secrets: Secrets) -> None:
        del web
        self._peer, self._secrets = peer, secrets
        self._tokens: Tokens | None = None
        self._lock = threading.Lock()

    def authorization(self) -> str:
        """The token; a new one if it is about to end."""
        with self._lock:
            tokens = self._tokens or kept_tokens(self._peer, self._secrets)
            if tokens.until - time.time() < _EARLY_S:
                tokens = self._renew(tokens)
            self._tokens = tokens
            return bearer(tokens.access).authorization()

    def renewed(self, refused: str) -> str:
        """A new token after one was refused."""
        with self._lock:
            tokens = kept_tokens(self._peer, self._secrets)
            if bearer(tokens.access).authorization() == refused:
                tokens = self._renew(tokens)
            self._tokens = tokens
            return bearer(tokens.access).authorization()

    def _renew(self, tokens: "Tokens") -> "Tokens":
        from viewer.network.web.oauth import new_tokens  # noqa: PLC0415 - HTTP is slow

        kept = kept_tokens(self._peer, self._secrets)
        if kept.access != tokens.access and kept.until - time.time() >= _EARLY_S:
            return kept  # another process has renewed it
        if not kept.refresh:
            raise nobody_logged_in(self._peer)
        fresh = new_tokens(self._peer, kept.refresh)
        keep_tokens(self._peer, self._secrets, fresh)
        return fresh


def kept_tokens(peer: Peer, secrets: Secrets) -> "Tokens":
    """The tokens of the last login.

    Raises
    ------
    PeerFault
        If nobody is logged in.
    EnvironmentFailure
    """
    from viewer.network.web.oauth import Tokens  # noqa: PLC0415 - HTTP is slow

    try:
        kept = json.loads(secrets.read(peer.name, TOKEN))
        return Tokens(
            str(kept["access"]), secrets.read(peer.name, REFRESH), float(kept["until"])
        )
    except (ValueError, TypeError, KeyError) as cause:
        raise nobody_logged_in(peer) from cause


def keep_tokens(peer: Peer, secrets: Secrets, tokens: "Tokens") -> str:
    """Keep tokens for the next time; a sentence if that was not in the keyring.

    Raises
    ------
    EnvironmentFailure
    """
    kept = json.dumps({"access": tokens.access, "until": tokens.until})
    secrets.keep(peer.name, tokens.refresh, REFRESH)
    return secrets.keep(peer.name, kept, TOKEN)


def nobody_logged_in(peer: Peer) -> PeerFault:
    """Nothing is kept that would log in."""
    return PeerFault(
        Fault.LOGIN,
        peer,
        sentence="Nobody is logged in to {peer.name}.",
        hint="lightbox peers login, or Log in… where the peer is described.",
    )
