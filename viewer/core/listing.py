"""What lists show: studies and series as the catalog or a peer answers them."""

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import Literal

from viewer.core.identity import SeriesUID, SOPInstanceUID, StudyUID

STATUSES = ("pending", "read")
"""What a study can be for its reader; the first is what it is when it arrives."""

SortColumn = Literal[
    "study_date",
    "patient_name",
    "patient_id",
    "patient_birth_date",
    "accession_number",
    "description",
    "modalities",
    "instances",
    "institution",
    "status",
    "added",
]


@dataclass(frozen=True, slots=True)
class StudyQuery:
    """What to list. Empty fields ask for everything.

    Attributes
    ----------
    text : str
        Words that must all occur somewhere in names, IDs, accession number or
        descriptions: any part of a word, any script, accents ignored.
    patient, patient_id, accession : str
        Part of the name; part of the ID; part of the accession number.
    modalities, statuses, institutions, tags : tuple of str
        Any of them.
    date_from, date_to : date or None
        Study date, both inclusive.
    sort : SortColumn
    descending : bool
    limit : int or None
    offset : int
    trashed : bool
        Whether to list what was moved to the trash instead of what was not.
    count_to : int or None
        Where counting may stop, for a first answer at once; None counts to the end.
    """

    text: str = ""
    patient: str = ""
    patient_id: str = ""
    accession: str = ""
    modalities: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    institutions: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    date_from: date | None = None
    date_to: date | None = None
    sort: SortColumn = "study_date"
    descending: bool = True
    limit: int | None = 100
    offset: int = 0
    trashed: bool = False
    count_to: int | None = None


@dataclass(frozen=True, slots=True)
class Age:
    """A patient's age; unit is ``Y``, ``M``, ``W`` or ``D`` as in VR AS."""

    value: int
    unit: str


@dataclass(frozen=True, slots=True)
class StudySummary:
    """One row of a list of studies.

    `missing` counts the instances that a peer has of it and that are not here yet.
    """

    study_uid: StudyUID
    patient_name: str  # raw PN
    patient_id: str
    issuer: str
    patient_birth_date: date | None
    patient_sex: str
    age: Age | None
    study_date: date | None
    study_time: time | None
    accession_number: str
    description: str
    modalities: tuple[str, ...]
    series: int
    instances: int
    institution: str
    referring_physician: str
    status: str
    tags: tuple[str, ...]
    body_parts: tuple[str, ...]
    conflicts: int
    missing: int = 0


@dataclass(frozen=True, slots=True)
class FilterValues:
    """What the filter chips can offer, from the data."""

    modalities: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    institutions: tuple[str, ...] = ()
    body_parts: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StudyPage:
    """An answer to a query: `total` counts all that match, `items` holds one page.

    Where counting stopped before the end, there are `total` or more, and the answer is
    not `complete`. `kept` has the studies whose places were asked for, as far as they
    are listed, each with its place.
    """

    total: int
    items: tuple[StudySummary, ...]
    complete: bool = True
    kept: tuple[tuple[int, StudySummary], ...] = ()


@dataclass(frozen=True, slots=True)
class SeriesSummary:
    """One series of a study."""

    series_uid: SeriesUID
    modality: str
    number: int | None
    description: str
    body_part: str
    laterality: str
    instances: int
    frames: int


class ConflictKind(StrEnum):
    """Why a file was kept beside the catalog's studies instead of in them."""

    OTHER_BYTES = "other bytes"  # its SOP Instance UID is taken by another file
    OTHER_PATIENT = "other patient"  # its study belongs to somebody else


@dataclass(frozen=True, slots=True)
class Conflict:
    """A file that was kept, but that the catalog could not file away by itself.

    Attributes
    ----------
    id : int
    kind : ConflictKind
    study_uid, series_uid, sop_instance_uid : str
        What the file says it is.
    study : StudySummary or None
        The study it is at odds with, as the catalog has it; None if that is gone.
    patient_name, patient_id : str
        The patient as the file has it.
    path : str
        Where its bytes are now.
    added : datetime
        In UTC.
    """

    id: int
    kind: ConflictKind
    study_uid: StudyUID
    series_uid: SeriesUID
    sop_instance_uid: SOPInstanceUID
    study: StudySummary | None
    patient_name: str
    patient_id: str
    path: str
    added: datetime
