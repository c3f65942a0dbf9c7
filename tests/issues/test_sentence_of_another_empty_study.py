"""An empty study showed why the one before it had been empty."""

from dataclasses import replace
from pathlib import Path

import numpy as np
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.services.reading_studies import to_slices, to_study
from tests.ui.reading_pages import on_screen, reading_page
from viewer.core.identity import SOPInstanceUID


def test_each_empty_study_says_why_it_is_empty(
    tmp_path: Path, qapp: QApplication, qtbot: QtBot
) -> None:
    series = replace(to_slices("1.2.1", [0.0]), stacks=(), instances=())
    hidden = replace(
        series, unavailable={SOPInstanceUID("1"): "This one is encrypted."}
    )
    bare = replace(series, unavailable={})
    with reading_page(tmp_path, qapp) as (page, desk, _):
        desk.session.open([to_study(hidden)])
        qtbot.waitUntil(page.active.isVisible)
        qapp.processEvents()
        first = on_screen(page, page.active)
        desk.session.open([to_study(bare, uid="1.3")])
        qapp.processEvents()
        shown = on_screen(page, page.active)
        page.active.repaint()
        meant = on_screen(page, page.active)
        sentence = desk.session.stacks.why_empty
    assert sentence
    assert not np.array_equal(first, shown)
    np.testing.assert_array_equal(shown, meant)
