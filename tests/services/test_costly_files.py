"""A file that costs workers gets less and less of them, and hides no other."""

from pathlib import Path

import numpy as np
import pytest

from tests.services.frames_on_disk import VALUES, compressed, hostile
from viewer.core.errors import PixelError
from viewer.services import run_decoding
from viewer.services.costly_files import CostlyFiles
from viewer.services.worker_messages import Place
from viewer.services.workers import Workers


def place(name: bytes, number: int = 1) -> Place:
    return Place(name, None, number, ((0, 10),), 0)


def test_a_file_that_cost_a_worker_is_tried_once_more_for_a_short_time() -> None:
    files = CostlyFiles()
    trusted = files.patience([place(b"bad")])
    files.note([place(b"bad")])
    assert files.patience([place(b"bad", 2)]) < trusted / 5
    assert files.patience([place(b"other")]) == trusted


def test_a_file_that_cost_two_workers_is_not_tried_again() -> None:
    files = CostlyFiles()
    files.note([place(b"bad")])
    files.note([place(b"bad", 2)])
    with pytest.raises(PixelError, match="not tried any more"):
        files.patience([place(b"bad", 3)])
    files.patience([place(b"other")])


def test_nobody_is_blamed_for_a_run_of_frames() -> None:
    files = CostlyFiles()
    run = [place(b"one"), place(b"two")]
    for _ in range(5):
        files.note(run)
    assert files.patience([place(b"one")]) > files.patience(run)


def test_many_bad_files_are_not_remembered_forever() -> None:
    files = CostlyFiles()
    for number in range(3000):
        files.note([place(b"%d" % number)])
    trusted = files.patience([place(b"never seen")])
    assert files.patience([place(b"0")]) == trusted
    assert files.patience([place(b"2999")]) < trusted


def test_frames_of_a_stalling_file_cost_two_workers_at_most(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_decoding, "_SECONDS", 0.1)
    bad = hostile(tmp_path, 1000)
    said = []
    with Workers(1) as pool:
        for _ in range(4):
            with pytest.raises(PixelError) as refused:
                pool.decode(bad)
            said.append(refused.value.message)
        monkeypatch.undo()
        np.testing.assert_array_equal(pool.decode(compressed(tmp_path)), VALUES)
    assert ["not tried any more" in message for message in said] == [
        False,
        False,
        True,
        True,
    ]
