"""The tables of the catalog.

patient → study → series → instance, as in DICOM. A study carries what lists show of
it, so that a page of a million rows needs no join. Empty text is stored as NULL: it
sorts last and is not a value. The text index lives in two virtual tables that
SQLAlchemy does not describe; see `text_index`.
"""

import os

from sqlalchemy import (
    Boolean,
    Column,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    text,
)
from typing_extensions import override

VERSION = 6
"""Number of the newest migration; also kept as SQLite's user_version."""

metadata = MetaData()


class FilePath(TypeDecorator[str]):
    """A path as the operating system has it: its bytes need not be valid text."""

    impl = LargeBinary
    cache_ok = True

    @override
    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        """Store the bytes."""
        del dialect
        return None if value is None else os.fsencode(value)

    @override
    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:
        """Give the text Python's file functions take."""
        del dialect
        return None if value is None else os.fsdecode(value)


class FilePaths(TypeDecorator[tuple[str, ...]]):
    """Several of them; no path holds the byte that stands between."""

    impl = LargeBinary
    cache_ok = True

    @override
    def process_bind_param(
        self, value: tuple[str, ...] | None, dialect: Dialect
    ) -> bytes:
        """Store the bytes."""
        del dialect
        return b"\0".join(map(os.fsencode, value or ()))

    @override
    def process_result_value(
        self, value: bytes | None, dialect: Dialect
    ) -> tuple[str, ...]:
        """Give the texts Python's file functions take."""
        del dialect
        return tuple(map(os.fsdecode, value.split(b"\0"))) if value else ()


catalog = Table(
    "catalog",
    metadata,
    Column("id", Integer, primary_key=True),  # a single row
    Column("revision", Integer, nullable=False),  # grows with every change
)

patient = Table(
    "patient",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("identity", Text, nullable=False, unique=True),  # see patients.identity_of
    Column("patient_id", Text),
    Column("issuer", Text),
    Column("name", Text),
    Column("birth_date", Text),
    Column("sex", Text),
)

study = Table(
    "study",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("study_uid", Text, nullable=False, unique=True),
    Column("patient", ForeignKey("patient.id"), nullable=False, index=True),
    # The patient as this study's files have it.
    Column("patient_name", Text),
    Column("patient_id", Text),
    Column("issuer", Text),
    Column("patient_birth_date", Text),
    Column("patient_sex", Text),
    Column("patient_age", Text),  # raw AS
    # The study.
    Column("study_date", Text),
    Column("study_time", Text),
    Column("accession_number", Text),
    Column("description", Text),
    Column("institution", Text),
    Column("referring_physician", Text),
    # Counted from the series.
    Column("modalities", Text),  # joined by a backslash, sorted
    Column("body_parts", Text),
    Column("series", Integer, nullable=False),
    Column("instances", Integer, nullable=False),
    # The reader's.
    Column("status", Text, nullable=False),
    Column("tags", Text),  # joined by a newline, sorted
    Column("added", Text, nullable=False),  # UTC, ISO 8601
    Column("trashed", Text),  # UTC, ISO 8601; NULL unless in the trash
    # What lists sort by.
    Column("name_key", Text),
    Column("description_key", Text),
    Column("institution_key", Text),
)

_LISTED = text("trashed IS NULL")


def _sort_index(name: str, *columns: Column[str | None] | Column[int]) -> Index:
    return Index(f"study_by_{name}", *columns, sqlite_where=_LISTED)


SORT_COLUMNS = {
    "study_date": (study.c.study_date, study.c.study_time),
    "patient_name": (study.c.name_key,),
    "patient_id": (study.c.patient_id,),
    "patient_birth_date": (study.c.patient_birth_date,),
    "accession_number": (study.c.accession_number,),
    "description": (study.c.description_key,),
    "modalities": (study.c.modalities,),
    "instances": (study.c.instances,),
    "institution": (study.c.institution_key,),
    "status": (study.c.status,),
    "added": (study.c.added,),
}

SORT_INDEXES = {
    name: _sort_index(name, *columns) for name, columns in SORT_COLUMNS.items()
}
TRASH_INDEX = Index(
    "study_in_trash", study.c.trashed, sqlite_where=text("trashed IS NOT NULL")
)

facet = Table(  # what filter chips offer; holds nothing of studies in the trash
    "facet",
    metadata,
    # modality, body_part, tag, institution, status
    Column("kind", Text, primary_key=True),
    Column("value", Text, primary_key=True),
    Column("study", ForeignKey("study.id"), primary_key=True, index=True),
    sqlite_with_rowid=False,
)

study_text = Table(  # what the text index was made from: it must be told to forget
    "study_text",
    metadata,
    Column("study", ForeignKey("study.id"), primary_key=True),
    Column("name", Text, nullable=False),
    Column("patient_id", Text, nullable=False),
    Column("accession", Text, nullable=False),
    Column("other", Text, nullable=False),
)

series = Table(
    "series",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("study", ForeignKey("study.id"), nullable=False),
    Column("series_uid", Text, nullable=False),
    Column("modality", Text),
    Column("number", Integer),
    Column("description", Text),
    Column("body_part", Text),
    Column("laterality", Text),
    Column("protocol", Text),
    Column("manufacturer", Text),
    Column("frame_of_reference_uid", Text),
    # A series UID that two studies claim is kept once in each.
    Index("series_of_study", "study", "series_uid", unique=True),
)

