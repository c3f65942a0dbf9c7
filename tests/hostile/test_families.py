"""Each family of hostile files ends as it must, and takes nobody with it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hostile.families import ALL
from tests.hostile.family import Ending, Family
from tests.hostile.memory import MemoryWatch
from tests.hostile.ordeal import Ordeal, Verdict, ordeal
from viewer.core.errors import ViewerError
from viewer.core.records import FileRecord
from viewer.services.importing import Importing, ImportRequest
from viewer.services.library import Library
from viewer.services.workers import Workers

SEED = 20_26
FILES = [family for family in ALL if family.ending is not Ending.SOURCES]
SOURCES = [family for family in ALL if family.ending is Ending.SOURCES]
GROWN_BYTES, WORKER_BYTES = 200 << 20, 1500 << 20


@pytest.fixture(scope="module")
def judge() -> Iterator[Ordeal]:
    with ordeal(1) as held:
        yield held


def name(family: Family) -> str:
    return family.name


def test_there_are_enough_of_them_and_none_twice() -> None:
    assert len({family.name for family in ALL}) == len(ALL) >= 45


@pytest.mark.parametrize("family", FILES, ids=name)
def test_a_hostile_file_ends_as_it_must(
    family: Family, judge: Ordeal, tmp_path: Path
) -> None:
    path = family.write(tmp_path, SEED)
    with MemoryWatch() as memory:
        verdict = judge.judge(path)
    assert ends_so(family.ending, verdict), verdict
    assert memory.grown < GROWN_BYTES
    assert memory.worker < WORKER_BYTES


def ends_so(ending: Ending, verdict: Verdict) -> bool:
    """Whether a file ended as its family must."""
    record = verdict.record
    if isinstance(record, ViewerError):
        return ending in (Ending.REFUSED, Ending.NO_PICTURE, Ending.ANSWERED)
    return {
        Ending.NO_PICTURE: all(verdict.pictures),
        Ending.TOLERATED: bool(record.tolerated),
        Ending.SHOWN: bool(verdict.pictures) and not any(verdict.pictures),
        Ending.ANSWERED: True,
    }.get(ending, False)


@pytest.mark.parametrize("family", SOURCES, ids=name)
def test_what_is_good_in_a_hostile_folder_is_imported_and_nothing_else(
    family: Family, tmp_path: Path
) -> None:
    named = family.write(tmp_path / "hostile", SEED)
    with Workers(1) as workers, Library(tmp_path / "data", workers) as library:
        with MemoryWatch() as memory:
            report = Importing(library).run(ImportRequest((named,)))
        left = list(tmp_path.rglob("slip"))
        kept = [path for _, path in library.store.all()]
    assert report.imported <= 1
    assert len(kept) <= 1
    assert not left
    assert memory.grown < GROWN_BYTES


def test_hostile_files_are_imported_beside_good_ones(tmp_path: Path) -> None:
    cheap = [family for family in FILES if "bomb" not in family.name][::6]
    for number, family in enumerate(cheap):
        family.write(tmp_path / f"in/{number}", SEED)
    with Workers(1) as workers, Library(tmp_path / "data", workers) as library:
        report = Importing(library).run(ImportRequest((tmp_path / "in",)))
        verdicts = [found for _, found in workers.read_files(tmp_path.rglob("*.dcm"))]
    readable = sum(isinstance(found, FileRecord) for found in verdicts)
    assert report.seen == len(cheap)
    assert 0 < report.imported <= readable
