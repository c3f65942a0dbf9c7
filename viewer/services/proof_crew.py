"""Workers that read an export again, and can be killed over any file of it."""

import os
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from viewer.core.deidentification import Option
from viewer.core.errors import ViewerError
from viewer.core.telltale import Telltale
from viewer.services.indexing import READ_MEMORY, READ_PROCESSOR, READ_SECONDS
from viewer.services.lending import Lending, answer_as
from viewer.services.proof_messages import (
    Gather,
    Gathered,
    Learn,
    MadeOf,
    Prove,
    Proven,
)
from viewer.services.worker import Stalled, Worker, WorkerDied
from viewer.services.worker_messages import Request
from viewer.services.worker_reasons import why_unread

if TYPE_CHECKING:
    from viewer.services.jobs import Progress

AnswerT = TypeVar("AnswerT", Gathered, Proven)

_HANDS: Final = 2
_BATCH: Final = 16
_LOOK_S: Final = 0.2
_MEMORY: Final = max(READ_MEMORY, 2 << 30)
_SECONDS: Final = 6 * READ_SECONDS  # large files are read and searched whole


class ProofCrew:
    """Asks workers about files. One thread uses it, and waits.

    Parameters
    ----------
    lending : Lending
    """

    def __init__(self, lending: Lending) -> None:
        self._lending = lending
        self._stop = threading.Event()
        self._learned: Learn | None = None
        self._taught: set[int | None] = set()  # processes
        self._done = 0

    def gather(
        self, paths: Sequence[Path], options: frozenset[Option], progress: "Progress"
    ) -> list[Gathered | ViewerError]:
        """What each file of a source tells of people.

        Raises
        ------
        Cancelled
            If the user stopped it.
        EnvironmentFailure
            If no process can be started.
        """
        chosen = tuple(sorted(options))

        def ask(rest: tuple[bytes, ...]) -> Request:
            return Gather(rest, chosen, _SECONDS, _MEMORY, READ_PROCESSOR)

        progress.report(0, len(paths), "Reading the source")
        return self._all(paths, Gathered, ask, progress)

    def learn(
        self, values: Sequence[Telltale], options: frozenset[Option], key: bytes
    ) -> None:
        """Say what is sought in the files that come, and the key of the marks."""
        self._learned = Learn(tuple(values), tuple(sorted(options)), key)
        self._taught.clear()

    def prove(
        self,
        paths: Sequence[Path],
        options: frozenset[Option] | None,
        progress: "Progress",
        made_of: Mapping[Path, MadeOf] | None = None,
    ) -> list[Proven | ViewerError]:
        """What is found in each written file; see `learn`.

        Parameters
        ----------
        paths : sequence of Path
        options : frozenset of Option or None
            None asks each file.
        progress : Progress
        made_of : mapping, optional
            The source of each of the files, which is held beside it.

        Raises
        ------
        Cancelled
            If the user stopped it.
        EnvironmentFailure
            If no process can be started.
        """
        chosen = None if options is None else tuple(sorted(options))
        sources = {os.fsencode(path): one for path, one in (made_of or {}).items()}

        def ask(rest: tuple[bytes, ...]) -> Request:
            beside = tuple(sources[path] for path in rest) if sources else ()
            return Prove(rest, chosen, _SECONDS, _MEMORY, READ_PROCESSOR, beside)

        again = "Holding findings against the source"
        what = "Reading the export again" if made_of is None else again
        progress.report(0, len(paths), what)
        return self._all(paths, Proven, ask, progress)

    def _all(
        self,
        paths: Sequence[Path],
        kind: type[AnswerT],
        ask: Callable[[tuple[bytes, ...]], Request],
        progress: "Progress",
    ) -> list[AnswerT | ViewerError]:
        """Ask about each file, two batches at a time; answers in their order."""
        self._done = 0
        batches = [paths[at : at + _BATCH] for at in range(0, len(paths), _BATCH)]
        found: list[AnswerT | ViewerError] = []
        with ThreadPoolExecutor(_HANDS, "proof") as hands:
            running = [hands.submit(self._batch, each, kind, ask) for each in batches]
            try:
                for answer in running:
                    found += self._awaited(answer, len(paths), progress)
            except BaseException:
                self._stop.set()
                for answer in running:
                    answer.cancel()
                raise
        return found

    def _awaited(
        self,
        answer: "Future[list[AnswerT | ViewerError]]",
        total: int,
        progress: "Progress",
    ) -> list[AnswerT | ViewerError]:
        while True:
            progress.checkpoint()
            progress.report(self._done, total)
            try:
                return answer.result(timeout=_LOOK_S)
            except TimeoutError:
                continue

    def _batch(
        self,
        paths: Sequence[Path],
        kind: type[AnswerT],
        ask: Callable[[tuple[bytes, ...]], Request],
    ) -> list[AnswerT | ViewerError]:
        found: list[AnswerT | ViewerError] = []
        while len(found) < len(paths):
            with self._lending.worker(self._stop) as worker:
                try:
                    self._teach(worker)
                    worker.send(ask(tuple(map(os.fsencode, paths[len(found) :]))))
                    while len(found) < len(paths):
                        answer = worker.receive(
                            _SECONDS, self._lending.cancel, self._stop
                        )
                        found.append(answer_as(kind, answer))
                        self._done += 1
                except (Stalled, WorkerDied) as reason:
                    found.append(why_unread(reason))
                    self._done += 1
        return found

    def _teach(self, worker: Worker) -> None:
        """Let a process know what is sought, once."""
        if self._learned is not None and worker.pid not in self._taught:
            worker.send(self._learned)
            self._taught.add(worker.pid)
