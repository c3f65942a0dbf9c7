"""An archive dies in the middle of a retrieve; when it lives again, all of it comes."""

import contextlib
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

import pydicom
import pytest

from tests.peers.own_dcmqr import own_dcmqr
from tests.peers.own_orthanc import own_orthanc
from tests.services.fetching import STUDY
from tests.services.import_files import write_image
from tests.services.test_broken_lines import worked_off
from tests.services.test_web_retrieving import fetching
from viewer.core.peers import Peer, Way
from viewer.core.transfer import Direction, Transfer, TransferState
from viewer.services.library import Library
from viewer.services.listening import Listening, ListenRequest
from viewer.services.transfer_queue import TransferQueue

SIDE = 512
OBJECTS = 40
"""More bytes than sockets hold for us when the peer is gone."""

AFTER = 10
"""Objects that are safe when it dies."""


class Mortal(Protocol):
    """A peer that a test may kill."""

    peer: Peer

    def start(self) -> None:
        """Have it run, and answer."""

    def kill(self) -> None:
        """End it in the middle of whatever it does."""


class Fate:
    """Kills a peer when so many objects are safe; once.

    Attributes
    ----------
    deaths : int
    filed : callable
        Waits until what is safe has its rows.
    """

    def __init__(self, archive: Mortal) -> None:
        self._archive, self._safe, self.deaths = archive, 0, 0
        self.filed: Callable[[], object] = lambda: None
        self._counting = threading.Lock()

    def took(self, _: object) -> None:
        """One more is."""
        with self._counting:
            self._decide(self._safe + 1)

    def heard(self, transfer: Transfer) -> None:
        """So many are."""
        with self._counting:
            self._decide(transfer.done)

    def _decide(self, safe: int) -> None:
        self._safe = safe
        if safe >= AFTER and not self.deaths:
            self._archive.kill()
            self.deaths += 1


@pytest.fixture(scope="module")
def slices(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """One CT series of half a megabyte a slice."""
    folder = tmp_path_factory.mktemp("slices")
    return [
        write_image(
            folder / f"{number}.dcm",
            number,
            Rows=SIDE,
            Columns=SIDE,
            PixelData=number.to_bytes(2, "little") * SIDE**2,
        )
        for number in range(1, OBJECTS + 1)
    ]


@pytest.fixture(scope="module")
def orthanc(
    slices: list[Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Mortal]:
    """An Orthanc that has this series and nothing else."""
    with own_orthanc(tmp_path_factory.mktemp("orthanc") / "own") as running:
        for path in slices:
            running.rest.add(path)
        yield running


@pytest.fixture(scope="module")
def dcmqr(
    slices: list[Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Mortal]:
    """DCMTK's archive with this series and nothing else."""
    with own_dcmqr(tmp_path_factory.mktemp("dcmqr") / "own") as running:
        running.load(slices)
        yield running


@contextlib.contextmanager
def doomed(
    folder: Path, archive: Mortal, way: Way
) -> Iterator[tuple[Library, TransferQueue, Fate]]:
    """A library and its queue, and an archive that dies while they fetch."""
    fate = Fate(archive)
    peer = archive.peer
    with fetching(folder, peer) as (library, queue), contextlib.ExitStack() as own:
        if way is Way.MOVE:  # what we took comes to the listener
            request = ListenRequest(
                port=peer.our_port, titles=frozenset({peer.our_aet}), host=peer.host
            )
            listening = Listening(library, request, taken=fate.took)
            fate.filed = own.enter_context(listening).flush
        else:
            queue.changed.connect(fate.heard)
        yield library, queue, fate


@pytest.mark.parametrize(
    ("name", "way"),
    [
        ("orthanc", Way.GET),
        ("orthanc", Way.WEB),
        ("orthanc", Way.MOVE),
        ("dcmqr", Way.GET),
        ("dcmqr", Way.MOVE),
    ],
)
def test_what_a_dead_archive_kept_from_coming_comes_when_it_lives_again(
    name: str,
    way: Way,
    slices: list[Path],
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> None:
    archive: Mortal = request.getfixturevalue(name)
    with doomed(tmp_path / "data", archive, way) as (library, queue, fate):
        ids = [one.id for one in queue.add(Direction.FETCH, "Web", [STUDY], way=way)]
        cut = queue.run_next()
        assert cut is not None
        assert fate.deaths == 1
        assert (cut.state, cut.wanted) == (TransferState.WAITING, OBJECTS)
        assert cut.done < OBJECTS
        fate.filed()
        archive.start()
        queue.resume(ids)
        *_, last = worked_off(queue, ids)
        assert (last.wanted, last.done, last.failed) == (OBJECTS, OBJECTS, {})
        assert last.already >= AFTER
        kept = [pydicom.dcmread(path) for _, path in library.store.all()]
    kept.sort(key=lambda one: int(one.InstanceNumber))
    assert kept == [pydicom.dcmread(path) for path in slices]
