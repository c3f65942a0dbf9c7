"""`lightbox export --propose` writes what somebody is to look over; nothing leaves."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.burned_in.files import burned_in
from tests.services.export_shop import write_study
from tests.services.import_files import DirectReader
from viewer.cli.program import DONE, MISUSED, REFUSED, run
from viewer.core.boxes import Box
from viewer.core.identity import SOPInstanceUID
from viewer.core.review import Review, Reviews, Verdict
from viewer.dicom.read import read_file
from viewer.services import proposing, text_finding
from viewer.services.importing import Importing, ImportRequest
from viewer.services.library import Library
from viewer.services.review_file import read_reviews, write_reviews


def no_window(_: object) -> int:
    raise AssertionError("no window was asked for")


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str]:
    """UIDs of an imported ultrasound study and its image; without the extra ocr."""
    for module in (proposing, text_finding):
        monkeypatch.setattr(module, "is_available", lambda: False)
    (tmp_path / "in").mkdir()
    path = burned_in(tmp_path / "in", 0).path
    with Library(tmp_path / "data", DirectReader()) as library:
        request = ImportRequest((path,), reference=True)
        Importing(library, DirectReader()).run(request)
    record = read_file(path)
    return record.study.study_uid, record.instance.sop_instance_uid


def answer(
    folder: Path, said: pytest.CaptureFixture[str], *words: str
) -> tuple[int, str]:
    said.readouterr()
    status = run(["export", *words, "--data-dir", str(folder / "data")], no_window)
    return status, said.readouterr().out


def test_proposals_are_written_for_what_must_be_looked_at(
    study: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "boxes.json"

    status, out = answer(tmp_path, capsys, study[0], "--propose", str(file), "--json")

    told: dict[str, Any] = json.loads(out)
    assert status == DONE
    assert (told["images"], told["searched"], told["failed"]) == (1, False, [])
    review = read_reviews(file).of_instance[SOPInstanceUID(study[1])]
    assert review.verdict is Verdict.PROPOSED
    assert (review.columns, review.rows) == (272, 200)


def test_what_somebody_said_before_stays(
    study: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, uid = tmp_path / "boxes.json", SOPInstanceUID(study[1])
    seen = Reviews({uid: Review(272, 200, (Box(1, 2, 3, 4),), Verdict.REVIEWED)})
    write_reviews(file, seen)

    status, _ = answer(tmp_path, capsys, study[0], "--propose", str(file))

    assert status == DONE
    assert read_reviews(file) == seen


def test_it_says_that_nobody_has_looked_and_that_nothing_was_searched(
    study: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "boxes.json"

    _, out = answer(tmp_path, capsys, study[0], "--propose", str(file))

    assert "Nobody has looked at them" in out
    assert "make ocr" in out


def test_it_cannot_export_at_the_same_time(
    study: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = ("--propose", str(tmp_path / "boxes.json"), "--to", str(tmp_path / "out"))

    status, _ = answer(tmp_path, capsys, study[0], *place)

    assert status == MISUSED
    assert not (tmp_path / "boxes.json").exists()


def test_an_unknown_study_and_a_file_of_something_else_are_refused(
    study: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "other.json"
    other.write_text("a letter")

    for uid, file in (("1.2.3.4", tmp_path / "boxes.json"), (study[0], other)):
        status, _ = answer(tmp_path, capsys, uid, "--propose", str(file))
        assert status == REFUSED

    assert other.read_text() == "a letter"


def test_an_image_that_is_named_is_looked_at_whatever_it_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (proposing, text_finding):
        monkeypatch.setattr(module, "is_available", lambda: False)
    study = write_study(tmp_path / "in", 7, images=2)
    with Library(tmp_path / "data", DirectReader()) as library:
        request = ImportRequest((tmp_path / "in",), reference=True)
        Importing(library, DirectReader()).run(request)
    file = tmp_path / "boxes.json"

    _, out = answer(tmp_path, capsys, study, "--propose", str(file), "--json")
    assert json.loads(out)["images"] == 0  # slices of CT may leave

    _, out = answer(tmp_path, capsys, f"{study}.1.2", "--propose", str(file), "--json")
    assert json.loads(out)["images"] == 1
    assert set(read_reviews(file).of_instance) == {f"{study}.1.2"}
