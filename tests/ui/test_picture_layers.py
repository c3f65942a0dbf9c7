"""Overlay planes on the screen, and off it."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.services.layered_files import BITS, grey_file, series_of
from tests.services.reading_studies import to_study
from tests.ui.reading_pages import grey, reading_page, settle, shot
from viewer.commands.desk import Desk
from viewer.commands.reading_view import VIEW_COMMANDS
from viewer.core.grayscale import Window
from viewer.core.render import MISSED
from viewer.ui.reading import ReadingPage

OVERLAYS = next(c for c in VIEW_COMMANDS if c.id == "image.overlays")


@pytest.fixture
def page(
    tmp_path: Path, qapp: QApplication, qtbot: QtBot
) -> Iterator[tuple[ReadingPage, Desk]]:
    with reading_page(tmp_path, qapp) as (made, desk, _):
        desk.session.open([to_study(series_of(grey_file(tmp_path)))])
        settle(qtbot, made)
        yield made, desk


def white_of(made: ReadingPage) -> list[list[bool]]:
    """Whether the middle of each image pixel is white on the screen."""
    viewport = made.grid.viewports[0]
    picture, transform = shot(viewport), viewport.transform
    assert transform is not None
    white = np.zeros(BITS.shape, dtype=bool)
    for row, column in np.ndindex(BITS.shape):
        x, y = transform.to_viewport((column, row))
        white[row, column] = grey(picture, int(x), int(y)) == 255
    rows: list[list[bool]] = white.tolist()
    return rows


def test_an_overlay_lies_on_the_picture_until_it_is_switched_off(
    page: tuple[ReadingPage, Desk], qtbot: QtBot
) -> None:
    made, desk = page
    for _ in range(2):
        desk.session.cycle_text()  # no letters on the pixels that are looked at
    settle(qtbot, made)
    drawn = white_of(made)
    assert np.mean(np.array(drawn) == (BITS == 1)) > 0.9  # the mark covers a few
    OVERLAYS.run(desk)
    settle(qtbot, made)
    assert np.mean(white_of(made)) < 0.1
    OVERLAYS.run(desk)
    settle(qtbot, made)
    assert white_of(made) == drawn


def test_a_window_beside_the_values_is_marked(
    page: tuple[ReadingPage, Desk], qtbot: QtBot
) -> None:
    made, desk = page
    viewport = made.grid.viewports[0]
    painter = viewport.frame.painter
    assert painter is not None
    assert painter.marks(viewport.voi) == ()
    before = shot(viewport)
    desk.session.choose_window(Window(5000, 10))
    settle(qtbot, made)
    assert painter.marks(viewport.voi) == (MISSED,)
    assert shot(viewport) != before
