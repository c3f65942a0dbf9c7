"""A long mark over the image was cut, and a part of it stayed, when the cursor came.

The value under the cursor lifts the marks by a line; in a narrow viewport they reach
beyond the part that was painted anew.
"""

from pathlib import Path

import numpy as np
from pydicom.data import get_testdata_file
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.reading_pages import mouse, on_screen, reading_page, settle
from viewer.core.annotation import Annotation, Shape


def test_a_mark_is_lifted_as_a_whole_when_the_cursor_comes(
    tmp_path: Path, qapp: QApplication, qtbot: QtBot
) -> None:
    with reading_page(tmp_path, qapp) as (page, desk, _):
        page.resize(460, 420)
        path = get_testdata_file("CT_small.dcm", download=False)
        desk.session.open(desk.library.open_files([str(path)]))
        settle(qtbot, page)
        viewport = page.active
        subject = viewport.frame.subject
        assert subject is not None
        uid = subject.stack.stored(subject.image).instance.sop_instance_uid
        line = ((10.0, 10.0), (90.0, 90.0))
        desk.session.drawing.keep(Annotation("1", uid, 1, Shape.LENGTH, line))
        desk.session.drawing.toggle_shown()  # which leaves a mark
        QApplication.processEvents()
        before = on_screen(page, viewport)
        mouse(viewport, QEvent.Type.MouseMove, (230, 170))
        QApplication.processEvents()
        shown = on_screen(page, viewport)
        viewport.repaint()
        meant = on_screen(page, viewport)
    assert not np.array_equal(before, shown)
    np.testing.assert_array_equal(shown, meant)
