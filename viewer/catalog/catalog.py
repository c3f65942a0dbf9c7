"""The local library's index, as the services see it: values in, values out."""

import os
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select, update

from viewer.catalog import blobs, instance_rows, offers, rows, upgrading
from viewer.catalog.annotations import AnnotationRows
from viewer.catalog.audit import AuditRows
from viewer.catalog.commitments import CommitmentRows
from viewer.catalog.connection import engine_for, reading, writing
from viewer.catalog.counting import recount
from viewer.catalog.expecting import ExpectedSeries
from viewer.catalog.filing import Arrival, Filing, Outcome
from viewer.catalog.imports import WantedImports
from viewer.catalog.jobs import JobRows
from viewer.catalog.locating import Locating
from viewer.catalog.presence import Presence
from viewer.catalog.schema import catalog, conflict, instance, series, study
from viewer.catalog.search import SUMMARY, Search
from viewer.catalog.transfers import TransferRows
from viewer.core.identity import SOPInstanceUID
from viewer.core.listing import (
    Conflict,
    FilterValues,
    SeriesSummary,
    StudyPage,
    StudyQuery,
    StudySummary,
)
from viewer.core.records import FileStamp, InstanceRecord, SeriesRecord


@dataclass(frozen=True, slots=True)
class FiledInstance:
    """An instance as the catalog has it.

    Attributes
    ----------
    sop_instance_uid : SOPInstanceUID
    record : InstanceRecord or None
        None if another version of Lightbox indexed it in other terms.
    sha256 : bytes
    stored : bool
        Whether the file is ours; otherwise it was left where it lay.
    path : str
    stamp : FileStamp
    """

    sop_instance_uid: SOPInstanceUID
    record: InstanceRecord | None
    sha256: bytes
    stored: bool
    path: str
    stamp: FileStamp


@dataclass(frozen=True, slots=True)
class KnownFile:
    """The bytes of an instance: what they are, and whether we hold them."""

    sha256: bytes
    stored: bool
    path: str
    stamp: FileStamp


FiledSeries = tuple[SeriesRecord, tuple[FiledInstance, ...]]


