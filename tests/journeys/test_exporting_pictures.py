"""Pictures leave by the window, and what a form cannot be is not begun."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.journeys.test_exporting import PATIENCE, begin, opened
from tests.services.import_files import DirectReader, write_series
from tests.ui.windows import Start, windows
from viewer.core.export_forms import PNG, TIFF, Form, Look, choices
from viewer.services.importing import Importing, ImportRequest
from viewer.services.library import Library
from viewer.ui.dialogs.export_plain import PlainExportDialog


@pytest.fixture
def start(qtbot: QtBot, qapp: QApplication) -> Iterator[Start]:
    with windows(qtbot, qapp) as run:
        yield run


@pytest.fixture
def slices(tmp_path: Path) -> Path:
    """A data folder with a study of three slices."""
    source = write_series(tmp_path / "in", 3)
    data = tmp_path / "data"
    reader = DirectReader()
    with Library(data, reader) as library:
        Importing(library, reader).run(ImportRequest((source,)))
    return data


def choose(dialog: PlainExportDialog, form: Form, look: Look) -> None:
    """Take a row of the list."""
    rows = [(one, how) for one, how, _ in choices()]
    dialog.form.form.setCurrentIndex(rows.index((form, look)))


def test_pictures_leave_as_the_window_was_told(
    start: Start, qtbot: QtBot, slices: Path
) -> None:
    starting, program = begin(start, qtbot, slices)
    program.actions.run("file.export")
    dialog = opened(PlainExportDialog, qtbot)
    words = [dialog.form.form.itemText(at) for at in range(dialog.form.form.count())]
    assert words == [one for _, _, one in choices()]
    choose(dialog, PNG, Look())
    dialog.form.annotations.setChecked(True)
    assert dialog.draft.to_wish().look == Look(annotations=True)
    choose(dialog, TIFF, Look(16, stored=True))
    assert dialog.form.annotations.isHidden()
    assert dialog.draft.to_wish().look == Look(16, stored=True)
    dialog.place.packing.setCurrentIndex(1)  # with DICOMDIR
    assert "form" in dialog.draft.faults
    assert not dialog.main.isEnabled()
    dialog.place.packing.setCurrentIndex(0)
    QTest.mouseClick(dialog.main, Qt.MouseButton.LeftButton)
    shown = starting.window.notices.shown
    said = "3 images exported."
    qtbot.waitUntil(lambda: said in [one.text for one in shown], timeout=PATIENCE)
    (target,) = (slices.parent / "out").iterdir()
    values = []
    for path in sorted(target.rglob("*.tif")):
        with Image.open(path) as picture:
            values.append(picture.getpixel((0, 0)))
    assert values == [1, 2, 3]
