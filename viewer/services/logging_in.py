"""Log in to a DICOMweb server with OAuth, while the user looks on."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from viewer.core.errors import ViewerError
from viewer.core.peers import Login, Peer
from viewer.services.logins import keep_tokens

if TYPE_CHECKING:
    from viewer.network.web.oauth import Tokens
    from viewer.services.secrets import Secrets


class Onlooker(Protocol):
    """Where the user is; called on the thread that logs in."""

    def show_page(self, address: str) -> None:
        """Open a page in the browser, or say its address."""

    def show_code(self, code: str, address: str) -> None:
        """Say which code is typed at which address."""


def log_in(
    peer: Peer, secrets: "Secrets", user: Onlooker, cancel: Callable[[], bool]
) -> str:
    """Log in and keep the tokens; a sentence if they are not in the keyring.

    Raises
    ------
    ViewerError
        If the peer's DICOMweb has no such login.
    PeerFault, Cancelled, EnvironmentFailure
    """
    tokens = tokens_of_user(peer, user, cancel)
    return keep_tokens(peer, secrets, tokens)


def tokens_of_user(peer: Peer, user: Onlooker, cancel: Callable[[], bool]) -> "Tokens":
    """What the user's login gives; see `log_in`."""
    if peer.web is None or peer.web.login is not Login.OAUTH:
        raise ViewerError(
            f"{peer.name} is not logged in to this way.",
            hint="Only DICOMweb with OAuth asks for it.",
        )
    if peer.web.device_url:
        return _by_device(peer, user, cancel)
    return _by_browser(peer, user, cancel)


def _by_device(peer: Peer, user: Onlooker, cancel: Callable[[], bool]) -> "Tokens":
    from viewer.network.web.oauth_device import (  # noqa: PLC0415 - HTTP is slow
        device_code,
        tokens_for_device,
    )

    code = device_code(peer, cancel)
    user.show_code(code.user_code, code.full_page or code.page)
    return tokens_for_device(peer, code, cancel)


def _by_browser(peer: Peer, user: Onlooker, cancel: Callable[[], bool]) -> "Tokens":
    from viewer.network.web.oauth_browser import (  # noqa: PLC0415 - HTTP is slow
        Proof,
        login_page,
        tokens_for_code,
    )
    from viewer.network.web.redirect import open_doorway  # noqa: PLC0415

    proof = Proof.fresh()
    with open_doorway() as doorway:
        user.show_page(login_page(peer, proof, doorway.address))
        code = doorway.code(peer, proof.state, cancel)
        return tokens_for_code(peer, code, proof, doorway.address, cancel)
