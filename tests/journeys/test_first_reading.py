"""From an empty window to a read study, with mouse and keys alone."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QMenu, QPushButton
from pytestqt.qtbot import QtBot

from tests.journeys.phantom_series import (
    CENTER,
    RIGHT_HU,
    SLICES,
    WIDTH,
    left_hu,
    write_series,
)
from tests.ui.reading_pages import drag, settle, turn_wheel
from tests.ui.windows import windows
from viewer.commands.desk import Page
from viewer.core.grayscale import Window
from viewer.core.layout import Layout
from viewer.ui.application import Starting
from viewer.ui.dialogs.import_dialog import ImportDialog
from viewer.ui.joining import Program

ARTEFACTS = Path(os.environ.get("LIGHTBOX_ARTEFACTS", "artefacts"))
LEFT = Qt.MouseButton.LeftButton
Journey = tuple[Starting, Program]


@pytest.fixture
def journey(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[Journey]:
    with windows(qtbot, qapp) as start:
        yield start(tmp_path / "data")


def to_grey(value: float, center: float, width: float) -> int:
    """PS3.3 C.11.2.1.2.1, LINEAR, rounded to 8 bits."""
    share = (value - (center - 0.5)) / (width - 1) + 0.5
    return round(255 * min(max(share, 0), 1))


def shown_greys(program: Program) -> tuple[int, int]:
    """What the active viewport shows left and right of its middle."""
    viewport = program.reading.active
    picture = viewport.grab().toImage()
    middle = picture.rect().center()
    reach = picture.height() // 8
    sides = (QPoint(-reach, reach // 2), QPoint(reach, reach // 2))
    colours = [picture.pixelColor(middle + side) for side in sides]
    assert all(c.red() == c.green() == c.blue() for c in colours)
    return colours[0].red(), colours[1].red()


def expected(image: int, center: float, width: float) -> tuple[int, int]:
    values = (left_hu(image), RIGHT_HU)
    return to_grey(values[0], center, width), to_grey(values[1], center, width)


def press(key: Qt.Key, *, control: bool = False) -> None:
    """A key, for whatever has the keyboard."""
    keys = Qt.KeyboardModifier.ControlModifier if control else Qt.KeyboardModifier(0)
    focus = QApplication.focusWidget()
    assert focus is not None
    QTest.keyClick(focus, key, keys)


def click_menu(starting: Starting, menu: str, command: str) -> None:
    """Open a menu of the menu bar with the mouse and click one of its entries."""
    bar = starting.window.strip.menus
    opened = starting.window.findChild(QMenu, f"menu.{menu}")
    assert isinstance(opened, QMenu)
    QTest.mouseClick(bar, LEFT, pos=bar.actionGeometry(opened.menuAction()).center())
    (entry,) = [a for a in opened.actions() if a.objectName() == command]
    QTest.mouseClick(opened, LEFT, pos=opened.actionGeometry(entry).center())
    if QApplication.activeModalWidget() is None:
        starting.window.activateWindow()  # offscreen, no window manager does it


def answer_file_dialog(folder: Path) -> Callable[[], None]:
    """Type a folder into the file dialog that is about to open, and press Enter."""

    def answer() -> None:
        dialog = QApplication.activeModalWidget()
        if not isinstance(dialog, QFileDialog):
            QTimer.singleShot(20, answer)
            return
        field = dialog.findChild(QLineEdit, "fileNameEdit")
        assert isinstance(field, QLineEdit)
        field.setText(str(folder))
        QTest.keyClick(field, Qt.Key.Key_Return)

    return answer


def test_from_an_empty_window_to_a_read_study(
    journey: Journey, qtbot: QtBot, tmp_path: Path
) -> None:
    starting, program = journey
    import_a_folder(journey, qtbot, write_series(tmp_path / "in"))
    find_and_open(journey, qtbot)
    session = program.desk.session
    settle(qtbot, program.reading)
    assert session.state.viewport.image == 0
    assert shown_greys(program) == expected(0, CENTER, WIDTH)

    for _ in range(SLICES + 5):  # to the end, and not past it
        turn_wheel(program.reading.active, -120)
    settle(qtbot, program.reading)
    last = SLICES - 1
    assert session.state.viewport.image == last
    assert shown_greys(program) == expected(last, CENTER, WIDTH)

    drag(program.reading.active, (300, 300), (40, 20))
    settle(qtbot, program.reading)
    (dragged,) = session.state.windows.values()
    assert isinstance(dragged, Window)
    gain = WIDTH / 80
    assert dragged.width == pytest.approx(WIDTH + 40 * gain)
    assert dragged.center == pytest.approx(CENTER - 20 * gain)  # down is brighter
    assert shown_greys(program) == expected(last, dragged.center, dragged.width)

    press(Qt.Key.Key_8)  # lung
    settle(qtbot, program.reading)
    assert shown_greys(program) == expected(last, -600, 1500)

    click_menu(starting, "Layout", "layout.2x2")
    assert session.state.layout == Layout(2, 2)
    assert session.state.viewport.image == last
    settle(qtbot, program.reading)
    qtbot.wait(300)  # the panels follow when the hand rests
    keep_picture(starting)

    for step in ("layout", "preset", "drag"):
        press(Qt.Key.Key_Z, control=True)
        settle(qtbot, program.reading)
        if step == "layout":
            assert session.state.layout == Layout(1, 1)
            assert shown_greys(program) == expected(last, -600, 1500)
        elif step == "preset":
            assert shown_greys(program) == expected(last, dragged.center, dragged.width)
    assert session.state.viewport.image == last  # scrolling is not undone
    assert shown_greys(program) == expected(last, CENTER, WIDTH)


def import_a_folder(journey: Journey, qtbot: QtBot, folder: Path) -> None:
    starting, program = journey
    click_menu(starting, "File", "file.import")
    dialog = starting.window.findChild(ImportDialog)
    assert isinstance(dialog, ImportDialog)
    qtbot.waitUntil(dialog.isVisible)
    add = dialog.findChild(QPushButton, "add_folder")
    assert isinstance(add, QPushButton)
    QTimer.singleShot(0, answer_file_dialog(folder))
    QTest.mouseClick(add, LEFT)
    assert dialog.wish().paths == (folder,)
    QTest.mouseClick(dialog.main, LEFT)
    qtbot.waitUntil(lambda: program.studies.table.total == 1)
    qtbot.waitUntil(lambda: bool(starting.window.notices.shown))
    said = [notice.text for notice in starting.window.notices.shown]
    assert said == [f"Imported {SLICES} files in 1 study."]


def find_and_open(journey: Journey, qtbot: QtBot) -> None:
    starting, program = journey
    studies = program.studies
    starting.window.activateWindow()  # offscreen, no window manager does it
    qtbot.waitUntil(starting.window.isActiveWindow)
    press(Qt.Key.Key_F, control=True)
    QTest.keyClicks(studies.search, "nobody")
    qtbot.waitUntil(lambda: studies.table.total == 0)
    press(Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: studies.table.total == 1)
    press(Qt.Key.Key_F, control=True)
    QTest.keyClicks(studies.search, "ludenscheid")
    qtbot.waitUntil(studies.list.isVisible)
    qtbot.waitUntil(lambda: program.desk.browsing.state.query.text != "")
    row = studies.list.visualRect(studies.table.index(0, 0)).center()
    QTest.mouseClick(studies.list.viewport(), LEFT, pos=row)
    QTest.mouseDClick(studies.list.viewport(), LEFT, pos=row)
    qtbot.waitUntil(lambda: starting.window.page is Page.READING)
    assert [s.summary.patient_id for s in program.desk.session.studies] == ["104233"]


def keep_picture(starting: Starting) -> None:
    """Leave a picture of the window for people to look at."""
    ARTEFACTS.mkdir(parents=True, exist_ok=True)
    assert starting.window.grab().save(str(ARTEFACTS / "first_reading.png"))
