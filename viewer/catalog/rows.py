"""Between the catalog's rows and the values of the core."""

from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import Row, RowMapping

from viewer.core.ages import to_age
from viewer.core.folding import folded
from viewer.core.identity import PersonName, SeriesUID, SOPInstanceUID, StudyUID
from viewer.core.listing import Conflict, ConflictKind, SeriesSummary, StudySummary
from viewer.core.records import PatientRecord, SeriesRecord, StudyRecord

_LIST = "\\"  # what DICOM itself puts between values

_TOO_LARGE = 2**63

Values = dict[str, Any]  # what SQLAlchemy takes and gives for a row


def now() -> str:
    """The present moment in UTC, as the catalog writes it; sorts by time."""
    return datetime.now(UTC).isoformat(timespec="microseconds")


def patient_values(patient: PatientRecord) -> Values:
    """The patient as a study row has it."""
    return {
        "patient_name": patient.name or None,
        "patient_id": patient.patient_id or None,
        "issuer": patient.issuer or None,
        "patient_birth_date": _iso(patient.birth_date),
        "patient_sex": patient.sex or None,
        "name_key": name_key(patient.name),
    }


def patient_of(row: RowMapping) -> PatientRecord:
    """The patient of a study row."""
    return PatientRecord(
        row["patient_name"] or "",
        row["patient_id"] or "",
        row["issuer"] or "",
        _date(row["patient_birth_date"]),
        row["patient_sex"] or "",
    )


def study_values(study: StudyRecord) -> Values:
    """What a study row says about the study itself."""
    return {
        "study_uid": study.study_uid,
        "patient_age": study.patient_age or None,
        "study_date": _iso(study.study_date),
        "study_time": _iso(study.study_time),
        "accession_number": study.accession_number or None,
        "description": study.description or None,
        "institution": study.institution or None,
        "referring_physician": study.referring_physician or None,
        "description_key": folded(study.description) or None,
        "institution_key": folded(study.institution) or None,
    }


def study_of(row: RowMapping) -> StudyRecord:
    """The study of a study row."""
    return StudyRecord(
        StudyUID(row["study_uid"]),
        _date(row["study_date"]),
        _time(row["study_time"]),
        row["accession_number"] or "",
        row["description"] or "",
        row["institution"] or "",
        row["referring_physician"] or "",
        row["patient_age"] or "",
    )


def series_values(series: SeriesRecord) -> Values:
    """A series row without its study."""
    return {
        "series_uid": series.series_uid,
        "modality": series.modality or None,
        "number": bounded(series.number),
        "description": series.description or None,
        "body_part": series.body_part or None,
        "laterality": series.laterality or None,
        "protocol": series.protocol or None,
        "manufacturer": series.manufacturer or None,
        "frame_of_reference_uid": series.frame_of_reference_uid or None,
    }


def to_series(row: RowMapping) -> SeriesRecord:
    """The series of a series row."""
    return SeriesRecord(
        SeriesUID(row["series_uid"]),
        row["modality"] or "",
        row["number"],
        row["description"] or "",
        row["body_part"] or "",
        row["laterality"] or "",
        row["protocol"] or "",
        row["manufacturer"] or "",
        row["frame_of_reference_uid"] or "",
    )


def to_series_summary(row: RowMapping) -> SeriesSummary:
    """The series as a list shows it; the row also counts."""
    return SeriesSummary(
        SeriesUID(row["series_uid"]),
        row["modality"] or "",
        row["number"],
        row["description"] or "",
        row["body_part"] or "",
        row["laterality"] or "",
        row["instances"],
        row["frames"] or 0,
    )


def to_summary(row: RowMapping) -> StudySummary:
    """The study as a list shows it; the row also counts conflicts."""
    born, on = _date(row["patient_birth_date"]), _date(row["study_date"])
    return StudySummary(
        study_uid=StudyUID(row["study_uid"]),
        patient_name=row["patient_name"] or "",
        patient_id=row["patient_id"] or "",
        issuer=row["issuer"] or "",
        patient_birth_date=born,
        patient_sex=row["patient_sex"] or "",
        age=to_age(row["patient_age"] or "", born, on),
        study_date=on,
        study_time=_time(row["study_time"]),
        accession_number=row["accession_number"] or "",
        description=row["description"] or "",
        modalities=split(row["modalities"]),
        series=row["series"],
        instances=row["instances"],
        institution=row["institution"] or "",
        referring_physician=row["referring_physician"] or "",
        status=row["status"],
        tags=split(row["tags"], "\n"),
        body_parts=split(row["body_parts"]),
        conflicts=row["conflicts"],
        missing=row["missing"],
    )


def to_conflict(row: Row[Any], study: StudySummary | None, path: str) -> Conflict:
    """The conflict of a conflict row."""
    return Conflict(
        row.id,
        ConflictKind(row.kind),
        StudyUID(row.study_uid),
        SeriesUID(row.series_uid),
        SOPInstanceUID(row.sop_instance_uid),
        study,
        row.patient_name or "",
        row.patient_id or "",
        path,
        datetime.fromisoformat(row.added),
    )


def bounded(number: int | None) -> int | None:
    """A number as the database can hold it; an absurd one is none."""
    return number if number is not None and abs(number) < _TOO_LARGE else None


def joined(values: set[str], by: str = _LIST) -> str | None:
    """Values in one column, sorted; None if there is none."""
    return by.join(sorted(value for value in values if value)) or None


def split(value: str | None, by: str = _LIST) -> tuple[str, ...]:
    """The values of such a column."""
    return tuple(value.split(by)) if value else ()


def name_key(raw: str) -> str | None:
    """What a raw PN is sorted by."""
    name = PersonName.from_pn(raw)
    return folded(name.alphabetic or name.ideographic or name.phonetic) or None


def _iso(value: date | time | None) -> str | None:
    return None if value is None else value.isoformat()


def _date(value: str | None) -> date | None:
    return None if value is None else date.fromisoformat(value)


def _time(value: str | None) -> time | None:
    return None if value is None else time.fromisoformat(value)
