"""Workers that write instances for an export: their parent never parses one."""

import os
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from viewer.core.deidentification import Recipe
from viewer.core.disc import FileRecords
from viewer.core.errors import ViewerError
from viewer.services.export_messages import Listed, ListOut, OutPlace, WentOut, WriteOut
from viewer.services.indexing import READ_MEMORY, READ_PROCESSOR, READ_SECONDS
from viewer.services.lending import Lending, answer_as
from viewer.services.worker import Stalled, WorkerDied
from viewer.services.worker_reasons import why_unread

SECONDS: Final = 120.0  # the disk that is written may be slow
_BYTES_PER_SECOND: Final = 1 << 20
_MEMORY: Final = 2 << 30


@dataclass(frozen=True, slots=True)
class WritingOut:
    """Has workers write instances. Any thread may use it, and waits.

    Attributes
    ----------
    lending : Lending
    """

    lending: Lending

    def write(
        self,
        places: Sequence[OutPlace],
        recipe: Recipe | None,
        took: Callable[[int, WentOut | ViewerError], None],
        stop: threading.Event | None = None,
    ) -> None:
        """Write instances one after the other, and go on after each that fails.

        Parameters
        ----------
        places : sequence of OutPlace
        recipe : Recipe or None
        took : callable
            Hears of each, in order: its number here and what became of it.
        stop : threading.Event, optional
            Ends the work, and the worker with it.

        Raises
        ------
        Cancelled
        EnvironmentFailure
            If no worker can be started.
        """
        told = 0
        while told < len(places):
            rest = tuple(places[told:])
            longest = max(place.stamp.size for place in rest)
            seconds = SECONDS + longest / _BYTES_PER_SECOND
            request = WriteOut(rest, recipe, seconds, _MEMORY, READ_PROCESSOR)
            with self.lending.worker(stop) as worker:
                try:
                    worker.send(request)
                    while told < len(places):
                        answer = worker.receive(seconds, self.lending.cancel, stop)
                        took(told, answer_as(WentOut, answer))
                        told += 1
                except (Stalled, WorkerDied) as reason:
                    took(told, why_unread(reason))
                    told += 1

    def records(self, paths: Sequence[Path]) -> list[FileRecords | ViewerError]:
        """What a DICOMDIR says of each file, or why it says nothing.

        Raises
        ------
        Cancelled
        EnvironmentFailure
            If no worker can be started.
        """
        found: list[FileRecords | ViewerError] = []
        while len(found) < len(paths):
            rest = tuple(map(os.fsencode, paths[len(found) :]))
            request = ListOut(rest, READ_SECONDS, READ_MEMORY, READ_PROCESSOR)
            with self.lending.worker() as worker:
                try:
                    worker.send(request)
                    while len(found) < len(paths):
                        answer = worker.receive(READ_SECONDS, self.lending.cancel)
                        said = answer_as(Listed, answer)
                        found.append(said.records if isinstance(said, Listed) else said)
                except (Stalled, WorkerDied) as reason:
                    found.append(why_unread(reason))
        return found
