"""`lightbox export` counts what left, says why the rest did not, and proves it."""

import io
import json
from pathlib import Path
from typing import Any

import pydicom
import pytest
import pyzipper

from tests.services.export_shop import dicom_files, sums, write_study
from tests.services.import_files import DirectReader
from viewer.cli.program import DONE, MISUSED, NO_ENVIRONMENT, REFUSED, run
from viewer.core.boxes import Box
from viewer.core.identity import SeriesUID
from viewer.core.review import Review, Reviews, Verdict
from viewer.services.importing import Importing, ImportRequest
from viewer.services.library import Library
from viewer.services.review_file import write_reviews
from viewer.services.reviewing import KeptReviews


def no_window(_: object) -> int:
    raise AssertionError("no window was asked for")


class Shell:
    """A data folder, and what commands answer there."""

    def __init__(self, folder: Path, said: Any) -> None:
        self.folder, self._said = folder, said

    def take_in(self) -> None:
        """Import the folder `in`."""
        with Library(self.folder / "data", DirectReader()) as library:
            request = ImportRequest((self.folder / "in",), reference=True)
            Importing(library, DirectReader()).run(request)

    def export(self, *words: str, to: str = "out") -> tuple[int, Any]:
        """Exit status and document."""
        place = ["--to", str(self.folder / to)] if to else []
        status, out = self.run("export", *words, *place, "--json")
        return status, json.loads(out)

    def run(self, *words: str) -> tuple[int, str]:
        """Exit status, and what stands on standard output."""
        self._said.readouterr()
        status = run([*words, "--data-dir", str(self.folder / "data")], no_window)
        return status, self._said.readouterr().out


