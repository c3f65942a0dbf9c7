"""The real window for a test; nothing runs on when the test is over."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from viewer.services.opening import WindowRequest
from viewer.ui.application import Starting

if TYPE_CHECKING:
    from viewer.ui.joining import Program

Start = Callable[[Path], "tuple[Starting, Program]"]


@contextmanager
def windows(qtbot: QtBot, qapp: QApplication) -> Iterator[Start]:
    """Starts the window on a data folder, as often as asked; closes them at the end."""
    started: list[Starting] = []
    before = set(threading.enumerate())

    def start(folder: Path) -> "tuple[Starting, Program]":
        starting = Starting(WindowRequest(folder), qapp)
        started.append(starting)
        starting.window.resize(1280, 800)
        qtbot.waitUntil(lambda: starting.program is not None)
        assert starting.program is not None
        return starting, starting.program

    yield start
    for starting in started:
        starting.window.close()
        starting.close()
        starting.window.deleteLater()
    qapp.processEvents()
    left = set(threading.enumerate()) - before
    for thread in filter(_is_of_a_peer, left):
        thread.join(60)
    left = {thread for thread in left if thread.is_alive()}
    assert not left, f"threads were left running: {sorted(t.name for t in left)}"


def _is_of_a_peer(thread: threading.Thread) -> bool:
    """Whether an archive in the test's process is still hanging up."""
    of_pynetdicom = type(thread).__module__.startswith("pynetdicom")
    names = ("AcceptorServer", "process_request_thread")
    return of_pynetdicom or any(name in thread.name for name in names)
