"""A mistake of the program is said, reported without values, and survived."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QTimer
from pytestqt.exceptions import capture_exceptions
from pytestqt.qtbot import QtBot

from viewer.ui.bridge import GuiThread
from viewer.ui.crash import CrashDialog, CrashHandler

NAME = "Mueller^Anna"
UNSEEN = f"""
import sys
from pathlib import Path
from viewer.services.logs import open_log
from viewer.ui.crash import CrashHandler

log = open_log(Path(sys.argv[1]))
CrashHandler(lambda call: None, lambda: None).install()

def fail():
    raise KeyError("{NAME}")

fail()
"""


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


def test_a_mistake_that_ends_the_program_is_said_where_no_window_can(
    tmp_path: Path,
) -> None:
    argv = [sys.executable, "-c", UNSEEN, str(tmp_path)]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "KeyError" in done.stderr
    assert "in fail" in done.stderr
    assert NAME not in done.stderr
