"""A page to draw on, and the hand that draws: image points become screen pixels."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from math import floor
from pathlib import Path

import numpy as np
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.commands.desks import RememberingWindow
from tests.services.reading_studies import to_slices, to_study
from tests.services.studies_on_disk import with_pixels
from tests.ui.reading_pages import drag, mouse, reading_page, settle
from viewer.commands.desk import Desk
from viewer.core.annotation import Annotation
from viewer.core.grayscale import Window
from viewer.core.layout import Layout
from viewer.core.view import Point
from viewer.services.reading_state import Tool
from viewer.ui.reading import ReadingPage
from viewer.ui.viewport.viewport import ViewportWidget

Page = tuple[ReadingPage, Desk, RememberingWindow]


@contextmanager
def drawing_page(tmp_path: Path, qapp: QApplication, qtbot: QtBot) -> Iterator[Page]:
    """One series of three slices alone on the page, as if the catalog had it."""
    series = to_slices("1.2.1", [0.0, 1.0, 2.0], windows=(Window(32, 64),))
    with reading_page(tmp_path, qapp) as (made, desk, window):
        study = to_study(with_pixels(series, tmp_path))
        desk.session.open([replace(study, filed=True)])
        desk.session.set_layout(Layout(1, 1))
        settle(qtbot, made)
        yield made, desk, window


def only(desk: Desk) -> Annotation:
    """The only drawing there is."""
    (drawing,) = desk.session.state.drawings.values()
    return drawing


def screen(viewport: ViewportWidget, *points: Point) -> list[tuple[int, int]]:
    """Image points as whole screen pixels of the viewport."""
    transform = viewport.transform
    assert transform is not None
    ratio = viewport.devicePixelRatioF()
    placed = [transform.to_viewport(point) for point in points]
    return [(floor(x / ratio), floor(y / ratio)) for x, y in placed]


def drag_over(viewport: ViewportWidget, start: Point, *ends: Point) -> None:
    """Drag from one image point over others."""
    at, *others = screen(viewport, start, *ends)
    ways = []
    here = at
    for there in others:
        ways.append((there[0] - here[0], there[1] - here[1]))
        here = there
    drag(viewport, at, *ways)


def click(viewport: ViewportWidget, at: Point) -> None:
    """Click on an image point, after moving there."""
    (there,) = screen(viewport, at)
    mouse(viewport, QEvent.Type.MouseMove, there, Qt.MouseButton.NoButton)
    mouse(viewport, QEvent.Type.MouseButtonPress, there)
    mouse(viewport, QEvent.Type.MouseButtonRelease, there)


def tool_of(desk: Desk) -> Tool:
    """What the left button does."""
    return desk.session.state.tool


def is_inverted(desk: Desk) -> bool:
    """Whether the active picture is."""
    return desk.session.state.viewport.view.inverted


def has_draft(desk: Desk) -> bool:
    """Whether something is under the hand."""
    return desk.session.state.draft is not None


def near(points: tuple[Point, ...], wanted: tuple[Point, ...]) -> bool:
    """Whether points are where the hand put them, up to a screen pixel."""
    return bool(np.allclose(points, wanted, atol=0.15))
