"""Boxes are proposed from what is known, and from what is found where that is there."""

import os
import signal
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydicom import dcmread
from pydicom.dataset import Dataset
from typing_extensions import override

from tests.burned_in.files import BurnedIn, burned_in
from viewer.core.boxes import Box
from viewer.core.errors import Cancelled, PixelError
from viewer.core.records import StoredInstance
from viewer.core.review import Verdict
from viewer.core.text_pictures import Picture
from viewer.dicom.read import read_file
from viewer.services import proposing, text_finding
from viewer.services.jobs import Silent
from viewer.services.proposing import Candidate, Proposal, Proposing
from viewer.services.store import stamp_of
from viewer.services.text_finding import TextFinding
from viewer.services.worker_messages import Request
from viewer.services.workers import Workers

needs_ocr = pytest.mark.skipif(
    not text_finding.is_available(), reason="the extra ocr is not installed: make ocr"
)


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    with Workers(1) as found:
        yield found


@pytest.fixture
def without_ocr(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proposing, "is_available", lambda: False)


def candidate(source: BurnedIn, **changed: Any) -> Candidate:
    """The file, with some attributes changed."""
    ds = dcmread(source.path)
    for keyword, value in changed.items():
        setattr(ds, keyword, value)
    ds.save_as(source.path)
    record = read_file(source.path)
    stored = StoredInstance(record.instance, str(source.path), stamp_of(source.path))
    return Candidate(record.series, stored)


def proposed(workers: Workers, one: Candidate) -> Proposal:
    (proposal,) = Proposing(workers).run([one], Silent())
    return proposal


def region(left: int, top: int, right: int, bottom: int) -> Dataset:
    found = Dataset()
    found.RegionSpatialFormat, found.RegionDataType, found.RegionFlags = 1, 1, 0
    found.RegionLocationMinX0, found.RegionLocationMinY0 = left, top
    found.RegionLocationMaxX1, found.RegionLocationMaxY1 = right, bottom
    found.PhysicalUnitsXDirection = found.PhysicalUnitsYDirection = 3
    found.PhysicalDeltaX = found.PhysicalDeltaY = 0.02
    return found


@pytest.mark.usefixtures("without_ocr")
def test_what_lies_beside_the_scan_is_proposed(
    workers: Workers, tmp_path: Path
) -> None:
    scan = [region(10, 40, 199, 180)]
    one = candidate(burned_in(tmp_path, 0), SequenceOfUltrasoundRegions=scan)

    found = proposed(workers, one)

    covered = np.zeros((200, 272), bool)
    for box in found.review.boxes:
        covered[box.row : box.bottom, box.column : box.right] = True
    assert not covered[40:181, 10:200].any()
    assert covered.sum() == covered.size - 141 * 190


@pytest.mark.usefixtures("without_ocr")
def test_the_rows_of_a_known_machine_are_proposed(
    workers: Workers, tmp_path: Path
) -> None:
    made = {"Manufacturer": "Philips", "ManufacturerModelName": "EPIQ 7C"}

    found = proposed(workers, candidate(burned_in(tmp_path, 0), **made))

    assert found.review.boxes == (Box(0, 0, 272, 60),)


@pytest.mark.usefixtures("without_ocr")
def test_a_page_of_text_is_proposed_as_a_whole(
    workers: Workers, tmp_path: Path
) -> None:
    page = {"ImageType": ["DERIVED", "SECONDARY", "DOSE REPORT"]}

    found = proposed(workers, candidate(burned_in(tmp_path, 6), **page))

    assert found.review.boxes == (Box(0, 0, found.review.columns, found.review.rows),)


@pytest.mark.usefixtures("without_ocr")
def test_a_proposal_releases_nothing(workers: Workers, tmp_path: Path) -> None:
    found = proposed(workers, candidate(burned_in(tmp_path, 0)))

    assert found.review.verdict is Verdict.PROPOSED
    assert not found.review.releases


class Stopped(Silent):
    """Somebody who stops the work at once."""

    @override
    def checkpoint(self) -> None:
        raise Cancelled


def test_the_work_can_be_stopped(workers: Workers, tmp_path: Path) -> None:
    one = candidate(burned_in(tmp_path, 0))

    with pytest.raises(Cancelled):
        list(Proposing(workers).run([one], Stopped()))


@needs_ocr
def test_a_file_that_cannot_be_decoded_says_so_and_keeps_what_is_known(
    workers: Workers, tmp_path: Path
) -> None:
    made = {"Manufacturer": "Philips", "ManufacturerModelName": "EPIQ 7C"}
    one = candidate(burned_in(tmp_path, 0), **made)
    gone = replace(one, stored=replace(one.stored, path=str(tmp_path / "gone.dcm")))
    proposals = Proposing(workers).run([one, gone], Silent())

    first, second = list(proposals)

    assert not first.failure
    assert second.failure
    assert second.review.boxes == (Box(0, 0, 272, 60),)


def picture() -> Picture:
    """Something to look at."""
    return np.random.default_rng(1).integers(0, 9000, (64, 96)).astype(np.uint16)


@needs_ocr
def test_a_worker_that_dies_is_told_and_replaced(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with TextFinding() as finding:
        finding.boxes([picture()])
        worker = finding._worker
        assert worker is not None
        first, send = worker.pid, worker.send
        assert first is not None

        def send_and_kill(request: Request) -> None:
            os.kill(first, signal.SIGSTOP)  # so that it cannot answer before it dies
            send(request)
            os.kill(first, signal.SIGKILL)

        with monkeypatch.context() as patch:
            patch.setattr(worker, "send", send_and_kill)
            with pytest.raises(PixelError, match="could not be looked for"):
                finding.boxes([picture()])

        assert finding.boxes([picture()]) == ()
        assert worker.pid != first


@needs_ocr
def test_looking_for_text_can_be_called_off() -> None:
    enough = threading.Event()
    enough.set()

    with TextFinding() as finding, pytest.raises(Cancelled):
        finding.boxes([picture()], enough)


def test_without_pictures_nothing_is_started() -> None:
    finding = TextFinding()

    assert finding.boxes([]) == ()
    assert finding._worker is None
    finding.close()
