"""The data folder is ours alone, and nobody else's folder becomes ours."""

import os
from pathlib import Path

import pytest

from viewer.core.errors import EnvironmentFailure
from viewer.services.places import has_catalog, prepare, settings_file

posix = pytest.mark.skipif(os.name != "posix", reason="POSIX permissions")


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


@posix
def test_a_new_folder_is_closed_to_others(tmp_path: Path) -> None:
    assert mode(prepare(tmp_path / "a" / "b")) == 0o700


@posix
@pytest.mark.parametrize("ours", [False, True])
def test_an_open_folder_is_closed_when_it_is_empty_or_ours(
    tmp_path: Path, *, ours: bool
) -> None:
    tmp_path.chmod(0o755)
    if ours:
        settings_file(tmp_path).touch()
    assert mode(prepare(tmp_path)) == 0o700


@posix
def test_a_folder_of_somebody_elses_files_keeps_its_permissions(
    tmp_path: Path,
) -> None:
    tmp_path.chmod(0o755)
    (tmp_path / "thesis.odt").touch()
    assert mode(prepare(tmp_path)) == 0o755


def test_a_file_is_no_data_folder(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(EnvironmentFailure):
        prepare(tmp_path / "file")
    with pytest.raises(EnvironmentFailure):
        has_catalog(tmp_path / "file")


def test_a_folder_that_is_not_there_yet_has_no_catalog(tmp_path: Path) -> None:
    assert not has_catalog(tmp_path / "later")
