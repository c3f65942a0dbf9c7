"""Bring files into the library: every one is counted, none is lost, none stops it.

Headers are read ahead by processes that can be killed. Then, batch by batch: bytes
to disk, places in the store, rows in the catalog. Only in that order can an import be
cut off at any moment and simply be started again. While one batch gets its places and
rows, the bytes of the next are on their way to the disk.
"""

import os
import threading
from collections import deque
from collections.abc import Collection, Generator, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from viewer.core.errors import UnreadableError, ViewerError
from viewer.core.listing import ConflictKind
from viewer.core.records import IndexedRecord
from viewer.services.import_report import (
    ConflictItem,
    ImportReport,
    ImportRequest,
    Refusal,
    Tally,
)
from viewer.services.indexing import Indexed
from viewer.services.jobs import Progress, Silent
from viewer.services.leases import lease
from viewer.services.library import HeaderReader, Library
from viewer.services.recovery import IMPORT, recover
from viewer.services.resuming import Noted, noted
from viewer.services.sources import Found, find_files
from viewer.services.store import Copy, sha256_of, stamp_of

if TYPE_CHECKING:  # SQLAlchemy loads when the catalog is opened
    from viewer.catalog.catalog import KnownFile
    from viewer.catalog.filing import Arrival

__all__ = ["ConflictItem", "ImportReport", "ImportRequest", "Importing", "Refusal"]

_BATCH_FILES = 64  # in one transaction
_BATCH_REFERENCES = 512
_BATCH_BYTES = 128 << 20
_WRITERS = 8  # files and folders that wait for the disk at once


class Importing:
    """Imports into one library."""

    def __init__(self, library: Library, reader: HeaderReader | None = None) -> None:
        self._library = library
        self._reader = reader

    def run(
        self, request: ImportRequest, progress: Progress | None = None
    ) -> ImportReport:
        """Import what was asked for; what is finished stays, however this ends.

        Raises
        ------
        Cancelled
            If the user stopped it.
        EnvironmentFailure
            If our disk is full or closed, or the catalog does not work.
        """
        library, reader = self._library, self._reader or self._library.reader
        catalog = library.catalog
        with (
            lease(catalog.jobs, IMPORT) as token,
            noted(catalog, request, token) as note,
        ):
            run = _Run(library, reader, request, token)
            try:
                run.work(progress or Silent(), note)
                recover(library, reader, token)
            finally:
                library.store.clear(token)
                if run.tally.studies or run.tally.conflicts:
                    library.changed.emit()
        return run.tally.report()


class _Read(NamedTuple):
    """A file whose header was read."""

    found: Found
    indexed: Indexed

    @property
    def uid(self) -> str:
        """Of its instance."""
        return self.indexed.record.instance.sop_instance_uid


class _Secured(NamedTuple):
    """A file whose bytes are hashed, and on our disk if they are to be there."""

    read: _Read
    sha256: bytes
    copy: Copy | None = None
    kept: "KnownFile | None" = None  # what we have already is as good


class _Batch(NamedTuple):
    """Files that are filed together, on their way to the disk."""

    reads: Sequence[_Read]
    uids: frozenset[str]
    securing: "Sequence[_Secured | Future[_Secured]]"


