"""Who is who is written where nobody else can read it, and only once."""

import csv
import os
import stat
from pathlib import Path

import pytest

from viewer.core.deidentification import Pair
from viewer.core.errors import EnvironmentFailure, ViewerError
from viewer.services.crosswalk import PATIENTS, UIDS, add_to_crosswalk

posix = pytest.mark.skipif(os.name != "posix", reason="POSIX permissions")
JANE = Pair("7", "AAAA")
UID = Pair("1.2.3", "2.25.4")


def rows(file: Path) -> list[list[str]]:
    with file.open(encoding="utf-8", newline="") as opened:
        return list(csv.reader(opened))


def test_two_lists_have_the_columns_the_scorer_reads(tmp_path: Path) -> None:
    folder = tmp_path / "who"
    add_to_crosswalk(folder, [JANE], [UID, UID])
    assert rows(folder / PATIENTS) == [["id_old", "id_new"], ["7", "AAAA"]]
    assert rows(folder / UIDS) == [["id_old", "id_new"], ["1.2.3", "2.25.4"]]


def test_a_further_run_adds_what_is_new_in_its_order(tmp_path: Path) -> None:
    folder = tmp_path / "who"
    more = [Pair(f"1.{n}", f"2.25.{n}") for n in range(50)]
    add_to_crosswalk(folder, [JANE], [UID])
    add_to_crosswalk(folder, [JANE, Pair("8", "BBBB")], [*more, UID])
    assert [old for old, _ in rows(folder / PATIENTS)] == ["id_old", "7", "8"]
    assert rows(folder / UIDS)[1:] == [[pair.old, pair.new] for pair in (UID, *more)]
    assert sorted(path.name for path in folder.iterdir()) == [PATIENTS, UIDS]


def test_an_id_of_two_hospitals_has_two_lines_and_an_empty_one_none(
    tmp_path: Path,
) -> None:
    add_to_crosswalk(tmp_path / "w", [JANE, Pair("7", "BBBB"), Pair("", "CCCC")], [])
    assert rows(tmp_path / "w" / PATIENTS)[1:] == [["7", "AAAA"], ["7", "BBBB"]]


def test_commas_quotes_and_any_script_are_read_back(tmp_path: Path) -> None:
    odd = [Pair('a,"b"\n', "X"), Pair("山田", "Y"), Pair(" 7", "Z")]
    add_to_crosswalk(tmp_path / "w", odd, [])
    assert rows(tmp_path / "w" / PATIENTS)[1:] == [[p.old, p.new] for p in odd]


def test_the_crosswalk_of_another_project_is_left_alone(tmp_path: Path) -> None:
    folder = tmp_path / "who"
    add_to_crosswalk(folder, [JANE], [UID])
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    with pytest.raises(ViewerError, match="another project"):
        add_to_crosswalk(folder, [Pair("7", "Q")], [Pair("1.2.3", "2.25.5")])
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


@posix
def test_nobody_else_can_look(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir(mode=0o755)
    for folder in (empty, tmp_path / "new" / "one"):
        add_to_crosswalk(folder, [JANE], [UID])
        add_to_crosswalk(folder, [JANE], [UID])
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        for file in folder.iterdir():
            assert stat.S_IMODE(file.stat().st_mode) == 0o600


@posix
def test_a_folder_others_use_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    (tmp_path / "thesis").touch()
    with pytest.raises(ViewerError, match="Other users"):
        add_to_crosswalk(tmp_path, [JANE], [UID])
    assert [path.name for path in tmp_path.iterdir()] == ["thesis"]


@pytest.mark.parametrize("text", ["old,new\n1,2\n", "id_old,id_new\n1,2,3\n", "\xff"])
def test_a_list_that_is_none_is_left_alone(tmp_path: Path, text: str) -> None:
    folder = tmp_path / "who"
    folder.mkdir(mode=0o700)
    (folder / UIDS).write_text(text, "latin-1")
    with pytest.raises(EnvironmentFailure, match="cannot be written"):
        add_to_crosswalk(folder, [JANE], [UID])
    assert (folder / UIDS).read_text("latin-1") == text
    assert [path.name for path in folder.iterdir()] == [UIDS]
