"""Worker processes that read and decode what may be hostile, and can be killed.

A file of 30 kB keeps a decoder busy for minutes, one of 570 bytes takes gigabytes, and
a thread cannot be killed. So whatever parses a file runs in a process with a time and
a memory limit; when it dies or stalls, a fresh one takes its place and the file gets
the reason. Frames come back through shared memory that is made here.
"""

import os
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, suppress
from functools import partial
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self, TypeVar

from viewer.core.errors import Cancelled, EnvironmentFailure, ViewerError
from viewer.core.records import FileRecord
from viewer.services.composing import Composing
from viewer.services.courtesy import Courtesy
from viewer.services.frame_ref import FrameRef
from viewer.services.indexing import (
    READ_MEMORY,
    READ_PROCESSOR,
    READ_SECONDS,
    Answered,
    Indexing,
    IndexOutcome,
)
from viewer.services.lending import Lending
from viewer.services.proof_crew import ProofCrew
from viewer.services.run_decoding import RunDecoding
from viewer.services.telling import Telling
from viewer.services.worker import Stalled, Worker, WorkerDied
from viewer.services.worker_messages import Read, Warm
from viewer.services.worker_reasons import read_outcome, why_unread
from viewer.services.writing_out import WritingOut

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from viewer.services.run_decoding import NewRoom

Outcome = tuple[Path, FileRecord | ViewerError]
FoundT = TypeVar("FoundT")
PathT = TypeVar("PathT")

_BATCH = 64


