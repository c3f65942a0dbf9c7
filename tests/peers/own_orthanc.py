"""An Orthanc of a test's own, which may be killed and started again."""

import contextlib
import json
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.peers.orthanc import Orthanc
from tests.peers.ports import answers, free_ports
from viewer.core.peers import Peer, Way, WebAccess

_PLUGIN = Path("/usr/share/orthanc/plugins/libOrthancDicomWeb.so")
_STARTING_S = 60.0
_LOOK_S = 0.05


class OwnOrthanc:
    """One Orthanc, with what it keeps in a folder of the test.

    Attributes
    ----------
    peer : Peer
        As ours; it speaks DICOM and DICOMweb, and knows where our listener will be.
    rest : Orthanc
        Its HTTP side.
    """

    def __init__(self, program: str, folder: Path) -> None:
        dicom, http, ours = free_ports(3)
        url = f"http://127.0.0.1:{http}"
        self.rest = Orthanc(url)
        self.peer = Peer(
            "Web",
            "127.0.0.1",
            dicom,
            "MORTAL",
            "VIEWER",
            ours,
            ways=(Way.GET, Way.MOVE, Way.WEB),
            web=WebAccess(f"{url}/dicom-web"),
        )
        self._ports = (dicom, http)
        folder.mkdir()
        told = folder / "orthanc.json"
        told.write_text(json.dumps(_configuration(folder, self.peer, http)))
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
        return all(map(answers, self._ports))


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


def _configuration(folder: Path, peer: Peer, http: int) -> dict[str, object]:
    return {
        "StorageDirectory": str(folder / "db"),
        "IndexDirectory": str(folder / "db"),
        "Plugins": [str(_PLUGIN)],
        "HttpPort": http,
        "RemoteAccessAllowed": False,
        "AuthenticationEnabled": False,
        "DicomAet": "MORTAL",
        "DicomPort": peer.port,
        "DicomModalities": {"viewer": [peer.our_aet, peer.host, peer.our_port]},
        "DicomCheckModalityHost": False,
        "DicomAlwaysAllowFind": True,
        "DicomAlwaysAllowGet": True,
        "DicomAlwaysAllowMove": True,
        "DicomWeb": {"Enable": True, "Root": "/dicom-web/", "SeriesMetadata": "Full"},
    }
