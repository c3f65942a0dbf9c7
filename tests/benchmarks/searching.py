"""The studies page at many studies, beside one page read bare."""

import contextlib
import os
import random
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from tests.benchmarks.race import Race, Result, at_part, timed
from tests.benchmarks.scale import Scale
from viewer.catalog import text_index
from viewer.catalog.connection import writing
from viewer.catalog.schema import facet, patient, study
from viewer.catalog.search import Search
from viewer.catalog.text_index import Findable
from viewer.core.folding import folded
from viewer.core.listing import StudyQuery
from viewer.services import places
from viewer.services.library import Library

_FAMILIES = ("Müller", "Yamada", "Özdemir", "Smith", "García", "Nowak", "Rossi", "Li")
_GIVEN = ("Anna", "Tarō", "Emre", "John", "Lucía", "Łukasz", "Giulia", "Wei")
_DESCRIPTIONS = ("CT Thorax", "MR Knie links", "CR Chest", "US Abdomen", "CT Neck")
_MODALITIES = ("CT", "MR", "CR", "US", "CT")
_BATCH = 5_000
_KEPT_IN = "LIGHTBOX_BENCH_CATALOG"
_PAGE = (
    "SELECT * FROM study WHERE trashed IS NULL "
    "ORDER BY study_date DESC, study_time DESC LIMIT 100"
)

QUERIES = {
    "Newest page": StudyQuery(),
    "Search a rare part of a name": StudyQuery(text="Müller 4711"),
    "Search a common part of a name": StudyQuery(text="yama"),
    "Search two letters": StudyQuery(text="li"),
    "Filter by date and modality": StudyQuery(
        modalities=("MR",), date_from=date(2025, 3, 1), date_to=date(2025, 3, 7)
    ),
}

IN_THE_MIDDLE = {
    "Page in the middle of everything": StudyQuery(),
    "Page in the middle of a filter": StudyQuery(modalities=("CT",)),
}
"""Where the scroll bar is dropped; the filter leaves two fifths."""

TYPED = (
    "yamada tarō",
    "müller 47",
    "smith chest",
    "thorax",
    "acc12345",
    "0012345",
    "łukasz",
    "özdemir abdomen",
    "rossi giulia",
    "knie",
    "hospital 3",
    "nobody",
)
"""Typed letter by letter; each beginning is a question."""

_COUNT_TO = 5_000  # as the list of the window asks first


def races(scale: Scale, folder: Path) -> Iterator[Race | Result]:
    """Ask what a user asks."""
    folder = catalog_of(scale.studies, folder)
    with (
        contextlib.closing(Library(folder)) as library,
        contextlib.closing(sqlite3.connect(places.catalog_file(folder))) as db,
    ):
        assert library.search(StudyQuery()).total == scale.studies
        yield from _typing(library, db, scale)
        middle = {
            name: replace(query, offset=library.search(query).total // 2)
            for name, query in IN_THE_MIDDLE.items()
        }
        for name, query in (QUERIES | middle).items():
            assert scale.studies < 1000 or library.search(query).total
            yield Race(
                f"{name}, {scale.studies:,} studies",
                partial(_asked_anew, library, replace(query, count_to=_COUNT_TO)),
                lambda: db.execute(_PAGE).fetchall(),
                "one page by the date index, bare SQLite",
            )


def _asked_anew(library: Library, query: StudyQuery) -> None:
    library.catalog._search = Search()  # nothing is remembered
    library.search(query)


def _typing(library: Library, db: sqlite3.Connection, scale: Scale) -> Iterator[Result]:
    """Each beginning of what is typed, asked once, with its count and first page."""
    ours, limit = list[float](), list[float]()
    for text in TYPED:
        for end in range(1, len(text) + 1):
            query = StudyQuery(text=text[:end], count_to=_COUNT_TO)
            ours.append(timed(partial(_asked_anew, library, query)))
            limit.append(timed(lambda: db.execute(_PAGE).fetchall()))
    for what, part in (("median", 0.5), ("95th percentile", 0.95)):
        yield Result(
            f"Search as one types, {scale.studies:,} studies, {what}",
            at_part(ours, part),
            at_part(limit, part),
            "one page by the date index, bare SQLite",
        )


def catalog_of(studies: int, folder: Path) -> Path:
    """A data folder whose catalog holds so many studies.

    Where LIGHTBOX_BENCH_CATALOG names a folder it is built once and stays there.
    """
    kept = os.environ.get(_KEPT_IN)
    place = Path(kept) / str(studies) if kept else folder / "many"
    with contextlib.closing(Library(place)) as library:
        there = library.search(StudyQuery(limit=0)).total
        if there != studies:
            assert there == 0, "the folder holds another catalog"
            fill(library, studies)
    return place


def fill(library: Library, count: int) -> None:
    """Write what lists show of studies; importing so many files would take an hour."""
    numbers = iter(range(1, count + 1))
    while batch := list(islice(numbers, _BATCH)):
        rows = [_row(number) for number in batch]
        with writing(library.catalog._engine) as connection:
            connection.execute(
                insert(patient),
                [{"id": row["id"], "identity": f"I{row['id']}"} for row in rows],
            )
            connection.execute(insert(study), rows)
            connection.execute(insert(facet), [f for row in rows for f in _facets(row)])
            text_index.index(connection, {row["id"]: _findable(row) for row in rows})


def _row(number: int) -> dict[str, Any]:
    chance = random.Random(number)  # noqa: S311 - the same studies every time
    kind = number % len(_DESCRIPTIONS)
    name = f"{chance.choice(_FAMILIES)}^{chance.choice(_GIVEN)}"
    day = date(2020, 1, 1) + timedelta(days=chance.randrange(2500))
    institution = f"Hospital {number % 7}"
    return {
        "id": number,
        "study_uid": f"2.25.{number}",
        "patient": number,
        "patient_name": name,
        "patient_id": f"{number:07}",
        "study_date": day.isoformat(),
        "study_time": f"{chance.randrange(24):02}:{chance.randrange(60):02}:00",
        "accession_number": f"ACC{number}",
        "description": _DESCRIPTIONS[kind],
        "institution": institution,
        "modalities": _MODALITIES[kind],
        "series": 3,
        "instances": 300,
        "status": "pending",
        "added": "2026-01-01T00:00:00",
        "name_key": folded(name),
        "description_key": folded(_DESCRIPTIONS[kind]),
        "institution_key": folded(institution),
    }


def _facets(row: Mapping[str, Any]) -> list[dict[str, Any]]:
    offered = {
        "modality": "modalities",
        "institution": "institution",
        "status": "status",
    }
    return [
        {"kind": kind, "value": row[column], "study": row["id"]}
        for kind, column in offered.items()
    ]


def _findable(row: Mapping[str, Any]) -> Findable:
    return Findable.of(
        row["patient_name"],
        row["patient_id"],
        row["accession_number"],
        (row["description"], row["institution"]),
    )
