"""What paints the next image is ready before the hand asks, and paints the same."""

import gc
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.services.reading_studies import to_slices, to_study
from tests.services.studies_on_disk import with_pixels
from viewer.core.grayscale import Window
from viewer.core.opened import OpenSeries
from viewer.core.overlay_plane import OverlayPlane
from viewer.core.render import FramePainter
from viewer.core.view import View
from viewer.services.course import Course
from viewer.services.decoding import Decoding
from viewer.services.frame_on_show import Subject
from viewer.services.frame_ref import FrameRef
from viewer.services.painters_ahead import Ahead, Decoded, PaintersAhead
from viewer.services.reading_stacks import ReadingStacks

SIZE, WINDOW = (40, 30), Window(1000, 2000)
PATIENCE_S = 60.0


@pytest.fixture
def decoding() -> Iterator[Decoding]:
    with Decoding(lambda call: call()) as made:
        yield made


@pytest.fixture
def painters(decoding: Decoding) -> Iterator[PaintersAhead]:
    made = PaintersAhead(decoding.cached)
    yield made
    made.close()


@pytest.fixture
def series(tmp_path: Path) -> OpenSeries:
    return with_pixels(to_slices("1.2.1", [0.0, 1.0, 2.0]), tmp_path)


def _subjects(series: OpenSeries) -> list[Subject]:
    (stack,) = ReadingStacks([to_study(series)])
    return [Subject(stack, image) for image in range(stack.count)]


def _ahead(subject: Subject) -> Ahead:
    return Ahead(subject, View(), SIZE, quick=False)


def _describe(subject: Subject, **changed: object) -> None:
    """Have the file say something else of an image."""
    stored = subject.stack.stored(subject.image)
    image = replace(subject.stack.image(subject.image), **changed)  # type: ignore[arg-type]
    uid = stored.instance.sop_instance_uid
    described = replace(stored, instance=replace(stored.instance, image=image))
    subject.stack._instances[uid] = described


