"""Measure a nodule, close the program, come back: the number and its reasons stay."""

import os
from pathlib import Path

import pytest
from pydicom.data import get_testdata_file
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.reading_pages import drag, settle
from tests.ui.windows import windows
from viewer.commands.opening import open_studies
from viewer.core.annotation import Shape
from viewer.core.listing import StudyQuery
from viewer.services.importing import Importing, ImportRequest
from viewer.services.library import Library
from viewer.services.workers import Workers
from viewer.ui.application import Starting
from viewer.ui.joining import Program
from viewer.ui.panels.measures_section import MeasuresSection

ARTEFACTS = Path(os.environ.get("LIGHTBOX_ARTEFACTS", "artefacts"))
SIZES = ((1280, 800), (1920, 1080))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data folder with one CT image."""
    data = tmp_path / "data"
    file = Path(str(get_testdata_file("CT_small.dcm")))
    with Workers(1) as workers, Library(data, workers) as library:
        Importing(library, workers).run(ImportRequest((file,)))
    return data


def read(starting: Starting, program: Program, qtbot: QtBot) -> MeasuresSection:
    """Open the only study; returns the table of measures."""
    (study,) = program.desk.library.search(StudyQuery()).items
    open_studies(program.desk, [study.study_uid])
    qtbot.waitUntil(lambda: bool(program.desk.session.studies))
    settle(qtbot, program.reading)
    starting.window.activateWindow()  # offscreen, no window manager does it
    qtbot.waitUntil(starting.window.isActiveWindow)
    program.reading.setFocus()
    return program.reading.inspector.measures


def drawn(program: Program, *tools: tuple[Qt.Key, Shape]) -> None:
    """Draw with each tool in turn, by its key and a drag of its own."""
    viewport = program.reading.active
    middle = viewport.rect().center()
    for number, (key, shape) in enumerate(tools):
        QTest.keyClick(program.reading, key)
        start = (middle.x() - 180 + 90 * number, middle.y() - 120 + 60 * number)
        drag(viewport, start, (40, 20), (60, 30))
        last = list(program.desk.session.state.drawings.values())[-1]
        assert last.shape is shape


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_what_was_measured_is_there_when_the_program_comes_back(
    folder: Path, qtbot: QtBot, qapp: QApplication, size: tuple[int, int]
) -> None:
    with windows(qtbot, qapp) as start:
        starting, program = start(folder)
        starting.window.resize(*size)
        table = read(starting, program, qtbot)
        drawn(
            program,
            (Qt.Key.Key_D, Shape.LENGTH),
            (Qt.Key.Key_E, Shape.ELLIPSE),
            (Qt.Key.Key_P, Shape.PROBE),
        )
        qtbot.waitUntil(lambda: len(table.rows) == 3)
        before = [(row.title, row.value, row.measurement) for row in table.rows]
        program.reading.show_measures()
        assert "mean = sum ÷ number of pixels" not in table.reasons.text()  # a probe
        keep_picture(starting, f"measuring_{size[0]}x{size[1]}.png", qtbot)
        drawings = program.desk.session.state.drawings
    with windows(qtbot, qapp) as start:
        starting, program = start(folder)
        table = read(starting, program, qtbot)
        assert program.desk.session.state.drawings == drawings
        qtbot.waitUntil(
            lambda: [(r.title, r.value, r.measurement) for r in table.rows] == before
        )
        assert not program.desk.saving.is_unsaved(next(iter(drawings.values())))


def keep_picture(starting: Starting, name: str, qtbot: QtBot) -> None:
    """Leave a picture of the window for people to look at."""
    qtbot.wait(300)  # the panels follow when the hand rests
    ARTEFACTS.mkdir(parents=True, exist_ok=True)
    assert starting.window.grab().save(str(ARTEFACTS / name))
