"""Uncompressed frames ahead of the hand are read several at a time."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.services.frames_on_disk import plain
from tests.services.test_decoding import Gate, Listener, at_once
from viewer.services.decoding import Decoding, Purpose
from viewer.services.frame_queue import FrameQueue
from viewer.services.workers import Workers


def test_frames_that_are_read_together_all_come(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refs, listener = plain(tmp_path, 40), Listener()
    runs: list[int] = []
    finish = FrameQueue.finish

    def counted(queue: FrameQueue, *tasks: object) -> object:
        runs.append(len(tasks))
        return finish(queue, *tasks)  # type: ignore[arg-type] # passed on

    monkeypatch.setattr(FrameQueue, "finish", counted)
    gate = Gate(monkeypatch)
    with Workers(1) as workers, Decoding(at_once, workers, threads=1) as decoding:
        decoding.request(
            refs[0], Purpose.INTERACTION, listener.done, listener.failed
        )  # holds the thread while the others come
        gate.wait_for_one()
        for ref in refs[1:]:
            decoding.request(ref, Purpose.PREFETCH, listener.done, listener.failed)
        gate.open()
        listener.wait(len(refs))

    assert sorted(listener.numbers) == list(range(1, 41))
    for number, frame in listener.frames:
        np.testing.assert_array_equal(frame, np.full((8, 8), number, np.uint8))
    assert max(runs) > 1


def test_a_file_that_is_gone_does_not_take_others_along(tmp_path: Path) -> None:
    refs, listener = plain(tmp_path, 12), Listener()
    refs[5] = replace(refs[5], path=str(tmp_path / "gone"))
    with Workers(1) as workers, Decoding(at_once, workers, threads=1) as decoding:
        for ref in refs:
            decoding.request(ref, Purpose.PREFETCH, listener.done, listener.failed)
        listener.wait(len(refs))

    assert sorted(listener.numbers) == [n for n in range(1, 13) if n != 6]
    (error,) = listener.errors
    assert error.message == "The file is not where it was."