class _Run:
    """One import under way."""

    def __init__(
        self, library: Library, reader: HeaderReader, request: ImportRequest, token: str
    ) -> None:
        self._library = library
        self._reader = reader
        self._request = request
        self._token = token
        self._workspace = library.store.workspace(token)
        self.tally = Tally()

    def work(self, progress: Progress, note: Noted) -> None:
        """Go through everything, a batch at a time."""
        over = threading.Event()
        with (
            ThreadPoolExecutor(_WRITERS, "copy") as pool,
            ThreadPoolExecutor(_WRITERS, "place") as placing,
            closing(self._batches()) as batches,
        ):
            total = placing.submit(_how_many, self._request.paths, over)
            before: _Batch | None = None

            def finish(batch: _Batch) -> None:
                self._finish(batch, placing)
                seen = self.tally.seen
                known = total.result() if total.done() else 0
                known = known if known >= seen else 0
                note.advance(seen, known)
                progress.report(seen, known)

            try:
                for reads in batches:
                    progress.checkpoint()
                    uids = frozenset(read.uid for read in reads)
                    if before is not None and not uids.isdisjoint(before.uids):
                        finish(before)  # what it brings is to be known by now
                        before = None
                    securing = self._securing(reads, uids, pool)
                    if before is not None:
                        finish(before)
                    before = _Batch(reads, uids, securing)
                    if self._request.reference:  # there is nothing to wait for
                        finish(before)
                        before = None
                progress.checkpoint()
                if before is not None:
                    finish(before)
            finally:
                over.set()
                pool.shutdown(wait=False, cancel_futures=True)
        progress.report(self.tally.seen, self.tally.seen)

    def _batches(self) -> Generator[list[_Read], None, None]:
        """What is filed together: so many files, and not too many bytes."""
        most = _BATCH_FILES
        batch: list[_Read] = []
        size = 0
        with closing(self._headers()) as headers:
            for read in headers:
                batch.append(read)
                size += read.indexed.stamp.size
                if len(batch) == most or size >= _BATCH_BYTES:
                    yield batch
                    batch, size = [], 0
                    if self._request.reference:  # nothing waits for the disk
                        most = _BATCH_REFERENCES
        if batch:
            yield batch

    def _headers(self) -> Generator[_Read, None, None]:
        """Every file that can be filed; the others are counted on the way."""
        waiting: deque[Found] = deque()
        outcomes = self._reader.index_files(
            self._readable(waiting), hashed=self._request.reference
        )
        for _, outcome in outcomes:
            found = waiting.popleft()
            if isinstance(outcome, ViewerError):
                self._refuse(found, outcome)
            elif _is_fit(outcome.record):
                yield _Read(found, outcome)
            else:
                self._refuse(found, _nameless(outcome.record))

    def _readable(self, waiting: deque[Found]) -> Iterator[str]:
        sources = find_files(
            self._request.paths,
            password=self._request.password,
            workspace=self._workspace,
        )
        for found in sources:
            if found.error is None:
                waiting.append(found)
                yield found.place
            else:
                self._refuse(found, found.error)

    def _refuse(self, found: Found, error: ViewerError) -> None:
        self.tally.refuse(found.label, error, named=found.named)
        found.release()

    def _securing(
        self, reads: Sequence[_Read], uids: Collection[str], pool: ThreadPoolExecutor
    ) -> "list[_Secured | Future[_Secured]]":
        """Begin to bring the bytes to disk; what is only referenced is ready."""
        known = self._library.catalog.known(uids)
        securing: list[_Secured | Future[_Secured]] = []
        for read in reads:
            file, sha256 = known.get(read.uid), read.indexed.sha256
            if file is None and sha256 is not None and not self._copies(read):
                securing.append(_Secured(read, sha256))
            else:
                securing.append(pool.submit(self._secure, read, file))
        return securing

    def _finish(self, batch: _Batch, placing: ThreadPoolExecutor) -> None:
        """Bytes to disk, places in the store, rows in the catalog."""
        secured: list[_Secured] = []
        for read, one in zip(batch.reads, batch.securing, strict=True):
            try:
                secured.append(one.result() if isinstance(one, Future) else one)
            except UnreadableError as error:
                self._refuse(read.found, error)
        copies = [one.copy for one in secured if one.copy is not None]
        self._library.store.place(copies, placing)
        self._file(secured)

    def _copies(self, read: _Read) -> bool:
        """Whether we are to have a copy of our own."""
        return not self._request.reference or read.found.temporary

    def _secure(self, read: _Read, known: "KnownFile | None") -> _Secured:
        """Hash the bytes, and copy them unless we have them."""
        self._reader.courtesy.stand_back()
        path, stamp = read.found.path, read.indexed.stamp
        copies, sha256 = self._copies(read), read.indexed.sha256
        if known is not None and known.stamp.size == stamp.size:
            sha256 = sha256 or sha256_of(path, stamp)
            if sha256 == known.sha256:
                in_place = _is_in_place(known)
                if in_place and (known.stored or not copies):
                    return _Secured(read, sha256, kept=known)
                copies |= known.stored  # our own copy is gone or spoilt
        if not copies:
            return _Secured(read, sha256 or sha256_of(path, stamp))
        copy = self._library.store.write(path, stamp, self._token)
        return _Secured(read, copy.sha256, copy)

    def _file(self, secured: Sequence[_Secured]) -> None:
        from viewer.catalog.filing import Outcome  # noqa: PLC0415 - SQLAlchemy is slow

        outcomes = self._library.catalog.file_all([self._arrival(s) for s in secured])
        for one, outcome in zip(secured, outcomes, strict=True):
            read = one.read
            if outcome in (Outcome.IMPORTED, Outcome.DUPLICATE):
                self.tally.take(read.indexed.record, new=outcome is Outcome.IMPORTED)
            else:
                self.tally.keep_beside(read.found.label, ConflictKind(outcome.value))
            read.found.release()

    def _arrival(self, one: _Secured) -> "Arrival":
        from viewer.catalog.filing import Arrival  # noqa: PLC0415 - SQLAlchemy is slow

        record, kept = one.read.indexed.record, one.kept
        if kept is not None:
            place, stamp, stored = kept.path, kept.stamp, kept.stored
        elif one.copy is not None:
            place, stored = str(self._library.store.path(one.sha256)), True
            stamp = stamp_of(place)
        else:
            place, stamp, stored = one.read.found.place, one.read.indexed.stamp, False
            if not os.path.isabs(place):  # noqa: PTH117 - of every file
                place = str(Path(place).absolute())
        return Arrival(record, one.sha256, place, stamp, stored=stored)


def _nameless(record: IndexedRecord) -> UnreadableError:
    return UnreadableError(
        "The file does not say which study, series or instance it is.",
        hint="It cannot be filed, but it opens by its path."
        if record.instance.frames
        else "It cannot be filed, and it holds no image.",
    )


def _is_fit(record: IndexedRecord) -> bool:
    """Whether a file that can be read can be filed."""
    return bool(
        record.study.study_uid
        and record.series.series_uid
        and record.instance.sop_instance_uid
    )


def _is_in_place(known: "KnownFile") -> bool:
    """Whether the file that the catalog knows is there, as it was."""
    try:
        return stamp_of(known.path) == known.stamp
    except UnreadableError:
        return False


def _how_many(paths: Sequence[Path], over: threading.Event) -> int:
    """How many files there are to see, about: archives and links count as one."""
    total = 0
    for path in paths:
        if not path.is_dir():
            total += 1
            continue
        for _, _, files in os.walk(path):
            if over.is_set():
                return 0
            total += len(files)
    return total
