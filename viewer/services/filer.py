"""Gives what has arrived its place and its row, a few at a time, behind its sender."""

import logging
import threading
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Self

from viewer.core.errors import EnvironmentFailure
from viewer.services.placing import Whole, placed

if TYPE_CHECKING:  # SQLAlchemy loads when the catalog is opened
    from viewer.catalog.filing import Outcome
    from viewer.services.library import Library

_log = logging.getLogger(__name__)

_BATCH = 512  # objects of one transaction
_GATHER_S = 0.25  # how long the first of a batch waits for others
_LONGEST_S = 1.0  # the same, while they come and come
_MANY = 32  # objects of a batch that others will follow
_RETRY_S = 2.0
_MOST_WAITING = 4096
_MOST_REFUSED = 64  # objects that may wait while the catalog takes no rows
_WRITERS = 8  # folders that wait for the disk at once


@dataclass(slots=True, eq=False)
class Waiting(Whole):
    """One that waits for its place and row."""

    outcome: "Future[Outcome]" = field(default_factory=Future)


class Filer:
    """A thread that files what it is given, in the order it is given.

    What cannot be filed now is tried again for as long as we live.
    """

    def __init__(self, library: "Library") -> None:
        self._library = library
        self._change = threading.Condition()
        self._queue: deque[Waiting] = deque()
        self._failure: EnvironmentFailure | None = None
        self._closing = False
        self._hurry = False  # somebody waits
        self._patience = _GATHER_S  # of the first of a batch, in seconds
        self._filed = 0
        self._left_out = False
        self._thread = threading.Thread(target=self._run, name="filer")

    def __enter__(self) -> Self:
        """Begin to work."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """File what waits, as far as the catalog lets us, and stop."""
        with self._change:
            self._closing = True
            self._change.notify_all()
        self._thread.join()

    def is_done(self) -> bool:
        """Whether everything has its row."""
        with self._change:
            return not self._queue and not self._left_out

    def add(self, waiting: Waiting) -> None:
        """File this."""
        with self._change:
            self._queue.append(waiting)
            if len(self._queue) in (1, _BATCH):
                self._change.notify_all()

    def check(self) -> None:
        """Make sure that more can be taken.

        Raises
        ------
        EnvironmentFailure
            If the catalog takes no rows, and too many wait already.
        """
        waiting = len(self._queue)
        if self._failure is not None and waiting >= _MOST_REFUSED:
            raise self._failure
        if waiting >= _MOST_WAITING:
            raise EnvironmentFailure(
                "The catalog is busy with other work.", hint="Try again in a moment."
            )

    def flush(self) -> None:
        """Wait until all that was added until now has its row.

        Raises
        ------
        EnvironmentFailure
            If the catalog refuses; what waits is tried again all the same.
        """
        with self._change:
            self._failure, self._hurry = None, True
            self._change.notify_all()
            waiting = self._filed + len(self._queue)  # what comes later may come later
            self._change.wait_for(lambda: self._filed >= waiting or self._failure)
            if self._failure is not None:
                raise self._failure

    def _run(self) -> None:
        with ThreadPoolExecutor(_WRITERS, "place") as pool:
            while batch := self._next_batch():
                try:
                    outcomes = self._file(batch, pool)
                except EnvironmentFailure as error:
                    if not self._may_try_again(error):
                        return
                else:
                    self._finish(batch, outcomes)
                    self._tell()

    def _next_batch(self) -> list[Waiting]:
        """What is filed together; nothing at the end."""
        with self._change:
            self._change.wait_for(lambda: self._queue or self._closing)
            self._change.wait_for(
                lambda: len(self._queue) >= _BATCH or self._hurry or self._closing,
                self._patience,
            )
            self._hurry = False
            batch = list(islice(self._queue, _BATCH))
        self._patience = patience_after(len(batch), self._patience)
        return batch

    def _file(
        self, batch: list[Waiting], pool: ThreadPoolExecutor
    ) -> "list[Outcome | Exception]":
        """What became of each; an object that alone makes trouble is left out."""
        try:
            arrivals = placed(self._library, batch, pool)
            outcomes = self._library.catalog.file_all(arrivals)
        except EnvironmentFailure:
            raise
        except Exception as error:  # noqa: BLE001 - a file gone, or a bug: told below
            if len(batch) == 1:
                _log.error("not filed", exc_info=error)
                return [error]
            half = len(batch) // 2
            return self._file(batch[:half], pool) + self._file(batch[half:], pool)
        for one in batch:
            one.path.unlink(missing_ok=True)  # what we have already is kept instead
        return list(outcomes)

    def _finish(
        self, batch: list[Waiting], outcomes: "list[Outcome | Exception]"
    ) -> None:
        for waiting, outcome in zip(batch, outcomes, strict=True):
            if isinstance(outcome, Exception):
                self._left_out = True
                waiting.outcome.set_exception(outcome)
            else:
                waiting.outcome.set_result(outcome)
        with self._change:
            for _ in batch:
                self._queue.popleft()
            self._filed += len(batch)
            self._failure = None
            self._change.notify_all()

    def _tell(self) -> None:
        try:
            self._library.changed.emit()
        except Exception as error:  # noqa: BLE001 - a listener's bug stops no filing
            _log.error("told of new objects", exc_info=error)

    def _may_try_again(self, error: EnvironmentFailure) -> bool:
        """Wait a little after a failure; there is no other time once we close."""
        with self._change:
            self._failure = error
            self._change.notify_all()
            was_closing = self._closing
            if not was_closing:
                self._change.wait_for(lambda: self._closing, _RETRY_S)
        return not was_closing


def patience_after(count: int, before: float) -> float:
    """How long the first of a batch waits for others, in seconds.

    Filing many at once disturbs the disk less, so batches grow while many come; the
    first ones are to be seen soon.

    Parameters
    ----------
    count : int
        Objects of the last batch.
    before : float
        How long its first one may have waited, in seconds.
    """
    return min(2 * before, _LONGEST_S) if count >= _MANY else _GATHER_S
