"""A file is one idea: where it grows long, there are two."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LONGEST = 400
TABLES: set[str] = set()  # of the standard; long is fine for them


@pytest.mark.parametrize("folder", ["viewer", "tests", "packaging"])
def test_no_file_is_longer_than_one_idea(folder: str) -> None:
    files = [*(ROOT / folder).rglob("*.py"), *(ROOT / folder).rglob("*.sh")]
    assert files or folder == "packaging"
    long = {
        f"{path.relative_to(ROOT)}: {lines}"
        for path in files
        if path.relative_to(ROOT).as_posix() not in TABLES
        and (lines := path.read_text("utf-8").count("\n")) > LONGEST
    }
    assert not long


def test_nothing_is_left_to_be_done_later() -> None:
    marks = ("TO" + "DO", "FIX" + "ME", "X" + "XX", "NotImplemented" + "Error")
    found = {
        f"{path.relative_to(ROOT)}: {mark}"
        for path in [*(ROOT / "viewer").rglob("*.py"), *(ROOT / "tests").rglob("*.py")]
        for mark in marks
        if mark in path.read_text("utf-8")
    }
    assert not found
