"""Studies made of files that are not in the catalog."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from viewer.core.ages import to_age
from viewer.core.errors import NotDicomError, ViewerError
from viewer.core.folding import folded
from viewer.core.identity import SeriesUID, SOPInstanceUID, StudyUID
from viewer.core.listing import StudySummary
from viewer.core.opened import OpenSeries, OpenStudy
from viewer.core.records import FileRecord, FileStamp, StoredInstance
from viewer.services.sources import Found, find_files
from viewer.services.store import stamp_of
from viewer.services.study_opening import in_order, lay_out

if TYPE_CHECKING:
    from viewer.services.library import Library


SeriesKey = tuple[StudyUID, SeriesUID]
Refused = Callable[[str, ViewerError], None]
"""Hears what a file is called and why it cannot be opened, on the thread that reads."""


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A file and what it says."""

    record: FileRecord
    path: str
    stamp: FileStamp


def to_studies(files: Iterable[ReadFile]) -> tuple[OpenStudy, ...]:
    """Put files of one study and one patient together, in the order they came.

    A file without UIDs gets some that hold for this opening only, so it stands
    alone; a second file under a UID that is taken is shown beside the first.
    """
    studies: dict[tuple[str, ...], list[ReadFile]] = {}
    taken: set[str] = set()
    for number, file in enumerate(files, 1):
        named = _with_uids(file, number, taken)
        taken.add(named.record.instance.sop_instance_uid)
        studies.setdefault(_key(named.record), []).append(named)
    claims = Counter(_series_key(file) for own in studies.values() for file in own)
    return tuple(_to_study(members, claims) for members in studies.values())


def _with_uids(file: ReadFile, number: int, taken: set[str]) -> ReadFile:
    record = file.record
    own = f"file {number}"
    uid = record.instance.sop_instance_uid or own
    if uid in taken:
        uid = f"{uid} in {own}"
    named = FileRecord(
        record.patient,
        replace(record.study, study_uid=StudyUID(record.study.study_uid or own)),
        replace(record.series, series_uid=SeriesUID(record.series.series_uid or own)),
        replace(record.instance, sop_instance_uid=SOPInstanceUID(uid)),
        record.tolerated,
    )
    return replace(file, record=named)


def _key(record: FileRecord) -> tuple[str, ...]:
    patient = record.patient
    return (record.study.study_uid, patient.patient_id, folded(patient.name))


def _series_key(file: ReadFile) -> SeriesKey:
    return file.record.study.study_uid, file.record.series.series_uid


def _to_study(files: Sequence[ReadFile], claims: Mapping[SeriesKey, int]) -> OpenStudy:
    """One patient's study; `claims` counts the files of every patient by series."""
    series: dict[SeriesUID, list[ReadFile]] = {}
    for file in files:
        series.setdefault(file.record.series.series_uid, []).append(file)
    laid = in_order(_to_series(members, claims) for members in series.values())
    return OpenStudy(_summary(files[0].record, laid), laid)


def _to_series(
    files: Sequence[ReadFile], claims: Mapping[SeriesKey, int]
) -> OpenSeries:
    instances = [
        StoredInstance(file.record.instance, file.path, file.stamp) for file in files
    ]
    strangers = claims[_series_key(files[0])] - len(files)
    return lay_out(files[0].record.series, instances, {}, strangers)


def _summary(record: FileRecord, series: Sequence[OpenSeries]) -> StudySummary:
    patient, study = record.patient, record.study
    return StudySummary(
        study_uid=study.study_uid,
        patient_name=patient.name,
        patient_id=patient.patient_id,
        issuer=patient.issuer,
        patient_birth_date=patient.birth_date,
        patient_sex=patient.sex,
        age=to_age(study.patient_age, patient.birth_date, study.study_date),
        study_date=study.study_date,
        study_time=study.study_time,
        accession_number=study.accession_number,
        description=study.description,
        modalities=_different(one.record.modality for one in series),
        series=len(series),
        instances=sum(len(one.instances) for one in series),
        institution=study.institution,
        referring_physician=study.referring_physician,
        status="",  # the catalog does not know it
        tags=(),
        body_parts=_different(one.record.body_part for one in series),
        conflicts=0,
    )


def _different(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({value for value in values if value}))


def open_files(
    library: "Library", paths: Iterable[str | Path], refused: Refused
) -> tuple[OpenStudy, ...]:
    """Read files without putting them into the catalog; see `Library.open_files`."""
    errors: list[ViewerError] = []
    files: list[ReadFile] = []
    origins: dict[Path, Found] = {}

    def refuse(origin: Found, error: ViewerError) -> None:
        errors.append(error)
        if origin.named or not isinstance(error, NotDicomError):
            refused(origin.label, error)

    readable = _readable(library, [Path(path) for path in paths], origins, refuse)
    for path, record in library.reader.read_files(readable):
        if isinstance(record, ViewerError):
            refuse(origins[Path(path)], record)
        else:
            files.append(ReadFile(record, str(path), stamp_of(path)))
    if not files:
        raise errors[0] if errors else ViewerError("There is no file to open.")
    return to_studies(files)


def _readable(
    library: "Library",
    paths: Sequence[Path],
    origins: dict[Path, Found],
    refuse: Callable[[Found, ViewerError], None],
) -> Iterator[Path]:
    for found in find_files(paths, password=None, workspace=library.unpacking()):
        if found.error is None:
            path = found.path
            origins[path] = found
            yield path
        else:
            refuse(found, found.error)
