"""An Orthanc of a test's own, which may be killed and started again."""

import contextlib
import json
import random
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.peers.orthanc import Orthanc
from viewer.core.peers import Peer, Way, WebAccess

_PLUGIN = Path("/usr/share/orthanc/plugins/libOrthancDicomWeb.so")
_NEVER_GIVEN = range(20_000, 32_000)
"""Below the ports that Linux gives to those who ask for any."""

_STARTING_S = 60.0
_LOOK_S = 0.05


class OwnOrthanc:
    """One Orthanc, with what it keeps in a folder of the test.

    Attributes
    ----------
    peer : Peer
        As ours; it speaks DICOM and DICOMweb.
    rest : Orthanc
        Its HTTP side.
    """

    def __init__(self, program: str, folder: Path) -> None:
        dicom, http = _free_ports()
        url = f"http://127.0.0.1:{http}"
        self.rest = Orthanc(url)
        self.peer = Peer(
            "Web",
            "127.0.0.1",
            dicom,
            "MORTAL",
            ways=(Way.GET, Way.WEB),
            web=WebAccess(f"{url}/dicom-web"),
        )
        self._ports = (dicom, http)
        folder.mkdir()
        told = folder / "orthanc.json"
        told.write_text(json.dumps(_configuration(folder, dicom, http)))
        self._words = (program, str(told))
        self._log = folder / "log"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Have it run, and answer at both its doors."""
        until = time.monotonic() + _STARTING_S
        while not self._answers():
            assert time.monotonic() < until, "Orthanc does not start"
            if self._process is None or self._process.poll() is not None:
                with self._log.open("ab") as log:
                    self._process = subprocess.Popen(
                        self._words, stdout=log, stderr=log
                    )
            time.sleep(_LOOK_S)

    def kill(self) -> None:
        """End it in the middle of whatever it does; its sockets are closed after."""
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()
            self._process = None

    def _answers(self) -> bool:
        if self._process is None or self._process.poll() is not None:
            return False
        for port in self._ports:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
            except OSError:
                return False
        return True


@contextlib.contextmanager
def own_orthanc(folder: Path) -> Iterator[OwnOrthanc]:
    """An empty Orthanc that runs; it may be killed meanwhile."""
    program = shutil.which("Orthanc") or shutil.which("Orthanc", path="/usr/sbin")
    if program is None or not _PLUGIN.is_file():
        pytest.skip("there is no Orthanc with DICOMweb on this computer")
    orthanc = OwnOrthanc(program, folder)
    try:
        orthanc.start()
        yield orthanc
    finally:
        orthanc.kill()


def _free_ports() -> tuple[int, int]:
    """Two ports at which nobody listens, and which the system gives to nobody else.

    They stay Orthanc's own while it is dead.
    """
    with contextlib.ExitStack() as held:
        free: list[int] = []
        for port in random.sample(_NEVER_GIVEN, 100):
            tried = held.enter_context(socket.socket())
            with contextlib.suppress(OSError):
                tried.bind(("127.0.0.1", port))
                free.append(port)
            if len(free) == 2:
                break
        one, other = free
        return one, other


def _configuration(folder: Path, dicom: int, http: int) -> dict[str, object]:
    return {
        "StorageDirectory": str(folder / "db"),
        "IndexDirectory": str(folder / "db"),
        "Plugins": [str(_PLUGIN)],
        "HttpPort": http,
        "RemoteAccessAllowed": False,
        "AuthenticationEnabled": False,
        "DicomAet": "MORTAL",
        "DicomPort": dicom,
        "DicomCheckModalityHost": False,
        "DicomAlwaysAllowFind": True,
        "DicomAlwaysAllowGet": True,
        "DicomWeb": {"Enable": True, "Root": "/dicom-web/", "SeriesMetadata": "Full"},
    }
