"""Whatever a web server does wrong is said in a sentence with a hint."""

import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.network.certificates import Certificates
from tests.network.query_archive import row
from tests.network.web_archive import busy, raw, silent, web_archive
from viewer.core.errors import ViewerError
from viewer.core.peers import Login, Peer, Tls, Way, WebAccess
from viewer.network.associations import Timeouts
from viewer.network.echo import echo
from viewer.network.faults import Fault, PeerFault
from viewer.network.web.qido import web_echo

PATIENT = Timeouts(60.0, 60.0, 60.0)
QUICK = Timeouts(60.0, 60.0, silence=0.3)  # only where nothing is ever said


def fault(peer: Peer, timeouts: Timeouts = PATIENT) -> PeerFault:
    with pytest.raises(PeerFault) as told:
        web_echo(peer, timeouts=timeouts)
    assert told.value.message.endswith(".")
    assert told.value.hint
    return told.value


@pytest.mark.parametrize(
    ("status", "kind", "passing"),
    [
        (301, Fault.STATUS, False),
        (400, Fault.STATUS, False),
        (401, Fault.LOGIN, False),
        (403, Fault.LOGIN, False),
        (404, Fault.NO_CONTEXT, False),
        (406, Fault.NO_CONTEXT, False),
        (409, Fault.STATUS, False),
        (413, Fault.STATUS, False),
        (418, Fault.STATUS, False),
        (429, Fault.BUSY, True),
        (500, Fault.STATUS, True),
        (503, Fault.BUSY, True),
        (507, Fault.STATUS, True),
    ],
)
def test_a_status_is_told_and_tried_again_where_that_may_help(
    status: int,
    kind: Fault,
    passing: bool,  # noqa: FBT001 - pytest gives it
) -> None:
    with web_archive() as archive:
        archive.always = busy(status, Retry_After="0")
        told = fault(archive.peer())
    assert (told.fault, told.passing, told.status) == (kind, passing, status)


