"""The door through which everything from peers comes in, whichever way it came.

Temporary file → fsync → its place → the sender may be told → row in the catalog. Rows
are written a few at a time just behind, because one at a time they take longer than
the image; what is in its place is found by recovery if we die before its row.
"""

import contextlib
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self

from viewer.core.errors import MismatchError, UnreadableError, ViewerError
from viewer.core.records import FileRecord
from viewer.services.arriving import RESERVE, Arriving
from viewer.services.filer import Filer, Waiting
from viewer.services.leases import lease
from viewer.services.recovery import RECEIVE, recover
from viewer.services.same_object import same_data_set
from viewer.services.store import Copy, stamp_of

if TYPE_CHECKING:  # SQLAlchemy loads when the catalog is opened
    from viewer.catalog.catalog import KnownFile
    from viewer.catalog.filing import Outcome
    from viewer.services.library import HeaderReader, Library

_AT_ONCE = 16  # objects whose headers are read or looked up


@dataclass(frozen=True, slots=True)
class Claim:
    """What the sender says an object is; empty is not said."""

    sop_class_uid: str = ""
    sop_instance_uid: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """An object that is safe: the sender may be told so.

    Attributes
    ----------
    record : FileRecord
    size : int
        Bytes of its file.
    outcome : Future
        What the catalog makes of it, a moment later.
    """

    record: FileRecord
    size: int
    outcome: "Future[Outcome]"


class Receiving:
    """Takes objects into one library, from any number of threads.

    A living one is on the catalog's list of works for the length of its block.
    """

    def __init__(
        self,
        library: "Library",
        reader: "HeaderReader | None" = None,
        *,
        reserve: int = RESERVE,
    ) -> None:
        self._library = library
        self._reader = reader or library.reader
        self._reserve = reserve
        self._filer = Filer(library)
        self._own = contextlib.ExitStack()
        self._placing = threading.Lock()
        self._folder = Path()

    def __enter__(self) -> Self:
        """Sweep up what dead works left, then be ready.

        Raises
        ------
        EnvironmentFailure
            If catalog or store cannot be used.
        """
        library, jobs = self._library, self._library.catalog.jobs
        with contextlib.ExitStack() as own:
            token = own.enter_context(lease(jobs, RECEIVE, self._filer.is_done))
            own.callback(library.store.clear, token)
            self._folder = library.store.workspace(token)
            recover(library, self._reader, token)
            own.enter_context(self._filer)
            pool = ThreadPoolExecutor(_AT_ONCE, "receive")
            own.callback(pool.shutdown)
            self._pool = pool
            self._own = own.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        """File what waits, and be gone."""
        self._own.close()

    def begin(self) -> Arriving:
        """A file to write what arrives into; see `take`.

        Raises
        ------
        EnvironmentFailure
            If the disk has no room, or rows cannot be written any more.
        """
        self._filer.check()
        return Arriving(self._folder, self._reserve)

    def take(self, arriving: Arriving, claim: Claim = Claim()) -> Taken:
        """Make what was written a part of the library; it is on disk on return.

        Parameters
        ----------
        arriving : Arriving
            A whole DICOM file, written by the caller.
        claim : Claim
            What it must be.

        Raises
        ------
        NotDicomError, UnreadableError
            If it cannot be read or filed; nothing is kept of it.
        MismatchError
            If it is not what was claimed.
        EnvironmentFailure
            If our disk or catalog takes nothing more.
        """
        reading = self._pool.submit(self._read, arriving.path)
        uid = claim.sop_instance_uid
        asking = self._pool.submit(self._known, uid) if uid else None
        copy = arriving.secure()
        record = reading.result()
        _check(record, claim)
        uid = record.instance.sop_instance_uid
        known = asking.result() if asking else self._known(uid)
        waiting = self._place(arriving, copy, record, known)
        self._filer.add(waiting)
        return Taken(record, arriving.size, waiting.outcome)

    def flush(self) -> None:
        """Wait until everything that was taken is in the catalog.

        Raises
        ------
        EnvironmentFailure
            If the catalog does not take it; it is tried again, now and later.
        """
        self._filer.flush()

    def _read(self, path: Path) -> FileRecord:
        ((_, said),) = self._reader.read_files([path])
        if isinstance(said, ViewerError):
            raise said
        return said

    def _known(self, uid: str) -> "KnownFile | None":
        return self._library.catalog.known([uid]).get(uid)

    def _place(
        self,
        arriving: Arriving,
        copy: Copy,
        record: FileRecord,
        known: "KnownFile | None",
    ) -> Waiting:
        """Where its bytes lie from now on: what we have already stays untouched."""
        store = self._library.store
        place = store.path(copy.sha256)
        if known is not None and _is_as_good(known, copy, arriving):
            return Waiting(record, known.sha256, Path(known.path), stored=known.stored)
        with self._placing:
            if not self._filer.has(copy.sha256):
                store.place([copy], self._pool)
            waiting = Waiting(record, copy.sha256, place, stored=True)
            self._filer.announce(waiting)
        return waiting


def _is_as_good(known: "KnownFile", copy: Copy, arriving: Arriving) -> bool:
    """Whether the catalog's file is whole and holds the same object.

    It may have come with other file meta information, from a disc or another program.
    """
    try:
        if stamp_of(known.path) != known.stamp:
            return False
        return known.sha256 == copy.sha256 or same_data_set(
            Path(known.path), arriving.path
        )
    except UnreadableError:
        return False


def _check(record: FileRecord, claim: Claim) -> None:
    instance = record.instance
    if not (
        record.study.study_uid
        and record.series.series_uid
        and instance.sop_instance_uid
    ):
        raise UnreadableError(
            "The object does not say which study, series or instance it is."
        )
    if claim.sop_instance_uid not in (
        "",
        instance.sop_instance_uid,
    ) or claim.sop_class_uid not in ("", instance.sop_class_uid):
        raise MismatchError("The object is not the one that was announced.")
