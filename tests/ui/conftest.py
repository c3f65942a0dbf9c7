"""Widgets over a real desk; nothing runs on when a test is over."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pydicom.data import get_testdata_file
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from viewer.services.importing import Importing, ImportRequest
from viewer.services.library import Library
from viewer.services.opening import WindowRequest
from viewer.services.workers import Workers
from viewer.ui.application import Starting

if TYPE_CHECKING:
    from viewer.ui.joining import Program

FILES = ("CT_small.dcm", "MR_small.dcm", "JPEG2000.dcm")
Start = Callable[..., "tuple[Starting, Program]"]


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a few real studies, to be copied before it is changed."""
    folder = tmp_path_factory.mktemp("filled")
    paths = tuple(Path(str(get_testdata_file(name))) for name in FILES)
    with Workers(2) as workers:
        library = Library(folder, workers)
        Importing(library, workers).run(ImportRequest(paths))
        library.close()
    return folder


@pytest.fixture
def start(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[Start]:
    """Start the window on a data folder, and close everything at the end."""
    started: list[Starting] = []
    before = set(threading.enumerate())

    def begin(folder: Path = tmp_path / "data") -> "tuple[Starting, Program]":
        starting = Starting(WindowRequest(folder), qapp)
        started.append(starting)
        starting.window.resize(1280, 800)
        qtbot.waitUntil(lambda: starting.program is not None, timeout=30_000)
        assert starting.program is not None
        return starting, starting.program

    yield begin
    for starting in started:
        starting.window.close()
        starting.close()
        starting.window.deleteLater()
    qapp.processEvents()
    left = set(threading.enumerate()) - before
    assert not left, "threads were left running"
