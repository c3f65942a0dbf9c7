"""A window that was closed at once started its helper processes after its end."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.windows import windows
from viewer.services.workers import Workers
from viewer.ui import joining
from viewer.ui.joining import Program, join
from viewer.ui.loading import Loaded
from viewer.ui.shell import Shell


def test_a_window_that_is_gone_starts_nothing(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[bool] = []

    def join_and_close(shell: Shell, loaded: Loaded) -> Program:
        program = join(shell, loaded)
        shell.window.close()
        return program

    monkeypatch.setattr(joining, "join", join_and_close)
    monkeypatch.setattr(joining, "_PRESTART_MS", 0)
    monkeypatch.setattr(Workers, "prestart", lambda _: started.append(True))
    with windows(qtbot, qapp) as start:
        start(tmp_path)
        qtbot.wait(1)
    assert started == []
