"""The local library: find studies, open them, and keep what the reader says of them.

Files that changed since they were indexed are noticed when their study is opened.
"""

import contextlib
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, Self

from psygnal import Signal

from viewer.core.annotation import Annotation
from viewer.core.errors import ViewerError
from viewer.core.listing import (
    Conflict,
    FilterValues,
    SeriesSummary,
    StudyPage,
    StudyQuery,
    StudySummary,
)
from viewer.core.records import FileRecord, StoredInstance
from viewer.services import places
from viewer.services.courtesy import Courtesy
from viewer.services.prepared_study import PreparedStudies
from viewer.services.store import Store

if TYPE_CHECKING:  # SQLAlchemy loads when the catalog is opened
    from viewer.core.opened import OpenStudy
    from viewer.services.indexing import IndexOutcome
    from viewer.services.unfiled import Refused

Outcome = tuple[Path, FileRecord | ViewerError]


class HeaderReader(Protocol):
    """Reads files that are not trusted, in processes that can be killed.

    Attributes
    ----------
    courtesy : Courtesy
        Whom an import asks whether the hand moves.
    """

    courtesy: Courtesy

    def read_files(self, paths: Iterable[str | Path]) -> Iterator[Outcome]:
        """Each path with what its file says, or why it says nothing; in order."""

    def index_files(
        self, paths: Iterable[str | Path], *, hashed: bool = False
    ) -> "Iterator[IndexOutcome]":
        """As `read_files`, packed for the catalog, perhaps with its SHA-256."""


