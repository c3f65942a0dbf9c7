"""The doctor names what is missing and what to do, and changes nothing."""

import json
import os
import sqlite3
from pathlib import Path

import pytest

from viewer.cli.program import run
from viewer.services import doctor, places, text_finding
from viewer.services.doctor import Finding, State
from viewer.services.opening import WindowRequest


def no_window(_: WindowRequest) -> int:
    raise AssertionError("the doctor opened a window")


def examined(data_dir: Path, capsys: pytest.CaptureFixture[str]) -> list[Finding]:
    """The findings as the command prints them; the status must agree with them."""
    status = run(["doctor", "--json", "--data-dir", str(data_dir)], no_window)
    answer = json.loads(capsys.readouterr().out)
    found = [Finding(**{**f, "state": State(f["state"])}) for f in answer["findings"]]
    missing = any(finding.state is State.MISSING for finding in found)
    assert answer["ok"] is not missing
    assert status == (3 if missing else 0)
    return found


def about(subject: str, found: list[Finding]) -> Finding:
    return next(finding for finding in found if finding.subject == subject)


def test_a_prepared_machine_is_well(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = examined(tmp_path / "new", capsys)
    assert about("Qt libraries", found).state is State.OK
    assert about("Decoder of JPEG-LS Lossless", found).state is State.OK
    assert about("Decoder of JPIP Referenced", found).state is State.NOTE
    assert not (tmp_path / "new").exists()


def test_every_fault_says_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "data").touch()
    found = examined(tmp_path / "data", capsys)
    assert about("Data folder", found).state is State.MISSING
    faults = [f for f in found if f.state in (State.WARNING, State.MISSING)]
    assert all(finding.advice for finding in faults)


def test_a_damaged_catalog_is_found_and_left_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = places.catalog_file(tmp_path)
    file.write_bytes(b"no catalog")
    assert about("Catalog", examined(tmp_path, capsys)).state is State.MISSING
    assert file.read_bytes() == b"no catalog"


def test_a_catalog_with_a_torn_page_is_found(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = places.catalog_file(tmp_path)
    with sqlite3.connect(file) as db:
        db.execute("CREATE TABLE study (id INTEGER PRIMARY KEY, name TEXT)")
        db.executemany("INSERT INTO study (name) VALUES (?)", [("x" * 500,)] * 500)
    db.close()
    torn = bytearray(file.read_bytes())
    torn[40_960:45_056] = b"\xa5" * 4096
    file.write_bytes(torn)
    assert about("Catalog", examined(tmp_path, capsys)).state is State.MISSING


def test_damaged_settings_are_found_and_left_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    places.settings_file(tmp_path).write_text("theme = [")
    assert about("Settings", examined(tmp_path, capsys)).state is State.WARNING
    assert places.settings_file(tmp_path).read_text() == "theme = ["


@pytest.mark.skipif(os.name != "posix", reason="only POSIX has these permissions")
def test_a_folder_open_to_others_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tmp_path.chmod(0o755)
    finding = about("Data folder", examined(tmp_path, capsys))
    assert finding.state is State.WARNING
    assert "chmod 700" in finding.advice


def test_a_library_that_does_not_serve_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("importlib.metadata.version", lambda _: "6.12.0")
    found = doctor._library("PySide6-Essentials", (6, 8), (6, 12))
    assert found.state is State.MISSING
    monkeypatch.setattr("importlib.metadata.version", lambda _: "6.11.3")
    found = doctor._library("PySide6-Essentials", (6, 8), (6, 12))
    assert found.state is State.OK


def test_people_read_a_sign_and_a_word(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["doctor", "--data-dir", str(tmp_path)], no_window)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("✓ ok")
    assert any(line.startswith("– note") for line in lines)


@pytest.mark.parametrize("there", [True, False])
def test_it_says_whether_writing_in_pictures_is_looked_for(
    there: bool,  # noqa: FBT001 - a case
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(text_finding, "is_available", lambda: there)

    finding = about("Writing in pictures", list(doctor.examine(tmp_path)))

    assert (finding.state is State.OK) == there
    assert bool(finding.advice) != there
