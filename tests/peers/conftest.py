"""Real peers: Orthanc with and without TLS, DCMTK's archive and its worklist server.

They are started with the script `peers` in the folder that `LIGHTBOX_TEST_PEERS`
names. Peers that run already are used and left running.
"""

import contextlib
import fcntl
import os
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.peers.orthanc import Orthanc
from tests.peers.ports import answers
from viewer.core.peers import Login, Peer, Tls, Way, WebAccess

OUR_TITLE, OUR_PORT = "VIEWER", 16104
"""The C-MOVE destination all the peers know; see `our_listener`."""

WEB_LOGIN = "viewer"
"""User and password of the Orthanc with TLS."""

_STARTING_S = 60.0
_PORTS = (14242, 14243, 15112, 15114, 18042, 18443)


@dataclass(frozen=True)
class Peers:
    """The real peers, as ours.

    Attributes
    ----------
    orthanc, orthanc_tls, dcmqr, worklist : Peer
    web, web_tls : Peer
        The DICOMweb of both, the second one with a user and a password: `WEB_LOGIN`.
    rest : Orthanc
        The HTTP side of `orthanc`.
    tls : Path
        Folder of ``ca.crt``, ``client.crt``, ``client.key``, ``server.crt`` and
        ``server.key``.
    """

    orthanc: Peer
    orthanc_tls: Peer
    dcmqr: Peer
    worklist: Peer
    rest: Orthanc
    web: Peer
    web_tls: Peer
    tls: Path

    def load(self, peer: Peer, paths: Sequence[Path]) -> None:
        """Have DCMTK's `storescu` bring files to a peer without TLS."""
        subprocess.run(
            ["storescu", "-R", "-aet", OUR_TITLE, "-aec", peer.aet,
             peer.host, str(peer.port), *map(str, paths)],
            env={**os.environ, "TCP_NODELAY": "1"},
            check=True,
            capture_output=True,
        )  # fmt: skip


@pytest.fixture(scope="session")
def peers() -> Iterator[Peers]:
    """The real peers, running."""
    folder = os.environ.get("LIGHTBOX_TEST_PEERS", "")
    script = Path(folder) / "peers"
    if not folder or not script.is_file():
        pytest.skip("LIGHTBOX_TEST_PEERS names no folder with real peers")
    with _only_one("peers"):
        ours = not all(map(answers, _PORTS))
        if ours:
            done = subprocess.run([script, "start"], check=False, capture_output=True)
            until = time.monotonic() + _STARTING_S
            while not all(map(answers, _PORTS)):
                assert time.monotonic() < until, done.stdout.decode()
                time.sleep(0.1)
    try:
        yield _known(_state() / "tls")
    finally:
        if ours:
            subprocess.run([script, "stop"], check=True, capture_output=True)


@pytest.fixture
def our_listener(peers: Peers) -> Iterator[tuple[str, int]]:
    """Title and port at which every peer looks for our listener; ours alone now."""
    with _only_one("listener"):
        yield peers.dcmqr.our_aet, peers.dcmqr.our_port


def _known(tls: Path) -> Peers:
    shown = Tls(tls / "ca.crt", tls / "client.crt", tls / "client.key")
    return Peers(
        orthanc=_peer("Orthanc", 14242, "ORTHANC"),
        orthanc_tls=_peer("Orthanc TLS", 14243, "ORTHANCTLS", shown),
        dcmqr=_peer("Archive", 15112, "DCMQR"),
        worklist=_peer("Worklist", 15114, "WLSCP"),
        rest=Orthanc("http://127.0.0.1:18042"),
        web=Peer(
            "Web", ways=(Way.WEB,), web=WebAccess("http://127.0.0.1:18042/dicom-web")
        ),
        web_tls=Peer(
            "Web TLS",
            tls=shown,
            ways=(Way.WEB,),
            web=WebAccess("https://localhost:18443/dicom-web", Login.BASIC, WEB_LOGIN),
        ),
        tls=tls,
    )


def _peer(name: str, port: int, aet: str, tls: Tls | None = None) -> Peer:
    host = "127.0.0.1" if tls is None else "localhost"
    return Peer(name, host, port, aet, OUR_TITLE, OUR_PORT, tls)


def _state() -> Path:
    named = os.environ.get("PEERS_STATE", "")
    return Path(named or Path(tempfile.gettempdir()) / "lightbox-peers")


@contextlib.contextmanager
def _only_one(what: str) -> Iterator[None]:
    """Wait until no other test run does `what`."""
    path = Path(tempfile.gettempdir()) / f"lightbox-test-{what}.lock"
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