class Workers:
    """A pool of worker processes, started when they are first needed.

    Any thread may use it; as many requests run at once as there are workers.

    Parameters
    ----------
    count : int, optional
        By default one more than there are processors: however many files are read
        or prefetched, one worker is free for the hand.

    Attributes
    ----------
    courtesy : Courtesy
        Headers are read slowly while the hand moves.
    telling : Telling
        Everything a file says.
    writing_out : WritingOut
        Instances that leave the library.
    composing : Composing
        Reports of what was measured.
    """

    def __init__(self, count: int | None = None) -> None:
        self.count = count or max(2, min(os.cpu_count() or 2, 4)) + 1
        self.courtesy = Courtesy()
        self._free = threading.Semaphore(self.count)
        self._idle: deque[Worker] = deque()
        self._cancel = threading.Event()
        self._lending = Lending(self._lease, self._cancel)
        self._indexing = Indexing(self._lending)
        self._decoding = RunDecoding(self._lending)
        self.telling = Telling(self._lending)
        self.writing_out = WritingOut(self._lending)
        self.composing = Composing(self._lending)
        self._prestart: threading.Thread | None = None

    @property
    def has_idle(self) -> bool:
        """Whether somebody who asks now finds a worker that does nothing."""
        return bool(self._idle)

    def proof_crew(self) -> ProofCrew:
        """Who reads an export again, for one proof."""
        return ProofCrew(self._lending)

    def prestart(self) -> None:
        """Have the workers ready before somebody waits for them; returns at once."""
        self._prestart = threading.Thread(target=self._warm, name="prestart")
        self._prestart.start()

    def make_one_ready(self) -> None:
        """Have one worker ready to index on return: the first file waits for none.

        Raises
        ------
        EnvironmentFailure
            If none can be started.
        """
        with self.indexing(os.devnull) as answered:  # it loads what reading takes
            answered()

    def read_files(self, paths: Iterable[str | Path]) -> Iterator[Outcome]:
        """Read the headers of many files, in order, some ahead of what was taken.

        A file that kills its worker, or takes too long, gets an error; the rest is
        read all the same.

        Yields
        ------
        tuple
            The path, and what it says or why it cannot be read.

        Raises
        ------
        EnvironmentFailure
            If no worker can be started: that is not the fault of a file.
        """
        return self._ahead(map(Path, paths), self._read_batch)

    def index_files(
        self, paths: Iterable[str | Path], *, hashed: bool = False
    ) -> Iterator[IndexOutcome]:
        """Read the headers of many files for the catalog; as `read_files`.

        Each path comes back as it was given.

        Parameters
        ----------
        hashed : bool
            Whether the SHA-256 of each file is wanted too, if that is quick.
        """
        return self._ahead(paths, partial(self._indexing.batch, hashed=hashed))

    def _ahead(
        self,
        paths: Iterable[PathT],
        work: Callable[[list[PathT]], list[FoundT]],
    ) -> Iterator[FoundT]:
        """Work through batches of files, some ahead of what was taken."""
        rest = iter(paths)
        readers = max(self.count - 1, 1)
        with ThreadPoolExecutor(readers, "read") as pool:
            ahead: deque[Future[list[FoundT]]] = deque()
            try:
                while True:
                    while len(ahead) <= readers:
                        batch = list(islice(rest, _BATCH))
                        if not batch:
                            break
                        ahead.append(pool.submit(work, batch))
                    if not ahead:
                        return
                    for outcome in ahead.popleft().result():
                        self.courtesy.stand_back()
                        yield outcome
            finally:
                for future in ahead:
                    future.cancel()

    def indexing(self, path: str | Path) -> AbstractContextManager[Answered]:
        """Have a file indexed while the caller works; see `Indexing.beside`."""
        return self._indexing.beside(path)

    def decode(
        self, ref: FrameRef, cancel: threading.Event | None = None
    ) -> "npt.NDArray[np.generic]":
        """Stored values of one frame; the calling thread waits.

        Parameters
        ----------
        ref : FrameRef
        cancel : threading.Event, optional
            Set from another thread, it ends the waiting and the worker.

        Raises
        ------
        PixelError
            If it cannot be decoded, or not within the limits.
        UnreadableError
            If the file has changed or cannot be read.
        Cancelled
            If somebody gave up, or the pool was closed.
        EnvironmentFailure
            If no worker can be started.
        """
        return self._decoding.frame(ref, cancel)

    def decode_run(
        self,
        refs: Sequence[FrameRef],
        room: "NewRoom",
        cancel: threading.Event | None = None,
        soon: float | None = None,
    ) -> "list[npt.NDArray[np.generic] | ViewerError]":
        """Stored values of several frames of one format, one request for all.

        If one of them brings the worker down, each is tried alone.

        Parameters
        ----------
        refs : sequence of FrameRef
        room : callable
            Gives memory for the stored values of each, as many bytes as they have.
        cancel : threading.Event, optional
        soon : float, optional
            Seconds after which they are given up, all of them, as they are where one
            brings the worker down.

        Raises
        ------
        Cancelled
            As `decode`.
        NotSoon
            If they were given up.
        """
        return self._decoding.run(refs, room, cancel, soon)

    def close(self) -> None:
        """End every worker, also those that are at work, and wait for them."""
        self._cancel.set()
        if self._prestart is not None:
            self._prestart.join()
        for _ in range(self.count):  # those at work notice and come back
            self._free.acquire()
        for worker in self._idle:  # they go together, and are waited for one by one
            worker.dismiss()
        while self._idle:
            self._idle.pop().close()
        self._free.release(self.count)

    def __enter__(self) -> Self:
        """Use the pool for the length of a block."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close it."""
        self.close()

    @contextmanager
    def _lease(self) -> Iterator[Worker]:
        """A worker for one thread at a time; one that broke is replaced at once."""
        with self._free:
            if self._cancel.is_set():
                raise Cancelled
            try:
                worker = self._idle.pop()
                worker.revive()  # somebody may have killed it while it slept
            except IndexError:
                worker = Worker()
            try:
                yield worker
            finally:
                if self._cancel.is_set():
                    worker.close()
                elif worker.revive():
                    with suppress(WorkerDied):
                        worker.send(Warm())
                    self._idle.appendleft(worker)  # those that are ready go first
                else:
                    self._idle.append(worker)

    def _warm(self) -> None:
        started: list[Worker] = []
        while (
            len(started) + len(self._idle) < self.count
            and not self._cancel.is_set()
            and self._free.acquire(blocking=False)
        ):
            try:
                started.append(Worker())
            except EnvironmentFailure:  # told to whoever needs one
                self._free.release()
                break
            with suppress(WorkerDied):  # whoever needs it will start another
                started[-1].send(Warm())
        for worker in started:
            self._idle.append(worker)
            self._free.release()

    def _read_batch(self, paths: list[Path]) -> list[Outcome]:
        """Read some files with one worker, and go on after each that breaks it."""
        outcomes: list[Outcome] = []
        while len(outcomes) < len(paths):
            waiting = paths[len(outcomes) :]
            with self._lending.worker() as worker:
                try:
                    worker.send(_reading(waiting))
                    for path in waiting:
                        answer = worker.receive(READ_SECONDS, self._cancel)
                        outcomes.append((path, read_outcome(answer)))
                except (Stalled, WorkerDied) as reason:
                    outcomes.append((paths[len(outcomes)], why_unread(reason)))
        return outcomes


def _reading(paths: list[Path]) -> Read:
    encoded = tuple(map(os.fsencode, paths))
    return Read(encoded, READ_SECONDS, READ_MEMORY, READ_PROCESSOR)
