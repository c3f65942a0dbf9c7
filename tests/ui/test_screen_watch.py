"""What is settled of the screen's colours is seen on it, without a restart."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.commands.desks import RememberingWindow
from tests.golden import profiles
from tests.golden.phantoms import colour_image, saved
from tests.services.layered_files import series_of
from tests.services.reading_studies import to_study
from tests.ui.reading_pages import reading_page, settle, shot
from viewer.commands.desk import Desk
from viewer.commands.screen import SCREEN_COMMANDS, settle_screen_profile
from viewer.core.color_profile import SRGB_ASSUMED
from viewer.ui.reading import ReadingPage
from viewer.ui.screen_watch import ScreenWatch

COLOR = (40, 200, 90)
BACK = next(c for c in SCREEN_COMMANDS if c.id == "view.no_screen_profile")
Page = tuple[ReadingPage, Desk, RememberingWindow]


@pytest.fixture
def page(tmp_path: Path, qapp: QApplication, qtbot: QtBot) -> Iterator[Page]:
    pixels = np.full((8, 8, 3), COLOR, np.uint8)
    path = saved(colour_image(pixels.tobytes(), (8, 8), "RGB"), tmp_path)
    with reading_page(tmp_path, qapp) as (made, desk, window):
        ScreenWatch(made, desk)
        desk.session.open([to_study(series_of(path))])
        settle(qtbot, made)
        yield made, desk, window


def middle(made: ReadingPage) -> tuple[int, int, int]:
    picture = shot(made.grid.viewports[0])
    color = picture.pixelColor(picture.width() // 2, picture.height() // 3)
    return color.red(), color.green(), color.blue()


def test_a_chosen_profile_is_shown_at_once_and_can_be_given_up(
    page: Page, tmp_path: Path, qtbot: QtBot
) -> None:
    made, desk, _ = page
    assert middle(made) == COLOR
    path = tmp_path / "screen.icc"
    path.write_bytes(profiles.profile(profiles.WIDE, 2.2, "MY SCREEN"))
    assert not BACK.enabled(desk)
    settle_screen_profile(desk, path)
    qtbot.waitUntil(lambda: desk.colors.value.screen.name == "MY SCREEN")
    convert = desk.colors.value.conversion(b"")
    assert convert is not None
    wanted = tuple(convert(np.array([[COLOR]], np.uint8))[0, 0].tolist())
    assert wanted != COLOR
    assert middle(made) == wanted
    taken = made.active.grab_picture()
    pixel = taken.pixelColor(taken.width() // 2, taken.height() // 3)
    found = (pixel.red(), pixel.green(), pixel.blue())
    assert found == COLOR, "what leaves the screen is sRGB"
    assert middle(made) == wanted
    assert BACK.enabled(desk)
    BACK.run(desk)
    qtbot.waitUntil(lambda: not desk.colors.value.screen.name)
    assert desk.colors.value.screen.words == SRGB_ASSUMED
    assert middle(made) == COLOR


def test_a_profile_that_is_gone_is_said_and_srgb_assumed(
    page: Page, tmp_path: Path, qtbot: QtBot
) -> None:
    made, desk, window = page
    desk.settings.change(screen_profile=str(tmp_path / "gone.icc"))
    qtbot.waitUntil(lambda: bool(window.errors))
    assert "cannot be read" in str(window.errors[0])
    assert middle(made) == COLOR


def test_a_file_that_is_no_profile_changes_nothing(
    page: Page, tmp_path: Path, qtbot: QtBot
) -> None:
    _, desk, window = page
    path = tmp_path / "notes.icc"
    path.write_text("no profile", "utf-8")
    settle_screen_profile(desk, path)
    qtbot.waitUntil(lambda: bool(window.errors))
    assert desk.settings.value.screen_profile == ""
