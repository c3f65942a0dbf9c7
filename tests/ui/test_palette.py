"""Every command can be found by name, and its key by searching."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QMenu
from pytestqt.qtbot import QtBot

from tests.ui.windows import Start
from viewer.ui.application import Starting
from viewer.ui.help import Help
from viewer.ui.joining import Program
from viewer.ui.palette import Palette

Opened = tuple[Starting, Program]


@pytest.fixture
def opened(start: Start, tmp_path: Path) -> Opened:
    return start(tmp_path)


def palette(opened: Opened) -> Palette:
    starting, program = opened
    program.actions.run("help.palette")
    shown = starting.window.findChild(Palette)
    assert isinstance(shown, Palette)
    return shown


def titles(shown: Palette) -> list[str]:
    items = [
        shown.list.topLevelItem(row) for row in range(shown.list.topLevelItemCount())
    ]
    return [item.text(0) for item in items if item is not None]


def test_the_palette_lists_every_command(opened: Opened) -> None:
    _, program = opened
    assert titles(palette(opened)) == [c.title for c in program.actions.commands]


def test_a_few_letters_and_enter_run_a_command(opened: Opened, qtbot: QtBot) -> None:
    _, program = opened
    shown = palette(opened)
    QTest.keyClicks(shown.search, "light")
    QTest.keyClick(shown.search, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: program.desk.settings.value.theme == "light")
    program.actions.run("view.light")


def test_arrows_choose_while_the_hand_stays_in_the_field(opened: Opened) -> None:
    shown = palette(opened)
    QTest.keyClick(shown.search, Qt.Key.Key_Down)
    QTest.keyClick(shown.search, Qt.Key.Key_Down)
    current = shown.list.currentItem()
    assert current is not None
    assert current.text(0) == titles(shown)[2]


def test_what_cannot_run_now_is_shown_but_not_run(opened: Opened) -> None:
    _, program = opened
    shown = palette(opened)
    QTest.keyClicks(shown.search, "move to the trash")
    QTest.keyClick(shown.search, Qt.Key.Key_Return)
    assert shown.isVisible()
    assert not program.desk.edits.can_undo


def test_help_lists_every_key_and_finds_it(opened: Opened, qtbot: QtBot) -> None:
    _, program = opened
    shown = Help(program.actions, opened[0].window)
    qtbot.addWidget(shown)
    rows = [row for _, group in shown.groups for row in group]
    keyed = [c for c in program.actions.commands if c.keys]
    assert {c.title for c in keyed} <= {row.text(1) for row in rows}
    field = shown.findChild(QLineEdit)
    assert isinstance(field, QLineEdit)
    field.setText("ctrl+k")
    assert [row.text(1) for row in rows if not row.isHidden()] == ["Find a command…"]


def test_menus_offer_what_the_page_in_front_can_do(opened: Opened) -> None:
    starting, _ = opened
    entries = [
        action.objectName()
        for menu in starting.window.findChildren(QMenu)
        if menu.menuAction().isVisible()
        for action in menu.actions()
    ]
    assert "file.import" in entries
    assert "studies.trash" in entries
    assert not [entry for entry in entries if entry.startswith("image.")]
    named = [entry for entry in entries if entry]
    assert len(named) == len(set(named))


def test_full_screen_hides_the_strip_and_brings_it_back(opened: Opened) -> None:
    starting, program = opened
    program.actions.run("view.full_screen")
    assert starting.window.full_screen
    assert not starting.window.strip.isVisible()
    program.actions.run("view.full_screen")
    assert starting.window.strip.isVisible()
