"""What a receiver that died had promised is kept, and nothing else of it."""

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.services.import_files import DirectReader, write_image
from viewer.services.arriving import Arriving
from viewer.services.leases import lease
from viewer.services.library import Library
from viewer.services.receiving import Receiving
from viewer.services.recovery import RECEIVE

_NO_PROCESS = 2**22 + 1  # Linux numbers them below


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library(tmp_path / "data", DirectReader()) as opened:
        yield opened


@pytest.fixture
def left(library: Library) -> Path:
    """The folder of a receiver that is dead."""
    jobs = library.catalog.jobs
    with lease(jobs, RECEIVE, lambda: False) as token:
        folder = library.store.workspace(token)
    (job,) = jobs.all()
    jobs.remove(token)
    jobs.add(replace(job, process=_NO_PROCESS))
    return folder


def promised(library: Library, folder: Path, raw: bytes) -> Path:
    with Arriving(folder, library.store.disk) as arriving:
        arriving.write(raw)
        arriving.settle()
        return arriving.keep()


def test_what_was_promised_gets_its_place_and_row(
    library: Library, left: Path, tmp_path: Path
) -> None:
    raw = write_image(tmp_path / "a.dcm").read_bytes()
    promised(library, left, raw)
    with Receiving(library):
        pass
    assert Path(library.instance("1.2.3.1.1").path).read_bytes() == raw
    assert library.store.workspaces() == []
    assert library.catalog.jobs.all() == ()


@pytest.mark.parametrize("hole", [False, True])
def test_what_a_power_cut_left_by_half_under_the_name_of_a_whole_is_swept(
    library: Library, left: Path, tmp_path: Path, *, hole: bool
) -> None:
    raw = write_image(tmp_path / "a.dcm").read_bytes()
    path = promised(library, left, raw)
    size = len(raw) - 100
    os.truncate(path, size)
    if hole:
        os.truncate(path, len(raw))
    with Receiving(library):
        pass
    assert list(library.store.all()) == []
    assert library.store.workspaces() == []
    assert library.catalog.known(["1.2.3.1.1"]) == {}


def test_a_name_without_a_hash_was_given_after_the_bytes(
    library: Library, left: Path, tmp_path: Path
) -> None:
    raw = write_image(tmp_path / "a.dcm").read_bytes()
    (left / "0123456789abcdef.received").write_bytes(raw)
    with Receiving(library):
        pass
    assert Path(library.instance("1.2.3.1.1").path).read_bytes() == raw


def test_what_nobody_was_promised_is_swept(library: Library, left: Path) -> None:
    (left / "0123456789abcdef.part").write_bytes(b"half")
    with Receiving(library):
        pass
    assert library.store.workspaces() == []
