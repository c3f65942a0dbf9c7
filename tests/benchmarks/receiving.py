"""Objects from `storescu` into the catalog, beside other receivers and the disk alone.

Ours answers when an object is forced to disk; Orthanc and storescp when it is written.
All of them run and are idle when the clock starts; ours, which is started anew for each
run, has taken one tiny object by then, as the others have.
"""

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian

from tests.benchmarks.peers import installed
from tests.benchmarks.phantoms import study_uid, write_series
from tests.benchmarks.race import Peer, Race
from tests.benchmarks.scale import Scale
from tests.peers.orthanc import Orthanc
from viewer.core import peers as core
from viewer.dicom.file_meta import data_set_offset
from viewer.network.negotiation import Proposal
from viewer.network.store import open_store

_ROOT = Path(__file__).parents[2]
_ROUNDS = 3
_PATIENCE_S = 60.0
_STUDY = 77
_FIRST_STUDY = 76
_LOOK_S = 0.05
_ORTHANC = ("127.0.0.1", 14242, "ORTHANC")
_REST = "http://127.0.0.1:18042"


class Listener:
    """Our program as it is started, on a library that is new for every run.

    Parameters
    ----------
    folder : Path
        For the library.
    welcome : callable
        Sends a first object to a port.
    """

    def __init__(self, folder: Path, welcome: Callable[[int], object]) -> None:
        self._folder, self._welcome = folder, welcome
        self._process: subprocess.Popen[str] | None = None
        self._fresh = False
        self.port = 0

    def take(self, send: Callable[[str, int, str], object]) -> None:
        """Receive what is sent to it."""
        self._fresh = False
        send("127.0.0.1", self.port, "LIGHTBOX")

    def renew(self) -> None:
        """Forget what came, and start again, if anything came."""
        if self._fresh:
            return
        self.close()
        shutil.rmtree(self._folder, ignore_errors=True)
        program = [sys.executable, str(_ROOT / "main.py"), "--data-dir"]
        self._process = subprocess.Popen(
            [*program, str(self._folder), "listen", "--port", "0"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self._process.stderr is not None
        greeting = re.search(r"at port (\d+)", self._process.stderr.readline())
        assert greeting is not None
        self.port = int(greeting[1])
        self._welcome(self.port)
        _until(lambda: any((self._folder / "store").glob("??/*.dcm")))
        self._fresh = True

    def close(self) -> None:
        """Stop it."""
        if self._process is not None:
            self._process.send_signal(signal.SIGTERM)
            self._process.communicate(timeout=_PATIENCE_S)
            self._process = None


class Dcmtk:
    """DCMTK's storescp, writing into a folder of its own."""

    def __init__(self, folder: Path, program: str) -> None:
        self._folder = folder
        self._folder.mkdir(parents=True)
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = int(free.getsockname()[1])
        self._process = subprocess.Popen(
            [program, "-od", str(folder), str(self.port)],
            env={**os.environ, "TCP_NODELAY": "1"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        _until(lambda: is_open(self.port))

    def renew(self) -> None:
        """Forget what came."""
        for path in self._folder.iterdir():
            path.unlink()

    def close(self) -> None:
        """Stop it."""
        self._process.kill()
        self._process.communicate()


def races(scale: Scale, folder: Path) -> Iterator[Race]:
    """Receive what DCMTK sends, or what we send ourselves where it is not."""
    paths = write_series(folder / "in", scale.files, scale.side, study=_STUDY)
    send = _sender(paths, _STUDY)
    tiny = write_series(folder / "first", 1, 16, study=_FIRST_STUDY)
    first = _sender(tiny, _FIRST_STUDY)
    with contextlib.ExitStack() as own:
        ours = Listener(
            folder / "data", lambda port: first("127.0.0.1", port, "LIGHTBOX")
        )
        own.callback(ours.close)
        resets = [ours.renew]
        peers = [Peer("storescp", None), Peer("Orthanc", None)]
        storescp = installed("storescp")
        if storescp is not None:
            dcmtk = Dcmtk(folder / "storescp", storescp)
            own.callback(dcmtk.close)
            resets.append(dcmtk.renew)
            peers[0] = Peer("storescp", partial(send, "127.0.0.1", dcmtk.port, "ANY"))
        if is_open(_ORTHANC[1]):
            rest = Orthanc(_REST)
            resets.append(lambda: rest.delete_study(study_uid(_STUDY)))
            peers[1] = Peer("Orthanc", partial(send, *_ORTHANC))
        yield Race(
            "Object received, safely on disk",
            lambda: ours.take(send),
            partial(written, paths, folder / "copies"),
            "write, fsync, rename",
            len(paths),
            lambda: [reset() for reset in resets],
            _ROUNDS,
            tuple(peers),
            rated=True,
        )


def _sender(paths: Sequence[Path], study: int) -> Callable[[str, int, str], None]:
    storescu = installed("storescu")
    if storescu is not None:
        return partial(_store, storescu, paths)
    return partial(_send, paths, study)


def _store(
    program: str, paths: Sequence[Path], host: str, port: int, title: str
) -> None:
    subprocess.run(
        [program, "-aec", title, "+sd", host, str(port), str(paths[0].parent)],
        env={**os.environ, "TCP_NODELAY": "1"},
        check=True,
        capture_output=True,
    )


def _send(paths: Sequence[Path], study: int, host: str, port: int, title: str) -> None:
    receiver = core.Peer("receiver", host, port, title)
    proposal = Proposal(CTImageStorage, (ExplicitVRLittleEndian,))
    with open_store(receiver, [proposal]) as storing:
        for number, path in enumerate(paths, 1):
            raw = path.read_bytes()
            data = memoryview(raw)[data_set_offset(raw[:144]) :]
            uid = f"{study_uid(study)}.1.{number}"
            said = storing.send(CTImageStorage, uid, ExplicitVRLittleEndian, [data])
            assert said.kept, said.reason


def written(paths: Sequence[Path], folder: Path) -> None:
    """Each file safely on disk, one after the other."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for path in paths:
        part = folder / "part"
        with part.open("wb") as target:
            target.write(path.read_bytes())
            target.flush()
            os.fsync(target.fileno())
        part.rename(folder / path.name)
        handle = os.open(folder, os.O_RDONLY)
        os.fsync(handle)
        os.close(handle)


def is_open(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True


def _until(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + _PATIENCE_S
    while not condition():
        assert time.monotonic() < until, "the receiver does not start"
        time.sleep(_LOOK_S)
