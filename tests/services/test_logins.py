"""Who logs in to a server is let in, once and again, and nobody else learns how."""

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.network.oauth_server import REFRESH, Browser, OAuthServer, oauth_server
from tests.network.query_archive import row
from tests.network.web_archive import Handler, web_archive
from viewer.core.errors import Cancelled
from viewer.core.listing import StudyQuery
from viewer.core.peers import Login, Peer
from viewer.network.faults import Fault, PeerFault
from viewer.services.asking import list_studies
from viewer.services.logging_in import log_in
from viewer.services.logins import Logins, keep_tokens, kept_tokens
from viewer.services.secrets import Secrets

EVERYTHING = StudyQuery(limit=None)


def found(peer: Peer, logins: Logins) -> int:
    return len(list(list_studies(peer, EVERYTHING, login=logins.of(peer))))


@pytest.mark.parametrize(
    ("login", "user", "kind", "header"),
    [
        (Login.BASIC, "rené", "password", "Basic cmVuw6k6c2VzYW1l"),
        (Login.BEARER, "", "token", "Bearer sesame"),
    ],
)
def test_what_the_user_typed_lets_us_in(
    tmp_path: Path, login: Login, user: str, kind: str, header: str
) -> None:
    secrets, logins = Secrets(tmp_path), Logins(tmp_path)
    secrets.keep("Web", "sesame", kind)
    with web_archive(row(1)) as archive:
        archive.login = header
        access = {"login": login, "user": user}
        peer = archive.peer(access=access, insecure_identity=True)
        assert found(peer, logins) == 1
        secrets.keep("Web", "other", kind)
        with pytest.raises(PeerFault) as told:
            found(peer, Logins(tmp_path))
        assert told.value.fault is Fault.LOGIN


def test_nothing_that_logs_in_travels_in_clear(tmp_path: Path) -> None:
    Secrets(tmp_path).keep("Web", "sesame", "password")
    with web_archive(row(1)) as archive:
        peer = archive.peer(access={"login": Login.BASIC, "user": "me"})
        with pytest.raises(PeerFault, match="in clear"):
            found(peer, Logins(tmp_path))
        assert archive.asked == []


def test_what_logs_in_is_not_shown_to_another_server(tmp_path: Path) -> None:
    Secrets(tmp_path).keep("Web", "sesame", "token")
    with web_archive(row(1)) as other, web_archive(row(1)) as archive:

        def move(handler: Handler) -> None:
            handler.say(307, Location=f"http://127.0.0.1:{other.port}{handler.path}")

        archive.always = move
        peer = archive.peer(access={"login": Login.BEARER}, insecure_identity=True)
        with pytest.raises(PeerFault, match="another server"):
            found(peer, Logins(tmp_path))
        assert other.asked == []


def test_a_path_that_has_moved_is_followed(tmp_path: Path) -> None:
    with web_archive(row(1)) as archive:

        def move(handler: Handler) -> None:
            handler.say(308, Location=handler.path.replace("/studies", "//studies", 1))

        def there(handler: Handler) -> bool:
            handler.path = handler.path.replace("//", "/")
            return True

        archive.quirks, archive.always = [move], there
        assert found(archive.peer(), Logins(tmp_path)) == 1


def logged_in(server: OAuthServer, peer: Peer, folder: Path) -> Browser:
    browser = Browser(server)
    try:
        log_in(peer, Secrets(folder), browser, lambda: False)
    finally:
        browser.leave()
    return browser


def test_a_page_in_the_browser_logs_in(tmp_path: Path) -> None:
    with oauth_server(row(1)) as server:
        peer = server.peer()
        with pytest.raises(PeerFault, match="Nobody is logged in"):
            found(peer, Logins(tmp_path))
        browser = logged_in(server, peer, tmp_path)
        assert browser.replies == [404, 200]  # the stranger, and the user
        assert "code_challenge_method=S256" in browser.page
        assert found(peer, Logins(tmp_path)) == 1


def test_a_user_who_refuses_is_not_logged_in(tmp_path: Path) -> None:
    with oauth_server() as server:
        browser = Browser(server, refuses=True)
        with pytest.raises(PeerFault, match="was refused"):
            log_in(server.peer(), Secrets(tmp_path), browser, lambda: False)
        browser.leave()


