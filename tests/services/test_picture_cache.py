"""Pictures kept on disk are the ones that were put there, and never too many."""

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.services.frames_on_disk import compressed
from viewer.core.records import FileStamp
from viewer.services.picture_cache import PictureCache, Pixels, picture_key

SIDE = 10


def picture(value: int, *shape: int) -> Pixels:
    return np.full(shape or (SIDE, SIDE), value, np.uint8)


@pytest.mark.parametrize("shape", [(SIDE, SIDE), (SIDE, SIDE, 3)])
def test_what_was_put_comes_back(tmp_path: Path, shape: tuple[int, ...]) -> None:
    PictureCache(tmp_path / "c").put("a", picture(7, *shape))
    found = PictureCache(tmp_path / "c").get("a", SIDE)
    assert found is not None
    np.testing.assert_array_equal(found, picture(7, *shape))


def test_nobody_else_may_look(tmp_path: Path) -> None:
    PictureCache(tmp_path / "c").put("a", picture(7))
    (path,) = (tmp_path / "c").iterdir()
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_what_is_cut_or_gone_is_not_there(tmp_path: Path) -> None:
    cache = PictureCache(tmp_path / "c")
    assert cache.get("a", SIDE) is None
    cache.put("a", picture(7))
    (tmp_path / "c/a").write_bytes(b"half")
    assert cache.get("a", SIDE) is None


def test_the_least_recently_used_go_first(tmp_path: Path) -> None:
    cache = PictureCache(tmp_path / "c", limit=10 * SIDE * SIDE)
    for number in range(10):
        cache.put(str(number), picture(number))
        os.utime(tmp_path / "c" / str(number), (number, number))
    assert cache.get("0", SIDE) is not None  # used just now
    cache.put("new", picture(99))
    kept = {path.name for path in (tmp_path / "c").iterdir()}
    assert kept == {"0", "4", "5", "6", "7", "8", "9", "new"}


def test_a_folder_that_cannot_be_made_keeps_nothing_and_says_nothing(
    tmp_path: Path,
) -> None:
    (tmp_path / "c").write_text("in the way")
    cache = PictureCache(tmp_path / "c")
    cache.put("a", picture(7))
    assert cache.get("a", SIDE) is None


def test_another_file_another_frame_or_another_size_has_another_name(
    tmp_path: Path,
) -> None:
    ref = replace(compressed(tmp_path), stamp=FileStamp(1, 2, 3))
    names = {
        picture_key("1.2", ref, SIDE),
        picture_key("1.3", ref, SIDE),
        picture_key("1.2", replace(ref, number=2), SIDE),
        picture_key("1.2", replace(ref, stamp=FileStamp(1, 2, 4)), SIDE),
        picture_key("1.2", ref, SIDE + 1),
    }
    assert len(names) == 5
    assert all("1.2" not in name for name in names)
