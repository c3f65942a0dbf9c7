"""A worker died, its machine had no process left, and the reason was lost.

What its owner listened to was closed, or somebody else's by then.
"""

import multiprocessing
import os
from multiprocessing.connection import wait
from typing import NoReturn

import pytest

from viewer.core.errors import EnvironmentFailure
from viewer.services.worker import Worker


def _none_left(*_: object) -> NoReturn:
    raise BlockingIOError


def _kill(worker: Worker) -> None:
    worker._process.kill()
    assert wait([worker._process.sentinel], 30)


def test_who_cannot_be_replaced_says_so_and_is_replaced_later(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    worker = Worker()
    worker.meet()
    _kill(worker)
    with monkeypatch.context() as short:
        short.setattr(multiprocessing.context.SpawnProcess, "start", _none_left)
        with pytest.raises(EnvironmentFailure):
            worker.revive()
        taken = [end for _ in range(8) for end in os.pipe()]  # the numbers, again
        with pytest.raises(EnvironmentFailure):
            worker.revive()
        with pytest.raises(EnvironmentFailure):
            worker.meet()
    for end in taken:
        os.close(end)
    assert worker.revive()
    worker.meet()
    worker.close()
