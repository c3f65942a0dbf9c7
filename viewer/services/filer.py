"""Writes rows for what has arrived, a few at a time, behind the senders' backs."""

import logging
import threading
from collections import Counter, deque
from concurrent.futures import Future
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Self

from viewer.core.errors import EnvironmentFailure
from viewer.core.records import FileRecord
from viewer.services.store import stamp_of

if TYPE_CHECKING:  # SQLAlchemy loads when the catalog is opened
    from viewer.catalog.filing import Arrival, Outcome
    from viewer.services.library import Library

_log = logging.getLogger(__name__)

_BATCH = 64  # rows of one transaction
_GATHER_S = 0.05  # how long the first of a batch waits for others
_RETRY_S = 2.0
_MOST_WAITING = 4096


@dataclass(frozen=True, slots=True, eq=False)
class Waiting:
    """An object in its place, without its row yet."""

    record: FileRecord
    sha256: bytes
    path: Path
    stored: bool
    outcome: "Future[Outcome]" = field(default_factory=Future)


class Filer:
    """A thread that files what it is given, in the order it is given.

    What cannot be filed now is tried again for as long as we live.
    """

    def __init__(self, library: "Library") -> None:
        self._library = library
        self._change = threading.Condition()
        self._queue: deque[Waiting] = deque()
        self._placed: Counter[bytes] = Counter()
        self._failure: EnvironmentFailure | None = None
        self._closing = False
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

    def has(self, sha256: bytes) -> bool:
        """Whether this file is in its place and waits for its row."""
        with self._change:
            return self._placed[sha256] > 0

    def announce(self, waiting: Waiting) -> None:
        """Say that a file is in its place; `add` follows."""
        with self._change:
            self._placed[waiting.sha256] += 1

    def add(self, waiting: Waiting) -> None:
        """File this."""
        with self._change:
            self._queue.append(waiting)
            self._change.notify_all()

    def check(self) -> None:
        """Make sure that more can be taken.

        Raises
        ------
        EnvironmentFailure
            If the catalog takes no rows, and too many wait already.
        """
        with self._change:
            if self._failure is not None and len(self._queue) >= _BATCH:
                raise self._failure
            if len(self._queue) >= _MOST_WAITING:
                raise EnvironmentFailure(
                    "The catalog is busy with other work.",
                    hint="Try again in a moment.",
                )

    def flush(self) -> None:
        """Wait until all has its row.

        Raises
        ------
        EnvironmentFailure
            If the catalog refuses; what waits is tried again all the same.
        """
        with self._change:
            self._failure = None
            self._change.wait_for(lambda: not self._queue or self._failure)
            if self._failure is not None:
                raise self._failure

    def _run(self) -> None:
        while batch := self._next_batch():
            try:
                outcomes = self._file(batch)
            except EnvironmentFailure as error:
                if not self._may_try_again(error):
                    return
            else:
                self._finish(batch, outcomes)

    def _next_batch(self) -> list[Waiting]:
        """What is filed together; nothing at the end."""
        with self._change:
            self._change.wait_for(lambda: self._queue or self._closing)
            self._change.wait_for(
                lambda: len(self._queue) >= _BATCH or self._closing, _GATHER_S
            )
            return list(islice(self._queue, _BATCH))

    def _file(self, batch: "list[Waiting]") -> "list[Outcome | Exception]":
        """What became of each; an object that alone makes trouble is left out."""
        try:
            return list(self._library.catalog.file_all(list(map(_arrival, batch))))
        except EnvironmentFailure:
            raise
        except Exception as error:  # noqa: BLE001 - a file gone, or a bug: told below
            if len(batch) == 1:
                _log.error("not filed", exc_info=error)
                return [error]
            return [each for one in batch for each in self._file([one])]

    def _finish(
        self, batch: "list[Waiting]", outcomes: "list[Outcome | Exception]"
    ) -> None:
        for waiting, outcome in zip(batch, outcomes, strict=True):
            if isinstance(outcome, Exception):
                self._left_out = True
                waiting.outcome.set_exception(outcome)
            else:
                waiting.outcome.set_result(outcome)
        self._library.changed.emit()
        with self._change:
            for waiting in batch:
                self._queue.popleft()
                self._placed[waiting.sha256] -= 1
            self._placed = +self._placed
            self._failure = None
            self._change.notify_all()

    def _may_try_again(self, error: EnvironmentFailure) -> bool:
        """Wait a little after a failure; there is no other time once we close."""
        with self._change:
            self._failure = error
            self._change.notify_all()
            was_closing = self._closing
            if not was_closing:
                self._change.wait_for(lambda: self._closing, _RETRY_S)
        return not was_closing


def _arrival(waiting: Waiting) -> "Arrival":
    from viewer.catalog.filing import Arrival  # noqa: PLC0415 - SQLAlchemy is slow

    return Arrival(
        waiting.record,
        waiting.sha256,
        str(waiting.path),
        stamp_of(waiting.path),
        stored=waiting.stored,
    )
