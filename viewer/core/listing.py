"""What lists show: studies and series as the catalog or a peer answers them."""

from dataclasses import dataclass
from datetime import date, time
from typing import Literal

from viewer.core.identity import SeriesUID, StudyUID

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


@dataclass(frozen=True, slots=True)
class Age:
    """A patient's age; unit is ``Y``, ``M``, ``W`` or ``D`` as in VR AS."""

    value: int
    unit: str


@dataclass(frozen=True, slots=True)
class StudySummary:
    """One row of a list of studies."""

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
    """An answer to a query: `total` counts all that match, `items` holds one page."""

    total: int
    items: tuple[StudySummary, ...]


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
