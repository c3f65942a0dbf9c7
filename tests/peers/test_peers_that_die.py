"""An archive dies in the middle of a retrieve; when it lives again, all of it comes."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pydicom
import pytest

from tests.peers.own_orthanc import OwnOrthanc, own_orthanc
from tests.services.fetching import STUDY
from tests.services.import_files import write_image
from tests.services.test_broken_lines import worked_off
from tests.services.test_web_retrieving import fetching
from viewer.core.peers import Way
from viewer.core.transfer import Direction, Transfer, TransferState
from viewer.services.transfer_queue import TransferQueue

SIDE = 512
OBJECTS = 40
"""More bytes than sockets hold for us when the peer is gone."""

AFTER = 10
"""Objects that are safe when it dies."""


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
) -> Iterator[OwnOrthanc]:
    """An Orthanc that has this series and nothing else."""
    with own_orthanc(tmp_path_factory.mktemp("orthanc") / "own") as running:
        for path in slices:
            running.rest.add(path)
        yield running


@pytest.mark.parametrize("way", [Way.GET, Way.WEB])
def test_what_a_dead_archive_kept_from_coming_comes_when_it_lives_again(
    way: Way, orthanc: OwnOrthanc, slices: list[Path], tmp_path: Path
) -> None:
    with fetching(tmp_path / "data", orthanc.peer) as (library, queue):
        ids = [one.id for one in queue.add(Direction.FETCH, "Web", [STUDY], way=way)]
        deaths = dies_after(queue, orthanc)
        cut = queue.run_next()
        assert cut is not None
        assert deaths == [ids[0]]
        assert (cut.state, cut.wanted) == (TransferState.WAITING, OBJECTS)
        assert AFTER <= cut.done < OBJECTS
        orthanc.start()
        queue.resume(ids)
        *_, last = worked_off(queue, ids)
        assert (last.wanted, last.done, last.failed) == (OBJECTS, OBJECTS, {})
        assert last.already >= cut.done
        kept = [pydicom.dcmread(path) for _, path in library.store.all()]
    kept.sort(key=lambda one: int(one.InstanceNumber))
    assert kept == [pydicom.dcmread(path) for path in slices]


def dies_after(queue: TransferQueue, orthanc: OwnOrthanc) -> list[int]:
    """Have it killed when so many objects have come; then the transfer is listed."""
    deaths: list[int] = []
    once = threading.Lock()

    def hear(transfer: Transfer) -> None:
        if transfer.done >= AFTER and once.acquire(blocking=False):
            orthanc.kill()
            deaths.append(transfer.id)

    queue.changed.connect(hear)
    return deaths
