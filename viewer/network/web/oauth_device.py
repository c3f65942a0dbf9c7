"""A login with a code that the user types on another device; RFC 8628."""

import time
from dataclasses import dataclass
from typing import Final

from viewer.core.errors import Cancelled
from viewer.core.peers import Peer
from viewer.network.connecting import Cancel
from viewer.network.faults import Fault, PeerFault
from viewer.network.web.oauth import (
    Tokens,
    no_oauth,
    posted,
    refused,
    scope_of,
    seconds_of,
    text_of,
    to_tokens,
)
from viewer.network.web.site import access

_GRANT: Final = "urn:ietf:params:oauth:grant-type:device_code"
_USUAL_INTERVAL_S: Final = 5.0
_SLOWER_S: Final = 5.0
_LOOK_S: Final = 0.1
_LONGEST_WAIT_S: Final = 900.0


@dataclass(frozen=True, slots=True, repr=False)
class DeviceCode:
    """What the user types on a page of another device.

    Attributes
    ----------
    user_code : str
    page : str
        Where.
    full_page : str
        The page with the code in its address; empty if there is none.
    secret : str
        What we ask for the tokens with.
    interval : float
        Seconds between two questions.
    until : float
        When the code ends, by the monotonic clock.
    """

    user_code: str
    page: str
    full_page: str
    secret: str
    interval: float
    until: float


def device_code(peer: Peer, cancel: Cancel) -> DeviceCode:
    """A code for the user to type elsewhere.

    Raises
    ------
    PeerFault, Cancelled, EnvironmentFailure
    """
    known = access(peer)
    said = posted(peer, known.device_url, scope_of(known), cancel)
    if "error" in said:
        raise refused(peer)
    user_code, secret = text_of(said, "user_code"), text_of(said, "device_code")
    page = text_of(said, "verification_uri") or text_of(said, "verification_url")
    if not (user_code and secret and page):
        raise no_oauth(peer)
    life = min(seconds_of(said, "expires_in", _LONGEST_WAIT_S), _LONGEST_WAIT_S)
    return DeviceCode(
        user_code,
        page,
        text_of(said, "verification_uri_complete"),
        secret,
        seconds_of(said, "interval", _USUAL_INTERVAL_S),
        time.monotonic() + life,
    )


def tokens_for_device(peer: Peer, code: DeviceCode, cancel: Cancel) -> Tokens:
    """Wait until the user has typed the code; RFC 8628 3.4.

    Raises
    ------
    PeerFault
        Also if the user said no, or did nothing in time.
    Cancelled, EnvironmentFailure
    """
    interval = code.interval
    form = {"grant_type": _GRANT, "device_code": code.secret}
    while time.monotonic() < code.until:
        _wait(interval, cancel)
        said = posted(peer, access(peer).token_url, form, cancel)
        error = text_of(said, "error")
        if not error:
            return to_tokens(peer, said)
        if error == "slow_down":
            interval += _SLOWER_S
        elif error != "authorization_pending":
            raise refused(peer)
    raise _late(peer)


def _wait(seconds: float, cancel: Cancel) -> None:
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        if cancel():
            raise Cancelled
        time.sleep(min(left, _LOOK_S))


def _late(peer: Peer) -> PeerFault:
    return PeerFault(
        Fault.LOGIN,
        peer,
        sentence="Nobody logged in to {peer.name} in time.",
        hint="Log in again, and confirm it in the browser.",
    )
