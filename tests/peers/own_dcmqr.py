"""A DCMTK archive of a test's own, which may be killed and started again."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests.benchmarks.peers import installed
from tests.peers.ports import answers, free_ports
from viewer.core.peers import Peer, Way

_STARTING_S = 60.0
_LOOK_S = 0.05
_SETTINGS = """\
NetworkTCPPort = {port}
MaxPDUSize = 16384
MaxAssociations = 16
HostTable BEGIN
viewer = (VIEWER, 127.0.0.1, {ours})
HostTable END
VendorTable BEGIN
VendorTable END
AETable BEGIN
MORTAL {folder} RW (500, 1024mb) ANY
AETable END
"""


class OwnDcmqr:
    """One dcmqrscp, with what it keeps in a folder of the test.

    Attributes
    ----------
    peer : Peer
        As ours; it knows where our listener will be.
    """

    def __init__(self, programs: tuple[str, str], folder: Path) -> None:
        port, ours = free_ports()
        self.peer = Peer(
            "DCMTK",
            "127.0.0.1",
            port,
            "MORTAL",
            "VIEWER",
            ours,
            ways=(Way.GET, Way.MOVE),
        )
        database = folder / "db"
        database.mkdir(parents=True)
        told = folder / "dcmqrscp.cfg"
        told.write_text(_SETTINGS.format(port=port, ours=ours, folder=database))
        dcmqrscp, self._storescu = programs
        self._words = (dcmqrscp, "-c", str(told))
        self._log = folder / "log"
        self._process: subprocess.Popen[bytes] | None = None

    def load(self, paths: Sequence[Path]) -> None:
        """Have DCMTK's `storescu` bring files to it."""
        subprocess.run(
            [self._storescu, "-aec", self.peer.aet, self.peer.host,
             str(self.peer.port), *map(str, paths)],
            env={**os.environ, "TCP_NODELAY": "1"},
            check=True,
            capture_output=True,
        )  # fmt: skip

    def start(self) -> None:
        """Have it run, and answer."""
        until = time.monotonic() + _STARTING_S
        while not self._answers():
            assert time.monotonic() < until, "dcmqrscp does not start"
            if self._process is None or self._process.poll() is not None:
                with self._log.open("ab") as log:
                    self._process = subprocess.Popen(
                        self._words,
                        stdout=log,
                        stderr=log,
                        start_new_session=True,  # with a process for each association
                        env={**os.environ, "TCP_NODELAY": "1"},
                    )
            time.sleep(_LOOK_S)

    def kill(self) -> None:
        """End it and all its associations, in the middle of whatever they do."""
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None

    def _answers(self) -> bool:
        if self._process is None or self._process.poll() is not None:
            return False
        return answers(self.peer.port)


@contextlib.contextmanager
def own_dcmqr(folder: Path) -> Iterator[OwnDcmqr]:
    """An empty archive that runs; it may be killed meanwhile."""
    programs = installed("dcmqrscp"), installed("storescu")
    if programs[0] is None or programs[1] is None:
        pytest.skip("DCMTK's archive is not on this computer")
    archive = OwnDcmqr((programs[0], programs[1]), folder)
    try:
        archive.start()
        yield archive
    finally:
        archive.kill()
