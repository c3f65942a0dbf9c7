"""A long mark over the image was cut, and a part of it stayed, when the cursor came.

The value under the cursor lifts the marks by a line; in a narrow viewport they reach
beyond the part that was painted anew.
"""

from pathlib import Path

from pydicom.data import get_testdata_file
from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QPaintEvent, QRegion
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from typing_extensions import override

from tests.ui.reading_pages import mouse, reading_page, settle


class Painted(QObject):
    """What of a widget was painted since the last look."""

    def __init__(self) -> None:
        super().__init__()
        self.region = QRegion()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QPaintEvent):
            self.region += event.region()
        return False


def test_the_lower_half_is_painted_all_across_when_the_cursor_moves(
    tmp_path: Path, qapp: QApplication, qtbot: QtBot
) -> None:
    with reading_page(tmp_path, qapp) as (page, desk, _):
        path = get_testdata_file("CT_small.dcm", download=False)
        desk.session.open(desk.library.open_files([str(path)]))
        settle(qtbot, page)
        viewport, painted = page.active, Painted()
        viewport.repaint()
        viewport.installEventFilter(painted)
        mouse(viewport, QEvent.Type.MouseMove, (60, 60))
        qtbot.waitUntil(lambda: not painted.region.isEmpty())
        width, height = viewport.width(), viewport.height()
        lowest = QRegion(0, height - height // 2, width, height // 2)
        viewport.removeEventFilter(painted)
    assert lowest.subtracted(painted.region).isEmpty()