class Library:
    """One data folder: its catalog and its store. Any thread may call it.

    Signals
    -------
    changed : ()
        This process changed the catalog; emitted on the thread that did. What other
        processes do shows in `revision`.
    """

    changed = Signal()

    def __init__(self, data_dir: Path, reader: HeaderReader | None = None) -> None:
        """Open the library in `data_dir`, or begin one.

        Parameters
        ----------
        data_dir : Path
        reader : HeaderReader or None
            Reads headers anew; None starts processes of its own when one is needed.

        Raises
        ------
        EnvironmentFailure
            If the folder or the catalog cannot be used.
        """
        from viewer.catalog.catalog import Catalog  # noqa: PLC0415 - SQLAlchemy is slow

        self.data_dir = places.prepare(data_dir)
        self.store = Store(data_dir / "store")
        self.catalog: Catalog = Catalog(
            places.catalog_file(data_dir), self.store.path_text
        )
        self._reader = reader
        self._unpacking: Path | None = None
        self._own = contextlib.ExitStack()
        self._starting = threading.Lock()
        self._prepared = PreparedStudies(self._laid_out, self.revision)

    def close(self) -> None:
        """Let go of the catalog's file and of processes that were started."""
        self._own.close()
        self.catalog.close()

    def __enter__(self) -> Self:
        """Use the library for the length of a block."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()

    @property
    def reader(self) -> HeaderReader:
        """Who reads headers."""
        with self._starting:
            reader = self._reader
            if reader is None:
                from viewer.services.workers import (  # noqa: PLC0415 - rarely needed
                    Workers,
                )

                reader = self._reader = self._own.enter_context(Workers())
        return reader

    def unpacking(self) -> Path:
        """A folder for what was opened out of archives; it lives as long as we do."""
        from viewer.services.leases import lease  # noqa: PLC0415 - rarely needed

        with self._starting:
            if self._unpacking is None:
                token = self._own.enter_context(lease(self.catalog.jobs, "open"))
                self._own.callback(self.store.clear, token)
                self._unpacking = self.store.workspace(token)
        return self._unpacking

    def revision(self) -> int:
        """A number that grows with every change, whichever process makes it."""
        return self.catalog.revision()

    def search(self, query: StudyQuery, keep: Collection[str] = ()) -> StudyPage:
        """The studies that match, counted exactly, and the page that was asked for.

        `keep` are UIDs of studies whose places in the list are wanted beside it.
        """
        return self.catalog.search(query, keep)

    def filters(self) -> FilterValues:
        """What the filter chips can offer, from the data."""
        return self.catalog.filters()

    def study(self, study_uid: str) -> StudySummary:
        """One study as lists show it.

        Raises
        ------
        ViewerError
            If the catalog has no such study.
        """
        found = self.catalog.summary(study_uid)
        if found is None:
            raise ViewerError(
                "There is no such study in the catalog.",
                hint="lightbox studies lists what there is.",
            )
        return found

    def studies_of_patient(self, study_uid: str) -> tuple[StudySummary, ...]:
        """The studies of the same patient, newest first, this one among them."""
        return self.catalog.of_same_patient(study_uid)

    def series(self, study_uid: str) -> tuple[SeriesSummary, ...]:
        """The series of a study, in the order of its list."""
        from viewer.services.study_order import series_order  # noqa: PLC0415

        return tuple(sorted(self.catalog.series(study_uid), key=series_order))

    def conflicts(self, study_uid: str | None = None) -> tuple[Conflict, ...]:
        """What was kept beside the studies, newest first; of one study or of all."""
        return self.catalog.conflicts(study_uid)

    def instance(self, sop_instance_uid: str) -> StoredInstance:
        """One instance with the place of its bytes, indexed anew if it changed.

        Raises
        ------
        ViewerError
            If the catalog has no such instance.
        UnreadableError
            If its file is gone, or is not what it was.
        """
        from viewer.services.refreshing import refreshed  # noqa: PLC0415

        filed = self.catalog.instance(sop_instance_uid)
        if filed is None:
            raise ViewerError(
                "There is no such image in the catalog.",
                hint="lightbox show STUDY_UID lists the images of a study.",
            )
        found = refreshed(self, [filed])[filed.sop_instance_uid]
        if isinstance(found, ViewerError):
            raise found
        return found

    def open_study(self, study_uid: str) -> "OpenStudy":
        """A study laid out for reading.

        Each file is compared with what was indexed; a changed one is indexed anew,
        and one that cannot be shown is listed as unavailable with its reason. Where
        this was done for `prepare_study` a moment ago it is not done again.

        Raises
        ------
        ViewerError
            If the catalog has no such study.
        """
        prepared = self._prepared.taken(study_uid)
        if prepared is None:
            return self._laid_out(study_uid)
        drawn = self.catalog.annotations.of_study(study_uid)
        return replace(prepared, annotations=drawn)

    def prepare_study(self, study_uid: str) -> "OpenStudy":
        """The same, for a study that is looked at in the list and may be opened next.

        Raises
        ------
        ViewerError
            If the catalog has no such study.
        """
        return self._prepared.prepare(study_uid)

    def _laid_out(self, study_uid: str) -> "OpenStudy":
        from viewer.services.study_opening import open_study  # noqa: PLC0415

        return open_study(self, study_uid)

    def open_files(
        self,
        paths: Iterable[str | Path],
        refused: "Refused | None" = None,
    ) -> "tuple[OpenStudy, ...]":
        """Read files without putting them into the catalog.

        Files of one study come together; one without UIDs stands alone. What cannot
        be read is told to `refused` and passed over as long as something can; what is
        no DICOM counts only where it was named.

        Raises
        ------
        ViewerError
            If nothing can be read: the reason of the first file.
        """
        from viewer.services.unfiled import open_files  # noqa: PLC0415

        return open_files(self, paths, refused or (lambda _label, _error: None))

    def trash(self, study_uids: Collection[str]) -> None:
        """Move studies to the trash; `restore` takes them out again."""
        self._change(lambda: self.catalog.trash(study_uids))

    def restore(self, study_uids: Collection[str]) -> None:
        """Take studies out of the trash."""
        self._change(lambda: self.catalog.restore(study_uids))

    def set_status(self, study_uids: Collection[str], status: str) -> None:
        """Say where the studies stand for their reader; see `listing.STATUSES`."""
        self._change(lambda: self.catalog.set_status(study_uids, status))

    def set_tags(self, study_uid: str, tags: Collection[str]) -> None:
        """Replace the tags of a study."""
        self._change(lambda: self.catalog.set_tags(study_uid, tags))

    def save_annotations(
        self, drawn: Sequence[Annotation], taken_away: Collection[str] = ()
    ) -> None:
        """Keep what was drawn on images; on disk when this returns.

        `taken_away` are UIDs of drawings that are no more; saving one again brings
        it back.
        """
        self.catalog.annotations.save(drawn, taken_away)

    def _change(self, work: Callable[[], None]) -> None:
        work()
        self.changed.emit()
