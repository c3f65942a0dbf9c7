"""The columns of the list of studies, as data."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from viewer.commands.study_table import age_text
from viewer.core.identity import PersonName
from viewer.core.listing import SortColumn, StudySummary

RowT = TypeVar("RowT")
Sign = tuple[str, str]
"""An icon, and the token of its colour."""


@dataclass(frozen=True, slots=True)
class Column(Generic[RowT]):
    """One column of the list.

    Attributes
    ----------
    title : str
    text : callable
        What a cell shows; empty for what is not known.
    sort : str or None
        What a click on the header sorts by; None if nothing.
    width : int
        In logical pixels, usually; of a column without limits, always.
    limits : tuple of int or None
        Between which the width follows what is in the column; None if it is fixed.
    numeric : bool
        Right-aligned with figures of one width.
    quiet : bool
        In the secondary colour.
    rank : int
        Columns of a higher rank go first when the window is narrow.
    sign : callable
        What stands before the words, if anything; never without them.
    fills : bool
        Whether it takes the room that is left over.
    """

    title: str
    text: Callable[[RowT], str]
    sort: SortColumn | None = None
    width: int = 100
    limits: tuple[int, int] | None = None
    numeric: bool = False
    quiet: bool = False
    rank: int = 0
    sign: Callable[[RowT], Sign | None] = lambda _: None
    fills: bool = False


def _patient(study: StudySummary) -> str:
    return PersonName.from_pn(study.patient_name).display or "(no name)"


def _born(study: StudySummary) -> str:
    return study.patient_birth_date.isoformat() if study.patient_birth_date else ""


def _sex_age(study: StudySummary) -> str:
    return " ".join(part for part in (study.patient_sex, age_text(study.age)) if part)


def _date(study: StudySummary) -> str:
    return study.study_date.isoformat() if study.study_date else ""


def _time(study: StudySummary) -> str:
    return f"{study.study_time:%H:%M}" if study.study_time else ""


def _modalities(study: StudySummary) -> str:
    return " ".join(study.modalities)


def _description(study: StudySummary) -> str:
    tags = " ".join(f"#{tag}" for tag in study.tags)
    return "   ".join(part for part in (study.description, tags) if part)


def _images(study: StudySummary) -> str:
    if not study.missing:
        return f"{study.instances:,}"
    return f"{study.instances:,} of {study.instances + study.missing:,}"


def _in_conflict(study: StudySummary) -> Sign | None:
    return ("warning", "warn") if study.conflicts else None


def _status(study: StudySummary) -> Sign | None:
    return STATUS_SIGNS.get(study.status, ("circle", "text_2"))


STATUS_SIGNS = {"pending": ("circle", "accent"), "read": ("check-circle", "good")}
"""Icon and colour of a token for each status; the word stands beside it."""

COLUMNS: tuple[Column[StudySummary], ...] = (
    Column(
        "Patient",
        _patient,
        "patient_name",
        width=190,
        limits=(120, 320),
        sign=_in_conflict,
    ),
    Column("ID", lambda s: s.patient_id, "patient_id", width=108, limits=(70, 220)),
    Column("Born", _born, "patient_birth_date", width=98, quiet=True, rank=1),
    Column("Age", _sex_age, width=70, quiet=True),
    Column("Date", _date, "study_date", width=98),
    Column("Time", _time, width=58, quiet=True, rank=2),
    Column("Mod", _modalities, "modalities", width=72, limits=(56, 140)),
    Column("Description", _description, "description", width=180, fills=True),
    Column(
        "Accession",
        lambda s: s.accession_number,
        "accession_number",
        width=130,
        limits=(90, 200),
        quiet=True,
        rank=4,
    ),
    Column(
        "Institution",
        lambda s: s.institution,
        "institution",
        width=140,
        limits=(100, 260),
        quiet=True,
        rank=3,
    ),
    Column("Img", _images, "instances", width=64, limits=(64, 130), numeric=True),
    Column("Status", lambda s: s.status, "status", width=104, sign=_status),
)

STATUS_COLUMN = len(COLUMNS) - 1
PATIENT_COLUMN = 0
DESCRIPTION_COLUMN = [column.title for column in COLUMNS].index("Description")
_LEAST_DESCRIPTION = 120


def widths(
    room: int,
    contents: Sequence[int] = (),
    columns: Sequence[Column[Any]] = COLUMNS,
) -> list[int]:
    """The width of each column for a list `room` pixels wide; 0 hides it.

    Columns of a high rank are left out until the others have their usual width,
    whatever is in them: no column comes and goes with the rows. Then each takes what
    its texts need, within its limits, and the description what is left over.

    Parameters
    ----------
    room : int
    contents : sequence of int
        What the texts of each column need; without it, the usual width.
    columns : sequence of Column
    """
    shown = set(range(len(columns)))
    ranks = sorted({column.rank for column in columns if column.rank}, reverse=True)
    for rank in ranks:
        if sum(columns[at].width for at in shown) <= room:
            break
        shown -= {at for at in shown if columns[at].rank == rank}
    given = [_least(columns[at]) if at in shown else 0 for at in range(len(columns))]
    left = max(0, room - sum(given))
    for at in sorted(shown):
        need = contents[at] if contents else columns[at].width
        more = min(left, max(0, _within(columns[at], need) - given[at]))
        given[at] += more
        left -= more
    given[next(at for at, column in enumerate(columns) if column.fills)] += left
    return given


def _least(column: Column[Any]) -> int:
    if column.fills:
        return _LEAST_DESCRIPTION
    return column.limits[0] if column.limits else column.width


def _within(column: Column[Any], need: int) -> int:
    return min(need, column.limits[1]) if column.limits else 0
