"""A viewport shows what it was asked for last, and never another patient."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.commands.desks import Turns
from tests.services.reading_studies import to_slices, to_study
from tests.services.studies_on_disk import with_pixels
from viewer.core.opened import OpenSeries
from viewer.services.decoding import Decoding
from viewer.services.frame_on_show import FrameOnShow, Subject
from viewer.services.reading_stacks import ReadingStacks


@pytest.fixture
def turns() -> Turns:
    return Turns()


@pytest.fixture
def decoding(turns: Turns) -> Iterator[Decoding]:
    with Decoding(turns.post) as made:
        yield made


@pytest.fixture
def series(tmp_path: Path) -> OpenSeries:
    return with_pixels(to_slices("1.2.1", [0.0, 1.0, 2.0]), tmp_path)


def _subjects(series: OpenSeries, uid: str = "1.2") -> list[Subject]:
    (stack,) = ReadingStacks([to_study(series, uid=uid)])
    return [Subject(stack, image) for image in range(stack.count)]


def test_the_frame_arrives_and_is_announced(
    turns: Turns, decoding: Decoding, series: OpenSeries
) -> None:
    heard: list[bool] = []
    frame = FrameOnShow(decoding, lambda: heard.append(frame.waiting))
    first = _subjects(series)[0]
    frame.want(first)
    turns.until(lambda: not frame.waiting)
    assert heard == [True, False]
    assert frame.subject == first
    assert frame.decoded is not None
    assert int(frame.decoded[0, 5]) == 1029


def test_a_frame_in_memory_is_shown_at_once(
    turns: Turns, decoding: Decoding, series: OpenSeries
) -> None:
    frame = FrameOnShow(decoding, lambda: None)
    first, second, _ = _subjects(series)
    frame.want(first)
    turns.until(lambda: not frame.waiting)
    decoding.frame(second.frame_ref)
    frame.want(second)
    assert frame.subject == second


def test_an_answer_to_an_old_question_is_dropped(
    turns: Turns, decoding: Decoding, series: OpenSeries
) -> None:
    frame = FrameOnShow(decoding, lambda: None)
    first, _, third = _subjects(series)
    frame.want(first)
    frame.want(third)
    turns.until(lambda: not frame.waiting)
    assert frame.subject == third


def test_the_old_picture_stays_until_the_new_one_comes(
    turns: Turns, decoding: Decoding, series: OpenSeries
) -> None:
    frame = FrameOnShow(decoding, lambda: None)
    first, second, _ = _subjects(series)
    frame.want(first)
    turns.until(lambda: not frame.waiting)
    frame.want(second)
    assert frame.waiting
    assert frame.subject == first
    assert frame.painter is not None


def test_the_picture_of_another_study_goes_at_once(
    turns: Turns, decoding: Decoding, series: OpenSeries
) -> None:
    frame = FrameOnShow(decoding, lambda: None)
    frame.want(_subjects(series)[0])
    turns.until(lambda: not frame.waiting)
    frame.want(_subjects(series, uid="1.3")[1])
    assert frame.waiting
    assert (frame.subject, frame.painter) == (None, None)


def test_what_is_missing_says_so(
    turns: Turns, decoding: Decoding, series: OpenSeries
) -> None:
    first = _subjects(series)[0]
    Path(first.frame_ref.path).unlink()
    frame = FrameOnShow(decoding, lambda: None)
    frame.want(first)
    turns.until(lambda: not frame.waiting)
    assert frame.failure is not None
    assert "not where it was" in frame.failure.message
    assert frame.painter is None


def test_a_known_reason_is_not_tried_again(
    decoding: Decoding, series: OpenSeries
) -> None:
    uid = series.instances[0].instance.sop_instance_uid
    frame = FrameOnShow(decoding, lambda: None)
    frame.want(_subjects(replace(series, unavailable={uid: "Its disk is gone."}))[0])
    assert frame.failure is not None
    assert frame.failure.message == "Its disk is gone."
    assert not frame.waiting


def test_the_probe_reads_the_source_pixel(
    turns: Turns, decoding: Decoding, series: OpenSeries
) -> None:
    frame = FrameOnShow(decoding, lambda: None)
    frame.want(_subjects(series)[2])
    turns.until(lambda: not frame.waiting)
    probe = frame.probe((7, 3))
    assert probe is not None
    assert probe.value == "27 HU"
    assert probe.place == "R 25.0  A 21.0  H 2.0 mm"
