"""The window against a real archive: a study goes there, is found, and comes back."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pydicom import dcmread
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.journeys.phantom_series import SLICES, write_series
from tests.journeys.test_query_and_retrieve import (
    begin,
    choose,
    find_and_open,
    keep_picture,
)
from tests.peers.conftest import Peers
from tests.ui.windows import Start, windows
from viewer.commands.desk import Page

STUDY = "2.25.77101"


@pytest.fixture
def start(qtbot: QtBot, qapp: QApplication) -> Iterator[Start]:
    with windows(qtbot, qapp) as run:
        yield run


@pytest.fixture
def loaded(peers: Peers, tmp_path: Path) -> Iterator[None]:
    """Orthanc holds the series under UIDs of its own."""
    for path in sorted(write_series(tmp_path / "in").iterdir()):
        one = dcmread(path)
        one.StudyInstanceUID, one.SeriesInstanceUID = STUDY, f"{STUDY}.1"
        one.SOPInstanceUID = f"{STUDY}.1.{one.InstanceNumber}"
        one.file_meta.MediaStorageSOPInstanceUID = one.SOPInstanceUID
        one.PatientID = "LIGHTBOX-WINDOW"
        one.save_as(path)
        peers.rest.add(path)
    yield
    peers.rest.delete_study(STUDY)


@pytest.mark.usefixtures("loaded")
def test_a_study_in_orthanc_is_found_fetched_and_opened(
    peers: Peers, start: Start, qtbot: QtBot, tmp_path: Path
) -> None:
    peer = replace(peers.orthanc, name="Hospital")
    starting, program = begin(start, qtbot, tmp_path / "data", peer)
    choose(program, 0)
    find_and_open(program, qtbot, "LIGHTBOX-WINDOW")
    qtbot.waitUntil(lambda: starting.window.page is Page.READING)
    session = program.desk.session
    qtbot.waitUntil(lambda: [one.count for one in session.stacks] == [SLICES])
    keep_picture(starting, "from_orthanc")
