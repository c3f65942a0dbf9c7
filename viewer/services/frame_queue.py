"""The frames that wait to be decoded, the most urgent first."""

import heapq
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import IntEnum
from itertools import count
from typing import Protocol

import numpy as np
import numpy.typing as npt

from viewer.core.errors import Cancelled
from viewer.services.courtesy import Courtesy
from viewer.services.frame_ref import FrameRef
from viewer.services.jobs import Deliver

Result = npt.NDArray[np.generic] | BaseException


class Purpose(IntEnum):
    """What a frame is for; the lowest is served first.

    What may come LATER, and thumbnails, wait while the hand moves.
    """

    INTERACTION = 0
    PREFETCH = 1
    LATER = 2
    THUMBNAIL = 3


_IN_RUNS = (Purpose.PREFETCH, Purpose.LATER)


class Wish(Protocol):
    """Who waits for a frame."""

    @property
    def dropped(self) -> bool:
        """Whether nobody wants it any more."""

    @property
    def takes_long(self) -> bool:
        """Whether its answer is worked on, and so comes after the others."""

    def answer(self, ref: FrameRef, result: Result, deliver: Deliver) -> None:
        """Take the frame, or why there is none; `deliver` brings it to who asked."""


@dataclass(slots=True)
class Task:
    """One frame to decode, for everybody who wishes it.

    Attributes
    ----------
    ref : FrameRef
    purpose : Purpose
        The most urgent one of its wishes.
    wishes : list
    running : bool
    extra : bool
        Whether it runs beside as many as may run in the background, and is to be put
        back where it is not done soon.
    more_urgent : Purpose or None
        That of a wish which came while it ran.
    """

    ref: FrameRef
    purpose: Purpose
    wishes: list[Wish] = field(default_factory=list)
    running: bool = False
    extra: bool = False
    more_urgent: Purpose | None = None

    @property
    def wanted(self) -> bool:
        """Whether anybody still waits for it."""
        return not all(wish.dropped for wish in self.wishes)


