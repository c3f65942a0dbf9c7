"""Frames for who shows them: in the order they are needed, each decoded once.

A thread pool takes the most urgent wish first. Uncompressed frames are read by the
thread itself, compressed ones by a killable worker process that the thread drives.
"""

import os
import threading
from collections import deque
from collections.abc import Callable, Hashable, Iterable, Sequence
from functools import partial
from time import perf_counter
from types import TracebackType
from typing import Self, TypeVar

import numpy as np
import numpy.typing as npt

from viewer.core.errors import Cancelled, PixelError, ViewerError
from viewer.core.records import FileStamp
from viewer.dicom import frames
from viewer.services.frame_cache import FrameCache
from viewer.services.frame_pace import AHEAD_S, AT_REST_S, FramePace
from viewer.services.frame_queue import FrameQueue, Purpose, Result
from viewer.services.frame_ref import FrameRef, check_unchanged
from viewer.services.frame_rooms import FrameRooms
from viewer.services.frame_shelf import Room
from viewer.services.frame_tickets import Done, Failed, Making, Ticket, Waiting
from viewer.services.jobs import Deliver
from viewer.services.run_decoding import NotSoon
from viewer.services.workers import Workers

__all__ = ["Decoding", "FrameRef", "Purpose", "Ticket"]

T = TypeVar("T")
Frame = npt.NDArray[np.generic]
_Name = tuple[str, int, FileStamp | None, str]