@pytest.fixture
def shell(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(tmp_path, capsys)


ANONYMOUS = ("--anonymize", "--project", "livers", "--no-verify")


def test_an_anonymous_export_is_counted_and_proven(shell: Shell) -> None:
    study = write_study(shell.folder / "in", 1, images=3)
    shell.take_in()
    status, said = shell.export(study, "--anonymize", "--project", "livers")
    assert (status, said["proven"]) == (DONE, True), said["proof"]
    counts = ("wanted", "exported", "patients", "studies", "series")
    assert [said[name] for name in counts] == [3, 3, 1, 1, 1]
    assert (said["withheld"], said["failed"]) == ([], [])
    assert said["to"] == str(shell.folder / "out")
    assert said["files"] == 4  # with its account
    assert Path(said["proof_report"]).is_file()
    account = json.loads((shell.folder / "out/export.json").read_text())
    assert account["profile"] == "everything-out"


def test_what_is_withheld_is_listed_with_the_reason_and_no_name(shell: Shell) -> None:
    study = write_study(shell.folder / "in", 1, images=2, Modality="OT")
    shell.take_in()
    status, said = shell.export(study, *ANONYMOUS)
    assert status == REFUSED
    (stayed,) = said["withheld"]
    assert (stayed["reason"], stayed["count"]) == ("not-reviewed", 2)
    assert set(stayed["sop_instance_uids"]) == {f"{study}.1.1", f"{study}.1.2"}
    assert said["to"] is None
    status, text = shell.run(
        "export", study, *ANONYMOUS, "--to", str(shell.folder / "b")
    )
    assert "2 withheld: Nobody has looked" in text
    assert "Muster" not in text


def test_images_that_were_reviewed_leave_with_their_boxes_black(shell: Shell) -> None:
    study = write_study(shell.folder / "in", 1, images=2, Modality="OT")
    shell.take_in()
    review = Review(16, 16, (Box(0, 0, 4, 2),), Verdict.REVIEWED)
    said = Reviews().with_series(SeriesUID(f"{study}.1"), review)
    write_reviews(shell.folder / "boxes.json", said)
    status, _ = shell.export(
        study, *ANONYMOUS, "--review", str(shell.folder / "boxes.json")
    )
    assert status == DONE
    for path in dicom_files(shell.folder / "out"):
        pixels = pydicom.dcmread(path).pixel_array
        assert not pixels[:2, :4].any()
        assert pixels[2:].all()


def test_what_was_reviewed_in_the_window_holds_for_its_project(shell: Shell) -> None:
    study = write_study(shell.folder / "in", 1, images=1, Modality="OT")
    shell.take_in()
    review = Review(16, 16, (), Verdict.REVIEWED)
    said = Reviews().with_series(SeriesUID(f"{study}.1"), review)
    KeptReviews(shell.folder / "data").keep("livers", said)
    assert shell.export(study, *ANONYMOUS)[0] == DONE
    other = ("--anonymize", "--project", "kidneys", "--no-verify")
    assert shell.export(study, *other, to="other")[0] == REFUSED


def test_a_project_keeps_its_options_and_refuses_others(shell: Shell) -> None:
    study = write_study(shell.folder / "in", 1, images=1)
    shell.take_in()
    option = ("--option", "retain-patient-characteristics")
    assert shell.export(study, *ANONYMOUS, *option, to="a")[0] == DONE
    assert shell.export(study, *ANONYMOUS, to="b")[0] == DONE
    assert sums(shell.folder / "a") == sums(shell.folder / "b")
    status, said = shell.export(study, *ANONYMOUS, "--profile", "teaching", to="c")
    assert status == REFUSED
    assert "leaves other things out" in said["error"]


def test_a_crosswalk_is_written_only_where_it_is_asked_for(shell: Shell) -> None:
    study = write_study(shell.folder / "in", 1, images=1)
    shell.take_in()
    who = shell.folder / "who"
    shell.export(study, *ANONYMOUS, "--crosswalk", str(who))
    assert {path.name for path in who.iterdir()} == {"patients.csv", "uids.csv"}
    assert study in (who / "uids.csv").read_text()


def test_a_password_comes_from_a_file_or_standard_input(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = write_study(shell.folder / "in", 1, images=1)
    shell.take_in()
    (shell.folder / "pw").write_text("geheim Ä\nmore\n", "utf-8")
    monkeypatch.setattr("sys.stdin", io.StringIO("geheim Ä\n"))
    for to, file in (("a.zip", str(shell.folder / "pw")), ("b.zip", "-")):
        status, _ = shell.export(study, "--zip", "--password-file", file, to=to)
        assert status == DONE
        with pyzipper.AESZipFile(shell.folder / to) as packed:
            packed.setpassword("geheim Ä".encode())
            assert packed.testzip() is None


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("--to", "x", "--send", "p"),
        ("--send", "p", "--zip"),
        ("--to", "x", "--password-file", "f"),
        ("--to", "x", "--project", "livers"),
        ("--to", "x", "--anonymize"),
        ("--to", "x", "--anonymize", "--project", "p", "--option", "everything"),
    ],
)
def test_what_makes_no_sense_is_wrong_usage(
    shell: Shell, words: tuple[str, ...]
) -> None:
    assert shell.run("export", "1.2.3", *words, "--json")[0] == MISUSED


def test_what_cannot_be_done_is_refused_and_nothing_appears(shell: Shell) -> None:
    study = write_study(shell.folder / "in", 1, images=1)
    shell.take_in()
    assert shell.export("1.2.3.4")[0] == REFUSED
    assert shell.export(study, *ANONYMOUS, "--profile", "none")[0] == REFUSED
    (shell.folder / "out").mkdir()
    assert shell.export(study)[0] == REFUSED
    (shell.folder / "file").write_text("")
    assert shell.export(study, to="file/out")[0] == NO_ENVIRONMENT
    assert list((shell.folder / "out").iterdir()) == []


def test_a_disc_and_key_images_are_asked_for_by_their_words(shell: Shell) -> None:
    study = write_study(shell.folder / "in", 1, images=1)
    shell.take_in()
    assert shell.export(study, "--dicomdir")[0] == DONE
    assert (shell.folder / "out/DICOMDIR").is_file()
    status, said = shell.export(study, "--key-images", to="keys")
    assert (status, said["error"]) == (
        REFUSED,
        "No key images are marked in these studies.",
    )