class FrameQueue:
    """Wishes in, tasks out; one task for each frame, however many wish it.

    Parameters
    ----------
    background : int
        How many tasks that are no interaction may run at once: the rest of the
        threads stays free for the hand. While the hand waits there are fewer, but
        never none: what it wants next would not be there either.
    courtesy : Courtesy, optional
        Knows whether the hand moves.
    is_brief : callable, optional
        Whether what may come `LATER`, with all that goes together with it, is done so
        soon that one task more may run, while no hand waits.
    """

    def __init__(
        self,
        background: int,
        courtesy: Courtesy | None = None,
        is_brief: Callable[[FrameRef], bool] = lambda _: False,
    ) -> None:
        self._background, self._is_brief = background, is_brief
        self._courtesy = courtesy or Courtesy()
        self._tasks: dict[FrameRef, Task] = {}
        self._heap: list[tuple[Purpose, int, Task]] = []
        self._turn = count()
        self._running = 0
        self._behind, self._hand = 0, 0  # tasks at work, in the background and not
        self._changed = threading.Condition()
        self._closed = False

    def add(self, ref: FrameRef, purpose: Purpose, wish: Wish) -> None:
        """Wish for a frame; a more urgent wish moves it forward.

        Raises
        ------
        Cancelled
            If the queue is closed.
        """
        with self._changed:
            if self._closed:
                raise Cancelled
            task = self._tasks.get(ref)
            # whoever wanted it before may have left: only this wish counts then
            urgent = task is None or not task.wanted or purpose < task.purpose
            if task is None:
                task = self._tasks[ref] = Task(ref, purpose)
            task.wishes.append(wish)
            if urgent and task.running:
                known = task.more_urgent
                task.more_urgent = purpose if known is None else min(purpose, known)
            elif urgent:
                task.purpose = purpose
                heapq.heappush(self._heap, (purpose, next(self._turn), task))
                self._changed.notify()

    def take(self) -> Task | None:
        """Wait for the next task and start it; None when the queue is closed."""
        with self._changed:
            while not self._closed:
                # looked at once: the hand may come to rest between two looks, and
                # who is held back without knowing for how long waits for ever
                task, moves = self._first(), self._courtesy.remaining
                if task is not None and self._may_start(task, moves):
                    urgent = task.purpose is Purpose.INTERACTION
                    task.extra = not urgent and self._behind >= self._background
                    self._count(task, 1)
                    return self._start(task)
                self._changed.wait((moves or None) if task is not None else None)
            return None

    def take_along(self, first: Task, most: int) -> list[Task]:
        """`first` and what may be decoded with it, of what waits next; `most` at most.

        Only what lies ahead of the hand goes together: it is not waited for. All of
        them have the same format, and each is finished alone. When few are left they
        are shared, so that nobody is idle while another does the last ones.
        """
        run = [first]
        with self._changed:
            left = len(self._tasks) - self._running
            most = min(most, 1 + left // max(self._background, 1))
            while first.purpose in _IN_RUNS and len(run) < most:
                task = self._first()
                if (
                    task is None
                    or task.purpose is not first.purpose
                    or task.ref.image.pixels != first.ref.image.pixels
                ):
                    break
                run.append(self._start(task))
        return run

    def finish(self, first: Task, *others: Task) -> list[tuple[FrameRef, Wish]]:
        """End what was taken together; who wished it until now gets the answers."""
        with self._changed:
            self._count(first, -1)
            for task in (first, *others):
                self._tasks.pop(task.ref, None)
                self._running -= 1
            if self._behind < self._background:
                self._changed.notify()
            # else only one more may start, and who ends this takes it
            answered = [(t.ref, wish) for t in (first, *others) for wish in t.wishes]
            for task in (first, *others):
                task.wishes = []  # the heap may know the task for a while yet
            return answered

    def put_back(self, first: Task, *others: Task) -> list[tuple[FrameRef, Wish]]:
        """Have what was taken together wait again, for whoever has time for it.

        Of a queue that is closed the wishes are given back, as by `close`.
        """
        with self._changed:
            if self._closed:
                return self.finish(first, *others)
            self._count(first, -1)
            for task in (first, *others):
                task.running, self._running = False, self._running - 1
                if task.more_urgent is not None:
                    task.purpose, task.more_urgent = task.more_urgent, None
                heapq.heappush(self._heap, (task.purpose, next(self._turn), task))
            self._changed.notify_all()
            return []

    def close(self) -> list[tuple[FrameRef, Wish]]:
        """Refuse new wishes, and give back those that will not be fulfilled."""
        with self._changed:
            self._closed = True
            left = [
                (task.ref, wish)
                for task in self._tasks.values()
                if not task.running
                for wish in task.wishes
            ]
            self._changed.notify_all()
            return left

    def _first(self) -> Task | None:
        """The most urgent task, still in the heap."""
        while self._heap:
            purpose, _, task = self._heap[0]
            stale = task.running or purpose is not task.purpose
            if stale or self._tasks.get(task.ref) is not task:
                heapq.heappop(self._heap)
            elif not task.wanted:
                heapq.heappop(self._heap)
                del self._tasks[task.ref]
            else:
                return task
        return None

    def _may_start(self, task: Task, moves: float) -> bool:
        if task.purpose is Purpose.INTERACTION:
            return True
        if task.purpose >= Purpose.LATER and moves > 0:
            return False
        most = max(self._background - self._hand, 1)
        if self._behind < min(most, self._background):
            return True
        return self._behind == self._background > 0 and self._may_be_one_more(task)

    def _may_be_one_more(self, task: Task) -> bool:
        later = task.purpose is Purpose.LATER
        return later and not self._hand and self._is_brief(task.ref)

    def _count(self, task: Task, by: int) -> None:
        if task.purpose is Purpose.INTERACTION:
            self._hand += by
        else:
            self._behind += by

    def _start(self, task: Task) -> Task:
        """Take the first task out of the heap."""
        heapq.heappop(self._heap)
        task.running = True
        self._running += 1
        return task
