"""An installation has one name in all it writes, and keeps it."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from viewer.core.errors import EnvironmentFailure
from viewer.services.station import station_uid


def test_a_data_folder_keeps_its_uid(tmp_path: Path) -> None:
    first = station_uid(tmp_path / "a")
    assert first.startswith("2.25.")
    assert len(first) <= 64
    assert station_uid(tmp_path / "a") == first
    assert station_uid(tmp_path / "b") != first


def test_all_who_ask_at_once_get_the_same(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(station_uid, [tmp_path] * 32))
    assert len(found) == 1


@pytest.mark.parametrize("damage", [b"", b"\xff\xfe", b"2.25.", b"2.25.1\n2.25.2"])
def test_a_damaged_one_is_made_anew(tmp_path: Path, damage: bytes) -> None:
    station_uid(tmp_path)
    (tmp_path / "station").write_bytes(damage)
    found = station_uid(tmp_path)
    assert found.startswith("2.25.")
    assert station_uid(tmp_path) == found


def test_a_folder_that_takes_nothing_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "station").mkdir()
    with pytest.raises(EnvironmentFailure):
        station_uid(tmp_path)
