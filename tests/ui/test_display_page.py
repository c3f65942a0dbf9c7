"""Patterns on the screen, one to one, and what is said of the screen."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from tests.core.test_display_check import on_the_gsdf
from viewer.core import screen_patterns
from viewer.core.display_check import NOT_VERIFIED
from viewer.services.display_checks import DisplayChecks
from viewer.ui.display_page import PATTERNS, DisplayCheckPage

Page = tuple[DisplayCheckPage, DisplayChecks]


@pytest.fixture
def page(tmp_path: Path, qapp: QApplication, qtbot: QtBot) -> Iterator[Page]:
    assert qapp is not None
    parent = QWidget()
    qtbot.addWidget(parent)
    checks = DisplayChecks(tmp_path)
    made = DisplayCheckPage(checks, parent)
    made.resize(1300, 1100)
    yield made, checks
    if isValid(made):  # else it was left, and is gone
        made.close()


@pytest.mark.parametrize("number", [0, 1])
def test_a_pattern_is_shown_pixel_for_pixel(page: Page, number: int) -> None:
    made, _ = page
    made.written = False
    made.show_pattern(number)
    drawn = (screen_patterns.quality, screen_patterns.simple_quality)[number]()
    shot = made.grab().toImage()
    assert shot.width() == 1300
    left, top = (1300 - 1024) // 2, (1100 - 1024) // 2
    for y in range(0, 1024, 3):
        for x in range(y % 7, 1024, 29):
            assert shot.pixelColor(left + x, top + y).value() == drawn[y, x]


def test_an_even_grey_fills_the_screen(page: Page) -> None:
    made, _ = page
    made.written = False
    made.show_pattern(2 + 6)
    shot = made.grab().toImage()
    assert {shot.pixelColor(x, y).value() for x in (0, 1299) for y in (0, 1099)} == {90}


def test_the_arrows_go_round_through_all_patterns(page: Page) -> None:
    made, _ = page
    names = []
    for _ in PATTERNS:
        names.append(made.words.splitlines()[0])
        QTest.keyClick(made, Qt.Key.Key_Right)
    assert names == [name for name, _ in PATTERNS]
    assert made.words.splitlines()[0] == names[0]
    QTest.keyClick(made, Qt.Key.Key_Left)
    assert made.words.splitlines()[0] == names[-1]


def test_a_screen_is_not_verified_until_a_photometer_says_so(
    page: Page, qtbot: QtBot
) -> None:
    made, _ = page
    assert NOT_VERIFIED in made.words
    dialog = made.ask()
    dialog.numbers.setPlainText("bright enough")
    dialog.accept()
    assert dialog.refusal.text() == "This is not a row of numbers."
    dialog.numbers.setPlainText("1 2 3")
    dialog.accept()
    assert dialog.refusal.text().startswith("There are 3 luminances, not 18.")
    assert NOT_VERIFIED in made.words
    dialog.numbers.setPlainText(" ".join(f"{v:.4f}" for v in on_the_gsdf(0.5, 400)))
    with qtbot.waitSignal(dialog.accepted):
        dialog.accept()
    assert NOT_VERIFIED not in made.words
    assert "fit for diagnosis" in made.words


def test_a_pattern_that_does_not_fit_says_so(page: Page) -> None:
    made, _ = page
    assert "edges are cut off" not in made.words
    made.resize(900, 700)
    assert "edges are cut off" in made.words
    made.show_pattern(5)
    assert "edges are cut off" not in made.words


def test_the_words_can_be_taken_off_the_pattern(page: Page) -> None:
    made, _ = page
    made.show_pattern(2)  # black, but for the words
    written = made.grab().toImage()
    QTest.keyClick(made, Qt.Key.Key_Space)
    bare = made.grab().toImage()
    assert written != bare
    assert not made.written


def test_it_opens_over_the_whole_screen_and_escape_leaves(
    page: Page, qtbot: QtBot
) -> None:
    made, _ = page
    made.open()
    qtbot.waitUntil(made.isVisible)
    assert made.isFullScreen()
    with qtbot.waitSignal(made.finished):
        QTest.keyClick(made, Qt.Key.Key_Escape)
