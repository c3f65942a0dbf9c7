"""`lightbox peers`, `find`, `retrieve` and `send` over DICOMweb."""

import io
import json
import sys
import webbrowser
from pathlib import Path

import pytest

from tests.cli.shell import Shell
from tests.network.oauth_server import Browser, oauth_server
from tests.network.web_archive import WebArchive, web_archive
from tests.services.fetching import series_of
from viewer.cli.program import DONE, MISUSED, NO_ENVIRONMENT, REFUSED
from viewer.services.secrets import Secrets


class Serving(Shell):
    """A shell that knows how servers are added."""

    def add(self, archive: WebArchive, *more: str) -> int:
        """Add a server; the status that ends with."""
        url = f"http://127.0.0.1:{archive.port}/web"
        return self.run("peers", "add", "Web", "--web", url, *more)


@pytest.fixture
def shell(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Serving:
    return Serving(tmp_path / "data", capsys)


def test_a_study_is_found_fetched_and_sent_back(shell: Serving, tmp_path: Path) -> None:
    with web_archive(*series_of(tmp_path / "a", 3)) as archive:
        assert shell.add(archive) == DONE
        (peer,) = shell.json("peers", "list")["items"]
        assert (peer["ways"], peer["web"]["login"]) == (["web"], "none")
        echo = shell.json("peers", "echo", "web")
        assert echo["seconds"] is None
        assert echo["web_seconds"] > 0
        (study,) = shell.json("find", "Web", "muster")["items"]
        assert (study["study_uid"], study["patient_name"]) == ("1.2.3", "Muster^Max")
        below = ("--level", "instance", "--study", "1.2.3")
        assert shell.json("find", "Web", *below)["total"] == 3
        fetched = shell.json("retrieve", "Web", "1.2.3", "--via", "web")
        assert (fetched["fetched"], fetched["complete"]) == (3, True)
        (study,) = shell.json("find", "Web")["items"]
        assert study["local"] == 3
        sent = shell.json("send", "Web", "1.2.3", "--via", "web")
        assert (sent["sent"], sent["complete"]) == (3, True)
        assert sorted(archive.stored) == [f"1.2.3.1.{n}" for n in (1, 2, 3)]
        told = shell.json(
            "send", "Web", "1.2.3", "--via", "store", status=NO_ENVIRONMENT
        )
        assert "DICOMweb alone" in told["reasons"][0]


def test_a_peer_may_have_both(shell: Serving) -> None:
    dicom = ("--host", "h", "--port", "104", "--aet", "A")
    with web_archive() as archive:
        assert shell.add(archive, *dicom) == DONE
    (peer,) = shell.json("peers", "list")["items"]
    assert (peer["host"], peer["ways"]) == ("h", ["get", "move", "web"])


@pytest.mark.parametrize(
    ("more", "status"),
    [
        (("--via", "get"), REFUSED),
        (("--host", "h"), REFUSED),
        (("--login", "basic"), REFUSED),
        (("--login", "oauth", "--client-id", "us"), REFUSED),
        (("--login", "fax"), MISUSED),
        (("--ask-login",), MISUSED),
        (("--login", "bearer", "--ask-login"), MISUSED),
    ],
)
def test_what_cannot_be_reached_is_not_added(
    shell: Serving, more: tuple[str, ...], status: int
) -> None:
    with web_archive() as archive:
        assert shell.add(archive, *more) == status
    assert shell.run("peers", "add", "Nothing") == MISUSED
    assert shell.json("peers", "list")["items"] == []


def test_a_password_is_asked_for_and_never_shown(
    shell: Serving, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("sesame\n"))
    with web_archive(*series_of(tmp_path / "a", 1)) as archive:
        archive.login = "Basic bWU6c2VzYW1l"
        more = ("--login", "basic", "--web-user", "me", "--insecure-identity")
        assert shell.add(archive, *more, "--ask-login") == DONE
        assert shell.json("find", "Web")["total"] == 1
        assert "sesame" not in (shell.folder / "peers.toml").read_text("utf-8")
        assert "sesame" not in json.dumps(shell.json("peers", "list"))
        shell.add(archive, "--replace", "--login", "bearer")  # the password goes
        assert Secrets(shell.folder).read("Web", "password") == ""


@pytest.mark.parametrize("page", ["--authorize-url", "--device-url"])
def test_one_logs_in_and_out_of_the_way(
    shell: Serving, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, page: str
) -> None:
    with oauth_server(*series_of(tmp_path / "a", 1)) as server:
        browser = Browser(server)
        monkeypatch.setattr(webbrowser, "open", browser.show_page)
        base = f"http://127.0.0.1:{server.archive.port}"
        more = ("--login", "oauth", "--client-id", "us", "--insecure-identity")
        path = "/device" if page == "--device-url" else "/authorize"
        urls = ("--token-url", f"{base}/token", page, base + path)
        assert shell.add(server.archive, *more, *urls) == DONE
        answer = shell.json("peers", "echo", "Web", status=NO_ENVIRONMENT)
        assert "lightbox peers login" in answer["hint"]
        assert shell.json("peers", "login", "web")["logged_in"] is True
        browser.leave()
        assert shell.json("peers", "echo", "web")["web_seconds"] > 0
        assert shell.run("peers", "remove", "Web") == DONE
        for kind in ("token", "refresh"):
            assert Secrets(shell.folder).read("Web", kind) == ""


def test_only_oauth_is_logged_in_to(shell: Serving) -> None:
    with web_archive() as archive:
        assert shell.add(archive) == DONE
    answer = shell.json("peers", "login", "Web", status=REFUSED)
    assert "OAuth" in answer["hint"]
