"""Frames for who shows them: in the order they are needed, each decoded once.

A thread pool takes the most urgent wish first. Uncompressed frames are read by the
thread itself, compressed ones by a killable worker process that the thread drives.
"""

import os
import threading
from collections.abc import Callable, Hashable, Iterable
from concurrent.futures import Future
from types import TracebackType
from typing import Self

import numpy as np
import numpy.typing as npt

from viewer.core.errors import Cancelled, PixelError, ViewerError
from viewer.dicom import frames
from viewer.services.frame_cache import FrameCache
from viewer.services.frame_queue import FrameQueue, Purpose, Result
from viewer.services.frame_ref import FrameRef, check_unchanged
from viewer.services.jobs import Deliver
from viewer.services.workers import Workers

__all__ = ["Decoding", "FrameRef", "Purpose", "Ticket"]

Frame = npt.NDArray[np.generic]
Done = Callable[[FrameRef, Frame], None]
Failed = Callable[[FrameRef, ViewerError], None]

_DEFAULT_CAPACITY = 1 << 30
_REMEMBERED_REFUSALS = 1000


class Ticket:
    """One wish for one frame, held by who made it."""

    def __init__(self, done: Done, failed: Failed, deliver: Deliver) -> None:
        self._done, self._failed, self._deliver = done, failed, deliver
        self.dropped = False

    def drop(self) -> None:
        """Want it no more: neither function is called after this."""
        self.dropped = True

    def answer(self, ref: FrameRef, result: Result) -> None:
        """Bring the frame, or why there is none, to who wished it."""
        if not self.dropped:
            self._deliver(lambda: self._call(ref, result))

    def _call(self, ref: FrameRef, result: Result) -> None:
        if self.dropped or isinstance(result, Cancelled):
            return
        if isinstance(result, ViewerError):
            self._failed(ref, result)
        elif isinstance(result, BaseException):
            self._failed(ref, PixelError("A fault of the program hides this image."))
            raise result  # to the crash handler
        else:
            self._done(ref, result)


class _Waiting:
    """A wish whose maker stands still until it is fulfilled."""

    dropped = False

    def __init__(self) -> None:
        self.future: Future[Frame] = Future()

    def answer(self, ref: FrameRef, result: Result) -> None:  # noqa: ARG002 - Wish
        if isinstance(result, BaseException):
            self.future.set_exception(result)
        else:
            self.future.set_result(result)


class Decoding:
    """Frames by request, with a cache. Every function may be called by any thread.

    Parameters
    ----------
    deliver : callable
        Brings the answers onto the thread that asked.
    workers : Workers, optional
        Who decodes what is compressed; they are not closed with this. By default
        there are some of its own.
    threads : int, optional
    capacity : int
        Bytes the cache may take.
    """

    def __init__(
        self,
        deliver: Deliver,
        workers: Workers | None = None,
        *,
        threads: int | None = None,
        capacity: int = _DEFAULT_CAPACITY,
    ) -> None:
        size = threads or max(2, min(os.cpu_count() or 2, 4)) + 1
        self._deliver = deliver
        self._own_workers = None if workers else Workers(size)
        self._workers = workers or self._own_workers or Workers(size)
        self._cache = FrameCache(capacity)
        self._refused: dict[FrameRef, PixelError] = {}
        self._queue = FrameQueue(background=max(size - 1, 1))
        self._stop = threading.Event()
        self._threads = [
            threading.Thread(target=self._run, name=f"decode-{number}", daemon=True)
            for number in range(size)
        ]
        for thread in self._threads:
            thread.start()

    @property
    def capacity(self) -> int:
        """Bytes the cache may take."""
        return self._cache.capacity

    def cached(self, ref: FrameRef) -> Frame | None:
        """The frame if it is in memory, read-only."""
        return self._cache.get(ref)

    def request(
        self, ref: FrameRef, purpose: Purpose, done: Done, failed: Failed
    ) -> Ticket:
        """Have a frame brought; asked again more urgently, it moves forward.

        Parameters
        ----------
        done, failed : callable
            One of them is called, once, through `deliver`; none after `Ticket.drop`
            or `close`. The frame is read-only.
        """
        ticket = Ticket(done, failed, self._deliver)
        known = self._cache.get(ref)
        result = self._refused.get(ref) if known is None else known
        if result is not None:
            ticket.answer(ref, result)
            return ticket
        try:
            self._queue.add(ref, purpose, ticket)
        except Cancelled:
            ticket.drop()
        return ticket

    def frame(self, ref: FrameRef) -> Frame:
        """The frame; waits for it. Not for the GUI thread.

        Raises
        ------
        ViewerError
            Why there is none.
        """
        known = self._cache.get(ref)
        if known is not None:
            return known
        waiting = _Waiting()
        self._queue.add(ref, Purpose.INTERACTION, waiting)
        return waiting.future.result()

    def pin(self, holder: Hashable, refs: Iterable[FrameRef]) -> None:
        """Keep these frames in memory while `holder` shows them.

        They take the place of those it held before; none gives all back.
        """
        self._cache.pin(holder, refs)

    def close(self) -> None:
        """Cancel what waits and what runs, then wait for the threads."""
        self._stop.set()
        for ref, wish in self._queue.close():
            wish.answer(ref, Cancelled())
        for thread in self._threads:
            thread.join()
        if self._own_workers is not None:
            self._own_workers.close()
        self._cache.clear()

    def __enter__(self) -> Self:
        """Use it for the length of a block."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close it."""
        self.close()

    def _run(self) -> None:
        while (task := self._queue.take()) is not None:
            result: Result
            try:
                result = self._brought(task.ref)
            except BaseException as error:  # noqa: BLE001 - who asked raises it
                result = error
                if isinstance(error, PixelError):
                    self._remember(task.ref, error)
            for wish in self._queue.finish(task):
                wish.answer(task.ref, result)

    def _brought(self, ref: FrameRef) -> Frame:
        known = self._cache.get(ref)  # since it was wished for
        if known is not None:
            return known
        frame = self._decoded(ref)
        self._cache.put(ref, frame)
        return frame

    def _decoded(self, ref: FrameRef) -> Frame:
        if not frames.is_plain(ref.image.pixels):
            return self._workers.decode(ref, self._stop)
        check_unchanged(ref.path, ref.stamp)
        return frames.read_frame(ref.path, ref.image, ref.number)

    def _remember(self, ref: FrameRef, reason: PixelError) -> None:
        """Never try again what costs a worker each time."""
        while len(self._refused) >= _REMEMBERED_REFUSALS:
            self._refused.pop(next(iter(self._refused)), None)
        self._refused[ref] = reason
