"""`lightbox studies` answers what was asked, and says what cannot be asked."""

import json
from pathlib import Path

import pytest
from pydicom.data import get_testdata_file

from viewer.cli.program import DONE, MISUSED, NO_ENVIRONMENT, run


def no_window(_: object) -> int:
    raise AssertionError("no window was asked for")


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with one CT and one MR."""
    folder = tmp_path_factory.mktemp("data")
    files = [
        str(get_testdata_file(name, download=False))
        for name in ("CT_small.dcm", "MR_small.dcm")
    ]
    assert run(["import", *files, "--data-dir", str(folder)], no_window) == DONE
    return folder


def modalities(
    folder: Path, capsys: pytest.CaptureFixture[str], *words: str
) -> list[str]:
    """The modalities of the studies that are listed."""
    capsys.readouterr()
    argv = ["studies", *words, "--sort", "modalities", "--data-dir", str(folder)]
    assert run([*argv, "--json"], no_window) == DONE
    items = json.loads(capsys.readouterr().out)["items"]
    return [code for study in items for code in study["modalities"]]


@pytest.mark.parametrize(
    "words",
    [
        ("--modality", "CT,MR"),
        ("--modality", "ct, mr"),
        ("--modality=CT", "--modality=MR"),
    ],
)
def test_several_modalities_may_be_asked_for_either_way(
    filled: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    assert modalities(filled, capsys, *words) == ["CT", "MR"]


def test_one_modality_leaves_the_others_out(
    filled: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert modalities(filled, capsys, "--modality", "mr") == ["MR"]


def test_a_status_that_there_is_lists_its_studies(
    filled: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert modalities(filled, capsys, "--status", "pending") == ["CT", "MR"]
    assert modalities(filled, capsys, "--status", "read") == []


def test_a_misspelt_status_is_wrong_usage_and_no_empty_answer(
    filled: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    argv = ["studies", "--status", "reed", "--data-dir", str(filled)]
    assert run(argv, no_window) == MISUSED
    assert "One of pending, read." in capsys.readouterr().err


@pytest.mark.parametrize("words", [("studies",), ("show", "1.2"), ("doctor",)])
def test_a_file_in_place_of_the_data_folder_is_no_empty_catalog(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    (tmp_path / "file").touch()
    argv = [*words, "--data-dir", str(tmp_path / "file")]
    assert run(argv, no_window) == NO_ENVIRONMENT
