"""A study selected below row 100 was not selected any more when the catalog changed.

So was what of a selection lay there: a command then acted on the others alone. And the
list went back to where its first, early answer ended.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.catalog.arrivals import a_study, arrival, patient
from tests.ui.windows import windows
from viewer.services.library import Library
from viewer.ui.browser import table_model
from viewer.ui.browser.table_model import PAGE
from viewer.ui.joining import Program

STUDIES = 3 * PAGE
DAY = date(2024, 1, 1)


def file(library: Library, *numbers: int) -> None:
    """One study a number; the higher it is, the newer is the study."""
    library.catalog.file_all(
        [
            arrival(
                of=patient(patient_id=str(number)),
                study=a_study(f"2.25.{number}", study_date=DAY + timedelta(number)),
            )
            for number in numbers
        ]
    )


@pytest.fixture
def program(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[Program]:
    """The window on a long list."""
    library = Library(tmp_path / "data")
    file(library, *range(10, 10 + STUDIES))
    library.close()
    with windows(qtbot, qapp) as start:
        _, program = start(tmp_path / "data")
        qtbot.waitUntil(lambda: program.studies.table.total == STUDIES)
        yield program


def select(program: Program, qtbot: QtBot, *rows: int) -> tuple[str, ...]:
    """Click on the rows, one after the other; the UIDs that are selected then."""
    shown, browsing = program.studies.list, program.desk.browsing
    for number, row in enumerate(rows):
        index = shown.model().index(row, 0)
        shown.scrollTo(index)
        qtbot.waitUntil(partial(is_fetched, program, row))
        none, further = (
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.ShiftModifier,
        )
        keys = further if number else none
        place = shown.visualRect(index).center()
        button = Qt.MouseButton.LeftButton
        QTest.mouseClick(shown.viewport(), button, keys, place)
    qtbot.waitUntil(lambda: len(browsing.selected_uids) >= len(rows))
    return browsing.selected_uids


def is_fetched(program: Program, row: int) -> bool:
    return program.studies.table.study(row) is not None


def change(program: Program, qtbot: QtBot, *numbers: int) -> None:
    """Have newer studies come; the list shows them."""
    with qtbot.waitSignal(program.studies.table.answered):
        file(program.desk.library, *numbers)
        program.desk.browsing.refresh()


def test_a_study_far_down_stays_selected_on_the_row_it_moves_to(
    program: Program, qtbot: QtBot
) -> None:
    selected = select(program, qtbot, 170)
    chosen: list[tuple[str, ...]] = []
    program.desk.browsing.changed.connect(
        lambda _: chosen.append(program.desk.browsing.selected_uids)
    )
    change(program, qtbot, 1000, 1001)
    assert program.desk.browsing.selected_uids == selected
    assert list(program.studies.list.selected_rows()) == [172]
    assert program.studies.list.currentIndex().row() == 172
    assert () not in chosen  # or its series would have been put away meanwhile


def test_a_selection_across_pages_stays_whole(program: Program, qtbot: QtBot) -> None:
    selected = select(program, qtbot, 90, 120)
    assert len(selected) == 31
    change(program, qtbot, 1000)
    assert program.desk.browsing.selected_uids == selected
    assert list(program.studies.list.selected_rows()) == list(range(91, 122))


def test_what_went_into_the_trash_is_not_selected_any_more(
    program: Program, qtbot: QtBot
) -> None:
    selected = select(program, qtbot, 170, 172)
    program.desk.library.catalog.trash([selected[1]])
    change(program, qtbot)
    assert program.desk.browsing.selected_uids == (selected[0], selected[2])


def test_who_looks_further_down_stays_there(
    program: Program, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table_model, "_COUNT_TO", PAGE)
    shown = program.studies.list
    select(program, qtbot, 3)
    shown.scrollTo(shown.model().index(250, 0))
    before = shown.verticalScrollBar().value()
    change(program, qtbot)
    QApplication.processEvents()
    assert program.studies.table.total == STUDIES
    assert shown.verticalScrollBar().value() == before
