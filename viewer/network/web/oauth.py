"""OAuth 2.0: how a program gets tokens without ever seeing the user's password.

The first ones come by a page in the browser (`oauth_browser`) or by a code that is
typed on another device (`oauth_device`); afterwards a refresh token gives new ones.
"""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from viewer.core.peers import Peer, Tls, WebAccess
from viewer.network.associations import PATIENT
from viewer.network.connecting import Cancel
from viewer.network.faults import Fault, PeerFault
from viewer.network.web.client import WebClient
from viewer.network.web.request import Request
from viewer.network.web.site import Site, access
from viewer.network.web.web_faults import BUSY

_ANY_STATUS: Final = frozenset(range(200, 600)) - BUSY
_LONGEST: Final = 1 << 18  # bytes of an answer; tokens are a few thousand
_USUAL_LIFE_S: Final = 300.0  # of a token that does not say


@dataclass(frozen=True, slots=True, repr=False)
class Tokens:
    """What logs in.

    Attributes
    ----------
    access : str
    refresh : str
        Gives new ones; empty if there is none.
    until : float
        When `access` ends, in seconds since 1970.
    """

    access: str
    refresh: str
    until: float


def new_tokens(peer: Peer, refresh: str, cancel: Cancel = lambda: False) -> Tokens:
    """Tokens for a refresh token.

    Raises
    ------
    PeerFault
        With `Fault.LOGIN` if the user must log in anew.
    Cancelled, EnvironmentFailure
    """
    form = {"grant_type": "refresh_token", "refresh_token": refresh}
    return to_tokens(peer, granted(peer, form, cancel), refresh)


def granted(peer: Peer, form: Mapping[str, str], cancel: Cancel) -> Mapping[str, Any]:
    """What the server gives for a form; it is a refusal if it gives nothing."""
    said = posted(peer, access(peer).token_url, form, cancel)
    if "error" in said:
        raise refused(peer)
    return said


def posted(
    peer: Peer, url: str, form: Mapping[str, str], cancel: Cancel
) -> Mapping[str, Any]:
    """The answer to a form, as JSON."""
    raw = urlencode({"client_id": access(peer).client_id, **form}).encode()
    site = _site(peer, url)
    query = urlsplit(url).query
    request = Request(
        f"?{query}" if query else "",
        "application/json",
        "POST",
        lambda: (raw,),
        len(raw),
        "application/x-www-form-urlencoded",
        _ANY_STATUS,
    )
    client = WebClient(site, cancel=cancel, timeouts=PATIENT)
    try:
        with client.ask(request) as answer:
            status, text = answer.status, answer.text(_LONGEST)
    finally:
        client.close()
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict) or (status != HTTPStatus.OK and "error" not in said):
        raise no_oauth(peer)
    return said


def _site(peer: Peer, url: str) -> Site:
    """The server of tokens; the peer's own files for TLS hold for its own host."""
    own = urlsplit(url).hostname == urlsplit(access(peer).url).hostname
    tls = peer.tls if own else Tls()
    name = f"The login of {peer.name}"
    return Site.at(Peer(name, "login", 1, "LOGIN", tls=tls), url)


def to_tokens(peer: Peer, said: Mapping[str, Any], refresh: str = "") -> Tokens:
    """The tokens of an answer; the refresh token stays if there is no new one."""
    token = text_of(said, "access_token")
    kind = text_of(said, "token_type") or "bearer"
    if not token or kind.lower() != "bearer":
        raise no_oauth(peer)
    life = seconds_of(said, "expires_in", _USUAL_LIFE_S)
    return Tokens(token, text_of(said, "refresh_token") or refresh, time.time() + life)


def scope_of(known: WebAccess) -> dict[str, str]:
    """What is asked for, as a field of a form."""
    return {"scope": known.scope} if known.scope else {}


def text_of(said: Mapping[str, Any], name: str) -> str:
    """A value that can stand in a header or on the screen."""
    found = said.get(name)
    fits = isinstance(found, str) and found.isascii() and found.isprintable()
    return found if fits and isinstance(found, str) else ""


def seconds_of(said: Mapping[str, Any], name: str, otherwise: float) -> float:
    """A time that makes sense."""
    try:
        found = float(said.get(name, otherwise))
    except (TypeError, ValueError):
        return otherwise
    return found if 0 < found < 1e9 else otherwise


def refused(peer: Peer) -> PeerFault:
    """The server of tokens says no."""
    return PeerFault(
        Fault.LOGIN,
        peer,
        sentence="The login of {peer.name} gives us no token.",
        hint="Log in anew; if that does not help, client ID and scope may be wrong.",
    )


def no_oauth(peer: Peer) -> PeerFault:
    """What answers does not know OAuth."""
    return PeerFault(
        Fault.MANNERS,
        peer,
        sentence="What answers for the login of {peer.name} is no OAuth server.",
        hint="Check the addresses of its login.",
    )
