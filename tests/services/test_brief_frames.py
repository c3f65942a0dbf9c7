"""Frames that are decoded soon may take the thread that is kept for the hand."""

import threading
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import pytest

from tests.services.frames_on_disk import compressed
from tests.services.test_decoding import PATIENCE, Listener, at_once
from tests.services.test_frame_turns import Waits, waiting_aloud, wished
from viewer.core.image import PixelFormat
from viewer.services.courtesy import Courtesy
from viewer.services.decoding import Decoding
from viewer.services.frame_pace import FramePace
from viewer.services.frame_queue import FrameQueue, Purpose
from viewer.services.frame_ref import FrameRef
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
    wished(queue, *[Purpose.LATER] * 2)
    queue.take()
    queue.take()
    wished(queue, *[Purpose.LATER] * 3, Purpose.INTERACTION)
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


def test_as_much_as_goes_together_is_brief_by_what_it_has_cost() -> None:
    pace, pixels = FramePace(), PixelFormat("1.2.840.10008.1.2.5", 512, 512)
    size = 512 * 512 * 2
    assert not pace.is_brief(pixels, size)  # nobody knows yet
    pace.note(pixels, size, 0.0005)  # eight go together
    assert pace.is_brief(pixels, size)
    assert not pace.is_brief(pixels, 64 * size)
    pace.note(pixels, size, 0.01)
    assert not pace.is_brief(pixels, size)


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
            assert crowd.came.acquire(timeout=patience) is not are_busy
            leases.close()
            crowd.go.set()
            listener.wait(len(refs))
    assert not listener.errors
