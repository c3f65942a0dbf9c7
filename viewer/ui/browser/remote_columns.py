"""The columns of the list of what peers have, as data."""

from collections.abc import Callable
from datetime import date, time
from typing import Any, Final

from viewer.core.folding import folded
from viewer.core.identity import PersonName
from viewer.core.listing import SortColumn
from viewer.core.remote import RemoteStudy
from viewer.ui.browser.columns import Column, Sign


def _patient(study: RemoteStudy) -> str:
    return PersonName.from_pn(study.patient_name).display or "(no name)"


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _time(study: RemoteStudy) -> str:
    return f"{study.study_time:%H:%M}" if study.study_time else ""


def _images(study: RemoteStudy) -> str:
    return "" if study.instances is None else f"{study.instances:,}"


def here(study: RemoteStudy) -> str:
    """How much of a study is on this computer, in words."""
    if not study.local:
        return "not here"
    if study.instances is None:
        return f"{study.local:,} here"
    if study.local >= study.instances:
        return "here"
    return f"{study.local:,} of {study.instances:,}"


def _here_sign(study: RemoteStudy) -> Sign:
    if not study.local:
        return ("cloud", "text_3")
    whole = study.instances is None or study.local >= study.instances
    return ("check-circle", "good") if whole else ("circle-half", "accent")


COLUMNS: Final[tuple[Column[RemoteStudy], ...]] = (
    Column("Patient", _patient, "patient_name", width=190, limits=(120, 320)),
    Column("ID", lambda s: s.patient_id, "patient_id", width=108, limits=(70, 220)),
    Column(
        "Born",
        lambda s: _iso(s.patient_birth_date),
        "patient_birth_date",
        width=98,
        quiet=True,
        rank=1,
    ),
    Column("Date", lambda s: _iso(s.study_date), "study_date", width=98),
    Column("Time", _time, width=58, quiet=True, rank=2),
    Column(
        "Mod",
        lambda s: " ".join(s.modalities),
        "modalities",
        width=72,
        limits=(56, 140),
    ),
    Column(
        "Description", lambda s: s.description, "description", width=180, fills=True
    ),
    Column(
        "Accession",
        lambda s: s.accession_number,
        "accession_number",
        width=130,
        limits=(90, 200),
        quiet=True,
        rank=4,
    ),
    Column("At", lambda s: s.peer, "institution", width=110, limits=(80, 200)),
    Column("Img", _images, "instances", width=64, numeric=True),
    Column("Here", here, "status", width=124, sign=_here_sign),
)

PEER_COLUMN: Final = [column.title for column in COLUMNS].index("At")

_KEYS: dict[SortColumn, Callable[[RemoteStudy], Any]] = {
    "study_date": lambda s: (s.study_date or date.min, s.study_time or time.min),
    "patient_name": lambda s: folded(s.patient_name),
    "patient_id": lambda s: folded(s.patient_id),
    "patient_birth_date": lambda s: s.patient_birth_date or date.min,
    "accession_number": lambda s: folded(s.accession_number),
    "description": lambda s: folded(s.description),
    "modalities": lambda s: s.modalities,
    "instances": lambda s: s.instances or 0,
    "institution": lambda s: folded(s.peer),
    "status": lambda s: s.local / max(1, s.instances or s.local or 1),
}


def sort_key(column: SortColumn) -> Callable[[RemoteStudy], Any]:
    """What a list sorted by `column` compares."""
    return _KEYS.get(column, _KEYS["study_date"])
