"""What the hand will ask for next is decoded before it asks."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.commands.desks import Turns
from tests.services.reading_studies import to_slices, to_study
from tests.services.studies_on_disk import with_pixels
from viewer.services.decoding import Decoding, Purpose, Ticket
from viewer.services.frame_on_show import Subject
from viewer.services.frame_ref import FrameRef
from viewer.services.frame_tickets import Done, Failed
from viewer.services.prefetching import AHEAD, Prefetching, to_order
from viewer.services.session import ReadingSession

COUNT = 30


@pytest.fixture
def turns() -> Turns:
    return Turns()


@pytest.fixture
def decoding(turns: Turns) -> Iterator[Decoding]:
    with Decoding(turns.post) as made:
        yield made


@pytest.fixture
def session(tmp_path: Path) -> ReadingSession:
    made = ReadingSession()
    positions = [float(z) for z in range(COUNT)]
    made.open([to_study(with_pixels(to_slices("1.2.1", positions), tmp_path))])
    return made


@given(st.integers(1, 300), st.data(), st.sampled_from([1, -1]))
def test_every_other_image_comes_once_and_the_nearest_first(
    count: int, data: st.DataObject, direction: int
) -> None:
    image = data.draw(st.integers(0, count - 1))
    order = list(to_order(count, image, direction))
    assert sorted([*order, image]) == list(range(count))
    ahead = [i for i in order if (i - image) * direction > 0]
    assert ahead == sorted(ahead, key=lambda i: abs(i - image))


def test_a_look_ahead_that_comes_late_takes_nothing_from_a_hand_that_rests(
    turns: Turns, decoding: Decoding, session: ReadingSession
) -> None:
    later: list[Callable[[], None]] = []
    prefetching = Prefetching(session, decoding, later.append)
    session.go_to(3)
    turns.until(lambda: len(later) == 1)  # the first picture is here
    prefetching.rest()
    later[0]()
    stack = session.stack
    assert stack is not None
    wanted = [Subject(stack, image).frame_ref for image in range(COUNT) if image != 3]
    turns.until(lambda: all(decoding.cached(ref) is not None for ref in wanted))
    prefetching.close()


def test_ten_ahead_come_before_anything_behind() -> None:
    order = list(to_order(100, 50, -1))
    assert order[:AHEAD] == list(range(49, 39, -1))
    assert order[AHEAD] == 51


def test_the_whole_stack_comes_into_memory_while_the_hand_rests(
    turns: Turns, decoding: Decoding, session: ReadingSession
) -> None:
    prefetching = Prefetching(session, decoding)
    session.go_to(3)
    prefetching.rest()
    stack = session.stack
    assert stack is not None
    wanted = [Subject(stack, image).frame_ref for image in range(COUNT) if image != 3]
    turns.until(lambda: all(decoding.cached(ref) is not None for ref in wanted))
    prefetching.close()


def test_nothing_that_comes_changes_what_is_shown(
    turns: Turns, decoding: Decoding, session: ReadingSession
) -> None:
    prefetching = Prefetching(session, decoding)
    session.go_to(3)
    prefetching.rest()
    before = session.state
    stack = session.stack
    assert stack is not None
    last = Subject(stack, COUNT - 1).frame_ref
    turns.until(lambda: decoding.cached(last) is not None)
    assert session.state == before
    prefetching.close()


def test_the_first_picture_of_a_stack_comes_alone(
    turns: Turns,
    decoding: Decoding,
    session: ReadingSession,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[tuple[int, Purpose]] = []
    ask = decoding.request

    def noted(ref: FrameRef, purpose: Purpose, done: Done, failed: Failed) -> Ticket:
        assert ref.place is not None
        asked.append((ref.place.index, purpose))
        return ask(ref, purpose, done, failed)

    monkeypatch.setattr(decoding, "request", noted)
    prefetching = Prefetching(session, decoding)
    session.go_to(3)
    assert asked == [(3, Purpose.INTERACTION)]
    turns.until(lambda: len(asked) > 1)
    assert asked[1] == (4, Purpose.PREFETCH)
    prefetching.close()


def test_while_the_hand_scrolls_only_what_lies_ahead_is_asked_for(
    turns: Turns, decoding: Decoding, session: ReadingSession
) -> None:
    prefetching = Prefetching(session, decoding)
    session.go_to(3)
    stack = session.stack
    assert stack is not None
    refs = [Subject(stack, image).frame_ref for image in range(COUNT)]
    turns.until(lambda: decoding.cached(refs[3 + AHEAD]) is not None)
    assert all(decoding.cached(ref) is None for ref in refs[3 + AHEAD + 1 :])
    prefetching.close()
