"""The list of studies fetches what is looked at, and nothing twice."""

import threading
from collections.abc import Collection, Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, Qt
from pytestqt.qtbot import QtBot
from shiboken6 import delete
from typing_extensions import override

from tests.commands.test_study_table import STUDY
from viewer.core.errors import ViewerError
from viewer.core.identity import StudyUID
from viewer.core.listing import StudyPage, StudyQuery, StudySummary
from viewer.services.jobs import Jobs
from viewer.ui import theme
from viewer.ui.bridge import GuiThread
from viewer.ui.browser.columns import COLUMNS
from viewer.ui.browser.table_model import PAGE, StudyTable
from viewer.ui.browser.table_view import StudyList

MILLION = 1_000_000
FIRST = 5_000  # what an early answer to a wide question counts to
ID = [column.title for column in COLUMNS].index("ID")


class Shelf:
    """Answers like a catalog of a million studies, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[StudyQuery] = []
        self.threads: set[int] = set()
        self.patient_id = ""
        self.held = threading.Event()
        self.held.set()

    def search(self, query: StudyQuery, keep: Collection[str] = ()) -> StudyPage:
        """A page, once the shelf is not held shut; UIDs end with the row."""
        self.asked.append(query)
        self.threads.add(threading.get_ident())
        self.held.wait(10)
        if query.text == "broken":
            raise ViewerError("The catalog does not answer.")
        total = 3 if query.text else MILLION
        rows = range(query.offset, min(query.offset + (query.limit or 0), total))
        items = tuple(map(self._study, rows))
        places = sorted(int(uid.removeprefix("1.")) for uid in keep)
        kept = tuple((place, self._study(place)) for place in places if place < total)
        if query.count_to is not None and total > FIRST:
            return StudyPage(FIRST, items, complete=False, kept=kept)
        return StudyPage(total, items, kept=kept)

    def _study(self, row: int) -> StudySummary:
        uid, patient = StudyUID(f"1.{row}"), self.patient_id or str(row)
        return replace(STUDY, study_uid=uid, patient_id=patient)


class CountingTable(StudyTable):
    """Counts how often Qt asks a row whether it can be selected."""

    rows_asked = 0

    @override
    def flags(self, index: QModelIndex | QPersistentModelIndex) -> Qt.ItemFlag:
        self.rows_asked += 1
        return super().flags(index)


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
def table(qtbot: QtBot, shelf: Shelf) -> Iterator[StudyTable]:  # noqa: ARG001 - needs Qt
    gui, owner = GuiThread(), QObject()
    jobs = Jobs(gui.post)
    yield CountingTable(shelf.search, jobs, owner)
    shelf.held.set()
    jobs.close()
    delete(gui)  # and with it the answers that are still on their way


@pytest.fixture
def view(table: StudyTable) -> Iterator[StudyList]:
    """A list on the screen; it goes before what it asks does."""
    view = StudyList(table)
    view.resize(1000, 600)
    view.show()
    yield view
    delete(view)


def ask(qtbot: QtBot, table: StudyTable, text: str = "") -> None:
    with qtbot.waitSignal(table.answered):
        table.ask(StudyQuery(text=text))


def ask_and_count(qtbot: QtBot, table: StudyTable) -> None:
    with qtbot.waitSignal(table.counted):
        table.ask(StudyQuery())


def test_a_million_rows_cost_one_page(
    qtbot: QtBot, table: StudyTable, shelf: Shelf
) -> None:
    ask(qtbot, table)
    assert table.rowCount() == FIRST
    assert not table.complete
    assert [(query.limit, query.offset) for query in shelf.asked] == [(PAGE, 0)]


def test_the_exact_count_follows_and_keeps_the_rows_that_are_there(
    qtbot: QtBot, table: StudyTable, shelf: Shelf
) -> None:
    ask(qtbot, table)
    first = table.study(0)
    with qtbot.waitSignal(table.counted) as said:
        pass
    assert said.args == [MILLION]
    assert table.complete
    assert table.rowCount() == MILLION
    assert table.study(0) is first
    assert (shelf.asked[-1].limit, shelf.asked[-1].count_to) == (0, None)


def test_who_goes_on_typing_is_not_kept_by_an_exact_count(
    qtbot: QtBot, table: StudyTable, shelf: Shelf
) -> None:
    ask(qtbot, table)
    ask(qtbot, table, "mueller")
    assert table.complete
    assert not table._count_soon.isActive()
    assert all(query.count_to for query in shelf.asked)


def test_the_catalog_is_never_asked_on_the_gui_thread(
    qtbot: QtBot, table: StudyTable, shelf: Shelf
) -> None:
    ask(qtbot, table)
    assert threading.get_ident() not in shelf.threads


def test_a_row_that_is_painted_is_fetched(
    qtbot: QtBot, table: StudyTable, shelf: Shelf
) -> None:
    ask_and_count(qtbot, table)
    assert table.study(777_777) is None
    table.want([777_777])
    qtbot.waitUntil(lambda: table.study(777_777) is not None)
    found = table.study(777_777)
    assert found is not None
    assert found.patient_id == "777777"
    assert shelf.asked[-1].offset == 777_700


def test_an_answer_to_an_old_question_is_dropped(
    qtbot: QtBot, table: StudyTable, shelf: Shelf
) -> None:
    shelf.held.clear()
    table.ask(StudyQuery())
    table.ask(StudyQuery(text="mueller"))
    answers: list[int] = []
    table.answered.connect(answers.append)
    shelf.held.set()
    qtbot.waitUntil(lambda: bool(answers))
    qtbot.wait(50)
    assert answers == [3]


def test_the_old_list_stands_until_the_new_one_is_there(
    qtbot: QtBot, table: StudyTable, shelf: Shelf
) -> None:
    ask(qtbot, table)
    shelf.held.clear()
    table.ask(StudyQuery(text="mueller"))
    assert table.rowCount() == FIRST
    shelf.held.set()
    qtbot.waitUntil(lambda: table.rowCount() == 3)


def test_a_list_that_cannot_be_had_says_why(qtbot: QtBot, table: StudyTable) -> None:
    with qtbot.waitSignal(table.failed) as said:
        table.ask(StudyQuery(text="broken"))
    assert isinstance(said.args[0], ViewerError)


def test_scrolling_through_a_million_rows_asks_for_what_is_seen(
    qtbot: QtBot, table: StudyTable, shelf: Shelf, view: StudyList
) -> None:
    ask_and_count(qtbot, table)
    bar = view.verticalScrollBar()
    in_sight = view.height() // theme.ROW
    by_row = view.verticalScrollMode() == view.ScrollMode.ScrollPerItem
    per_row = 1 if by_row else theme.ROW
    # The list learns of rows a turn later.
    qtbot.waitUntil(lambda: bar.maximum() > (MILLION - 2 * in_sight) * per_row)
    for step in range(1, 200):
        bar.setValue(bar.maximum() * step // 200)
    bar.setValue(bar.maximum())
    qtbot.waitUntil(lambda: table.study(MILLION - 1) is not None)
    assert len(shelf.asked) < 20
    assert table.data(table.index(MILLION - 1, 1)) == str(MILLION - 1)


def test_cells_show_what_the_columns_say(qtbot: QtBot, table: StudyTable) -> None:
    ask(qtbot, table)
    assert table.data(table.index(0, 0)) == "Müller, Anna"
    title = table.headerData(0, Qt.Orientation.Horizontal)
    assert title == "Patient"


def test_a_whole_million_selected_can_still_be_scrolled(
    qtbot: QtBot, table: StudyTable, view: StudyList
) -> None:
    ask_and_count(qtbot, table)
    qtbot.waitUntil(lambda: view.verticalScrollBar().maximum() > 0)
    view.selectAll()
    view.verticalScrollBar().setValue(view.verticalScrollBar().maximum())
    view.viewport().repaint()
    assert isinstance(table, CountingTable)
    assert table.rows_asked < 10_000


def test_the_columns_follow_what_is_on_the_screen_and_look_no_further(
    qtbot: QtBot, table: StudyTable, shelf: Shelf, view: StudyList
) -> None:
    shelf.patient_id = "ID-2026-00012345"
    ask(qtbot, table)
    needed = view.fontMetrics().horizontalAdvance(shelf.patient_id)
    long = view.columnWidth(ID)
    assert long > needed
    shelf.patient_id = "7"
    ask(qtbot, table, "few")
    assert view.columnWidth(ID) < long
    assert {query.offset for query in shelf.asked} == {0}
