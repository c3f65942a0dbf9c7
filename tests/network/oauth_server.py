"""An OAuth server beside a DICOMweb server, in the test process."""

import contextlib
import json
import threading
import urllib.request
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from pydicom import Dataset

from tests.network.web_archive import Handler, WebArchive, web_archive
from viewer.core.peers import Login, Peer

REFRESH, CODE, DEVICE = "refresh-Zauber", "code-Zauber", "device-Zauber"


@dataclass
class OAuthServer:
    """What it gives, and what it was asked.

    Attributes
    ----------
    archive : WebArchive
        Lets in who brings the newest token.
    life : float
        Seconds a token lasts.
    answers : list of str
        Errors that devices are told, one a question, before they get their token.
    forms : list of dict
        What it was sent.
    """

    archive: WebArchive
    life: float = 3600.0
    answers: list[str] = field(default_factory=list)
    forms: list[dict[str, str]] = field(default_factory=list)
    tokens: int = 0
    challenge: str = ""
    refuses: bool = False
    rotates: bool = False
    refresh: str = REFRESH

    def peer(self, **access: str) -> Peer:
        """The server as our peer; by default with a page in the browser."""
        base = f"http://127.0.0.1:{self.archive.port}"
        known: dict[str, Any] = {
            "login": Login.OAUTH,
            "token_url": f"{base}/token",
            "client_id": "lightbox",
            "scope": "dicom",
        }
        page = {"authorize_url": f"{base}/authorize"} if not access else {}
        access = {name: base + path for name, path in access.items()}
        access = {**known, **page, **access}
        return self.archive.peer(insecure_identity=True, access=access)

    def answer(self, handler: Handler) -> bool:
        """A quirk: what goes to the login is answered here."""
        path, _ = handler.parts()
        if path not in ("/token", "/device"):
            token = f"Bearer token-{self.tokens}"
            if handler.headers.get("Authorization") == token and self.tokens:
                return True
            handler.say(401)
            return False
        form = {k: v[0] for k, v in parse_qs(handler.body.decode()).items()}
        with self.archive.lock:
            self.forms.append(form)
            status, said = self._said(path, form)
        handler.say(status, json.dumps(said).encode(), "application/json")
        return False

    def _said(self, path: str, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        if self.refuses:
            return 400, {"error": "invalid_grant", "error_description": "Zauberflöte"}
        if path == "/device":
            return 200, {
                "device_code": DEVICE,
                "user_code": "ABCD-EFGH",
                "verification_uri": "https://login.example/device",
                "expires_in": 600,
                "interval": 0.01,
            }
        if form["grant_type"].endswith("device_code"):
            assert form["device_code"] == DEVICE
            if self.answers:
                return 400, {"error": self.answers.pop(0)}
        elif form["grant_type"] == "authorization_code":
            digest = sha256(form["code_verifier"].encode()).digest()
            assert urlsafe_b64encode(digest).rstrip(b"=").decode() == self.challenge
            assert form["code"] == CODE
        elif form.get("refresh_token") != self.refresh:
            return 400, {"error": "invalid_grant"}
        self.tokens += 1
        if self.rotates:
            self.refresh = f"{REFRESH}-{self.tokens}"
        return 200, {
            "access_token": f"token-{self.tokens}",
            "token_type": "Bearer",
            "expires_in": self.life,
            "refresh_token": self.refresh,
        }


@contextlib.contextmanager
def oauth_server(*held: Dataset) -> Iterator[OAuthServer]:
    """A server that wants tokens, for the length of a block."""
    with web_archive(*held) as archive:
        server = OAuthServer(archive)
        archive.always = server.answer
        yield server


class Browser:
    """A user who logs in on the page that is opened, or types the code."""

    def __init__(self, server: OAuthServer, *, refuses: bool = False) -> None:
        self._server, self._refuses = server, refuses
        self.codes: list[tuple[str, str]] = []
        self.replies: list[int] = []
        self.page = ""
        self._threads: list[threading.Thread] = []

    def show_page(self, address: str) -> None:
        """Log in there; a stranger comes to the door before."""
        self.page = address
        asked = {k: v[0] for k, v in parse_qs(urlsplit(address).query).items()}
        self._server.challenge = asked["code_challenge"]
        back = {"error": "access_denied"} if self._refuses else {"code": CODE}
        visits = [
            {"code": "stolen", "state": "guessed"},
            {**back, "state": asked["state"]},
        ]
        self._threads.append(
            threading.Thread(target=self._visit, args=(asked["redirect_uri"], visits))
        )
        self._threads[-1].start()

    def show_code(self, code: str, address: str) -> None:
        """Read the code."""
        self.codes.append((code, address))

    def leave(self) -> None:
        """Wait until its pages have loaded."""
        for thread in self._threads:
            thread.join()

    def _visit(self, door: str, visits: list[dict[str, str]]) -> None:
        for query in visits:
            try:
                page = urllib.request.urlopen(f"{door}?{urlencode(query)}", timeout=30)  # noqa: S310 - ours
            except urllib.error.HTTPError as error:
                self.replies.append(error.code)
                error.close()
            else:
                with page:
                    self.replies.append(page.status)