@pytest.mark.parametrize("login", list(Login))
def test_who_is_not_let_in_learns_what_to_do_about_it(login: Login) -> None:
    at = "http://127.0.0.1:1"
    access = {"login": login, "user": "me", "client_id": "us"}
    access |= {"token_url": at, "authorize_url": at}
    with web_archive() as archive:
        archive.always = busy(401)
        told = fault(archive.peer(access=access, insecure_identity=True))
    words = {"none": "Choose", "basic": "password", "bearer": "token", "oauth": "anew"}
    assert words[login] in told.hint


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (silent, Fault.SILENT),
        (raw(b""), Fault.LOST),
        (raw(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n[{"), Fault.LOST),
        (
            raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n["),
            Fault.LOST,
        ),
        (raw(b"HTTP/1.1 200 OK\r\n\r\n["), Fault.MANNERS),
        (raw(b"\x02\x00\x00\x00\x00\x04"), Fault.MANNERS),
        (raw(b"HTTP/1.1 abc\r\n\r\n"), Fault.MANNERS),
    ],
)
def test_a_broken_answer_is_told(answer: Callable[..., None], kind: Fault) -> None:
    with web_archive() as archive:
        archive.always = answer
        timeouts = QUICK if answer is silent else PATIENT
        assert fault(archive.peer(), timeouts).fault is kind


def test_nobody_at_the_port_is_told() -> None:
    with socket.socket() as held:  # so that nobody else gets the port
        held.bind(("127.0.0.1", 0))
        web = WebAccess(f"http://127.0.0.1:{held.getsockname()[1]}/web")
        told = fault(Peer("Web", ways=(Way.WEB,), web=web))
    assert told.fault is Fault.REFUSED
    assert "DICOMweb" in told.hint


def test_an_unknown_host_is_told() -> None:
    web = WebAccess("https://nowhere.invalid/web")
    assert fault(Peer("Web", ways=(Way.WEB,), web=web)).fault is Fault.UNKNOWN_HOST


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    made = Certificates(tmp_path_factory.mktemp("certificates"))
    made.issue("server", "localhost")
    made.issue("elsewhere", "elsewhere.example")
    made.issue("client", "client")
    return made


def test_an_encrypted_server_is_asked(certificates: Certificates) -> None:
    with web_archive(row(1), tls=certificates.server("server")) as archive:
        assert web_echo(archive.trusted(certificates.path("authority"))) > 0


def test_a_server_that_wants_our_certificate_gets_it(
    certificates: Certificates,
) -> None:
    context = certificates.server("server", mutual=True)
    with web_archive(row(1), tls=context) as archive:
        ca = certificates.path("authority")
        shown = Tls(ca, certificates.path("client"), certificates.key("client"))
        assert web_echo(archive.peer(tls=shown)) > 0
        told = fault(archive.trusted(ca))
    assert told.fault in (Fault.OUR_CERTIFICATE, Fault.LOST)


@pytest.mark.parametrize(
    ("shown", "ca", "words"),
    [
        ("server", "stranger", "not trusted"),
        ("elsewhere", "authority", "not for the host"),
    ],
)
def test_a_certificate_that_proves_nothing_is_refused(
    certificates: Certificates, shown: str, ca: str, words: str
) -> None:
    with web_archive(tls=certificates.server(shown)) as archive:
        told = fault(archive.trusted(certificates.path(ca)))
    assert told.fault is Fault.PEER_CERTIFICATE
    assert words in told.message
    assert archive.asked == []


def test_plain_and_encrypted_are_not_confused(certificates: Certificates) -> None:
    with web_archive() as archive:
        web = WebAccess(f"https://localhost:{archive.port}/web")
        told = fault(Peer("Web", ways=(Way.WEB,), web=web))
        assert told.fault is Fault.TLS_UNWANTED
        assert "http://" in told.hint
    with web_archive(tls=certificates.server("server")) as archive:
        web = WebAccess(f"http://localhost:{archive.port}/web")
        assert fault(Peer("Web", ways=(Way.WEB,), web=web)).fault in (
            Fault.LOST,
            Fault.SILENT,
            Fault.MANNERS,
        )


def test_a_peer_without_a_dicom_service_is_not_called_there() -> None:
    with web_archive() as archive, pytest.raises(PeerFault) as told:
        echo(archive.peer())
    assert told.value.fault is Fault.NO_DICOM


@pytest.mark.parametrize(
    "url",
    [
        *("", "pacs", "ftp://pacs/web", "https://", "https://me:word@pacs/web"),
        *("https://pacs/web?x=1", "https://pacs/web#x", "https://pa cs/web"),
        *("https://pacs:0/web", "https://pacs:x/web", "https://pacs:99999/web"),
    ],
)
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(ViewerError, match="address"):
        WebAccess(url)


@pytest.mark.parametrize(
    "changes",
    [
        {"login": Login.BASIC},
        {"login": Login.OAUTH},
        {"login": Login.OAUTH, "client_id": "us", "token_url": "https://a/b"},
        {
            "login": Login.OAUTH,
            "client_id": "us",
            "token_url": "http://a/b",
            "device_url": "https://a/c",
        },
    ],
)
def test_a_login_that_lacks_something_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ViewerError):
        WebAccess("https://pacs/web", **changes)


def test_a_peer_is_reached_one_way_at_least() -> None:
    every: tuple[dict[str, Any], ...] = (
        {},
        {"ways": (Way.WEB,)},
        {"web": WebAccess("https://pacs/web")},
    )
    for nothing in every:
        with pytest.raises(ViewerError):
            Peer("Web", **nothing)


def test_files_for_tls_that_are_none_are_told(tmp_path: Path) -> None:
    with web_archive() as archive:
        web = WebAccess(f"https://localhost:{archive.port}/web")
        peer = Peer("Web", ways=(Way.WEB,), web=web, tls=Tls(tmp_path / "none"))
        with pytest.raises(ViewerError, match="cannot be used"):
            web_echo(peer)
