"""What is left as it was painted looks as if everything had been painted anew."""

import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QPaintEvent, QRegion
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from typing_extensions import override

from tests.services.reading_studies import to_slices, to_study
from tests.services.studies_on_disk import with_pixels
from tests.ui.reading_pages import mouse, on_screen, reading_page, settle, turn_wheel
from viewer.commands.desk import Desk
from viewer.core.annotation import Annotation, Shape
from viewer.core.grayscale import Window
from viewer.core.layout import Layout
from viewer.ui.reading import ReadingPage
from viewer.ui.viewport.captions import Captions
from viewer.ui.viewport.viewport import ViewportWidget

COUNT, DEEDS = 12, 150
Deed = Callable[[], object]


class Painted(QObject):
    """What of a widget is painted."""

    def __init__(self) -> None:
        super().__init__()
        self.region = QRegion()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QPaintEvent):
            self.region = self.region.united(event.region())
        return False


def _open(desk: Desk, folder: Path) -> None:
    positions = [float(z) for z in range(COUNT)]
    first = to_slices("1.2.1", positions, windows=(Window(32, 64),))
    second = to_slices(
        "1.2.2", positions, windows=(Window(32, 64),), orientation="coronal"
    )
    study = to_study(with_pixels(first, folder), with_pixels(second, folder))
    desk.session.open([study])


def _deeds(page: ReadingPage, desk: Desk, dice: random.Random) -> dict[str, Deed]:
    session = desk.session

    def any_viewport() -> ViewportWidget:
        return dice.choice([one for one in page.grid.viewports if one.isVisible()])

    def move(kind: QEvent.Type) -> None:
        viewport = any_viewport()
        at = dice.randrange(viewport.width()), dice.randrange(viewport.height())
        mouse(viewport, kind, at)

    def draw() -> None:
        subject = page.active.frame.subject
        if subject is None:
            return
        stored = subject.stack.stored(subject.image)
        points = ((2.0, 2.0), (dice.uniform(3, 6), dice.uniform(3, 6)))
        uid = stored.instance.sop_instance_uid
        name = str(len(session.drawing.all))
        session.drawing.keep(Annotation(name, uid, 1, Shape.LENGTH, points))

    def leave() -> None:
        QApplication.sendEvent(any_viewport(), QEvent(QEvent.Type.Leave))

    return {
        "scroll": lambda: turn_wheel(any_viewport(), dice.choice([120, -120, -240])),
        "window": lambda: session.choose_window(
            Window(dice.uniform(0, 60), dice.uniform(5, 90))
        ),
        "hover": lambda: move(QEvent.Type.MouseMove),
        "press": lambda: move(QEvent.Type.MouseButtonPress),
        "release": lambda: move(QEvent.Type.MouseButtonRelease),
        "leave": leave,
        "zoom": lambda: session.change_view(
            lambda view: replace(view, zoom=dice.choice([None, 3.0, 40.0, 90.0]))
        ),
        "turn": lambda: session.change_view(lambda view: view.turned()),
        "text": session.cycle_text,
        "layout": lambda: session.set_layout(
            dice.choice([Layout(1, 1), Layout(2, 1), Layout(2, 2)])
        ),
        "activate": lambda: session.activate(any_viewport().index),
        "draw": draw,
        "hide": session.drawing.toggle_shown,
        "undo": session.undo,
    }


@pytest.mark.parametrize("seed", range(3))
def test_after_anything_the_screen_shows_what_a_whole_paint_would(
    tmp_path: Path, qapp: QApplication, qtbot: QtBot, seed: int
) -> None:
    dice, differing, seen = random.Random(seed), [], 0  # noqa: S311 - dice
    with reading_page(tmp_path, qapp) as (page, desk, _):
        _open(desk, tmp_path)
        settle(qtbot, page)
        deeds = _deeds(page, desk, dice)
        for number in range(DEEDS):
            name = dice.choice(list(deeds))
            deeds[name]()
            settle(qtbot, page)
            QApplication.processEvents()
            for viewport in page.grid.viewports:
                if viewport.isVisible():
                    shown = on_screen(page, viewport)
                    viewport._cover, viewport._captions = None, Captions()
                    viewport.repaint()
                    meant = on_screen(page, viewport)
                    seen += 1
                    if not np.array_equal(shown, meant):
                        differing.append((number, name, viewport.index))
    assert seen > DEEDS
    assert not differing


def test_black_beside_an_image_is_not_painted_again_for_every_notch(
    tmp_path: Path, qapp: QApplication, qtbot: QtBot
) -> None:
    with reading_page(tmp_path, qapp) as (page, desk, _):
        _open(desk, tmp_path)
        desk.session.set_layout(Layout(1, 1))
        settle(qtbot, page)
        QApplication.processEvents()
        viewport, painted = page.active, Painted()
        turn_wheel(viewport, -120)  # the first may find something new beside the image
        settle(qtbot, page)
        QApplication.processEvents()
        viewport.installEventFilter(painted)
        turn_wheel(viewport, -120)
        settle(qtbot, page)
        QApplication.processEvents()
        viewport.removeEventFilter(painted)
        assert viewport.transform is not None
        covered = viewport.transform.covered
        area = sum(r.width() * r.height() for r in painted.region)  # type: ignore[attr-defined]
        of_image = (covered[2] - covered[0]) * (covered[3] - covered[1])
        whole = viewport.width() * viewport.height()
    assert of_image <= area < of_image + (whole - of_image) / 4
