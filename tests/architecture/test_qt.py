"""Qt is one that does not lose None."""

import sys

from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot


def test_calls_that_return_nothing_take_nothing(qtbot: QtBot) -> None:
    """PySide6 6.12.0 stole a reference to None with each call, and then aborted."""
    del qtbot  # it makes the application
    thing = QObject()
    before = sys.getrefcount(None)
    for _ in range(20_000):
        thing.setObjectName("name")
    assert sys.getrefcount(None) > before - 1_000
