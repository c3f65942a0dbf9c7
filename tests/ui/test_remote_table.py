"""What peers answer takes its place in the list, and the selection goes with it."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QModelIndex
from pytestqt.qtbot import QtBot

from viewer.core.identity import StudyUID
from viewer.core.remote import RemoteStudy
from viewer.ui.browser.remote_columns import COLUMNS, here
from viewer.ui.browser.remote_table import RemoteTable
from viewer.ui.browser.table_view import StudyList

DAYS = st.lists(st.integers(0, 40), max_size=12)


def study(number: int, day: int = 0, **values: object) -> RemoteStudy:
    when = date(2026, 1, 1) + timedelta(day)
    return RemoteStudy("PACS", StudyUID(f"2.25.{number}"), study_date=when, **values)  # type: ignore[arg-type]


@given(st.lists(DAYS, max_size=5))
def test_rows_are_in_order_however_they_came(portions: list[list[int]]) -> None:
    table, number = RemoteTable(), 0
    for portion in portions:
        if portion:
            table.add([study(number + at, day) for at, day in enumerate(portion)])
        number += len(portion)
    days = [one.study_date for one in table.studies]
    assert days == sorted(days, reverse=True)  # type: ignore[type-var] # all have one
    assert table.total == number
    assert len({one.study_uid for one in table.studies}) == number


def test_the_selection_follows_its_study(qtbot: QtBot) -> None:
    table = RemoteTable()
    view = StudyList(table)
    qtbot.addWidget(view)
    table.add([study(1, 5), study(2, 3)])
    view.selectRow(1)
    table.add([study(3, 4), study(4, 9), study(5, 1)])
    (row,) = view.selected_rows()
    chosen = table.study(row)
    assert chosen is not None
    assert chosen.study_uid == "2.25.2"
    table.sort_by("study_date", descending=False)
    (row,) = view.selected_rows()
    assert table.study(row) == chosen
    assert row == 1


def test_a_click_on_each_header_can_sort() -> None:
    table = RemoteTable()
    table.add(
        [study(1, 5, modalities=("CT",)), study(2), RemoteStudy("B", StudyUID("1"))]
    )
    for column in COLUMNS:
        if column.sort is not None:
            table.sort_by(column.sort, descending=True)
            assert table.total == 3


def test_what_has_come_is_marked_in_its_row() -> None:
    table = RemoteTable()
    table.add([study(1, 2, instances=10), study(2, 1, instances=10)])
    told: list[int] = []
    table.dataChanged.connect(lambda first, _: told.append(first.row()))
    table.mark([study(2, 1, instances=10, local=4)])
    assert told == [1]
    last = len(COLUMNS) - 1
    assert table.data(table.index(1, last)) == "4 of 10"
    assert table.data(table.index(0, last)) == "not here"
    assert table.rowCount(QModelIndex()) == 2


def test_how_much_is_here_is_said_in_words() -> None:
    assert here(study(1, local=3)) == "3 here"
    assert here(study(1, instances=3, local=3)) == "here"
    assert here(study(1, instances=3, local=4)) == "here"
