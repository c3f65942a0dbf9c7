"""The studies page at a hundred thousand studies, beside one page read bare."""

import contextlib
import hashlib
import random
import sqlite3
from collections.abc import Iterator
from datetime import date, time, timedelta
from functools import partial
from itertools import islice
from pathlib import Path

from tests.benchmarks.race import Race
from tests.benchmarks.scale import Scale
from viewer.catalog.filing import Arrival
from viewer.core.identity import SeriesUID, SOPInstanceUID, StudyUID
from viewer.core.listing import StudyQuery
from viewer.core.records import (
    FileRecord,
    FileStamp,
    InstanceRecord,
    PatientRecord,
    SeriesRecord,
    StudyRecord,
)
from viewer.services import places
from viewer.services.library import Library

_FAMILIES = ("Müller", "Yamada", "Özdemir", "Smith", "García", "Nowak", "Rossi", "Li")
_GIVEN = ("Anna", "Tarō", "Emre", "John", "Lucía", "Łukasz", "Giulia", "Wei")
_DESCRIPTIONS = ("CT Thorax", "MR Knie links", "CR Chest", "US Abdomen", "CT Neck")
_MODALITIES = ("CT", "MR", "CR", "US", "CT")
_BATCH = 5_000
_PAGE = "SELECT * FROM study ORDER BY study_date DESC, study_time DESC LIMIT 100"

QUERIES = {
    "Newest page": StudyQuery(),
    "Search a rare part of a name": StudyQuery(text="Müller 4711"),
    "Search a common part of a name": StudyQuery(text="yama"),
    "Search two letters": StudyQuery(text="li"),
    "Filter by date and modality": StudyQuery(
        modalities=("MR",), date_from=date(2025, 3, 1), date_to=date(2025, 3, 7)
    ),
}


def races(scale: Scale, folder: Path) -> Iterator[Race]:
    """Ask what a user asks."""
    with contextlib.closing(Library(folder)) as library:
        arrivals = map(_arrival, range(scale.studies))
        while batch := list(islice(arrivals, _BATCH)):
            library.catalog.file_all(batch)
        with contextlib.closing(sqlite3.connect(places.catalog_file(folder))) as db:
            assert library.search(StudyQuery()).total == scale.studies
            for name, query in QUERIES.items():
                yield Race(
                    f"{name}, {scale.studies:,} studies",
                    partial(library.search, query),
                    lambda: db.execute(_PAGE).fetchall(),
                    "one page by the date index, bare SQLite",
                )


def _arrival(number: int) -> Arrival:
    chance = random.Random(number)  # noqa: S311 - the same studies every time
    kind = number % len(_DESCRIPTIONS)
    name = f"{chance.choice(_FAMILIES)}^{chance.choice(_GIVEN)}"
    record = FileRecord(
        PatientRecord(name, f"{number:07}", "", date(1950, 1, 1), "F"),
        StudyRecord(
            StudyUID(f"2.25.{number}"),
            date(2020, 1, 1) + timedelta(days=chance.randrange(2500)),
            time(chance.randrange(24), chance.randrange(60)),
            f"ACC{number}",
            _DESCRIPTIONS[kind],
            f"Hospital {number % 7}",
        ),
        SeriesRecord(SeriesUID(f"2.25.{number}.1"), _MODALITIES[kind], 1),
        InstanceRecord(
            SOPInstanceUID(f"2.25.{number}.1.1"),
            "1.2.840.10008.5.1.4.1.1.2",
            "1.2.840.10008.1.2.1",
        ),
    )
    digest = hashlib.sha256(str(number).encode()).digest()
    return Arrival(record, digest, "", FileStamp(1, 1, number), stored=True)
