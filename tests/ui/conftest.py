"""Widgets over a real desk; nothing runs on when a test is over."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pydicom.data import get_testdata_file
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.windows import Start, windows
from viewer.services.importing import Importing, ImportRequest
from viewer.services.library import Library
from viewer.services.workers import Workers

FILES = ("CT_small.dcm", "MR_small.dcm", "JPEG2000.dcm")


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
def start(qtbot: QtBot, qapp: QApplication) -> Iterator[Start]:
    """Start the window on a data folder, and close everything at the end."""
    with windows(qtbot, qapp) as begin:
        yield begin
