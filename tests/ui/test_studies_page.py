"""The Studies page: find, choose, open, put away, all from the keyboard."""

import shutil
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QDate, QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QListWidgetItem, QMenu, QPushButton
from pytestqt.qtbot import QtBot

from tests.ui.conftest import FILES
from tests.ui.windows import Start
from viewer.commands.desk import Page
from viewer.services.browsing import Place
from viewer.ui.application import Starting
from viewer.ui.dialogs.dates import DatesDialog
from viewer.ui.dialogs.import_dialog import ImportDialog
from viewer.ui.joining import Program


@pytest.fixture
def opened(
    start: Start, qtbot: QtBot, filled: Path, tmp_path: Path
) -> tuple[Starting, Program]:
    """The window on a copy of the filled data folder, its list shown."""
    folder = tmp_path / "copy"
    shutil.copytree(filled, folder)
    starting, program = start(folder)
    qtbot.waitUntil(lambda: program.studies.table.total == len(FILES))
    return starting, program


def names(program: Program) -> list[str]:
    table = program.studies.table
    return [str(table.data(table.index(row, 0))) for row in range(table.total)]


def test_typing_narrows_the_list_and_escape_shows_all(
    opened: tuple[Starting, Program], qtbot: QtBot
) -> None:
    _, program = opened
    program.actions["go.search"].trigger()
    QTest.keyClicks(program.studies.search, "compressedsamples^ct")
    qtbot.waitUntil(lambda: program.studies.table.total == 1)
    assert names(program) == ["CompressedSamples, CT1"]
    QTest.keyClick(program.studies.search, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: program.studies.table.total == len(FILES))


def test_what_matches_nothing_says_so_and_offers_the_way_back(
    opened: tuple[Starting, Program], qtbot: QtBot
) -> None:
    _, program = opened
    program.studies.search.setText("nobody at all")
    qtbot.waitUntil(lambda: not program.studies.list.isVisible())
    back = program.studies.findChild(QPushButton, "empty.studies.show_all")
    assert isinstance(back, QPushButton)
    QTest.mouseClick(back, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: program.studies.table.total == len(FILES))
    assert program.studies.search.text() == ""


def test_an_empty_catalog_offers_what_to_do(
    start: Start, qtbot: QtBot, tmp_path: Path
) -> None:
    _, program = start(tmp_path)
    button = program.studies.findChild(QPushButton, "empty.file.import")
    assert isinstance(button, QPushButton)
    qtbot.waitUntil(button.isVisible)
    assert not program.studies.list.isVisible()


def test_enter_opens_the_selected_study(
    opened: tuple[Starting, Program], qtbot: QtBot
) -> None:
    starting, program = opened
    program.studies.list.setFocus()
    program.studies.list.selectRow(0)
    QTest.keyClick(program.studies.list, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: starting.window.page is Page.READING)
    selected = program.desk.browsing.selected_uids
    assert tuple(s.summary.study_uid for s in program.desk.session.studies) == selected


def test_delete_moves_to_the_trash_and_undo_brings_back(
    opened: tuple[Starting, Program], qtbot: QtBot
) -> None:
    starting, program = opened
    program.studies.list.setFocus()
    program.studies.list.selectRow(0)
    gone = names(program)[0]
    QTest.keyClick(program.studies.list, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: program.studies.table.total == len(FILES) - 1)
    assert gone not in names(program)
    assert starting.window.notices.shown
    program.studies.list.setFocus()
    QTest.keyClick(
        program.studies.list, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier
    )
    qtbot.waitUntil(lambda: program.studies.table.total == len(FILES))


def test_the_last_study_of_a_list_comes_back_by_its_key_too(
    opened: tuple[Starting, Program], qtbot: QtBot
) -> None:
    _, program = opened
    program.studies.search.setText("compressedsamples^ct")
    qtbot.waitUntil(lambda: program.studies.table.total == 1)
    program.studies.list.setFocus()
    program.studies.list.selectRow(0)
    QTest.keyClick(program.studies.list, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: not program.studies.list.isVisible())
    back = program.studies.findChild(QPushButton, "empty.studies.show_all")
    assert isinstance(back, QPushButton)
    back.setFocus()
    qtbot.waitUntil(program.actions["studies.undo"].isEnabled)
    QTest.keyClick(back, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: names(program) == ["CompressedSamples, CT1"])


def test_the_selection_survives_a_change_of_the_catalog(
    opened: tuple[Starting, Program], qtbot: QtBot
) -> None:
    _, program = opened
    program.studies.list.selectRow(1)
    before = program.desk.browsing.selected_uids
    program.actions.run("studies.mark_read")
    qtbot.waitUntil(
        lambda: [s.status for s in program.desk.browsing.state.selected] == ["read"]
    )
    assert program.desk.browsing.selected_uids == before


def test_a_chosen_series_survives_a_change_of_its_study(
    opened: tuple[Starting, Program], qtbot: QtBot
) -> None:
    _, program = opened
    strip, browsing = program.studies.strip, program.desk.browsing
    program.studies.list.selectRow(1)
    qtbot.waitUntil(lambda: strip.series.rowCount() == 1)
    strip.setCurrentIndex(strip.series.index(0))
    strip.clicked.emit(strip.series.index(0))
    chosen = browsing.state.series_uid
    assert chosen is not None
    listed_again: list[bool] = []
    strip.series.modelReset.connect(lambda: listed_again.append(True))
    program.actions.run("studies.mark_read")
    qtbot.waitUntil(lambda: bool(listed_again))
    assert [study.status for study in browsing.state.selected] == ["read"]
    assert browsing.state.series_uid == chosen
    qtbot.waitUntil(lambda: strip.currentIndex().row() == 0)


