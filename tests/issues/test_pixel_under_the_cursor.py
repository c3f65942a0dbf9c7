"""In a turned picture the cursor once had the value of the pixel beside its own."""

import itertools
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.drawing_hands import Page, drawing_page, only
from tests.ui.reading_pages import mouse
from viewer.core.enclosed import probed
from viewer.core.view import View
from viewer.services.reading_state import Tool

TURNS = tuple(itertools.product((False, True), range(4)))


@pytest.fixture
def page(tmp_path: Path, qapp: QApplication, qtbot: QtBot) -> Iterator[Page]:
    with drawing_page(tmp_path, qapp, qtbot) as made:
        yield made


@pytest.mark.parametrize("zoom", [1, 3])
@pytest.mark.parametrize(("mirrored", "turns"), TURNS)
def test_the_pixel_under_the_cursor_is_the_one_that_is_painted_there(
    page: Page,
    zoom: int,
    mirrored: bool,  # noqa: FBT001 - pytest gives it
    turns: int,
) -> None:
    made, desk, _ = page
    view = View(zoom=zoom, turns=turns, mirrored=mirrored)
    desk.session.change_view(lambda _: view)
    desk.session.set_tool(Tool.PROBE)
    viewport = made.active
    transform = viewport.transform
    assert transform is not None
    columns, rows = transform.image_size
    painted = np.arange(rows * columns).reshape(rows, columns)
    painted = np.rot90(painted[:, ::-1] if mirrored else painted, -turns)
    painted = painted.repeat(zoom, axis=0).repeat(zoom, axis=1)
    height, width = painted.shape
    for x, y in ((0, 0), (width - 1, height - 1), (zoom * 7 + zoom - 1, zoom * 5)):
        row, column = divmod(int(painted[y, x]), columns)
        at = (x + transform.corner[0], y + transform.corner[1])
        mouse(viewport, QEvent.Type.MouseMove, at, Qt.MouseButton.NoButton)
        assert viewport.probe is not None
        assert (viewport.probe.column, viewport.probe.row) == (column, row)
        mouse(viewport, QEvent.Type.MouseButtonPress, at)
        mouse(viewport, QEvent.Type.MouseButtonRelease, at)
        assert probed(only(desk).points[0]) == (column, row)
        desk.session.drawing.take_away(only(desk).uid)
