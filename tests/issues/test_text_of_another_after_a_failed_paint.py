"""Texts stayed of what was painted before a paint that failed.

What had been meant to be painted was taken for what is on the screen.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.exceptions import capture_exceptions
from pytestqt.qtbot import QtBot

from tests.services.reading_studies import to_slices, to_study
from tests.services.studies_on_disk import with_pixels
from tests.ui.reading_pages import on_screen, reading_page, settle, turn_wheel
from viewer.commands.desk import Desk
from viewer.core.grayscale import Window
from viewer.core.layout import Layout
from viewer.core.opened import OpenStudy
from viewer.ui.reading import ReadingPage
from viewer.ui.viewport.captions import Captions, Scene
from viewer.ui.viewport.overlay import Overlay
from viewer.ui.viewport.picture import Picture

ANNA, BERT = "Alpha^Anna", "Beta^Bert"


def _study(folder: Path, uid: str, name: str) -> OpenStudy:
    folder.mkdir()
    positions, windows = [float(z) for z in range(6)], (Window(1000, 2000),)
    slices = with_pixels(to_slices(f"{uid}.1", positions, windows=windows), folder)
    study = to_study(slices, uid=uid, patient_id=name)
    return replace(study, summary=replace(study.summary, patient_name=name))


@pytest.fixture
def page(
    tmp_path: Path, qapp: QApplication, qtbot: QtBot
) -> Iterator[tuple[ReadingPage, Desk]]:
    """Anna and Bert in memory, Anna on the screen."""
    anna = _study(tmp_path / "a", "1.2", ANNA)
    bert = _study(tmp_path / "b", "1.3", BERT)
    with reading_page(tmp_path, qapp) as (made, desk, _):
        desk.session.open([bert, anna])
        settle(qtbot, made)
        desk.session.set_layout(Layout(1, 1))
        _show(desk, ANNA)
        settle(qtbot, made)
        QApplication.processEvents()
        yield made, desk


def _show(desk: Desk, name: str) -> None:
    session = desk.session
    (stack,) = (one for one in session.stacks if one.study.summary.patient_name == name)
    session.show(stack.id)


def _is_as_painted_anew(page: ReadingPage) -> bool:
    viewport = page.active
    QApplication.processEvents()
    shown = on_screen(page, viewport)
    viewport._cover, viewport._captions = None, Captions()
    viewport.repaint()
    return np.array_equal(shown, on_screen(page, viewport))


def test_after_a_paint_that_failed_everything_is_painted(
    page: tuple[ReadingPage, Desk], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, desk = page

    def fails(*_: object) -> None:
        raise MemoryError

    with capture_exceptions() as seen, monkeypatch.context() as short:
        short.setattr(Picture, "lay_on", fails)
        _show(desk, BERT)
        settle(qtbot, made)
        qtbot.waitUntil(lambda: bool(seen))
    turn_wheel(made.active, -120)
    settle(qtbot, made)
    shown_anew = _is_as_painted_anew(made)
    subject = made.active.frame.subject
    assert subject is not None
    assert subject.stack.study.summary.patient_name == BERT
    assert shown_anew


def test_texts_that_cannot_be_laid_out_keep_no_other_viewport_from_the_next_study(
    page: tuple[ReadingPage, Desk], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, desk = page
    desk.session.set_layout(Layout(2, 1))
    settle(qtbot, made)
    laid_out, first = Captions.overlay, made.grid.viewports[0]

    def fails(captions: Captions, scene: Scene) -> Overlay:
        if captions is first._captions:
            raise ValueError
        return laid_out(captions, scene)

    with capture_exceptions() as seen, monkeypatch.context() as odd:
        odd.setattr(Captions, "overlay", fails)
        desk.session.activate(1)
        _show(desk, BERT)
        settle(qtbot, made)
        turn_wheel(first, -120)
        settle(qtbot, made)
        qtbot.waitUntil(lambda: bool(seen))
    shown = made.grid.viewports[1].frame.subject
    turn_wheel(first, -120)
    settle(qtbot, made)
    desk.session.activate(0)
    settle(qtbot, made)
    shown_anew = _is_as_painted_anew(made)
    assert shown is not None
    assert shown.stack.study.summary.patient_name == BERT
    assert shown_anew
