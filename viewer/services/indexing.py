"""Files as the catalog takes them, from workers that read and hash them."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

import msgspec

from viewer.core.errors import ViewerError
from viewer.core.records import (
    FileStamp,
    IndexedRecord,
    PatientRecord,
    SeriesRecord,
    StudyRecord,
)
from viewer.services.lending import Lending, answer_as
from viewer.services.worker import Stalled, WorkerDied
from viewer.services.worker_messages import Answer, Entries, Entry, Index
from viewer.services.worker_reasons import why_unread

READ_SECONDS = 20.0
READ_PROCESSOR = 1.5  # seconds of computing; the longest header takes half of one
READ_MEMORY = 1 << 30

_MOST_HEADS = 4096

_Head = tuple[PatientRecord, StudyRecord, SeriesRecord]


class Indexed(NamedTuple):
    """What the catalog is to know of a file.

    Attributes
    ----------
    record : IndexedRecord
        Files that say the same of patient, study and series share these objects.
    stamp : FileStamp
        What the file was when it was read.
    sha256 : bytes or None
        None where it was not asked for, or nobody had the time.
    """

    record: IndexedRecord
    stamp: FileStamp
    sha256: bytes | None = None


IndexOutcome = tuple[str | Path, Indexed | ViewerError]
Answered = Callable[[], Indexed | ViewerError]


class Indexing:
    """Asks workers to index files. Any thread may use it.

    Parameters
    ----------
    lending : Lending
    """

    def __init__(self, lending: Lending) -> None:
        self._lending = lending
        self._heads: dict[bytes, _Head] = {}
        self._decoder: msgspec.msgpack.Decoder[_Head] = msgspec.msgpack.Decoder(_Head)

    def batch(self, paths: Sequence[str | Path], *, hashed: bool) -> list[IndexOutcome]:
        """Index some files with one worker, and go on after each that breaks it."""
        outcomes: list[IndexOutcome] = []
        one_by_one = False
        while len(outcomes) < len(paths):
            rest = paths[len(outcomes) :]
            alone = one_by_one or len(rest) == 1
            with self._lending.worker() as worker:
                try:
                    worker.send(_index(rest, one_by_one=one_by_one, hashed=hashed))
                    while len(outcomes) < len(paths):
                        answer = worker.receive(READ_SECONDS, self._lending.cancel)
                        found = self._found(answer)
                        here = paths[len(outcomes) : len(outcomes) + len(found)]
                        outcomes.extend(zip(here, found, strict=True))
                        told = isinstance(answer, Entries) and answer.alone
                        alone = one_by_one or told
                except (Stalled, WorkerDied) as reason:
                    if alone:
                        outcomes.append((paths[len(outcomes)], why_unread(reason)))
                    one_by_one = not alone  # one of several did it: find out which
        return outcomes

    @contextmanager
    def beside(self, path: str | Path) -> Iterator[Answered]:
        """A worker indexes a file in the block, and is asked in its end.

        The caller does something else meanwhile: it waits for a disk, mostly.

        Raises
        ------
        EnvironmentFailure
            If no worker can be started.
        Cancelled
            If the pool was closed.
        """
        with self._lending.worker() as worker:
            with suppress(WorkerDied):  # said when the answer is wanted
                worker.send(_index([path], one_by_one=True, hashed=False))

            def answered() -> Indexed | ViewerError:
                found: list[Indexed | ViewerError] = []
                try:
                    while not found:  # the first answer may be that it is odd
                        answer = worker.receive(READ_SECONDS, self._lending.cancel)
                        found = self._found(answer)
                except (Stalled, WorkerDied) as reason:
                    return why_unread(reason)
                return found[0]

            yield answered

    def _found(self, answer: Answer) -> list[Indexed | ViewerError]:
        found = answer_as(Entries, answer)
        if isinstance(found, ViewerError):
            return [found]
        heads = [self._known(head) for head in found.heads]
        return [_indexed(entry, heads[entry.head]) for entry in found.entries]

    def _known(self, head: bytes) -> _Head:
        known = self._heads.get(head)
        if known is None:
            if len(self._heads) >= _MOST_HEADS:
                self._heads.clear()
            known = self._heads[head] = self._decoder.decode(head)
        return known


def _indexed(entry: Entry, head: _Head) -> Indexed:
    record = IndexedRecord(*head, entry.instance)
    return Indexed(record, entry.stamp, entry.sha256)


def _index(paths: Sequence[str | Path], *, one_by_one: bool, hashed: bool) -> Index:
    encoded = tuple(map(os.fsencode, paths))
    limits = READ_SECONDS, READ_MEMORY, READ_PROCESSOR
    return Index(encoded, hashed, one_by_one, *limits)