instance = Table(
    "instance",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("series", ForeignKey("series.id"), nullable=False, index=True),
    Column("sop_instance_uid", Text, nullable=False, unique=True),
    Column("sha256", LargeBinary, nullable=False, index=True),
    Column("path", FilePath),  # NULL: in our own store, under its SHA-256
    Column("size", Integer, nullable=False),
    Column("modified_ns", Integer, nullable=False),
    Column("file_id", Integer, nullable=False),
    Column("number", Integer),
    Column("frames", Integer, nullable=False),  # 0 for objects without pixels
    Column("record", LargeBinary, nullable=False),  # InstanceRecord, MessagePack
)

conflict = Table(
    "conflict",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("study_uid", Text, nullable=False, index=True),
    Column("series_uid", Text, nullable=False),
    Column("sop_instance_uid", Text, nullable=False, index=True),
    Column("against_study", Text, nullable=False, index=True),  # its UID
    Column("patient_name", Text),
    Column("patient_id", Text),
    Column("sha256", LargeBinary, nullable=False, index=True),
    Column("path", FilePath),  # as in instance
    Column("added", Text, nullable=False),
    Index("conflict_once", "kind", "sop_instance_uid", "sha256", unique=True),
)

annotation = Table(  # what readers drew; by UID, so that no change of files loses it
    "annotation",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("uid", Text, nullable=False, unique=True),
    Column("sop_instance_uid", Text, nullable=False, index=True),
    Column("frame", Integer, nullable=False),  # counted from 1
    Column("shape", Text, nullable=False),
    Column("points", Text, nullable=False),  # JSON: [[column, row], …]
    Column("label", Text),  # JSON: [column, row]
    Column("added", Text, nullable=False),  # UTC, ISO 8601
    Column("changed", Text, nullable=False),
    Column("deleted", Text),  # NULL unless the reader took it away
)

job = Table(  # long work, so that others let its files alone while it lives
    "job",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("token", Text, nullable=False, unique=True),
    Column("host", Text, nullable=False),
    Column("process", Integer, nullable=False),
    Column("process_started", Float, nullable=False),  # numbers are given out again
    Column("heartbeat", Text, nullable=False),  # UTC, ISO 8601
)

wanted_import = Table(  # stays until the import is over, also when its process died
    "wanted_import",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("token", Text, nullable=False, unique=True),  # of its job
    Column("paths", FilePaths, nullable=False),
    Column("reference", Boolean, nullable=False),
    Column("seen", Integer, nullable=False),  # files, at least
    Column("total", Integer, nullable=False),  # 0 while it was not known
)

transfer = Table(  # what is to be fetched from peers or sent to them
    "transfer",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("direction", Text, nullable=False),
    Column("peer", Text, nullable=False),  # its name
    Column("study_uid", Text, nullable=False),
    Column("series_uid", Text, nullable=False),  # empty: all of the study
    Column("sop_instance_uid", Text, nullable=False),  # empty: all of the series
    Column("way", Text),
    Column("priority", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("total", Integer),  # NULL until the peer said so
    Column("done", Integer, nullable=False),
    Column("failed", Integer, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("not_before", Text),  # UTC, ISO 8601
    Column("reason", Text),
    Column("token", Text),  # of the job that works on it
    Column("added", Text, nullable=False),
    Column("changed", Text, nullable=False),
    Index(
        "transfer_once",
        *("direction", "peer", "study_uid", "series_uid", "sop_instance_uid"),
        unique=True,
    ),
    Index("transfer_by_state", "state"),
)

transfer_outcome = Table(  # of single instances, where it must be known later
    "transfer_outcome",
    metadata,
    Column("transfer", ForeignKey("transfer.id"), primary_key=True),
    Column("sop_instance_uid", Text, primary_key=True),
    Column("arrived", Boolean, nullable=False),
    Column("reason", Text),
    sqlite_with_rowid=False,
)

expected = Table(  # how many instances peers say series have that are not all here
    "expected",
    metadata,
    Column("study_uid", Text, primary_key=True),
    Column("series_uid", Text, primary_key=True),
    Column("instances", Integer, nullable=False),
    Column("peer", Text, nullable=False),
    Column("told", Text, nullable=False),  # UTC, ISO 8601
    sqlite_with_rowid=False,
)

commitment = Table(  # what peers are to answer for
    "commitment",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("transaction_uid", Text, nullable=False, unique=True),
    Column("peer", Text, nullable=False),  # its name
    Column("asked", Text, nullable=False),  # UTC, ISO 8601
    Column("answered", Text),
    Column("refused", Boolean, nullable=False),  # the request as a whole
)

commitment_object = Table(
    "commitment_object",
    metadata,
    Column("commitment", ForeignKey("commitment.id"), primary_key=True),
    Column("sop_instance_uid", Text, primary_key=True),
    Column("sop_class_uid", Text, nullable=False),
    Column("kept", Boolean),  # NULL: no word yet
    Column("reason", Integer),  # (0008,1197) if it is not kept
    sqlite_with_rowid=False,
)

audit = Table(  # triggers keep its lines from being changed or taken away
    "audit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("happened", Text, nullable=False),  # UTC, ISO 8601
    Column("action", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("details", Text, nullable=False),  # JSON, tells of nobody
)
