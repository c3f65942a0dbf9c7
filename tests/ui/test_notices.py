"""Notices say something and get out of the way."""

from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from viewer.commands.window_port import Tone
from viewer.ui.notices import Notices


def room(qtbot: QtBot) -> tuple[QWidget, QLineEdit, Notices]:
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.resize(800, 600)
    field = QLineEdit()
    QVBoxLayout(widget).addWidget(field)
    notices = Notices(widget)
    widget.show()
    field.setFocus()
    return widget, field, notices


def test_a_notice_never_takes_the_focus(qtbot: QtBot) -> None:
    _, field, notices = room(qtbot)
    notices.show_notice("Moved.", actions=[("Undo", lambda: None)])
    QTest.keyClicks(field, "abc")
    assert field.text() == "abc"


def test_its_action_is_done_once_and_it_goes(qtbot: QtBot) -> None:
    _, _, notices = room(qtbot)
    done: list[str] = []
    notices.show_notice("Moved.", actions=[("Undo", lambda: done.append("undone"))])
    (button,) = [b for b in notices.findChildren(QPushButton) if b.text() == "Undo"]
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert done == ["undone"]
    assert notices.shown == []
    assert not notices.isVisible()


def test_a_question_stays_until_it_is_answered(qtbot: QtBot) -> None:
    _, _, notices = room(qtbot)
    done: list[str] = []
    answers = [(word, partial(done.append, word)) for word in ("Continue", "Forget")]
    notices.show_notice("An import was interrupted.", actions=answers)
    assert not notices.findChildren(QTimer)[0].isActive()
    (button,) = [b for b in notices.findChildren(QPushButton) if b.text() == "Forget"]
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert done == ["Forget"]
    assert notices.shown == []


def test_the_same_sentence_is_not_said_twice(qtbot: QtBot) -> None:
    _, _, notices = room(qtbot)
    for _ in range(3):
        notices.show_notice("The disk is full.", Tone.PROBLEM)
    assert [notice.text for notice in notices.shown] == ["The disk is full."]


def test_they_never_cover_more_than_a_corner(qtbot: QtBot) -> None:
    widget, _, notices = room(qtbot)
    for number in range(9):
        notices.show_notice(f"Number {number}.")
    assert len(notices.shown) == 3
    assert widget.rect().contains(notices.geometry())


def test_a_long_sentence_is_shown_whole(qtbot: QtBot) -> None:
    _, _, notices = room(qtbot)
    notices.show_notice("word " * 60, Tone.WARNING, "hint " * 30)
    qtbot.wait(1)
    (notice,) = notices.shown
    assert notice.height() >= notice.heightForWidth(notice.width())
