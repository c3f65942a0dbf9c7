"""Run work off the calling thread, without Qt.

Short answers (a query, a thumbnail) go through `Jobs.submit`. Long work goes through
`Jobs.start`: it has a name, progress, pause and cancel, and is listed for the jobs bar.
"""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import count
from typing import Protocol, TypeVar

from psygnal import Signal

from viewer.core.errors import Cancelled, Closing

R = TypeVar("R")
Deliver = Callable[[Callable[[], None]], None]
"""Brings a call onto the thread that may change state; safe from any thread."""


class JobState(StrEnum):
    """Where a long work stands."""

    RUNNING = "running"
    PAUSED = "paused"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def over(self) -> bool:
        """Whether nothing more will happen."""
        return self in (JobState.DONE, JobState.FAILED, JobState.CANCELLED)


@dataclass(frozen=True, slots=True)
class JobStatus:
    """What the jobs bar shows of one long work.

    `total` is 0 while it is not known; `text` holds no patient's data.
    """

    id: int
    title: str
    state: JobState = JobState.RUNNING
    done: int = 0
    total: int = 0
    text: str = ""


class Progress(Protocol):
    """How long work reports, and learns that it should pause or stop."""

    def report(self, done: int, total: int, text: str = "") -> None:
        """Say how far the work is; cheap, call it often."""

    def checkpoint(self) -> None:
        """Wait here while paused.

        Raises
        ------
        Cancelled
            If the user stopped the work.
        """


class Silent:
    """Progress nobody watches."""

    def report(self, done: int, total: int, text: str = "") -> None:
        """Say nothing."""

    def checkpoint(self) -> None:
        """Go on."""


class Job:
    """One long work, seen from outside: its status, pause and cancel."""

    def __init__(self, status: JobStatus, changed: Callable[[JobStatus], None]) -> None:
        self.status = status
        self._changed = changed
        self._cancelled = threading.Event()
        self._wish: type[Cancelled] = Cancelled
        self._may_run = threading.Event()
        self._may_run.set()

    def report(self, done: int, total: int, text: str = "") -> None:
        """Say how far the work is (called by the work)."""
        self._set(replace(self.status, done=done, total=total, text=text))

    def checkpoint(self) -> None:
        """Wait while paused, raise `Cancelled` when stopped (called by the work)."""
        self._may_run.wait()
        if self._cancelled.is_set():
            raise self._wish

    def pause(self) -> None:
        """Hold the work at its next checkpoint."""
        if self.status.state is JobState.RUNNING:
            self._may_run.clear()
            self._set(replace(self.status, state=JobState.PAUSED))

    def resume(self) -> None:
        """Let a paused work go on."""
        if self.status.state is JobState.PAUSED:
            self._set(replace(self.status, state=JobState.RUNNING))
            self._may_run.set()

    def cancel(self) -> None:
        """Stop the work at its next checkpoint."""
        self._cancelled.set()
        self._may_run.set()

    def close(self) -> None:
        """Stop the work because the program ends."""
        self._wish = Closing
        self.cancel()

    def finish(self, state: JobState, text: str) -> None:
        """Note how the work ended."""
        self._set(replace(self.status, state=state, text=text))

    def _set(self, status: JobStatus) -> None:
        self.status = status
        self._changed(status)


class Jobs:
    """Two pools: one for answers, one for long work.

    `changed` is emitted with a `JobStatus`, on the delivering thread.
    """

    changed = Signal(JobStatus)

    def __init__(self, deliver: Deliver, workers: int = 2) -> None:
        self._deliver = deliver
        self._answers = ThreadPoolExecutor(workers, "answer")
        self._long = ThreadPoolExecutor(workers, "job")
        self._ids = count(1)
        self._untold: dict[int, JobStatus] = {}
        self._telling = threading.Lock()
        self._closing = threading.Lock()
        self._closed = False
        self.running: dict[int, Job] = {}

    def submit(
        self,
        work: Callable[[], R],
        done: Callable[[R], None],
        failed: Callable[[BaseException], None],
    ) -> Future[R]:
        """Start short `work`; call `done` or `failed` on the delivering thread.

        Once closed neither is called: who asks then belongs to a window that goes.
        """
        future = self._begun(self._answers, work)
        future.add_done_callback(lambda f: self._finish(f, done, failed))
        return future

    def start(
        self,
        title: str,
        work: Callable[[Progress], R],
        done: Callable[[R], None],
        failed: Callable[[BaseException], None],
    ) -> Job:
        """Start long `work`; call `done` or `failed` on the delivering thread.

        Once closed it is cancelled at once.
        """
        job = Job(JobStatus(next(self._ids), title), self._announce)
        self.running[job.status.id] = job
        self._announce(job.status)
        future = self._begun(self._long, lambda: work(job))
        future.add_done_callback(lambda f: self._end(job, f, done, failed))
        return job

    def close(self) -> None:
        """Cancel what runs, drop what waits, then wait."""
        with self._closing:
            self._closed = True
        for job in list(self.running.values()):
            job.close()
        self._answers.shutdown(wait=True, cancel_futures=True)
        self._long.shutdown(wait=True, cancel_futures=True)

    def _begun(self, pool: ThreadPoolExecutor, work: Callable[[], R]) -> Future[R]:
        """What becomes of `work`; cancelled already if nothing begins any more."""
        with self._closing:
            if not self._closed:
                return pool.submit(work)
        never: Future[R] = Future()
        never.cancel()
        return never

    def _announce(self, status: JobStatus) -> None:
        # An import reports thousands of files a second: only the newest status of a
        # job waits for its turn, so that reports can never pile up before the window.
        with self._telling:
            waits = status.id in self._untold
            self._untold[status.id] = status
        if not waits:
            self._deliver(lambda: self._tell(status.id))

    def _tell(self, job_id: int) -> None:
        with self._telling:
            status = self._untold.pop(job_id)
        self.changed.emit(status)

    def _end(
        self,
        job: Job,
        future: Future[R],
        done: Callable[[R], None],
        failed: Callable[[BaseException], None],
    ) -> None:
        self.running.pop(job.status.id, None)
        error = Cancelled() if future.cancelled() else future.exception()
        if error is None:
            job.finish(JobState.DONE, job.status.text)
        elif isinstance(error, Cancelled):
            job.finish(JobState.CANCELLED, "")
        else:
            job.finish(JobState.FAILED, "")
        self._finish(future, done, failed)

    def _finish(
        self,
        future: Future[R],
        done: Callable[[R], None],
        failed: Callable[[BaseException], None],
    ) -> None:
        if future.cancelled():
            return
        error = future.exception()
        if error is not None:
            self._deliver(lambda: failed(error))
        else:
            self._deliver(lambda: done(future.result()))
