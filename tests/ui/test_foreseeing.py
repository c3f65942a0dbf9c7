"""What is pointed at in the list is ready before it is opened, and stays unselected."""

import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.conftest import FILES
from tests.ui.windows import Start
from viewer.services.anticipating import first_frames
from viewer.services.frame_ref import FrameRef
from viewer.services.reading_stacks import ReadingStacks
from viewer.ui.browser import foreseeing
from viewer.ui.joining import Program


@pytest.fixture
def program(start: Start, qtbot: QtBot, filled: Path, tmp_path: Path) -> Program:
    """The window on a copy of the filled data folder, its list shown."""
    folder = tmp_path / "copy"
    shutil.copytree(filled, folder)
    _, program = start(folder)
    qtbot.waitUntil(lambda: program.studies.table.total == len(FILES))
    qtbot.waitUntil(lambda: program.studies.table.study(0) is not None)
    return program


def middle_of(program: Program, row: int) -> QPoint:
    table = program.studies.table
    return program.studies.list.visualRect(table.index(row, 0)).center()


def point_at(program: Program, row: int) -> None:
    within = program.studies.list.viewport()
    place = middle_of(program, row)
    move = QMouseEvent(
        QEvent.Type.MouseMove,
        QPointF(place),
        QPointF(within.mapToGlobal(place)),
        Qt.MouseButton.NoButton,
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(within, move)


def uid_of(program: Program, row: int) -> str:
    study = program.studies.table.study(row)
    assert study is not None
    return study.study_uid


def first_pictures(program: Program, row: int) -> list[FrameRef]:
    """What opening the study of a row asks for first."""
    study = program.desk.library.prepare_study(uid_of(program, row))
    wanted = list(first_frames(ReadingStacks([study])))
    assert wanted
    return wanted


def shows_pictures(program: Program) -> int:
    """A row whose study can be shown."""
    modalities = [(row, program.studies.table.study(row)) for row in range(len(FILES))]
    return next(row for row, one in modalities if one and "CT" in one.modalities)


def test_what_the_pointer_rests_on_is_decoded_and_not_selected(
    program: Program, qtbot: QtBot
) -> None:
    row = shows_pictures(program)
    wanted, decoding = first_pictures(program, row), program.desk.decoding

    def pointed_at_and_ready() -> bool:
        point_at(program, row)  # Qt may say that the pointer is elsewhere
        return all(decoding.cached(ref) is not None for ref in wanted)

    qtbot.waitUntil(pointed_at_and_ready)
    assert not program.studies.list.selectionModel().hasSelection()
    assert program.desk.browsing.selected_uids == ()


def test_a_study_the_pointer_leaves_is_put_away(program: Program) -> None:
    said: list[object] = []
    program.studies.foreseeing.foreseen.connect(said.append)
    point_at(program, 0)
    QApplication.sendEvent(program.studies.list, QEvent(QEvent.Type.Leave))
    assert said == [None]
    assert program.studies.list.hovered == -1


def test_a_study_of_very_many_images_waits_for_the_click(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(foreseeing, "_MOST_INSTANCES", 0)
    said: list[object] = []
    program.studies.foreseeing.foreseen.connect(said.append)
    QTest.mousePress(
        program.studies.list.viewport(),
        Qt.MouseButton.LeftButton,
        pos=middle_of(program, 0),
    )
    assert said == [None]


def test_what_is_pressed_is_looked_at_at_once_though_the_selection_moves(
    program: Program,
) -> None:
    said: list[str] = []
    program.studies.strip.looked_at.connect(said.append)
    program.studies.list.selectRow(0)
    program.studies.list.selectRow(1)  # goes on moving: only its end counts
    assert said == [uid_of(program, 0)]
    QTest.mousePress(
        program.studies.list.viewport(),
        Qt.MouseButton.LeftButton,
        pos=middle_of(program, 2),
    )
    assert said == [uid_of(program, 0), uid_of(program, 2)]
