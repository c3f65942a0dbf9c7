"""Discs and archives are opened by a process that may die of them."""

import multiprocessing
import multiprocessing.connection
import sys
import zipfile
from pathlib import Path

import pytest

from viewer.core.errors import UnreadableError, ViewerError
from viewer.services import unpacking as unpacking_module
from viewer.services.unpacking import Unpacking

posix = pytest.mark.skipif(sys.platform == "win32", reason="timers of POSIX")


@pytest.fixture
def packed(tmp_path: Path) -> Path:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as file:
        for number in range(5):
            file.writestr(str(number), b"%d" % number)
    return path


def kill_the_worker() -> None:
    for child in multiprocessing.active_children():
        child.kill()
        multiprocessing.connection.wait([child.sentinel])


def test_a_file_that_is_neither_disc_nor_archive_starts_no_process(
    tmp_path: Path,
) -> None:
    with Unpacking(tmp_path / "workspace") as unpacking:
        assert unpacking._worker is None
    assert not (tmp_path / "workspace").exists()


def test_a_process_that_was_killed_between_two_members_costs_none(
    tmp_path: Path, packed: Path
) -> None:
    found = []
    with Unpacking(tmp_path / "workspace") as unpacking:
        for name, member in unpacking.members(packed, None):
            found.append(read(name, member))
            if name == "1":
                kill_the_worker()
    assert found == ["0", "1", "2", "3", "4"]


def read(name: str, member: Path | ViewerError) -> str:
    if isinstance(member, ViewerError):
        return f"{name}: {member.message}"
    content = member.read_text()
    member.unlink()
    return content


@posix
def test_members_that_bring_the_process_down_twice_end_the_archive(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = tmp_path / "long.zip"
    with zipfile.ZipFile(long, "w", zipfile.ZIP_LZMA) as file:
        for number in range(3):
            file.writestr(str(number), bytes(24 << 20))
    monkeypatch.setattr(unpacking_module, "_PROCESSOR", 0.01)
    with (
        Unpacking(tmp_path / "workspace") as unpacking,
        pytest.raises(UnreadableError, match="could not be read within"),
    ):
        list(unpacking.members(long, None))
    assert not list((tmp_path / "workspace").iterdir())


def test_an_archive_of_damaged_members_only_is_not_gone_through(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unpacking_module, "MOST_REFUSED", 3)
    path = tmp_path / "damaged.zip"
    with zipfile.ZipFile(path, "w") as file:
        for name in ("../1", "../2", "good", "../3", "../4", "../5", "never"):
            file.writestr(name, b"x")
    with Unpacking(tmp_path / "workspace") as unpacking:
        members = unpacking.members(path, None)
        assert [next(members)[0] for _ in range(6)][-1] == "../5"
        with pytest.raises(UnreadableError, match="3 files of the archive in a row"):
            next(members)