def _until(reached: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE_S
    while not reached():
        assert time.monotonic() < end
        time.sleep(0.001)


def _taken(painters: PaintersAhead, subject: Subject, decoded: Decoded) -> FramePainter:
    """What is made ahead of a frame, for its holder."""
    painters.prepare({0: _ahead(subject)})
    _until(lambda: 0 in painters._made)
    painter = painters.take(0, subject, decoded)
    assert painter is not None
    return painter


def test_what_was_made_ahead_paints_what_is_made_on_demand(
    decoding: Decoding, painters: PaintersAhead, series: OpenSeries
) -> None:
    subject = _subjects(series)[1]
    decoded = decoding.frame(subject.frame_ref)
    ready, fresh = _taken(painters, subject, decoded), subject.painter(decoded)
    for view in (View(), View(zoom=3.5, turns=1), View(inverted=True)):
        np.testing.assert_array_equal(
            ready.paint(view, SIZE, WINDOW), fresh.paint(view, SIZE, WINDOW)
        )
    assert painters.take(0, subject, decoded) is None  # it has an owner now


def test_a_painter_is_for_one_viewport_one_image_and_one_frame_in_memory(
    decoding: Decoding, painters: PaintersAhead, series: OpenSeries
) -> None:
    first, second, _ = _subjects(series)
    decoded = decoding.frame(second.frame_ref)
    for holder, subject, frame in (
        (1, second, decoded),
        (0, first, decoded),
        (0, second, decoded.copy()),
    ):
        painters.prepare({0: _ahead(second)})
        _until(lambda: 0 in painters._made)
        assert painters.take(holder, subject, frame) is None


def test_frames_that_are_not_in_memory_and_colours_are_left_to_who_shows_them(
    decoding: Decoding, painters: PaintersAhead, series: OpenSeries
) -> None:
    """Others go on meanwhile."""
    far, coloured, near = _subjects(series)
    decoding.frame(near.frame_ref)
    decoding.frame(coloured.frame_ref)
    pixels = coloured.stack.image(1).pixels
    _describe(coloured, pixels=replace(pixels, samples=3, photometric="RGB"))
    painters.prepare({0: _ahead(far), 1: _ahead(coloured), 2: _ahead(near)})
    _until(lambda: 2 in painters._made)
    assert set(painters._made) == {2}


def test_what_of_a_picture_cannot_be_brought_is_said_of_one_made_ahead_too(
    decoding: Decoding, painters: PaintersAhead, series: OpenSeries
) -> None:
    subject = _subjects(series)[0]
    plane = OverlayPlane(group=0x6000, rows=48, columns=64, reason="its form is odd")
    _describe(subject, overlays=(plane,))
    ready = _taken(painters, subject, decoding.frame(subject.frame_ref))
    assert ready.missing == ("an overlay is not shown: its form is odd",)


def test_a_painter_that_cannot_be_made_is_left_to_who_shows_it(
    decoding: Decoding,
    painters: PaintersAhead,
    series: OpenSeries,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """And the next ones are made."""
    first, second, _ = _subjects(series)
    for subject in (first, second):
        decoding.frame(subject.frame_ref)
    with monkeypatch.context() as short:
        short.setattr(FramePainter, "prepare", _no_memory)
        painters.prepare({0: _ahead(first)})
        _until(lambda: 0 in painters._tried)
    assert not painters._made
    painters.prepare({0: _ahead(second)})
    _until(lambda: 0 in painters._made)


def _no_memory(*_: object, **__: object) -> None:
    raise MemoryError


def test_no_more_is_made_than_may_keep_memory(
    painters: PaintersAhead, series: OpenSeries
) -> None:
    first, second, third = _subjects(series)
    _describe(second, pixels=replace(second.stack.image(1).pixels, rows=3000))
    pixels = replace(second.stack.image(1).pixels, columns=3000)
    _describe(second, pixels=pixels)
    painters.prepare({0: _ahead(first), 1: _ahead(second), 2: _ahead(third)})
    assert set(painters._wanted) == {0}


def test_whoever_waits_for_wishes_holds_no_study(
    decoding: Decoding, painters: PaintersAhead, series: OpenSeries
) -> None:
    subject = _subjects(series)[0]
    painter = _taken(painters, subject, decoding.frame(subject.frame_ref))
    held, stack = weakref.ref(painter), weakref.ref(subject.stack)
    _until(lambda: painters._making is None)
    del painter, subject
    gc.collect()
    assert held() is None
    assert stack() is None


def test_what_is_wished_for_no_more_is_forgotten(
    decoding: Decoding, painters: PaintersAhead, series: OpenSeries
) -> None:
    first, second, _ = _subjects(series)
    for subject in (first, second):
        decoding.frame(subject.frame_ref)
    painters.prepare({0: _ahead(first), 1: _ahead(first)})
    _until(lambda: len(painters._made) == 2)
    kept = painters._made[1]
    painters.prepare({1: _ahead(first), 2: _ahead(second)})
    _until(lambda: 2 in painters._made)
    assert set(painters._made) == {1, 2}
    assert painters._made[1] is kept  # and not made twice


def test_a_wish_that_is_given_up_while_it_is_made_leaves_nothing(
    decoding: Decoding, series: OpenSeries
) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def cached(ref: FrameRef) -> Decoded | None:
        begun.set()
        assert go_on.wait(PATIENCE_S)
        return decoding.cached(ref)

    subject = _subjects(series)[0]
    decoding.frame(subject.frame_ref)
    painters = PaintersAhead(cached)
    painters.prepare({0: _ahead(subject)})
    assert begun.wait(PATIENCE_S)
    painters.prepare({})
    go_on.set()
    painters.close()
    assert not painters._made


def test_a_course_goes_on_the_way_of_the_last_scroll_and_ends_with_the_stack(
    series: OpenSeries,
) -> None:
    first, second, third = _subjects(series)
    course = Course()
    course.note(None, first)
    assert course.next_to(first) is None
    course.note(first, second)
    assert course.next_to(second) == third
    course.note(second, second)  # another window, the same image
    assert course.next_to(second) == third
    course.note(second, third)
    assert course.next_to(third) is None
    course.note(third, second)
    assert course.next_to(second) == first
    (elsewhere, *_) = _subjects(series)
    course.note(second, elsewhere)
    assert course.next_to(elsewhere) is None
