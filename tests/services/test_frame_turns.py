"""The background makes room for a frame that the hand waits for."""

from dataclasses import replace

import pytest

from viewer.services.frame_queue import FrameQueue, Purpose
from viewer.services.frame_ref import FrameRef
from viewer.services.frame_tickets import Waiting


class Waits(Exception):  # noqa: N818 - a fact
    """Nothing may start."""


def waiting_aloud(queue: FrameQueue, monkeypatch: pytest.MonkeyPatch) -> FrameQueue:
    """The queue, which raises `Waits` where it would wait."""

    def wait(_: float | None) -> None:
        raise Waits

    monkeypatch.setattr(queue._changed, "wait", wait)
    return queue


@pytest.fixture
def queue(monkeypatch: pytest.MonkeyPatch) -> FrameQueue:
    return waiting_aloud(FrameQueue(2), monkeypatch)


def wished(queue: FrameQueue, *purposes: Purpose) -> None:
    ref = FrameRef("nowhere", image=None)  # type: ignore[arg-type] # not read
    for number, purpose in enumerate(purposes, 1):
        queue.add(replace(ref, number=number), purpose, Waiting())


def test_less_goes_on_behind_a_hand_that_waits(queue: FrameQueue) -> None:
    wished(queue, Purpose.INTERACTION, Purpose.PREFETCH, Purpose.PREFETCH)
    shown = queue.take()
    ahead = queue.take()
    assert shown is not None
    assert ahead is not None
    assert (shown.ref.number, ahead.ref.number) == (1, 2)

    with pytest.raises(Waits):
        queue.take()
    queue.finish(shown)
    last = queue.take()
    assert last is not None
    assert last.ref.number == 3


def test_what_lies_ahead_comes_on_under_a_hand_that_always_waits(
    queue: FrameQueue,
) -> None:
    hands = [Purpose.INTERACTION] * 5
    wished(queue, *hands, Purpose.PREFETCH)
    taken = [queue.take() for _ in range(6)]

    assert taken[-1] is not None
    assert taken[-1].purpose is Purpose.PREFETCH


def test_nothing_runs_in_the_background_where_it_may_not() -> None:
    queue = FrameQueue(0)
    wished(queue, Purpose.PREFETCH, Purpose.INTERACTION)
    first = queue.take()

    assert first is not None
    assert first.purpose is Purpose.INTERACTION