_DEFAULT_CAPACITY = 1 << 30
_READ_TOGETHER = 4 << 20  # bytes; a disk brings them in a few hundredths of a second
_MOST_READ = 8
_REMEMBERED_REFUSALS = 1000
_SOON_S = 1.0  # a hundred times what is brief


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
        self._refused: dict[_Name, tuple[str, str]] = {}
        self._pace, self._rooms = FramePace(), FrameRooms()
        self._queue = FrameQueue(
            max(size - 1, 1), self._workers.courtesy, self._is_brief
        )
        self._stop = threading.Event()
        # one more for what is brief, so that one is free for the hand even then
        self._threads = [
            threading.Thread(target=self._run, name=f"decode-{number}", daemon=True)
            for number in range(size + 1 if size > 1 else 1)
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
        ticket = Ticket(done, failed)
        known = self._cache.get(ref)
        result = self._reason(ref) if known is None else known
        if result is not None:
            ticket.answer(ref, result, self._deliver)
            return ticket
        try:
            self._queue.add(ref, purpose, ticket)
        except Cancelled:
            ticket.drop()
        return ticket

    def request_made(
        self,
        ref: FrameRef,
        purpose: Purpose,
        make: Callable[[Frame], T],
        made: Callable[[FrameRef, T], None],
        failed: Failed,
    ) -> Ticket:
        """Have something made of a frame before it is brought, as `request` does.

        Parameters
        ----------
        make : callable
            Called by a thread of ours with the frame; a `ViewerError` it raises goes
            to `failed`.
        made, failed : callable
        """
        ticket = Making(make, made, failed)
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
        waiting = Waiting()
        self._queue.add(ref, Purpose.INTERACTION, waiting)
        return waiting.future.result()

    def volume(self, refs: Sequence[FrameRef]) -> Frame | None:
        """The slices of a stack as one array if all of them are in memory.

        Parameters
        ----------
        refs : sequence of FrameRef
            All of the stack, in its order, each with its place.

        Returns
        -------
        numpy.ndarray or None
            Stored values, ``(slices, rows, columns)``, with samples last if several;
            read-only and not copied. Its memory stays until nobody holds it.
        """
        return self._rooms.volume(refs)

    def note_hand(self) -> None:
        """The hand has just moved: what is not for it stands back for a moment."""
        self._workers.courtesy.note_hand()

    def pin(self, holder: Hashable, refs: Iterable[FrameRef]) -> None:
        """Keep these frames in memory while `holder` shows them.

        They take the place of those it held before; none gives all back.
        """
        self._cache.pin(holder, refs)

    def close(self) -> None:
        """Cancel what waits and what runs, then wait for the threads."""
        self._stop.set()
        for ref, wish in self._queue.close():
            wish.answer(ref, Cancelled(), self._deliver)
        for thread in self._threads:
            thread.join()
        if self._own_workers is not None:
            self._own_workers.close()
        self._cache.clear()
        self._rooms.clear()

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
        while self._serve_next():  # who waits holds no frame of what was before
            pass

    def _serve_next(self) -> bool:
        """Bring what is most urgent; False when there will be nothing more."""
        first = self._queue.take()
        if first is None:
            return False
        tasks = self._queue.take_along(first, self._most(first.ref, first.purpose))
        try:
            soon = _SOON_S if first.extra else None
            results = self._brought([task.ref for task in tasks], soon)
        except NotSoon:
            for ref, wish in self._queue.put_back(*tasks):
                wish.answer(ref, Cancelled(), self._deliver)
            return True
        wishes = self._queue.finish(*tasks)
        for slow in (False, True):  # nobody waits for what is made for others
            answers: deque[Callable[[], None]] = deque()
            for ref, wish in wishes:
                if wish.takes_long is slow:
                    wish.answer(ref, results[ref], answers.append)
            if answers:
                self._deliver(partial(_call_all, answers))
        return True

    def _most(self, ref: FrameRef, purpose: Purpose) -> int:
        """How many frames like this one may be brought in one go."""
        pixels = ref.image.pixels
        try:
            plain = frames.is_plain(pixels)
        except PixelError:  # an unknown coding: whoever decodes it says so
            return 1
        size = _size(ref)
        if plain:
            return max(min(_READ_TOGETHER // max(size, 1), _MOST_READ), 1)
        ahead = purpose <= Purpose.PREFETCH
        return self._pace.together(pixels, size, AHEAD_S if ahead else AT_REST_S)

    def _is_brief(self, ref: FrameRef) -> bool:
        """Whether a worker stands ready that will soon have done it."""
        # what is plain, or of no known coding, has no pace
        brief = self._pace.is_brief(ref.image.pixels, _size(ref))
        return brief and self._workers.has_idle

    def _brought(
        self, refs: Sequence[FrameRef], soon: float | None = None
    ) -> dict[FrameRef, Result]:
        """Each frame, or why there is none; what came since it was wished for stays.

        Raises
        ------
        NotSoon
            If they are not there after so many seconds.
        """
        results: dict[FrameRef, Result] = {}
        for ref in refs:
            known = self._cache.get(ref)
            if known is not None:
                results[ref] = known
        missing = [ref for ref in refs if ref not in results]
        try:
            found = self._decoded(missing, soon)
        except NotSoon:
            raise
        except BaseException as error:  # noqa: BLE001 - who asked raises it
            found = dict.fromkeys(missing, error)
        for ref, result in found.items():
            if isinstance(result, ViewerError):
                _forget_where(result)
            if isinstance(result, PixelError):
                self._remember(ref, result)
        return results | found

    def _decoded(
        self, refs: Sequence[FrameRef], soon: float | None = None
    ) -> dict[FrameRef, Result]:
        """Frames of one format, now in the cache."""
        if not refs:
            return {}
        if frames.is_plain(refs[0].image.pixels):
            return {ref: self._read_or_why(ref) for ref in refs}
        pixels, rooms = refs[0].image.pixels, dict[FrameRef, Room]()

        def room(ref: FrameRef) -> npt.NDArray[np.uint8]:
            rooms[ref] = self._rooms.room(ref)  # tried alone it has another
            return rooms[ref].cells

        start, size = perf_counter(), len(refs) * _size(refs[0])
        try:
            found = self._workers.decode_run(refs, room, self._stop, soon)
        except NotSoon:
            self._pace.note(pixels, size, _SOON_S)
            raise
        if not any(isinstance(result, ViewerError) for result in found):
            self._pace.note(pixels, size, perf_counter() - start)  # not what failed
        for ref, result in zip(refs, found, strict=True):
            if not isinstance(result, ViewerError):
                self._keep(ref, result, rooms[ref])
        return dict(zip(refs, found, strict=True))

    def _read_or_why(self, ref: FrameRef) -> Result:
        try:
            return self._read(ref)
        except ViewerError as error:
            return error

    def _read(self, ref: FrameRef) -> Frame:
        check_unchanged(ref.path, ref.stamp)
        room = self._rooms.room(ref)
        frame = frames.read_frame(ref.path, ref.image, ref.number, room.cells.data)
        if not np.may_share_memory(frame, room.cells):  # not in memory as in the file
            there = room.cells.view(frame.dtype).reshape(frame.shape)
            there[...] = frame
            frame = there
        self._keep(ref, frame, room)
        return frame

    def _keep(self, ref: FrameRef, frame: Frame, room: Room) -> None:
        taken = room.laid(ref) if room.laid is not None else None
        self._cache.put(ref, frame, room.piece, taken)

    def _reason(self, ref: FrameRef) -> PixelError | None:
        """Why a frame that was tried is not tried again."""
        known = self._refused.get(_name(ref))
        return PixelError(known[0], hint=known[1]) if known else None

    def _remember(self, ref: FrameRef, reason: PixelError) -> None:
        """Never try again what costs a worker each time.

        Its words, not the error itself, which grows with each time it is raised.
        """
        while len(self._refused) >= _REMEMBERED_REFUSALS:
            self._refused.pop(next(iter(self._refused)), None)
        self._refused[_name(ref)] = reason.message, reason.hint


def _size(ref: FrameRef) -> int:
    """Bytes of a decoded frame, about."""
    pixels = ref.image.pixels
    return pixels.frame_pixels * pixels.samples * max(pixels.bits_allocated // 8, 1)


def _name(ref: FrameRef) -> _Name:
    """What tells a frame from others, without the image that hangs on it."""
    return ref.path, ref.number, ref.stamp, ref.part


def _forget_where(error: ViewerError) -> None:
    """An error holds on to where it was raised, and so to the memory of the frame."""
    error.__traceback__ = error.__cause__ = error.__context__ = None


def _call_all(calls: "deque[Callable[[], None]]") -> None:
    """One after the other; a fault of one does not keep the others from theirs."""
    try:
        calls.popleft()()
    finally:
        if calls:
            _call_all(calls)
