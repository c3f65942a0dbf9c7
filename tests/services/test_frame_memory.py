"""Frames in memory: where they lie, how long they stay, in which order they wait."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest

from viewer.core.errors import Cancelled
from viewer.core.image import PixelFormat
from viewer.core.records import FileStamp
from viewer.services.courtesy import Courtesy
from viewer.services.frame_cache import FrameCache
from viewer.services.frame_pace import FramePace
from viewer.services.frame_queue import FrameQueue, Purpose, Result
from viewer.services.frame_ref import FrameRef
from viewer.services.frame_shelf import FrameShelf
from viewer.services.jobs import Deliver


def refs(count: int) -> list[FrameRef]:
    (ref,) = [
        FrameRef("nowhere", image=None, number=1)  # type: ignore[arg-type] # not read
    ]
    return [replace(ref, number=n) for n in range(count)]


def frame() -> npt.NDArray[np.uint8]:
    return np.zeros(100, np.uint8)


def test_the_cache_forgets_what_was_used_longest_ago() -> None:
    cache, known = FrameCache(300), refs(4)
    for ref in known[:3]:
        cache.put(ref, frame())
    cache.get(known[0])
    cache.put(known[3], frame())

    assert [cache.get(ref) is not None for ref in known] == [True, False, True, True]
    assert cache.held == 300


def test_the_cache_never_forgets_what_is_on_show() -> None:
    cache, known = FrameCache(200), refs(4)
    cache.put(known[0], frame())
    cache.pin("left", [known[0]])
    cache.pin("right", [known[1]])
    for ref in known[1:]:
        cache.put(ref, frame())
    assert [cache.get(ref) is not None for ref in known] == [True, True, False, False]

    cache.pin("left", [])
    cache.put(known[2], frame())
    assert cache.get(known[0]) is None
    assert cache.held == 200


def test_a_frame_put_twice_is_counted_once() -> None:
    cache, (ref,) = FrameCache(1000), refs(1)
    cache.put(ref, frame())
    cache.put(ref, frame())
    assert cache.held == 100
    cache.clear()
    assert cache.held == 0


def test_a_file_that_was_written_anew_has_other_frames() -> None:
    cache, (ref,) = FrameCache(300), refs(1)
    before = replace(ref, stamp=FileStamp(100, 1, 7))
    cache.put(before, frame())
    for other in (FileStamp(101, 1, 7), FileStamp(100, 2, 7), FileStamp(100, 1, 8)):
        assert cache.get(replace(ref, stamp=other)) is None
    assert cache.get(replace(ref, stamp=FileStamp(100, 1, 7))) is not None


def test_frames_that_share_a_piece_of_memory_leave_together() -> None:
    cache, known = FrameCache(300), refs(4)
    cache.put(known[0], frame(), 1)
    cache.put(known[1], frame())
    cache.put(known[2], frame(), 1)
    cache.put(known[3], frame())
    assert [cache.get(ref) is not None for ref in known] == [True, False, True, True]

    cache.put(known[1], frame())
    assert [cache.get(ref) is not None for ref in known] == [False, True, False, True]
    assert cache.held == 200


def test_a_shelf_hands_out_memory_nobody_else_has() -> None:
    shelf = FrameShelf(1000)
    rooms = [shelf.room(size) for size in (10, 300, 3000, 5, 1000)]
    assert [room.cells.size for room in rooms] == [10, 300, 3000, 5, 1000]
    for number, room in enumerate(rooms):
        room.cells[:] = number
    assert [set(room.cells.tolist()) for room in rooms] == [{n} for n in range(5)]
    assert rooms[0].piece == rooms[1].piece != rooms[2].piece


def test_more_go_together_the_faster_they_are() -> None:
    pace, pixels = FramePace(), PixelFormat("1.2.840.10008.1.2.5", 512, 512)
    assert pace.together(pixels, 1 << 19) == 1  # nothing is known
    pace.note(pixels, 1 << 19, 0.001)
    quick = pace.together(pixels, 1 << 19)
    assert quick > 4
    pace.note(pixels, 1 << 19, 0.1)
    assert pace.together(pixels, 1 << 19) < quick
    pace.note(pixels, 1 << 19, 100.0)
    assert pace.together(pixels, 1 << 19) == 1


def test_what_goes_together_needs_no_more_room_than_some_megabytes() -> None:
    pace, pixels = FramePace(), PixelFormat("1.2.840.10008.1.2.5", 1024, 1024)
    pace.note(pixels, 1 << 30, 0.001)
    for size in (1 << 18, 1 << 20, 3 << 20):
        together = pace.together(pixels, size)
        assert together > 1 or size == 3 << 20
        assert together * size <= 4 << 20
    assert pace.together(pixels, 64 << 20) == 1  # a large one goes all the same


class Asker:
    """A wish that only counts."""

    dropped = takes_long = False

    def answer(self, ref: FrameRef, result: Result, deliver: Deliver) -> None:
        """Take nothing."""


def test_a_queue_that_is_closed_gives_back_what_waits() -> None:
    queue, (one, two) = FrameQueue(background=1), refs(2)
    asker = Asker()
    queue.add(one, Purpose.PREFETCH, asker)
    queue.add(two, Purpose.PREFETCH, asker)
    task = queue.take()
    assert task is not None
    assert task.ref == one

    assert queue.close() == [(two, asker)]
    assert queue.take() is None
    assert queue.finish(task) == [(one, asker)]
    with pytest.raises(Cancelled):
        queue.add(one, Purpose.INTERACTION, asker)


def test_what_may_come_later_stands_back_while_the_hand_moves() -> None:
    clock = [0.0]
    courtesy = Courtesy(lambda: clock[0])
    queue, known, asker = FrameQueue(4, courtesy), refs(3), Asker()
    courtesy.note_hand()
    queue.add(known[0], Purpose.THUMBNAIL, asker)
    queue.add(known[1], Purpose.LATER, asker)
    queue.add(known[2], Purpose.PREFETCH, asker)
    ahead = queue.take()
    assert ahead is not None
    assert ahead.ref == known[2]

    clock[0] = 60.0  # the hand rests
    later = queue.take()
    assert later is not None
    assert later.ref == known[1]


def test_the_background_stands_back_for_a_while_but_not_for_ever() -> None:
    courtesy = Courtesy()
    courtesy.stand_back()  # nobody has moved: at once
    assert courtesy.remaining == 0
    courtesy.note_hand()
    assert courtesy.remaining > 0
    courtesy.stand_back(most=60)
    assert courtesy.remaining == 0

    never = Courtesy(iter(range(1000)).__next__)  # a second passes with every look
    never.note_hand()
    never.stand_back(most=3)
    assert never._now() < 1000
