"""Who takes how many of the frames that wait."""

from concurrent.futures import ThreadPoolExecutor
from itertools import count

import numpy as np

from viewer.core.image import FrameIndex, Image, PixelFormat
from viewer.services.courtesy import Courtesy
from viewer.services.frame_queue import FrameQueue, Purpose
from viewer.services.frame_ref import FrameRef
from viewer.services.frame_tickets import Ticket


def refs(count: int) -> list[FrameRef]:
    """Frames of one format."""
    pixels = PixelFormat("1.2.840.10008.1.2.5", 4, 4, frames=count)
    image = Image(pixels, FrameIndex(tuple(((n, 1),) for n in range(count))))
    return [FrameRef("film", image, number + 1) for number in range(count)]


def wish() -> Ticket:
    return Ticket(lambda *_: None, lambda *_: None)


def filled(count: int, purpose: Purpose, background: int = 2) -> FrameQueue:
    queue = FrameQueue(background)
    for ref in refs(count):
        queue.add(ref, purpose, wish())
    return queue


def taken(queue: FrameQueue, most: int) -> list[int]:
    """Numbers of the frames that go together now."""
    first = queue.take()
    assert first is not None
    return [task.ref.number for task in queue.take_along(first, most)]


def test_as_many_go_together_as_may_while_many_wait() -> None:
    assert taken(filled(40, Purpose.LATER), 16) == list(range(1, 17))


def test_the_last_ones_are_shared_among_those_who_work() -> None:
    queue = filled(10, Purpose.LATER)
    assert len(taken(queue, 16)) == 5
    assert len(taken(queue, 16)) == 3


def test_what_is_done_no_longer_counts_as_waiting() -> None:
    queue = filled(40, Purpose.LATER)
    first = queue.take()
    assert first is not None
    run = queue.take_along(first, 30)
    answers = queue.finish(*run)
    assert len(answers) == len(run) == 20
    for ref, one in answers:
        one.answer(ref, np.zeros(1), lambda call: call())
    assert len(taken(queue, 30)) == 10


def test_what_the_hand_waits_for_goes_alone() -> None:
    assert len(taken(filled(10, Purpose.INTERACTION), 16)) == 1


def test_a_hand_that_comes_to_rest_between_two_looks_holds_nobody_back() -> None:
    clock = count()  # each look finds it later: moving at the first, at rest then
    courtesy = Courtesy(lambda: next(clock) * 0.06)
    queue = FrameQueue(2, courtesy)
    courtesy.note_hand()
    queue.add(refs(1)[0], Purpose.LATER, wish())
    with ThreadPoolExecutor(1) as threads:
        task = threads.submit(queue.take).result(60)
    assert task is not None
