"""Studies as a table that spreadsheets and mail programs take."""

from collections.abc import Callable, Iterable

from viewer.core.identity import PersonName
from viewer.core.listing import Age, StudySummary
from viewer.core.remote import RemoteStudy

_COLUMNS: tuple[tuple[str, Callable[[StudySummary], str]], ...] = (
    ("Patient", lambda study: PersonName.from_pn(study.patient_name).display),
    ("ID", lambda study: study.patient_id),
    ("Born", lambda study: _iso(study.patient_birth_date)),
    ("Sex", lambda study: study.patient_sex),
    ("Age", lambda study: age_text(study.age)),
    ("Date", lambda study: _iso(study.study_date)),
    ("Time", lambda study: _iso(study.study_time)),
    ("Modalities", lambda study: ", ".join(study.modalities)),
    ("Description", lambda study: study.description),
    ("Accession", lambda study: study.accession_number),
    ("Institution", lambda study: study.institution),
    ("Series", lambda study: str(study.series)),
    ("Images", lambda study: str(study.instances)),
    ("Status", lambda study: study.status),
    ("Tags", lambda study: ", ".join(study.tags)),
)

_UNITS = {"Y": "y", "M": "mo", "W": "wk", "D": "d"}


def age_text(age: Age | None) -> str:
    """An age as lists show it: ``"65 y"``, ``"3 mo"``; nothing if not known."""
    return f"{age.value} {_UNITS.get(age.unit, age.unit)}" if age else ""


def to_table(studies: Iterable[StudySummary]) -> str:
    """One line a study, tabs between the columns, the names of the columns first."""
    lines = ["\t".join(title for title, _ in _COLUMNS)]
    lines += ["\t".join(one_cell(text(s)) for _, text in _COLUMNS) for s in studies]
    return "\n".join(lines) + "\n"


_REMOTE: tuple[tuple[str, Callable[[RemoteStudy], str]], ...] = (
    ("Patient", lambda study: PersonName.from_pn(study.patient_name).display),
    ("ID", lambda study: study.patient_id),
    ("Born", lambda study: _iso(study.patient_birth_date)),
    ("Sex", lambda study: study.patient_sex),
    ("Date", lambda study: _iso(study.study_date)),
    ("Time", lambda study: _iso(study.study_time)),
    ("Modalities", lambda study: ", ".join(study.modalities)),
    ("Description", lambda study: study.description),
    ("Accession", lambda study: study.accession_number),
    ("At", lambda study: study.peer),
    ("Images", lambda study: _iso(study.instances)),
    ("Here", lambda study: str(study.local)),
)


def to_remote_table(studies: Iterable[RemoteStudy]) -> str:
    """As `to_table`, of what peers have."""
    lines = ["\t".join(title for title, _ in _REMOTE)]
    lines += ["\t".join(one_cell(text(s)) for _, text in _REMOTE) for s in studies]
    return "\n".join(lines) + "\n"


def one_cell(text: str) -> str:
    """One cell stays one cell, and a text that begins like a formula stays a text."""
    flat = " ".join(text.split())
    return f"'{flat}" if flat[:1] in ("=", "+", "-", "@") else flat


def _iso(value: object) -> str:
    return "" if value is None else str(value)
