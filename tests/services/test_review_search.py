"""Writing is looked for in the images under review, and proposals release nothing."""

import queue
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pydicom import dcmread, dcmwrite
from pydicom.dataset import Dataset

from tests.journeys.written_on import COLUMNS, ROWS, STUDY, write_study
from viewer.core.identity import StudyUID
from viewer.core.review import Review, Reviews, Verdict
from viewer.services.importing import Importing, ImportRequest
from viewer.services.library import Library
from viewer.services.review_search import ReviewSearch
from viewer.services.review_session import ReviewSession
from viewer.services.streaming import Streams
from viewer.services.survey import Survey, survey
from viewer.services.workers import Workers

_PATIENCE_S = 240
_TOP = 40  # rows above the region, where machines write


class Turns:
    """Stands for the event loop."""

    def __init__(self) -> None:
        self._calls: queue.Queue[Callable[[], None]] = queue.Queue()
        self.post = self._calls.put

    def until(self, happened: Callable[[], bool]) -> None:
        """Run what arrives until `happened`; give up after a long time."""
        end = time.monotonic() + _PATIENCE_S
        while not happened():
            self._calls.get(timeout=max(end - time.monotonic(), 0.01))()


@pytest.fixture
def library(tmp_path: Path) -> Iterator[tuple[Library, Workers]]:
    """A library with the written-on study, whose regions say where the picture is."""
    source = write_study(tmp_path / "in")
    for path in source.iterdir():
        ds = dcmread(path)
        ds.SequenceOfUltrasoundRegions = [_region()]
        dcmwrite(path, ds, enforce_file_format=True)
    with Workers(1) as workers, Library(tmp_path / "data", workers) as library:
        Importing(library, workers).run(ImportRequest((source,)))
        yield library, workers


def _region() -> Dataset:
    region = Dataset()
    region.RegionSpatialFormat, region.RegionDataType = 1, 1
    region.RegionFlags = 0
    region.RegionLocationMinX0, region.RegionLocationMinY0 = 0, _TOP
    region.RegionLocationMaxX1, region.RegionLocationMaxY1 = COLUMNS - 1, ROWS - 1
    region.PhysicalUnitsXDirection = region.PhysicalUnitsYDirection = 3
    region.PhysicalDeltaX = region.PhysicalDeltaY = 0.05
    return region


@pytest.fixture
def found(library: tuple[Library, Workers]) -> Survey:
    return survey(library[0], [StudyUID(STUDY)])


def test_what_lies_beside_the_picture_is_proposed_and_kept(
    library: tuple[Library, Workers], found: Survey
) -> None:
    turns, session = Turns(), ReviewSession()
    failures: list[BaseException] = []
    kept: list[Reviews] = []
    streams = Streams(turns.post)
    search = ReviewSearch(*library, streams, session, failures.append)
    seen = found.looks[1]
    before = Reviews().with_instance(
        seen.sop_instance_uid, Review(COLUMNS, ROWS, (), Verdict.REVIEWED)
    )
    session.begin(found.looks, before, kept.append)
    assert session.state.note == "Looking for writing, 2 images left"
    turns.until(lambda: not session.state.note.startswith("Looking"))
    for look in (found.looks[0], found.looks[2]):
        review = session.state.review_of(look)
        assert review.verdict is Verdict.PROPOSED
        assert any(
            box.row == 0 and box.bottom >= _TOP and box.width == COLUMNS
            for box in review.boxes
        )
    assert session.state.review_of(seen) == Review(COLUMNS, ROWS, (), Verdict.REVIEWED)
    assert kept[-1] == session.state.reviews
    assert not session.can_undo
    assert not failures

    session.begin(found.looks, kept[-1], kept.append)  # nothing is looked for again
    assert not session.state.note.startswith("Looking")
    search.close()
    streams.close()


def test_a_search_ends_with_what_it_was_for(
    library: tuple[Library, Workers], found: Survey
) -> None:
    turns, session = Turns(), ReviewSession()
    failures: list[BaseException] = []
    streams = Streams(turns.post)
    search = ReviewSearch(*library, streams, session, failures.append)
    session.begin(found.looks, Reviews(), lambda _: None)
    session.end()
    streams.close()
    assert session.state.reviews == Reviews()
    search.close()
    assert not failures
