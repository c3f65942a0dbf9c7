"""Drawings are measured on their own frames, also those that are not in memory."""

import queue
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.services.reading_studies import to_slices, to_study
from tests.services.studies_on_disk import to_ramp, with_pixels
from viewer.core.annotation import Annotation, Shape
from viewer.core.identity import SOPInstanceUID
from viewer.core.measurement import Measurement
from viewer.services import measuring as under_test
from viewer.services.decoding import Decoding
from viewer.services.jobs import Jobs
from viewer.services.measure_table import go_to_drawing, measure_rows, to_text
from viewer.services.measuring import Measuring
from viewer.services.session import ReadingSession

ALL = Annotation(
    "all", SOPInstanceUID("1.2.1.2"), 1, Shape.RECTANGLE, ((0, 0), (63, 47))
)


class Room:
    """A session with two slices on disk, and an event loop turned by hand."""

    def __init__(self, folder: Path) -> None:
        self.calls: queue.Queue[Callable[[], None]] = queue.Queue()
        self.session = ReadingSession()
        self.jobs = Jobs(self.calls.put)
        self.decoding = Decoding(self.calls.put, threads=1)
        self.measuring = Measuring(self.session, self.decoding, self.jobs)
        series = with_pixels(to_slices("1.2.1", [0.0, 1.0]), folder)
        self.session.open([to_study(series)])

    def of(self, annotation: Annotation) -> Measurement:
        """What is known now."""
        found = self.measuring.of(annotation)
        assert found is not None
        return found

    def until_complete(self, annotation: Annotation) -> Measurement:
        """Turn the event loop until everything is known."""
        while not self.of(annotation).complete:
            self.calls.get(timeout=120)()
        return self.of(annotation)

    def close(self) -> None:
        """End the threads."""
        self.decoding.close()
        self.jobs.close()


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    made = Room(tmp_path)
    yield made
    made.close()


def mean_of(found: Measurement) -> float:
    quantity = found.quantity("mean")
    assert quantity is not None
    return quantity.value


@pytest.mark.parametrize("quick", [0, 10**9])
def test_a_frame_nobody_looks_at_is_decoded_and_measured(
    room: Room, monkeypatch: pytest.MonkeyPatch, quick: int
) -> None:
    monkeypatch.setattr(under_test, "_QUICK", quick)
    changes: list[bool] = []
    room.measuring.changed.connect(lambda: changes.append(True))
    first = room.of(ALL)
    assert not first.complete
    assert first.quantity("area") is not None
    found = room.until_complete(ALL)
    assert mean_of(found) == pytest.approx(np.mean(to_ramp(1)) - 1024)
    assert changes


def test_large_areas_are_summed_up_by_a_job_the_last_wish_last(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    room.until_complete(ALL)
    monkeypatch.setattr(under_test, "_QUICK", 0)
    wishes = [replace(ALL, points=((0, 0), (end, 40))) for end in range(10, 60)]
    assert not any(room.of(wish).complete for wish in wishes)
    found = room.until_complete(wishes[-1])
    assert mean_of(found) == pytest.approx(to_ramp(1)[:41, :60].mean() - 1024)


def test_a_frame_that_cannot_be_read_is_said_not_waited_for(
    room: Room, tmp_path: Path
) -> None:
    (tmp_path / "1.2.1.2.raw").unlink()
    found = room.until_complete(ALL)
    assert found.quantity("mean") is None
    assert found.because[-1].says == "The file is not where it was."


def test_a_drawing_on_an_image_that_is_not_open_is_not_measured(room: Room) -> None:
    elsewhere = replace(ALL, sop_instance_uid=SOPInstanceUID("9"))
    assert room.measuring.of(elsewhere) is None


def test_the_table_has_every_value_and_leads_to_its_image(room: Room) -> None:
    room.session.drawing.keep(ALL)
    room.until_complete(ALL)
    rows = measure_rows(room.session, room.measuring)
    assert [(row.title, row.image) for row in rows] == [("Rectangle", "1: 2")]
    lines = to_text(rows).splitlines()
    assert lines[0].split("\t")[:3] == ["Measure", "Quantity", "Value"]
    values = {line.split("\t")[1]: line.split("\t")[2] for line in lines[1:]}
    assert values["pixels"] == str(64 * 48)
    room.session.drawing.select("")
    go_to_drawing(room.session, ALL)
    assert room.session.state.viewport.image == 1
    assert room.session.drawing.selected == ALL
