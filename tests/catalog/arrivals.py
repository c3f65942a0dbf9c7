"""Files as they arrive at the catalog, built from the records they would give."""

import hashlib
from dataclasses import replace
from datetime import date

from viewer.catalog.filing import Arrival
from viewer.core.identity import SeriesUID, SOPInstanceUID, StudyUID
from viewer.core.records import (
    FileRecord,
    FileStamp,
    InstanceRecord,
    PatientRecord,
    SeriesRecord,
    StudyRecord,
)


def patient(**changed: object) -> PatientRecord:
    """Somebody invented."""
    somebody = PatientRecord("Muster^Max", "P1", "", date(1970, 5, 17), "M")
    return replace(somebody, **changed)  # type: ignore[arg-type]  # a test's shorthand


def arrival(  # noqa: PLR0913 - all but the first by name, all may be left out
    number: int = 1,
    *,
    of: PatientRecord | None = None,
    study: StudyRecord | None = None,
    series: SeriesRecord | None = None,
    content: str = "",
    path: str | None = None,
) -> Arrival:
    """File `number`; what is not given is the same for all."""
    study = study or StudyRecord(
        StudyUID("1.2"), date(2024, 3, 1), description="Thorax"
    )
    series = series or SeriesRecord(SeriesUID(f"{study.study_uid}.1"), "CT", 1)
    uid = SOPInstanceUID(f"{series.series_uid}.{number}")
    sha256 = hashlib.sha256(f"{uid} {content}".encode()).digest()
    record = FileRecord(
        of or patient(),
        study,
        series,
        InstanceRecord(uid, "1.2.840.10008.5.1.4.1.1.2", "1.2.840.10008.1.2.1", number),
    )
    stamp = FileStamp(100, 1, number)
    if path is None:
        return Arrival(record, sha256, f"/store/{sha256.hex()}", stamp, stored=True)
    return Arrival(record, sha256, path, stamp, stored=False)


def a_study(uid: str = "1.2", **changed: object) -> StudyRecord:
    """A study of some day."""
    some = StudyRecord(StudyUID(uid), date(2024, 3, 1), description="Thorax")
    return replace(some, **changed)  # type: ignore[arg-type]  # a test's shorthand
