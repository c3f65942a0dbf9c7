"""`lightbox import`, `studies` and `show`, as scripts use them."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.services.import_files import write_image, write_series
from viewer.catalog.imports import WantedImport
from viewer.cli.program import run
from viewer.services.library import Library

Output = pytest.CaptureFixture[str]


def lightbox(capsys: Output, data_dir: Path, *words: object) -> tuple[int, Any]:
    """Run a command with --json; exit status and document."""
    status = run(["--data-dir", str(data_dir), "--json", *map(str, words)], _no_window)
    document = json.loads(capsys.readouterr().out)
    return status, document


def _no_window(_: object) -> int:
    raise AssertionError("a command opened the window")


@pytest.fixture
def data_dir(tmp_path: Path, capsys: Output) -> Path:
    """A library with three studies."""
    folder = tmp_path / "in"
    write_series(folder / "ct", 3)
    write_image(
        folder / "mr.dcm",
        StudyInstanceUID="1.2.4",
        SeriesInstanceUID="1.2.4.1",
        SOPInstanceUID="1.2.4.1.1",
        PatientName="Yamada^Tarou=山田^太郎",
        SpecificCharacterSet="ISO_IR 192",
        PatientID="P2",
        PatientAge="054Y",
        StudyDate="20230615",
        StudyTime="101530",
        Modality="MR",
        AccessionNumber="A-77",
        InstitutionName="Klinik Süd",
    )
    write_image(
        folder / "bare.dcm",
        StudyInstanceUID="1.2.5",
        SeriesInstanceUID="1.2.5.1",
        SOPInstanceUID="1.2.5.1.1",
        PatientName="",
        PatientID="",
        PatientBirthDate="",
        StudyDate="",
        Modality="",
        StudyDescription="",
        SeriesNumber=None,
    )
    status, _ = lightbox(capsys, tmp_path / "data", "import", folder)
    assert status == 0
    return tmp_path / "data"


def test_import_answers_with_every_count(tmp_path: Path, capsys: Output) -> None:
    folder = write_series(tmp_path / "in", 2)
    (folder / "note.txt").write_text("no image")
    nowhere = tmp_path / "nowhere"
    status, report = lightbox(capsys, tmp_path / "data", "import", folder, nowhere)
    assert status == 1
    assert isinstance(report.pop("seconds"), float)
    assert report == {
        "seen": 4,
        "imported": 2,
        "duplicates": 0,
        "not_dicom": 1,
        "failed": [
            {"path": str(nowhere), "reason": "There is no such file or folder."}
        ],
        "skipped": [
            {"path": str(folder / "note.txt"), "reason": "This is not a DICOM file."}
        ],
        "conflicts": 0,
        "conflict_items": [],
        "studies": 1,
        "series": 1,
        "instances": 2,
    }


def test_a_conflict_is_named_and_is_no_failure(tmp_path: Path, capsys: Output) -> None:
    write_image(tmp_path / "in/a.dcm")
    changed = write_image(tmp_path / "in/b.dcm", StudyDescription="Other")
    status, report = lightbox(capsys, tmp_path / "data", "import", tmp_path / "in")
    assert (status, report["conflicts"]) == (0, 1)
    assert report["conflict_items"] == [{"path": str(changed), "kind": "other bytes"}]


def test_import_tells_people_what_was_refused(tmp_path: Path, capsys: Output) -> None:
    path = write_image(tmp_path / "a.dcm", without="SOPInstanceUID")
    argv = ["--data-dir", str(tmp_path / "data"), "import", str(path)]
    assert run(argv, _no_window) == 1
    said = capsys.readouterr().out
    assert str(path) in said
    assert "cannot be filed" in said


def test_an_import_that_was_cut_off_is_named_by_the_next_one_and_the_doctor(
    tmp_path: Path, capsys: Output
) -> None:
    data_dir = tmp_path / "data"
    first, other = write_series(tmp_path / "a", 2), write_image(tmp_path / "b.dcm")
    with Library(data_dir) as library:
        died = WantedImport("died", (str(first),), reference=False, seen=1, total=2)
        library.catalog.imports.add(died)
    said = f"cut off after 1 of about 2 files of {first}."
    assert run(["--data-dir", str(data_dir), "import", str(other)], _no_window) == 0
    assert said in capsys.readouterr().err
    _, answer = lightbox(capsys, data_dir, "doctor")
    subjects = {finding["subject"]: finding for finding in answer["findings"]}
    assert subjects["Interrupted import"]["state"] == "note"
    assert run(["--data-dir", str(data_dir), "import", str(first)], _no_window) == 0
    assert "Going on with an import" in capsys.readouterr().err
    assert run(["--data-dir", str(data_dir), "import", str(other)], _no_window) == 0
    assert capsys.readouterr().err == ""


def test_counts_agree_with_their_words(tmp_path: Path, capsys: Output) -> None:
    path = write_image(tmp_path / "a.dcm")
    argv = ["--data-dir", str(tmp_path / "data"), "import", str(path)]
    assert run(argv, _no_window) == 0
    first, second = capsys.readouterr().out.splitlines()
    assert first == "1 file seen: 1 imported."
    assert second.startswith("It is 1 image of 1 series of 1 study, in ")


def test_studies_answers_what_is_known_and_null_for_what_is_not(
    data_dir: Path, capsys: Output
) -> None:
    status, page = lightbox(capsys, data_dir, "studies")
    assert (status, page["total"]) == (0, 3)
    _, japanese, bare = page["items"]
    assert japanese == {
        "study_uid": "1.2.4",
        "patient_name": "Yamada^Tarou=山田^太郎",
        "patient_id": "P2",
        "issuer": None,
        "patient_birth_date": "1970-05-17",
        "patient_sex": None,
        "age": {"value": 54, "unit": "Y"},
        "study_date": "2023-06-15",
        "study_time": "10:15:30",
        "accession_number": "A-77",
        "description": "Thorax",
        "modalities": ["MR"],
        "series": 1,
        "instances": 1,
        "institution": "Klinik Süd",
        "referring_physician": None,
        "status": "pending",
        "tags": [],
        "body_parts": [],
        "conflicts": 0,
        "missing": 0,
    }
    for unknown in ("patient_name", "patient_id", "age", "study_date", "description"):
        assert bare[unknown] is None
    assert page["filters"]["modalities"] == ["CT", "MR"]
    assert page["filters"]["institutions"] == ["Klinik Süd"]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["山"], ["1.2.4"]),
        (["tar", "ama"], ["1.2.4"]),
        (["--patient", "must"], ["1.2.3"]),
        (["--patient-id", "p2"], ["1.2.4"]),
        (["--accession", "77"], ["1.2.4"]),
        (["--modality", "ct"], ["1.2.3"]),
        (["--modality", "ct", "--modality", "mr"], ["1.2.3", "1.2.4"]),
        (["--date", "2023-06-15"], ["1.2.4"]),
        (["--date", "2024-01-01.."], ["1.2.3"]),
        (["--date", "..2023-12-31"], ["1.2.4"]),
        (["--date", "2020-01-01..2030-01-01"], ["1.2.3", "1.2.4"]),
        (["--institution", "Klinik Süd"], ["1.2.4"]),
        (["--status", "read"], []),
        (["--tag", "rare"], []),
        (["--sort", "study_date"], ["1.2.4", "1.2.3", "1.2.5"]),
        (["--sort", "-patient_name"], ["1.2.4", "1.2.3", "1.2.5"]),
        (["--limit", "1", "--offset", "1"], ["1.2.4"]),
    ],
)
def test_every_option_of_studies_asks_for_what_it_says(
    data_dir: Path, capsys: Output, words: list[str], expected: list[str]
) -> None:
    status, page = lightbox(capsys, data_dir, "studies", *words)
    assert status == 0
    assert [study["study_uid"] for study in page["items"]] == expected


@pytest.mark.parametrize(
    "words",
    [
        ["--date", "yesterday"],
        ["--date", "2024-02-30.."],
        ["--date", "2024-02-01..2024-01-01"],
        ["--sort", "colour"],
        ["--limit", "-1"],
    ],
)
def test_a_wrong_question_is_wrong_usage(
    data_dir: Path, capsys: Output, words: list[str]
) -> None:
    status, document = lightbox(capsys, data_dir, "studies", *words)
    assert status == 2
    assert document["error"]


def test_asking_an_empty_place_creates_nothing(tmp_path: Path, capsys: Output) -> None:
    nowhere = tmp_path / "nothing here"
    assert lightbox(capsys, nowhere, "studies")[1]["total"] == 0
    assert lightbox(capsys, nowhere, "show", "1.2.3")[0] == 1
    assert not nowhere.exists()


def test_show_says_what_a_study_consists_of(data_dir: Path, capsys: Output) -> None:
    status, document = lightbox(capsys, data_dir, "show", "1.2.3")
    assert status == 0
    assert document["study"]["patient_id"] == "P1"
    (series,) = document["series"]
    assert (series["modality"], series["number"]) == ("CT", 1)
    assert [stack["images"] for stack in series["stacks"]] == [3]
    assert [image["number"] for image in series["instances"]] == [1, 2, 3]
    assert all(image["available"] for image in series["instances"])
    assert document["conflicts"] == []


def test_show_names_gaps_conflicts_and_files_that_are_gone(
    tmp_path: Path, capsys: Output
) -> None:
    folder = write_series(tmp_path / "in", 6)
    (folder / "0004.dcm").unlink()
    write_image(folder / "x.dcm", 1, StudyDescription="Other")
    data_dir = tmp_path / "data"
    lightbox(capsys, data_dir, "import", folder, "--reference")
    (folder / "0006.dcm").unlink()
    status, document = lightbox(capsys, data_dir, "show", "1.2.3")
    assert status == 1
    (series,) = document["series"]
    assert [fault["kind"] for fault in series["stacks"][0]["faults"]] == ["missing"]
    assert [gone["sop_instance_uid"] for gone in series["unavailable"]] == ["1.2.3.1.6"]
    assert [one["kind"] for one in document["conflicts"]] == ["other bytes"]
    run(["--data-dir", str(data_dir), "show", "1.2.3"], _no_window)
    said = capsys.readouterr().out
    for words in ("Muster, Max", "1 image", "not there any more", "conflict"):
        assert words in said


def test_people_read_a_table(data_dir: Path, capsys: Output) -> None:
    run(["--data-dir", str(data_dir), "studies", "--limit", "2"], _no_window)
    answer = capsys.readouterr()
    assert "Yamada, Tarou  山田, 太郎" in answer.out
    assert "2 of 3 studies" in answer.err


def test_a_catalog_of_a_newer_version_is_a_failed_environment(
    data_dir: Path, capsys: Output
) -> None:
    file = data_dir / "catalog.sqlite"
    content = bytearray(file.read_bytes())
    content[60:64] = (9999).to_bytes(4, "big")
    file.write_bytes(content)
    for words in (["studies"], ["show", "1.2.3"], ["import", "x"]):
        status, document = lightbox(capsys, data_dir, *words)
        assert status == 3
        assert "newer version" in document["error"]
    assert file.read_bytes() == content
