"""The door through which everything from peers comes in, whichever way it came.

Temporary file → it and the name of a whole one on disk → the sender may be told → its
place and its row. The last two are done together with those of others just behind,
because one at a time they take longer than the image; recovery does them if we die
before.
"""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, Self, runtime_checkable

from viewer.core.errors import (
    MismatchError,
    UnreadableError,
    ViewerError,
)
from viewer.core.identity import SOPInstanceUID
from viewer.core.records import IndexedRecord
from viewer.services.arriving import RESERVE, Arriving
from viewer.services.filer import Filer, Waiting
from viewer.services.indexing import Answered
from viewer.services.leases import lease
from viewer.services.recovery import RECEIVE, recover

if TYPE_CHECKING:  # SQLAlchemy loads when the catalog is opened
    from concurrent.futures import Future

    from viewer.catalog.filing import Outcome
    from viewer.services.library import HeaderReader, Library


@runtime_checkable
class ReadsBeside(Protocol):
    """A reader that works while the caller does something else."""

    def indexing(self, path: str | Path) -> contextlib.AbstractContextManager[Answered]:
        """Begin to index; what it gives is called for the answer."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What the sender says an object is; empty is not said."""

    sop_class_uid: str = ""
    sop_instance_uid: str = ""


_NOTHING = Claim()


@dataclass(frozen=True, slots=True)
class Taken:
    """An object that is safe: the sender may be told so.

    Attributes
    ----------
    sop_instance_uid : SOPInstanceUID
    size : int
        Bytes of its file.
    outcome : Future
        What the catalog makes of it, a moment later.
    """

    sop_instance_uid: SOPInstanceUID
    size: int
    outcome: "Future[Outcome]"


class Receiving:
    """Takes objects into one library, from any number of threads.

    A living one is on the catalog's list of works for the length of its block.

    Parameters
    ----------
    library : Library
    reader : HeaderReader, optional
        By default the library's.
    reserve : int
        Bytes of the disk that stay free.
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
            own.callback(self._clear, token)
            self._folder = library.store.workspace(token)
            recover(library, self._reader, token)
            own.enter_context(self._filer)
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
        return Arriving(self._folder, self._library.store.disk, self._reserve)

    def take(self, arriving: Arriving, claim: Claim = _NOTHING) -> Taken:
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
        with self._indexing(arriving.path) as answered:
            arriving.settle()
            found = answered()
        if isinstance(found, ViewerError):
            raise found
        _check(found.record, claim)
        waiting = Waiting(found.record, arriving.keep(), arriving.sha256)
        self._filer.add(waiting)
        uid = found.record.instance.sop_instance_uid
        return Taken(uid, arriving.size, waiting.outcome)

    def flush(self) -> None:
        """Wait until everything that was taken is in the catalog.

        Raises
        ------
        EnvironmentFailure
            If the catalog does not take it; it is tried again, now and later.
        """
        self._filer.flush()

    def _clear(self, token: str) -> None:
        if self._filer.is_done():
            self._library.store.clear(token)

    @contextlib.contextmanager
    def _indexing(self, path: Path) -> Iterator[Answered]:
        """Read while the disk is busy, if the reader can do that."""
        if isinstance(self._reader, ReadsBeside):
            with self._reader.indexing(path) as answered:
                yield answered
        else:
            yield lambda: next(iter(list(self._reader.index_files([path]))))[1]


def _check(record: IndexedRecord, claim: Claim) -> None:
    from viewer.catalog.blobs import to_record  # noqa: PLC0415 - only where it is asked

    instance = record.instance
    uids = record.study.study_uid, record.series.series_uid, instance.sop_instance_uid
    if not all(uids):
        raise UnreadableError(
            "The object does not say which study, series or instance it is."
        )
    if claim.sop_instance_uid not in ("", instance.sop_instance_uid):
        raise _another()
    if claim.sop_class_uid:
        whole = to_record(instance.record)
        if whole is None or whole.sop_class_uid != claim.sop_class_uid:
            raise _another()


def _another() -> MismatchError:
    return MismatchError("The object is not the one that was announced.")
