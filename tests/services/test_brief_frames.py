"""Frames that are decoded soon may take the thread that is kept for the hand."""

import os
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from tests.services.frames_on_disk import VALUES, compressed, plain
from tests.services.test_decoding import PATIENCE, Listener, at_once
from tests.services.test_frame_turns import Waits, waiting_aloud, wished
from viewer.core.image import PixelFormat
from viewer.services import decoding as decoding_module
from viewer.services import run_decoding
from viewer.services.courtesy import Courtesy
from viewer.services.decoding import Decoding
from viewer.services.frame_pace import FramePace
from viewer.services.frame_queue import FrameQueue, Purpose
from viewer.services.frame_ref import FrameRef
from viewer.services.frame_tickets import Waiting
from viewer.services.store import stamp_of
from viewer.services.workers import Workers

SOON = 0.1  # seconds in which a thread that may start has started


@pytest.fixture
def courtesy() -> Courtesy:
    return Courtesy(lambda: 1.0)


@pytest.fixture
def queue(monkeypatch: pytest.MonkeyPatch, courtesy: Courtesy) -> FrameQueue:
    return waiting_aloud(FrameQueue(2, courtesy, lambda _: True), monkeypatch)


def started(queue: FrameQueue) -> int:
    """How many tasks start before one waits."""
    count = 0
    with suppress(Waits):
        while queue.take() is not None:
            count += 1
    return count


def test_what_is_done_soon_takes_one_thread_more_and_not_two(queue: FrameQueue) -> None:
    wished(queue, *[Purpose.LATER] * 4)
    assert started(queue) == 3


@pytest.mark.parametrize("purpose", [Purpose.PREFETCH, Purpose.THUMBNAIL])
def test_only_what_may_come_later_takes_it(queue: FrameQueue, purpose: Purpose) -> None:
    wished(queue, *[purpose] * 4)
    assert started(queue) == 2