def test_control_a_and_c_copy_the_whole_list(
    opened: tuple[Starting, Program],
) -> None:
    _, program = opened
    program.studies.list.setFocus()
    control = Qt.KeyboardModifier.ControlModifier
    QTest.keyClick(program.studies.list, Qt.Key.Key_A, control)
    QTest.keyClick(program.studies.list, Qt.Key.Key_C, control)
    rows = QApplication.clipboard().text().splitlines()
    assert len(rows) == 1 + len(FILES)


def test_chips_come_from_the_data_and_a_click_removes_them(
    opened: tuple[Starting, Program], qtbot: QtBot
) -> None:
    _, program = opened
    filters = program.studies.filters
    qtbot.waitUntil(lambda: "Modality" in [a.text() for a in filters.menu().actions()])
    filters.toggle("modalities", "MR")
    qtbot.waitUntil(lambda: program.studies.table.total == 1)
    (chip,) = [b for b in filters.findChildren(QPushButton) if b.text() == "MR"]
    QTest.mouseClick(chip, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: program.studies.table.total == len(FILES))


def test_two_days_that_are_asked_for_are_listed_with_those_between(
    opened: tuple[Starting, Program], qtbot: QtBot
) -> None:
    _, program = opened
    filters = program.studies.filters
    menu = filters.menu()
    (dates,) = [a for a in menu.actions() if a.text() == "Date"]
    days = dates.menu()
    assert isinstance(days, QMenu)
    (ask,) = [a for a in days.actions() if a.text() == "From … to …"]
    ask.trigger()
    dialog = program.studies.window().findChild(DatesDialog)
    assert isinstance(dialog, DatesDialog)
    dialog.first.setDate(QDate(2004, 2, 1))
    dialog.last.setDate(QDate(2004, 1, 1))
    QTest.mouseClick(dialog.main, Qt.MouseButton.LeftButton)
    query = program.desk.browsing.state.query
    assert (query.date_from, query.date_to) == (date(2004, 1, 1), date(2004, 2, 1))
    qtbot.waitUntil(lambda: 0 < program.studies.table.total < len(FILES))
    shown = [b.text() for b in filters.findChildren(QPushButton)]
    assert "2004-01-01 – 2004-02-01" in shown


def test_a_click_on_a_header_sorts(
    opened: tuple[Starting, Program], qtbot: QtBot
) -> None:
    _, program = opened
    header = program.studies.list.horizontalHeader()
    header.sectionClicked.emit(0)
    qtbot.waitUntil(lambda: names(program) == sorted(names(program)))
    ascending = names(program)
    header.sectionClicked.emit(0)
    qtbot.waitUntil(lambda: names(program) == ascending[::-1])


def test_the_series_of_the_selected_study_get_their_pictures(
    opened: tuple[Starting, Program], qtbot: QtBot
) -> None:
    _, program = opened
    program.studies.list.selectRow(0)
    series = program.studies.strip.series
    qtbot.waitUntil(lambda: series.rowCount() == 1)
    qtbot.waitUntil(lambda: series.picture(0) is not None, timeout=20_000)
    assert not isinstance(series.picture(0), str)


def test_trash_and_conflicts_are_places_to_look(
    opened: tuple[Starting, Program], qtbot: QtBot
) -> None:
    _, program = opened
    for row, place in ((2, Place.TRASH), (3, Place.CONFLICTS), (0, Place.LIBRARY)):
        program.studies.sources.list.setCurrentRow(row)
        assert program.desk.browsing.state.place is place
    qtbot.waitUntil(program.studies.list.isVisible)
    assert program.studies.table.total == len(FILES)


def test_the_page_can_stand_in_its_own_window_and_comes_back(
    opened: tuple[Starting, Program], qtbot: QtBot
) -> None:
    starting, program = opened
    program.actions.run("view.detach_studies")
    own = program.studies.window()
    assert own is not starting.window
    qtbot.waitUntil(program.studies.isVisible)
    assert program.studies.search.isVisible()
    own.close()
    assert program.studies.window() is starting.window
    assert starting.window.page is Page.STUDIES
    assert program.studies.search.isVisible()


def test_dropped_files_are_asked_about(
    opened: tuple[Starting, Program], qtbot: QtBot, tmp_path: Path
) -> None:
    starting, _ = opened
    dropped = QMimeData()
    dropped.setUrls([QUrl.fromLocalFile(str(tmp_path))])
    event = QDropEvent(
        QPointF(9, 9),
        Qt.DropAction.CopyAction,
        dropped,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    starting.window.dropEvent(event)
    dialog = starting.window.findChild(ImportDialog)
    assert isinstance(dialog, ImportDialog)
    qtbot.waitUntil(dialog.isVisible)
    assert dialog.wish().paths == (tmp_path,)
    dialog.reject()


def test_many_studies_to_read_are_not_counted_to_the_end(
    opened: tuple[Starting, Program],
) -> None:
    _, program = opened
    shown = program.studies.sources.list.item
    texts = {
        str(shown(row).data(Qt.ItemDataRole.DisplayRole)): row
        for row in range(program.studies.sources.list.count())
    }
    place = shown(texts["To read"])
    program.studies.sources.count(5000, 2, more=True)
    assert "5,000+" in _texts_of(place)
    program.studies.sources.count(4999, 2)
    assert "4,999" in _texts_of(place)
    program.studies.sources.count(0, 0)
    assert "" in _texts_of(place)


def _texts_of(place: QListWidgetItem) -> list[str]:
    """What a place says, under whatever role."""
    roles = range(Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 8)
    return [str(found) for role in roles if (found := place.data(role)) is not None]
