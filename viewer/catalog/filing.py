"""File what arrived under patient, study and series, or beside them as a conflict."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import TypeVar

from sqlalchemy import Connection, Insert, bindparam, delete, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from viewer.catalog import blobs, instance_rows, rows
from viewer.catalog.instance_rows import InstanceRow
from viewer.catalog.patients import disagree, identity_of
from viewer.catalog.schema import conflict, instance, patient, series, study
from viewer.core.listing import STATUSES, ConflictKind
from viewer.core.records import (
    FileRecord,
    FileStamp,
    IndexedRecord,
    PackedInstance,
    PatientRecord,
    SeriesRecord,
    StudyRecord,
)


class Outcome(StrEnum):
    """What became of a file."""

    IMPORTED = "imported"
    DUPLICATE = "duplicate"
    OTHER_BYTES = ConflictKind.OTHER_BYTES.value
    OTHER_PATIENT = ConflictKind.OTHER_PATIENT.value


@dataclass(frozen=True, slots=True)
class Arrival:
    """One file whose bytes are safe.

    Attributes
    ----------
    record : FileRecord or IndexedRecord
        With all three UIDs.
    sha256 : bytes
        Of the whole file.
    path : str
        Where it lies now.
    stamp : FileStamp
    stored : bool
        Whether that is its place in our own store.
    """

    record: FileRecord | IndexedRecord
    sha256: bytes
    path: str
    stamp: FileStamp
    stored: bool

    @property
    def packed(self) -> PackedInstance:
        """The instance as its row has it."""
        if isinstance(self.record, FileRecord):
            return blobs.packed(self.record).instance
        return self.record.instance

    @property
    def reference(self) -> str | None:
        """The path as a row has it: none for the store, which may be moved."""
        return None if self.stored else self.path


@dataclass(slots=True)
class _Instance:
    sha256: bytes
    path: str | None
    study: int


@dataclass(slots=True)
class _Study:
    id: int
    patient: PatientRecord
    study: StudyRecord
    agreed: tuple[PatientRecord, StudyRecord] | None = None  # said last, and heard
    series: tuple[SeriesRecord, int] | None = None  # named last, and its key

    def has_heard(self, record: FileRecord | IndexedRecord) -> bool:
        """Whether the file says what the one before it said, in the same objects."""
        said = self.agreed
        return (
            said is not None and said[0] is record.patient and said[1] is record.study
        )


class Filing:
    """Files one batch inside one transaction; what it `touched` is to be recounted."""

    def __init__(self, connection: Connection, arrivals: Sequence[Arrival]) -> None:
        self._connection = connection
        self._arrivals = arrivals
        self._now = rows.now()
        self._instances: dict[str, _Instance] = {}
        self._studies: dict[str, _Study] = {}
        self._series: dict[tuple[int, str], int] = {}
        self._new: dict[str, InstanceRow] = {}  # inserted all at once
        self.touched: set[int] = set()

    def run(self) -> list[Outcome]:
        """What became of each arrival, in their order."""
        self._look_up()
        outcomes = [self._file(arrival) for arrival in self._arrivals]
        self._insert_new()
        return outcomes

    def replace(self) -> list[Outcome]:
        """Know files that are in the catalog already as what they are now.

        All are taken out before the first is put back: a study whose every file
        changed its patient is that patient's study now.
        """
        self._look_up()
        known = [
            arrival
            for arrival in self._arrivals
            if arrival.record.instance.sop_instance_uid in self._instances
        ]
        for arrival in known:
            self._take_out(arrival.record)
        outcomes = [self._file(arrival) for arrival in known]
        self._insert_new()
        return outcomes

    def _look_up(self) -> None:
        records = [arrival.record for arrival in self._arrivals]
        uids = {record.instance.sop_instance_uid for record in records}
        for uid, sha256, path, *_, home in instance_rows.known(self._connection, uids):
            place = None if path is None else os.fsdecode(path)
            self._instances[uid] = _Instance(sha256, place, home)
        studies = {record.study.study_uid for record in records}
        homes = self._connection.execute(
            select(study).where(study.c.study_uid.in_(studies))
        ).mappings()
        for home in homes:
            self._studies[home["study_uid"]] = _Study(
                home["id"], rows.patient_of(home), rows.study_of(home)
            )

    def _file(self, arrival: Arrival) -> Outcome:
        record = arrival.record
        known = self._instances.get(record.instance.sop_instance_uid)
        if known is not None:
            return self._file_known(arrival, known)
        home = self._studies.get(record.study.study_uid)
        if home is None:
            home = self._add_study(record)
        elif home.has_heard(record):
            pass
        elif disagree(home.patient, record.patient):
            self._add_conflict(arrival, ConflictKind.OTHER_PATIENT)
            return Outcome.OTHER_PATIENT
        else:
            self._complete(home, record)
        home.agreed = record.patient, record.study
        self._add_instance(arrival, home)
        return Outcome.IMPORTED

    def _file_known(self, arrival: Arrival, known: _Instance) -> Outcome:
        if known.sha256 == arrival.sha256:
            self._move(arrival, known)
            return Outcome.DUPLICATE
        if arrival.stored or known.path != arrival.path:
            self._add_conflict(arrival, ConflictKind.OTHER_BYTES)
            return Outcome.OTHER_BYTES
        # A file referenced in its place was changed there: it is what it is now.
        self._take_out(arrival.record)
        return self._file(arrival)

    def _take_out(self, record: FileRecord | IndexedRecord) -> None:
        uid = record.instance.sop_instance_uid
        known = self._instances.pop(uid)
        if self._new.pop(uid, None) is None:
            of = instance.c.sop_instance_uid == uid
            self._connection.execute(delete(instance).where(of))
        self.touched.add(known.study)
        for home in self._studies.values():
            if home.id == known.study and not self._holds_anything(home):
                home.patient = PatientRecord()  # nothing is left that it could be
                home.study = StudyRecord(home.study.study_uid)
                home.agreed = None

    def _holds_anything(self, home: _Study) -> bool:
        if any(self._instances[uid].study == home.id for uid in self._new):
            return True
        held = select(instance.c.id).join(series).where(series.c.study == home.id)
        return self._connection.scalar(held.limit(1)) is not None

    def _move(self, arrival: Arrival, known: _Instance) -> None:
        """Note where the bytes are now; a copy of ours is never given up."""
        if known.path is None and not arrival.stored:
            return
        uid = arrival.record.instance.sop_instance_uid
        known.path, stamp = arrival.reference, arrival.stamp
        if uid in self._new:
            self._new[uid] = self._new[uid].moved(known.path, stamp)
            return
        self._connection.execute(
            update(instance)
            .where(instance.c.sop_instance_uid == uid)
            .values(
                path=known.path,
                size=stamp.size,
                modified_ns=stamp.modified_ns,
                file_id=stamp.file_id,
            )
        )

    def _insert_new(self) -> None:
        instance_rows.add(self._connection, list(self._new.values()))

    def _add_study(self, record: FileRecord | IndexedRecord) -> _Study:
        values = {
            **rows.study_values(record.study),
            **rows.patient_values(record.patient),
            "patient": self._patient_id(record.patient, record.study),
            "series": 0,
            "instances": 0,
            "status": STATUSES[0],
            "added": self._now,
        }
        key = _new_id(self._connection, _ADD_STUDY, values)
        home = _Study(key, record.patient, record.study)
        self._studies[record.study.study_uid] = home
        return home

    def _patient_id(self, person: PatientRecord, of: StudyRecord) -> int:
        identity = identity_of(person, of)
        found: int | None = self._connection.scalar(_PATIENT, {"identity": identity})
        if found is not None:
            return found
        values = {
            "identity": identity,
            "patient_id": person.patient_id or None,
            "issuer": person.issuer or None,
            "name": person.name or None,
            "birth_date": person.birth_date and person.birth_date.isoformat(),
            "sex": person.sex or None,
        }
        return _new_id(self._connection, _ADD_PATIENT, values)

    def _complete(self, home: _Study, record: FileRecord | IndexedRecord) -> None:
        """Let a later file say what the study's earlier ones left open."""
        person = _filled(home.patient, record.patient)
        of = _filled(home.study, record.study)
        if (person, of) == (home.patient, home.study):
            return
        home.patient, home.study = person, of
        values = {
            **rows.study_values(of),
            **rows.patient_values(person),
            "patient": self._patient_id(person, of),
        }
        self._connection.execute(
            update(study).where(study.c.id == home.id).values(values)
        )

    def _add_instance(self, arrival: Arrival, home: _Study) -> None:
        packed, path = arrival.packed, arrival.reference
        uid, of = packed.sop_instance_uid, self._series_id(home, arrival.record.series)
        self._new[uid] = InstanceRow.of(of, packed, arrival.sha256, path, arrival.stamp)
        self._instances[uid] = _Instance(arrival.sha256, path, home.id)
        self.touched.add(home.id)

    def _series_id(self, home: _Study, record: SeriesRecord) -> int:
        if home.series is not None and home.series[0] is record:
            return home.series[1]
        place = (home.id, str(record.series_uid))
        key = self._series.get(place)
        if key is None:
            found = self._connection.scalar(
                _SERIES, {"study": home.id, "series_uid": record.series_uid}
            )
            values = {**rows.series_values(record), "study": home.id}
            key = found or _new_id(self._connection, _ADD_SERIES, values)
            self._series[place] = key
        home.series = record, key
        return key

    def _add_conflict(self, arrival: Arrival, kind: ConflictKind) -> None:
        record = arrival.record
        known = self._instances.get(record.instance.sop_instance_uid)
        against = record.study.study_uid if known is None else self._uid_of(known.study)
        self._connection.execute(
            upsert(conflict)
            .values(
                kind=kind.value,
                study_uid=record.study.study_uid,
                series_uid=record.series.series_uid,
                sop_instance_uid=record.instance.sop_instance_uid,
                against_study=against,
                patient_name=record.patient.name or None,
                patient_id=record.patient.patient_id or None,
                sha256=arrival.sha256,
                path=arrival.reference,
                added=self._now,
            )
            .on_conflict_do_nothing()
        )

    def _uid_of(self, study_id: int) -> str:
        asked = select(study.c.study_uid).where(study.c.id == study_id)
        uid: str = self._connection.execute(asked).scalar_one()
        return uid


def _new_id(connection: Connection, statement: Insert, values: rows.Values) -> int:
    key: int = connection.execute(statement, values).scalar_one()
    return key


# Built once: building a statement takes longer than what SQLite does for it.
_ADD_PATIENT = insert(patient).returning(patient.c.id)
_ADD_STUDY = insert(study).returning(study.c.id)
_ADD_SERIES = insert(series).returning(series.c.id)
_PATIENT = select(patient.c.id).where(patient.c.identity == bindparam("identity"))
_SERIES = select(series.c.id).where(
    series.c.study == bindparam("study"),
    series.c.series_uid == bindparam("series_uid"),
)

RecordT = TypeVar("RecordT", PatientRecord, StudyRecord)


def _filled(known: RecordT, other: RecordT) -> RecordT:
    """`known`, with what it leaves empty taken from `other`."""
    empty = {
        field.name: getattr(other, field.name)
        for field in fields(known)
        if getattr(known, field.name) in ("", None)
    }
    return replace(known, **empty)
