"""What servers are asked, what they answer and what logs in is written nowhere."""

import traceback
import warnings
from pathlib import Path

import pytest

from tests.network.oauth_server import Browser, oauth_server
from tests.network.query_archive import row
from tests.network.web_archive import raw, web_archive
from tests.services.fetching import series_of
from tests.services.test_sending import slices
from tests.services.test_web_retrieving import fetch, fetching
from tests.services.test_web_sending import sending, wish
from viewer.core.errors import ViewerError
from viewer.core.listing import StudyQuery
from viewer.network.web.login import basic, bearer
from viewer.network.web.oauth import Tokens
from viewer.network.web.oauth_browser import Proof
from viewer.services.asking import list_studies
from viewer.services.logging_in import log_in
from viewer.services.logins import Logins
from viewer.services.logs import bug_report
from viewer.services.secrets import Secrets

NAME, NUMBER = "Zauberflöte^Pamina", "ZQX771"
MARKS = ("Zauber", "Pamina", NUMBER, "Muster", "1.2.3.1", "token-", "sesame")


def assert_discreet(*texts: str) -> None:
    assert not [mark for mark in MARKS for text in texts if mark in text]


def test_a_login_and_whatever_follows_leave_no_line(
    lines: list[str], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with (
        warnings.catch_warnings(record=True) as warned,
        oauth_server(row(1, PatientName=NAME, PatientID=NUMBER)) as server,
    ):
        warnings.simplefilter("always")
        peer, browser = server.peer(), Browser(server)
        log_in(peer, Secrets(tmp_path), browser, lambda: False)
        browser.leave()
        query = StudyQuery(patient="pamina", patient_id=NUMBER)
        login = Logins(tmp_path).of(peer)
        (study,) = list_studies(peer, query, login=login)
        assert study.patient_name == NAME
        server.refuses, server.tokens = True, 99
        with pytest.raises(ViewerError) as caught:
            list(list_studies(peer, query, login=login))
    assert "the ear is open" in lines[0]
    captured = capfd.readouterr()
    told = "".join(traceback.format_exception(caught.value, limit=0))
    report = bug_report(caught.value)
    assert_discreet(*lines, captured.out, captured.err, *map(str, warned), told, report)


def test_fetching_and_sending_leave_no_line(
    lines: list[str], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with web_archive(*series_of(tmp_path / "a", 3)) as archive:
        with fetching(tmp_path / "in", archive.peer()) as (_, queue):
            assert fetch(queue).done == 3
        archive.refused = {"1.2.3.1.2": 0xA900}
        paths = slices(tmp_path / "b", 3)
        with sending(tmp_path / "out", archive.peer(), *paths) as (library, queue):
            wish(library, queue)
            ending = queue.run_next()
            assert ending is not None
            assert ending.done == 2
    captured = capfd.readouterr()
    assert_discreet(*lines, captured.out, captured.err, ending.reason)


@pytest.mark.parametrize("status", [302, 400, 401, 403, 404, 500])
def test_a_failure_quotes_neither_question_nor_answer(
    lines: list[str], status: int
) -> None:
    said = f"HTTP/1.1 {status} {NUMBER}\r\nLocation: /{NUMBER}\r\n\r\n{NUMBER}"
    with web_archive() as archive:
        archive.always = raw(said.encode())
        query = StudyQuery(patient_id=NUMBER)
        with pytest.raises(ViewerError) as caught:
            list(list_studies(archive.peer(), query))
    error = caught.value
    told = "".join(traceback.format_exception(error, limit=0))
    assert_discreet(error.message, error.hint, told, *lines)


def test_what_logs_in_is_not_shown_by_what_holds_it() -> None:
    held = [
        basic("me", "sesame"),
        bearer("sesame"),
        Tokens("sesame", "sesame", 1.0),
        Proof("sesame", "sesame"),
    ]
    assert_discreet(*map(repr, held))
