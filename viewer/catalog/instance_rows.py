"""The rows of instances, thousands at a time.

They go to SQLite's driver as they are: SQLAlchemy's way for each value of each row
takes longer than SQLite itself.
"""

import os
from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import Any, NamedTuple, Self

from sqlalchemy import Connection

from viewer.catalog.rows import bounded
from viewer.core.records import FileStamp, PackedInstance


class InstanceRow(NamedTuple):
    """A row of `schema.instance`, by the names of its columns."""

    series: int
    sop_instance_uid: str
    sha256: bytes
    path: bytes | None
    size: int
    modified_ns: int
    file_id: int
    number: int | None
    frames: int
    record: bytes

    @classmethod
    def of(
        cls,
        series: int,
        packed: PackedInstance,
        sha256: bytes,
        path: str | None,
        stamp: FileStamp,
    ) -> Self:
        """The row of an instance; `path` is None in our own store."""
        return cls(
            series,
            packed.sop_instance_uid,
            sha256,
            None if path is None else os.fsencode(path),
            stamp.size,
            stamp.modified_ns,
            stamp.file_id,
            bounded(packed.number),
            packed.frames,
            packed.record,
        )

    def moved(self, path: str | None, stamp: FileStamp) -> Self:
        """The row of the same bytes in another place."""
        return self._replace(
            path=None if path is None else os.fsencode(path),
            size=stamp.size,
            modified_ns=stamp.modified_ns,
            file_id=stamp.file_id,
        )


def add(connection: Connection, rows: Sequence[InstanceRow]) -> None:
    """Insert the rows."""
    if rows:
        connection.exec_driver_sql(_INSERT, list(rows))


def known(connection: Connection, uids: Collection[str]) -> Sequence[Any]:
    """The file of each of the instances that is there, and the study it is in.

    Returns
    -------
    sequence of tuple
        SOP Instance UID, SHA-256, path as bytes or None, size, time, file number,
        and the study's key.
    """
    if not uids:
        return ()
    return connection.exec_driver_sql(_select(len(uids)), tuple(uids)).all()


def of_study(connection: Connection, study_uid: str) -> Sequence[Any]:
    """The instances of a study, in no order.

    Returns
    -------
    sequence of tuple
        The series' key, SOP Instance UID, record, SHA-256, path as bytes or None, size,
        time and file number.
    """
    return connection.exec_driver_sql(_OF_STUDY, (study_uid,)).all()


_OF_STUDY = (
    "SELECT series, sop_instance_uid, record, sha256, path, size, modified_ns, file_id "
    "FROM instance WHERE series IN (SELECT series.id FROM series "
    "JOIN study ON study.id = series.study WHERE study_uid = ?)"
)

_INSERT = (
    f"INSERT INTO instance ({', '.join(InstanceRow._fields)}) "  # noqa: S608 - our own names
    f"VALUES ({', '.join('?' * len(InstanceRow._fields))})"
)


@lru_cache(maxsize=64)
def _select(count: int) -> str:
    marks = ", ".join("?" * count)
    return f"{_SELECT} ({marks})"


_SELECT = (
    "SELECT sop_instance_uid, sha256, path, size, modified_ns, file_id, "
    "(SELECT study FROM series WHERE series.id = instance.series) "
    "FROM instance WHERE sop_instance_uid IN"
)