def test_a_code_on_another_device_logs_in(tmp_path: Path) -> None:
    with oauth_server(row(1)) as server:
        server.answers = ["authorization_pending", "authorization_pending"]
        peer = server.peer(device_url="/device")
        browser = logged_in(server, peer, tmp_path)
        assert browser.codes == [("ABCD-EFGH", "https://login.example/device")]
        assert found(peer, Logins(tmp_path)) == 1
        assert len(server.forms) == 4


@pytest.mark.parametrize("error", ["access_denied", "expired_token", "rubbish"])
def test_a_device_that_is_refused_is_not_logged_in(tmp_path: Path, error: str) -> None:
    with oauth_server() as server:
        server.answers = [error]
        peer = server.peer(device_url="/device")
        with pytest.raises(PeerFault, match="gives us no token"):
            log_in(peer, Secrets(tmp_path), Browser(server), lambda: False)


@pytest.mark.parametrize("page", ["", "/device"], ids=["browser", "device"])
def test_a_login_can_be_called_off(tmp_path: Path, page: str) -> None:
    shown = threading.Event()

    class Idle(Browser):
        """Looks at what is shown, and does nothing."""

        show_page: Callable[[str], None] = staticmethod(lambda _: shown.set())  # type: ignore[assignment] # shorter
        show_code: Callable[[str, str], None] = staticmethod(lambda *_: shown.set())  # type: ignore[assignment] # shorter

    with oauth_server() as server:
        server.answers = ["authorization_pending"] * 10_000
        peer = server.peer(device_url=page) if page else server.peer()
        with pytest.raises(Cancelled):
            log_in(peer, Secrets(tmp_path), Idle(server), shown.is_set)


def test_a_token_is_renewed_before_it_ends(tmp_path: Path) -> None:
    with oauth_server(row(1)) as server:
        server.life, server.rotates = 30.0, True  # shorter than we keep one
        peer = server.peer()
        logged_in(server, peer, tmp_path)
        logins = Logins(tmp_path)
        assert found(peer, logins) == 1
        assert server.tokens >= 2
        assert "401" not in server.archive.shown
        kept = kept_tokens(peer, Secrets(tmp_path))
        assert kept.refresh == server.refresh


def test_a_token_that_is_refused_is_renewed_once(tmp_path: Path) -> None:
    with oauth_server(row(1)) as server:
        peer = server.peer()
        logged_in(server, peer, tmp_path)
        server.tokens += 1  # somebody else has a newer one
        assert found(peer, Logins(tmp_path)) == 1
        server.tokens, server.refuses = 9, True
        with pytest.raises(PeerFault, match="gives us no token") as told:
            found(peer, Logins(tmp_path))
        assert told.value.fault is Fault.LOGIN
        assert "Zauber" not in str(told.value)


def test_many_who_use_a_token_renew_it_once(tmp_path: Path) -> None:
    with oauth_server(row(1)) as server:
        server.tokens = 1
        peer, secrets, logins = server.peer(), Secrets(tmp_path), Logins(tmp_path)
        logged_in(server, peer, tmp_path)
        tokens = kept_tokens(peer, secrets)
        old = type(tokens)(tokens.access, REFRESH, time.time() - 1)
        keep_tokens(peer, secrets, old)
        before, numbers = server.tokens, list[int]()
        threads = [
            threading.Thread(target=lambda: numbers.append(found(peer, logins)))
            for _ in range(6)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert numbers == [1] * 6
        assert server.tokens == before + 1


def test_a_newer_token_of_another_process_is_used(tmp_path: Path) -> None:
    with oauth_server(row(1)) as server:
        peer, logins = server.peer(), Logins(tmp_path)
        logged_in(server, peer, tmp_path)
        assert found(peer, logins) == 1
        logged_in(server, peer, tmp_path)  # the first token is worth nothing now
        assert found(peer, logins) == 1
        assert server.tokens == 2


@pytest.mark.parametrize("body", [b"<html>", b"[]", b'{"token": 1}', b"{}"])
def test_what_is_no_oauth_server_is_said_to_be_none(
    tmp_path: Path, body: bytes
) -> None:
    with oauth_server() as server:
        server.archive.always = lambda handler: handler.say(200, body)
        browser = Browser(server)
        with pytest.raises(PeerFault, match="no OAuth server"):
            log_in(server.peer(), Secrets(tmp_path), browser, lambda: False)
        browser.leave()
