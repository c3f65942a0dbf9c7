"""A study fetched by C-GET and by WADO-RS into the catalog, beside others' ways.

Ours is safe on disk and in the catalog; getscu's is written, what comes by Orthanc's
own REST and by dicomweb-client stays in memory. It comes from Orthanc where that runs,
otherwise from an archive in this process, which has no DICOMweb.
"""

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pydicom

from tests.benchmarks.peers import installed
from tests.benchmarks.phantoms import study_uid, write_series
from tests.benchmarks.race import Peer, Race
from tests.benchmarks.receiving import is_open, written
from tests.benchmarks.scale import Scale
from tests.network.archives import archive
from tests.peers.orthanc import Orthanc
from viewer.core import peers as core
from viewer.core.identity import StudyUID
from viewer.core.remote import RemoteKey
from viewer.core.transfer import Direction, TransferState
from viewer.services.library import Library
from viewer.services.peers import Peers
from viewer.services.transfers import open_transfers
from viewer.services.workers import Workers

if TYPE_CHECKING:
    from viewer.services.transfer_queue import TransferQueue

_STUDY = 78
_ROUNDS = 3
_ORTHANC = core.Peer("archive", "127.0.0.1", 14242, "ORTHANC", "VIEWER")


_REST = Orthanc("http://127.0.0.1:18042")
_URL = f"{_REST.url}/dicom-web"
_WEB = core.Peer("web", ways=(core.Way.WEB,), web=core.WebAccess(_URL))


class Fetching:
    """Our queue on a library that is new for every run."""

    def __init__(self, folder: Path, peer: core.Peer) -> None:
        self._folder, self._peer = folder, peer
        self._own = contextlib.ExitStack()
        self._workers = self._own.enter_context(Workers())
        self._opened = contextlib.ExitStack()
        self._queue: TransferQueue | None = None

    def renew(self) -> None:
        """Forget what came."""
        self._opened.close()
        shutil.rmtree(self._folder, ignore_errors=True)
        workers = self._workers
        library = self._opened.enter_context(Library(self._folder, workers))
        Peers(self._folder).keep(self._peer)
        self._queue = self._opened.enter_context(
            open_transfers(library, workers, [Direction.FETCH])
        )

    def fetch(self) -> None:
        """Fetch the study."""
        assert self._queue is not None
        key = RemoteKey(StudyUID(study_uid(_STUDY)))
        self._queue.add(Direction.FETCH, self._peer.name, [key])
        ending = self._queue.run_next()
        assert ending is not None
        assert ending.state is TransferState.DONE, ending.reason

    def close(self) -> None:
        """Stop it."""
        self._opened.close()
        self._own.close()


def races(scale: Scale, folder: Path) -> Iterator[Race]:
    """Fetch one CT series."""
    paths = write_series(folder / "in", scale.files, scale.side, study=_STUDY)
    with contextlib.ExitStack() as own:
        peer = own.enter_context(_source(paths))
        ours = Fetching(folder / "data", peer)
        own.callback(ours.close)
        getscu = installed("getscu")
        beside = partial(_get, getscu, peer, folder / "getscu") if getscu else None
        yield Race(
            "Object fetched by C-GET, safely in the catalog",
            ours.fetch,
            partial(written, paths, folder / "copies"),
            "write, fsync, rename",
            len(paths),
            ours.renew,
            _ROUNDS,
            (Peer("getscu", beside),),
        )
        if peer is _ORTHANC:
            web = Fetching(folder / "web", _WEB)
            own.callback(web.close)
            yield Race(
                "Object fetched by WADO-RS, safely in the catalog",
                web.fetch,
                partial(written, paths, folder / "copies"),
                "write, fsync, rename",
                len(paths),
                web.renew,
                _ROUNDS,
                (
                    Peer("getscu", beside),
                    Peer("Orthanc's REST", _by_rest),
                    Peer("dicomweb-client", _by_client),
                ),
            )


@contextlib.contextmanager
def _source(paths: Sequence[Path]) -> Iterator[core.Peer]:
    """An archive that holds the study."""
    if not is_open(_ORTHANC.port):
        with archive(*map(pydicom.dcmread, paths)) as made:
            yield made.peer
        return
    for path in paths:
        _REST.add(path)
    try:
        yield _ORTHANC
    finally:
        _REST.delete_study(study_uid(_STUDY))


def _by_rest() -> None:
    for name in _REST.find("Instance", StudyInstanceUID=study_uid(_STUDY)):
        _REST.file(name)


def _by_client() -> None:
    from dicomweb_client import DICOMwebClient  # noqa: PLC0415 - slow, rarely wanted

    assert DICOMwebClient(_URL).retrieve_study(study_uid(_STUDY))


def _get(program: str, peer: core.Peer, folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    asked = ("-k", "QueryRetrieveLevel=STUDY", "-k")
    named = f"StudyInstanceUID={study_uid(_STUDY)}"
    titles = ("-aet", peer.our_aet, "-aec", peer.aet)
    at = (peer.host, str(peer.port))
    subprocess.run(
        [program, "-S", "-B", *titles, "-od", str(folder), *at, *asked, named],
        env={**os.environ, "TCP_NODELAY": "1"},
        check=True,
        capture_output=True,
    )
    assert len(list(folder.iterdir())) > 0
