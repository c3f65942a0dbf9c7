"""Whatever is to be told of a file is told by a worker, and its parent lives on."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.dicom.written_files import element, image_elements, meta
from viewer.core.errors import NotDicomError, UnreadableError
from viewer.dicom.attribute_rows import attribute_rows
from viewer.dicom.json_model import json_model
from viewer.services import telling
from viewer.services.workers import Workers


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    with Workers(1) as held:
        yield held


@pytest.fixture
def image(tmp_path: Path) -> Path:
    path = tmp_path / "image.dcm"
    odd = element(0x00180050, "DS", b"nan\\1e999") + element(
        0x00200013, "IS", b"9" * 99
    )
    path.write_bytes(meta() + odd + image_elements())
    return path


def test_people_read_what_the_reader_would_say_here(
    workers: Workers, image: Path
) -> None:
    assert workers.telling.rows(image) == attribute_rows(image)


def test_a_program_reads_the_same_json_model(workers: Workers, image: Path) -> None:
    assert workers.telling.model(image) == json.loads(json.dumps(json_model(image)))


def test_more_lines_than_are_wanted_are_counted_in_the_last(
    workers: Workers, image: Path
) -> None:
    whole = workers.telling.rows(image)
    *rows, last = workers.telling.rows(image, most=2)
    assert tuple(rows) == whole[:2]
    assert last.name == f"{len(whole) - 2} lines more of this file"


def test_a_file_that_is_none_has_its_reason(workers: Workers, tmp_path: Path) -> None:
    path = tmp_path / "none.dcm"
    path.write_bytes(b"no more than a few words")
    with pytest.raises(NotDicomError):
        workers.telling.rows(path)


def test_a_file_that_takes_too_long_costs_a_worker_and_not_the_program(
    workers: Workers, image: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = tmp_path / "long.dcm"
    words = (element(0x00091000 + at, "LO", b"word") for at in range(0xF000))
    long.write_bytes(meta() + b"".join(words) + image_elements())
    monkeypatch.setattr(telling, "READ_PROCESSOR", 1e-3)
    with pytest.raises(UnreadableError):
        workers.telling.model(long)
    monkeypatch.undo()
    assert workers.telling.rows(image)
