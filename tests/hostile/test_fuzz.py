"""Spoiled files cost a reason, and never the program; `make fuzz` is the long run."""

import os

import pytest

from tests.hostile.fuzz import fuzz

COUNT = int(os.environ.get("LIGHTBOX_FUZZ", "2000"))
SECONDS = 90.0
GROWN_BYTES, WORKER_BYTES = 200 << 20, 1500 << 20
STALL_SECONDS = 1.0  # on the processor: the clock is for the machine of `make fuzz`


def test_no_spoiled_file_takes_the_program_or_its_window_along(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("LIGHTBOX_TEST_DATA", raising=False)  # everywhere the same files
    figures = fuzz(range(COUNT), SECONDS, seed=1)
    assert figures.files > min(COUNT, 100) - 1
    assert not figures.bugs
    assert figures.computing < STALL_SECONDS
    assert figures.grown < GROWN_BYTES
    assert figures.worker < WORKER_BYTES
    assert sum(figures.kinds.values()) == figures.files
    assert figures.kinds["picture"] > figures.files / 20