class Catalog:
    """The index of one data folder. Every method may be called from any thread."""

    def __init__(self, file: Path, store_path: Callable[[bytes], str]) -> None:
        """Open the catalog at `file`, or create it.

        Parameters
        ----------
        file : Path
        store_path : callable
            Where the store keeps the file of a SHA-256.

        Raises
        ------
        EnvironmentFailure
            If it is damaged, of a newer version, or cannot be opened.
        """
        upgrading.refuse_newer(file)
        self._engine = engine_for(file)
        self._store_path = store_path
        self._search = Search()
        self.file = file
        self.jobs = JobRows(self._engine)
        self.imports = WantedImports(self._engine)
        self.annotations = AnnotationRows(self._engine)
        self.transfers = TransferRows(self._engine)
        self.locating = Locating(self._engine)
        self.expected = ExpectedSeries(self._engine)
        self.presence = Presence(self._engine)
        self.commitments = CommitmentRows(self._engine)
        self.audit = AuditRows(self._engine)
        upgrading.upgrade(self._engine, file)

    def close(self) -> None:
        """Let go of the file."""
        self._engine.dispose()

    def revision(self) -> int:
        """A number that grows with every change, whoever makes it."""
        with reading(self._engine) as connection:
            number: int = connection.execute(select(catalog.c.revision)).scalar_one()
        return number

    def faults(self) -> tuple[str, ...]:
        """What SQLite finds wrong with the file; empty if it is sound. Slow."""
        with reading(self._engine) as connection:
            found = connection.exec_driver_sql("PRAGMA quick_check").scalars().all()
        return tuple(str(line) for line in found if line != "ok")

    def search(self, query: StudyQuery, keep: Collection[str] = ()) -> StudyPage:
        """The studies that match, counted exactly, and the page that was asked for.

        `keep` are UIDs of studies whose places in the list are wanted beside it.
        """
        with reading(self._engine) as connection:
            return self._search.page(connection, query, keep)

    def filters(self) -> FilterValues:
        """What the filter chips can offer."""
        with reading(self._engine) as connection:
            return offers.filters(connection)

    def summary(self, study_uid: str) -> StudySummary | None:
        """The study as lists show it, also if it is in the trash; None if unknown."""
        found = self._summaries(study.c.study_uid == study_uid)
        return found[0] if found else None

    def of_same_patient(self, study_uid: str) -> tuple[StudySummary, ...]:
        """The patient's studies, newest first, with this one among them."""
        patient = select(study.c.patient).where(study.c.study_uid == study_uid)
        return self._summaries(
            study.c.patient == patient.scalar_subquery(), study.c.trashed.is_(None)
        )

    def series(self, study_uid: str) -> tuple[SeriesSummary, ...]:
        """The series of a study, in no order."""
        counted = (
            select(
                series,
                func.count(instance.c.id).label("instances"),
                func.sum(instance.c.frames).label("frames"),
            )
            .join_from(series, instance)
            .where(series.c.study == _key_of(study_uid))
            .group_by(series.c.id)
        )
        with reading(self._engine) as connection:
            found = connection.execute(counted).mappings()
            return tuple(rows.to_series_summary(row) for row in found)

    def filed_series(self, study_uid: str) -> tuple[FiledSeries, ...]:
        """Every series of a study with its instances, in no order."""
        of_study = series.c.study == _key_of(study_uid)
        with reading(self._engine) as connection:
            heads = connection.execute(select(series).where(of_study)).mappings().all()
            found = instance_rows.of_study(connection, study_uid)
        members: dict[int, list[FiledInstance]] = {head["id"]: [] for head in heads}
        for key, uid, record, sha256, path, *stamp in found:
            members[key].append(
                FiledInstance(
                    uid,
                    blobs.to_record(record),
                    sha256,
                    path is None,
                    self._store_path(sha256) if path is None else os.fsdecode(path),
                    FileStamp(*stamp),
                )
            )
        return tuple(
            (rows.to_series(head), tuple(members[head["id"]])) for head in heads
        )

    def instance(self, sop_instance_uid: str) -> FiledInstance | None:
        """One instance; None if unknown."""
        found = select(instance).where(instance.c.sop_instance_uid == sop_instance_uid)
        with reading(self._engine) as connection:
            row = connection.execute(found).one_or_none()
        return None if row is None else self._filed(row)

    def known(self, sop_instance_uids: Collection[str]) -> dict[str, KnownFile]:
        """The files of those instances that the catalog has."""
        with reading(self._engine) as connection:
            found = instance_rows.known(connection, sop_instance_uids)
        return {
            uid: KnownFile(
                sha256,
                path is None,
                self._path(None if path is None else os.fsdecode(path), sha256),
                FileStamp(*stamp),
            )
            for uid, sha256, path, *stamp, _ in found
        }

    def indexed(self, sha256s: Collection[bytes]) -> set[bytes]:
        """Those files that the catalog knows, as an instance or as a conflict."""
        with reading(self._engine) as connection:
            return {
                found
                for of in (instance, conflict)
                for found in connection.scalars(
                    select(of.c.sha256).where(of.c.sha256.in_(sha256s))
                )
            }

    def file_all(self, arrivals: Sequence[Arrival]) -> list[Outcome]:
        """File a batch; when this returns it is on disk, or nothing of it.

        A study that gets a file back is taken out of the trash.
        """
        with writing(self._engine) as connection:
            filing = Filing(connection, arrivals)
            outcomes = filing.run()
            recount(connection, filing.touched | self._untrash(connection, arrivals))
        return outcomes

    def reindex(self, arrivals: Sequence[Arrival]) -> list[Outcome]:
        """Know files that are in the catalog already as what they are now."""
        with writing(self._engine) as connection:
            filing = Filing(connection, arrivals)
            outcomes = filing.replace()
            recount(connection, filing.touched)
        return outcomes

    def trash(self, study_uids: Collection[str]) -> None:
        """Move studies to the trash; nothing is erased."""
        self._change(study_uids, study.c.trashed.is_(None), trashed=rows.now())

    def restore(self, study_uids: Collection[str]) -> None:
        """Take studies out of the trash."""
        self._change(study_uids, study.c.trashed.is_not(None), trashed=None)

    def set_status(self, study_uids: Collection[str], status: str) -> None:
        """Say where the studies stand for their reader."""
        self._change(study_uids, study.c.status != status, status=status)

    def set_tags(self, study_uid: str, tags: Collection[str]) -> None:
        """Replace the tags of a study."""
        value = rows.joined({" ".join(tag.split()) for tag in tags}, "\n")
        self._change([study_uid], study.c.tags.is_distinct_from(value), tags=value)

    def conflicts(self, study_uid: str | None = None) -> tuple[Conflict, ...]:
        """What was kept beside the studies, newest first; of one study or of all."""
        asked = select(conflict).order_by(conflict.c.id.desc())
        if study_uid is not None:
            asked = asked.where(conflict.c.against_study == study_uid)
        with reading(self._engine) as connection:
            found = connection.execute(asked).all()
        against = {row.against_study for row in found}
        known = {
            summary.study_uid: summary
            for summary in self._summaries(study.c.study_uid.in_(against))
        }
        return tuple(
            rows.to_conflict(
                row, known.get(row.against_study), self._path(row.path, row.sha256)
            )
            for row in found
        )

    def _change(
        self, uids: Collection[str], where: ColumnElement[bool], **values: str | None
    ) -> None:
        asked = select(study.c.id).where(study.c.study_uid.in_(uids), where)
        with writing(self._engine) as connection:
            keys = connection.scalars(asked).all()
            if keys:
                connection.execute(
                    update(study).where(study.c.id.in_(keys)).values(values)
                )
                recount(connection, keys)

    def _untrash(self, connection: Connection, arrivals: Sequence[Arrival]) -> set[int]:
        uids = {arrival.record.study.study_uid for arrival in arrivals}
        trashed = study.c.study_uid.in_(uids) & study.c.trashed.is_not(None)
        restored = update(study).where(trashed).values(trashed=None)
        return set(connection.scalars(restored.returning(study.c.id)))

    def _summaries(self, *where: ColumnElement[bool]) -> tuple[StudySummary, ...]:
        c = study.c
        newest = (c.study_date.desc(), c.study_time.desc(), c.id.desc())
        asked = SUMMARY.where(*where).order_by(*newest)
        with reading(self._engine) as connection:
            found = connection.execute(asked).mappings()
            return tuple(rows.to_summary(row) for row in found)

    def _filed(self, row: Any) -> FiledInstance:
        return FiledInstance(
            SOPInstanceUID(row.sop_instance_uid),
            blobs.to_record(row.record),
            row.sha256,
            row.path is None,
            self._path(row.path, row.sha256),
            FileStamp(row.size, row.modified_ns, row.file_id),
        )

    def _path(self, path: str | None, sha256: bytes) -> str:
        return self._store_path(sha256) if path is None else path


def _key_of(study_uid: str) -> Any:
    return select(study.c.id).where(study.c.study_uid == study_uid).scalar_subquery()
