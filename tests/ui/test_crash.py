"""A mistake of the program is said, reported without values, and survived."""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QTimer
from pytestqt.exceptions import capture_exceptions
from pytestqt.qtbot import QtBot

from viewer.ui.bridge import GuiThread
from viewer.ui.crash import CrashDialog, CrashHandler

NAME = "Mueller^Anna"


@contextmanager
def handler(qtbot: QtBot) -> Iterator[list[CrashDialog]]:
    """A crash handler that is installed, and the dialogs it made."""
    dialogs: list[CrashDialog] = []
    gui = GuiThread()

    def make() -> CrashDialog:
        dialog = CrashDialog(lambda _: None, None)
        qtbot.addWidget(dialog)
        dialogs.append(dialog)
        return dialog

    before = (sys.excepthook, threading.excepthook)
    made = CrashHandler(gui.post, make)
    made.install()
    yield dialogs
    sys.excepthook, threading.excepthook = before


def fail() -> None:
    raise KeyError(NAME)


def test_a_mistake_in_a_slot_is_shown_without_its_values(qtbot: QtBot) -> None:
    with capture_exceptions() as others, handler(qtbot) as dialogs:
        QTimer.singleShot(0, fail)
        qtbot.waitUntil(lambda: bool(dialogs) and "KeyError" in dialogs[0].report())
    assert others == []
    assert NAME not in dialogs[0].report()
    assert "test_crash.py" in dialogs[0].report()


def test_a_mistake_on_another_thread_is_shown_too(qtbot: QtBot) -> None:
    with handler(qtbot) as dialogs:
        thread = threading.Thread(target=fail)
        thread.start()
        thread.join()
        qtbot.waitUntil(lambda: bool(dialogs) and "KeyError" in dialogs[0].report())
    assert NAME not in dialogs[0].report()


def test_many_mistakes_are_one_dialog(qtbot: QtBot) -> None:
    with capture_exceptions(), handler(qtbot) as dialogs:
        for _ in range(50):
            QTimer.singleShot(0, fail)
        qtbot.waitUntil(
            lambda: bool(dialogs) and dialogs[0].report().count("KeyError") >= 50
        )
        qtbot.wait(10)
    assert len(dialogs) == 1