def test_what_takes_long_leaves_a_thread_to_the_hand(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    queue = waiting_aloud(FrameQueue(2), monkeypatch)
    wished(queue, *[Purpose.LATER] * 4)
    assert started(queue) == 2


def test_nobody_takes_it_while_a_hand_waits(queue: FrameQueue) -> None:
    wished(queue, *[Purpose.LATER] * 4)
    queue.take()
    queue.take()
    wished(queue, *[Purpose.LATER] * 4, Purpose.INTERACTION)  # the fifth is new
    assert started(queue) == 1  # for the hand


def test_nobody_takes_it_while_a_hand_moves(
    queue: FrameQueue, courtesy: Courtesy
) -> None:
    wished(queue, *[Purpose.LATER] * 4)
    assert queue.take() is not None
    assert queue.take() is not None
    courtesy.note_hand()
    assert started(queue) == 0


def test_where_nothing_may_run_nothing_is_done_soon(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    queue = waiting_aloud(FrameQueue(0, is_brief=lambda _: True), monkeypatch)
    wished(queue, Purpose.LATER)
    assert started(queue) == 0


def test_what_is_put_back_is_taken_again_and_first_what_somebody_waits_for(
    queue: FrameQueue,
) -> None:
    wished(queue, *[Purpose.LATER] * 3)
    tasks = [queue.take() for _ in range(3)]
    assert [task.extra for task in tasks if task] == [False, False, True]
    ordinary, _, extra = tasks
    assert ordinary is not None
    assert extra is not None
    queue.add(extra.ref, Purpose.INTERACTION, Waiting())
    queue.add(extra.ref, Purpose.PREFETCH, Waiting())

    assert not queue.put_back(extra)
    wished(queue, Purpose.LATER, Purpose.LATER, Purpose.LATER, Purpose.INTERACTION)
    again = [queue.take(), queue.take()]

    assert [task.ref.number for task in again if task] == [3, 4]
    assert [task.purpose for task in again if task] == [Purpose.INTERACTION] * 2
    assert len(queue.finish(extra)) == 4
    queue.finish(ordinary)


def test_what_is_put_back_into_a_closed_queue_is_given_back(queue: FrameQueue) -> None:
    wished(queue, Purpose.LATER)
    task = queue.take()
    assert task is not None
    assert not queue.close()

    assert [ref.number for ref, _ in queue.put_back(task)] == [1]


def test_as_much_as_goes_together_is_brief_by_what_it_has_cost() -> None:
    pace, pixels = FramePace(), PixelFormat("1.2.840.10008.1.2.5", 512, 512)
    size = 512 * 512 * 2
    assert not pace.is_brief(pixels, size)  # nobody knows yet
    pace.note(pixels, size, 0.0005)  # eight go together
    assert pace.is_brief(pixels, size)
    assert not pace.is_brief(pixels, 64 * size)
    pace.note(pixels, size, 0.01)
    assert not pace.is_brief(pixels, size)


def test_what_fails_is_no_sign_of_speed(tmp_path: Path) -> None:
    refs = [compressed(tmp_path, str(number)) for number in range(8)]
    for ref in refs:
        Path(ref.path).unlink()
    listener = Listener()
    with Decoding(at_once) as decoding:
        for ref in refs:
            decoding.request(ref, Purpose.LATER, listener.done, listener.failed)
        listener.wait(len(refs))

        pixels = refs[0].image.pixels
        assert len(listener.errors) == len(refs)
        assert decoding._pace.together(pixels, 1) == 1  # still nobody knows


@pytest.fixture
def stalled(tmp_path: Path) -> list[FrameRef]:
    """Frames of files that never answer."""
    ref, found = compressed(tmp_path, "like"), []
    for number in range(24):
        path = tmp_path / f"pipe-{number}"
        os.mkfifo(path)
        found.append(replace(ref, path=str(path), stamp=stamp_of(path)))
    return found


needs_pipes = pytest.mark.skipif(
    sys.platform == "win32", reason="there are no pipes among files"
)


@pytest.fixture
def standing_still(
    stalled: list[FrameRef], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Decoding]:
    """All of the background waits for files that never answer."""
    monkeypatch.setattr(run_decoding, "_SECONDS", 1000.0)
    with Workers(3) as workers, ExitStack() as leases:
        for _ in range(3):
            leases.enter_context(workers._lending.worker())
        leases.close()
        with Decoding(at_once, workers, threads=3) as decoding:
            decoding._pace.note(stalled[0].image.pixels, 1 << 20, 1e-6)
            for ref in stalled:
                decoding.request(ref, Purpose.LATER, lambda *_: None, lambda *_: None)
            while decoding._queue._behind < 3:
                time.sleep(0.01)
            yield decoding


@needs_pipes
def test_a_thread_is_free_for_the_hand_while_all_others_stall(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    monkeypatch.setattr(decoding_module, "_SOON_S", 1000.0)
    decoding: Decoding = request.getfixturevalue("standing_still")
    listener, (wanted,) = Listener(), plain(tmp_path)

    decoding.request(wanted, Purpose.INTERACTION, listener.done, listener.failed)
    listener.wait()

    assert listener.numbers == [1]


@needs_pipes
def test_a_worker_is_soon_free_for_the_hand_while_all_others_stall(
    tmp_path: Path, standing_still: Decoding
) -> None:
    listener, wanted = Listener(), compressed(tmp_path, "wanted")

    standing_still.request(wanted, Purpose.INTERACTION, listener.done, listener.failed)
    listener.wait()

    np.testing.assert_array_equal(listener.frames[0][1], VALUES)


@needs_pipes
def test_what_is_not_done_soon_has_taken_no_room(stalled: list[FrameRef]) -> None:
    def room(_: FrameRef) -> npt.NDArray[np.uint8]:
        raise AssertionError

    with Workers(1) as workers, pytest.raises(run_decoding.NotSoon):
        workers.decode_run(stalled[:2], room, soon=0.1)


class Crowd:
    """Counts the threads that ask for frames at once, until they are let go."""

    def __init__(self, workers: Workers, monkeypatch: pytest.MonkeyPatch) -> None:
        self.came, self.go = threading.Semaphore(0), threading.Event()
        decode_run = workers.decode_run

        def run(refs: Sequence[FrameRef], *rest: Any) -> list[Any]:
            self.came.release()
            assert self.go.wait(PATIENCE)
            return decode_run(refs, *rest)

        monkeypatch.setattr(workers, "decode_run", run)


@pytest.mark.parametrize("are_busy", [False, True])
def test_a_thread_more_asks_only_where_a_worker_does_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, are_busy: bool
) -> None:
    refs = [compressed(tmp_path, str(number)) for number in range(30)]
    with Workers(3) as workers, ExitStack() as leases:
        crowd, listener = Crowd(workers, monkeypatch), Listener()
        for _ in range(3):
            leases.enter_context(workers._lending.worker())
        if not are_busy:
            leases.close()
        with Decoding(at_once, workers, threads=3) as decoding:
            decoding._pace.note(refs[0].image.pixels, 1 << 20, 1e-6)
            for ref in refs:
                decoding.request(ref, Purpose.LATER, listener.done, listener.failed)
            for _ in range(2):
                assert crowd.came.acquire(timeout=PATIENCE)
            patience = SOON if are_busy else PATIENCE
            one_more = crowd.came.acquire(timeout=patience)
            leases.close()
            crowd.go.set()
            listener.wait(len(refs))
    assert one_more is not are_busy
    assert not listener.errors
