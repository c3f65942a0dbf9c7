"""Workers that index for the catalog: many files to a message, none blamed wrongly."""

import hashlib
import multiprocessing
import os
from collections.abc import Iterator
from pathlib import Path

import pydicom
import pytest

from tests.services.import_files import write_series
from viewer.catalog.blobs import packed, to_record
from viewer.core.errors import ViewerError
from viewer.core.records import FileRecord
from viewer.dicom.read import read_file
from viewer.services import indexing
from viewer.services.indexing import Indexed
from viewer.services.store import stamp_of
from viewer.services.workers import Workers

BUNDLED = Path(pydicom.__file__).parent / "data" / "test_files"


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    with Workers(2) as pool:
        yield pool


def test_files_are_indexed_as_they_are_read_here_in_order(workers: Workers) -> None:
    paths = sorted(path for path in BUNDLED.rglob("*") if path.is_file())
    outcomes = list(workers.index_files(paths, hashed=True))
    assert [path for path, _ in outcomes] == paths
    for path, (_, outcome) in zip(paths, outcomes, strict=True):
        record = _read(path)
        if isinstance(record, str):
            assert isinstance(outcome, ViewerError), path.name
            assert outcome.message == record
            continue
        assert isinstance(outcome, Indexed), path.name
        assert outcome.record == packed(record)
        assert to_record(outcome.record.instance.record) == record.instance
        assert outcome.stamp == stamp_of(path)
        assert outcome.sha256 == hashlib.sha256(path.read_bytes()).digest()


def _read(path: Path) -> FileRecord | str:
    try:
        return read_file(path)
    except ViewerError as error:
        return error.message


def test_files_that_say_the_same_share_it(workers: Workers, tmp_path: Path) -> None:
    paths = sorted(write_series(tmp_path, 5).iterdir())
    found = [one for _, one in workers.index_files(paths) if isinstance(one, Indexed)]
    assert len(found) == 5
    assert len({id(one.record.patient) for one in found}) == 1
    assert [one.sha256 for one in found] == [None] * 5


@pytest.mark.skipif(os.name != "posix", reason="named pipes")
def test_only_the_file_that_stops_its_reader_gets_the_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexing, "READ_SECONDS", 2.0)
    good = sorted(write_series(tmp_path / "good", 6).iterdir())
    endless = tmp_path / "endless"
    os.mkfifo(endless)  # opening it waits for a writer that never comes
    paths = [*good[:3], endless, *good[3:]]
    with Workers(1) as pool:
        outcomes = dict(pool.index_files(paths, hashed=True))
    assert list(outcomes) == paths
    assert isinstance(outcomes.pop(endless), ViewerError)
    assert all(isinstance(outcome, Indexed) for outcome in outcomes.values())


def test_no_file_is_blamed_for_a_worker_that_somebody_else_ended(
    tmp_path: Path,
) -> None:
    paths = sorted(write_series(tmp_path, 300).iterdir())
    others = set(multiprocessing.active_children())
    with Workers(2) as pool:
        files = pool.index_files(paths, hashed=True)
        outcomes = [next(files)]
        for worker in set(multiprocessing.active_children()) - others:
            worker.kill()  # not the tracker of shared memory, a child as well
        outcomes.extend(files)
    assert [path for path, _ in outcomes] == paths
    assert all(isinstance(outcome, Indexed) for _, outcome in outcomes)
