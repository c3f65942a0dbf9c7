"""The viewport shows exactly what the painter paints, and obeys the hand."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.services.reading_studies import to_slices, to_study
from tests.services.studies_on_disk import with_pixels
from tests.ui.reading_pages import (
    MIDDLE,
    RIGHT,
    drag,
    grey,
    mouse,
    reading_page,
    settle,
    shot,
    turn_wheel,
)
from viewer.commands.desk import Desk
from viewer.core.corners import TextLevel
from viewer.core.grayscale import Window
from viewer.core.layout import Layout
from viewer.core.render import FramePainter
from viewer.core.stacks import Fault, FaultKind
from viewer.core.view import View
from viewer.services.reading_state import Tool
from viewer.ui import theme
from viewer.ui.reading import ReadingPage
from viewer.ui.viewport.viewport import STACK_MIME, ViewportWidget

COUNT = 40
WINDOW = Window(32, 64)  # over the ramp of `to_ramp`: 0 to 63 HU


@pytest.fixture
def page(
    tmp_path: Path, qapp: QApplication, qtbot: QtBot
) -> Iterator[tuple[ReadingPage, Desk]]:
    """A page with two series of one study, side by side."""
    positions = [float(z) for z in range(COUNT)]
    first = to_slices("1.2.1", positions, windows=(WINDOW,))
    second = to_slices("1.2.2", positions, windows=(WINDOW,), orientation="coronal")
    with reading_page(tmp_path, qapp) as (made, desk, _):
        study = to_study(with_pixels(first, tmp_path), with_pixels(second, tmp_path))
        desk.session.open([study])
        settle(qtbot, made)
        yield made, desk


def _painted(viewport: ViewportWidget) -> np.ndarray:
    subject, decoded = viewport.frame.subject, viewport.frame.decoded
    assert subject is not None
    assert decoded is not None
    image, number = subject.stack.image(subject.image), 1
    painter = FramePainter(decoded, image, number, "MONOCHROME2")
    return painter.paint(viewport.viewport.view, viewport.device_size, viewport.voi)


def test_every_pixel_of_the_screen_is_the_painters(
    page: tuple[ReadingPage, Desk], qtbot: QtBot
) -> None:
    made, desk = page
    desk.session.set_layout(Layout(1, 1))
    desk.session.cycle_text()
    desk.session.cycle_text()
    settle(qtbot, made)
    viewport = made.grid.viewports[0]
    shown, painted = shot(viewport), _painted(viewport)
    height, width = painted.shape
    for y in range(60, height - 60, 97):
        for x in range(60, width - 60, 37):
            assert grey(shown, x, y) == painted[y, x]


def test_the_active_viewport_has_an_orange_frame_and_no_other(
    page: tuple[ReadingPage, Desk],
) -> None:
    made, desk = page
    orange = theme.ON_IMAGE.focus.lower()
    frames = [shot(v).pixelColor(0, 200).name() == orange for v in made.grid.viewports]
    assert frames == [True, False]
    desk.session.activate_next(1)
    frames = [shot(v).pixelColor(0, 200).name() == orange for v in made.grid.viewports]
    assert frames == [False, True]


def test_a_notch_is_an_image_and_with_shift_ten(
    page: tuple[ReadingPage, Desk], qtbot: QtBot
) -> None:
    made, desk = page
    viewport = made.grid.viewports[0]
    turn_wheel(viewport, -120)
    turn_wheel(viewport, -120)
    assert desk.session.state.viewports[0].image == 2
    turn_wheel(viewport, -120, keys=Qt.KeyboardModifier.ShiftModifier)
    assert desk.session.state.viewports[0].image == 12
    turn_wheel(viewport, 120, keys=Qt.KeyboardModifier.ShiftModifier, sideways=True)
    assert desk.session.state.viewports[0].image == 2
    settle(qtbot, made)
    assert viewport.frame.subject is not None
    assert viewport.frame.subject.image == 2


def test_the_background_stands_back_for_a_notch_that_leads_nowhere(
    page: tuple[ReadingPage, Desk],
) -> None:
    made, desk = page
    desk.workers.courtesy.stand_back(most=60)  # until nothing moves
    assert desk.workers.courtesy.remaining == 0
    turn_wheel(made.grid.viewports[0], 120)  # it shows the first image
    assert desk.session.state.viewports[0].image == 0
    assert desk.workers.courtesy.remaining > 0


def test_parts_of_a_notch_add_up_and_turning_back_begins_anew(
    page: tuple[ReadingPage, Desk],
) -> None:
    made, desk = page
    viewport = made.grid.viewports[0]
    for _ in range(7):
        turn_wheel(viewport, -30)
    assert desk.session.state.viewports[0].image == 1
    turn_wheel(viewport, 30)
    turn_wheel(viewport, -90)
    assert desk.session.state.viewports[0].image == 1


def test_the_wheel_scrolls_the_viewport_under_it_and_leaves_the_active_one(
    page: tuple[ReadingPage, Desk],
) -> None:
    made, desk = page
    turn_wheel(made.grid.viewports[1], -240)
    assert desk.session.state.viewports[1].image == 2
    assert desk.session.state.active == 0


def test_control_and_wheel_zoom_about_the_cursor(
    page: tuple[ReadingPage, Desk],
) -> None:
    made, desk = page
    viewport = made.grid.viewports[0]
    before = viewport.transform
    turn_wheel(viewport, 120, keys=Qt.KeyboardModifier.ControlModifier, at=(90, 300))
    after = viewport.transform
    assert before is not None
    assert after is not None
    assert after.zoom > before.zoom
    assert after.to_image((90, 300)) == pytest.approx(before.to_image((90, 300)), abs=1)
    assert desk.session.state.viewports[0].image == 0


def test_the_left_button_windows_when_a_study_opens(
    page: tuple[ReadingPage, Desk],
) -> None:
    made, desk = page
    viewport = made.grid.viewports[0]
    drag(viewport, (200, 200), (20, 0), (60, 10), (0, -10))
    assert viewport.voi == Window(32, 128)
    desk.session.undo()
    assert viewport.voi == WINDOW


def test_a_trembling_hand_does_not_window(page: tuple[ReadingPage, Desk]) -> None:
    made, desk = page
    drag(made.grid.viewports[0], (200, 200), (2, 1), (-1, 1))
    assert not desk.session.moments.can_undo


def test_the_middle_button_pans_and_the_right_one_zooms(
    page: tuple[ReadingPage, Desk],
) -> None:
    made, _ = page
    viewport = made.grid.viewports[0]
    before = viewport.transform
    drag(viewport, (200, 200), (30, 40), button=MIDDLE)
    panned = viewport.transform
    drag(viewport, (200, 200), (0, -120), button=RIGHT)
    zoomed = viewport.transform
    assert before is not None
    assert panned is not None
    assert zoomed is not None
    assert panned.corner == (before.corner[0] + 30, before.corner[1] + 40)
    assert zoomed.zoom == pytest.approx(2 * panned.zoom, rel=0.01)


def test_the_right_button_without_a_drag_asks_for_the_menu(
    page: tuple[ReadingPage, Desk],
) -> None:
    made, _ = page
    asked: list[QPoint] = []
    viewport = made.grid.viewports[0]
    viewport.menu_wanted.disconnect()
    viewport.menu_wanted.connect(asked.append)
    drag(viewport, (200, 200), button=RIGHT)
    drag(viewport, (200, 200), (0, 30), button=RIGHT)
    assert len(asked) == 1


def test_a_press_makes_a_viewport_active(page: tuple[ReadingPage, Desk]) -> None:
    made, desk = page
    drag(made.grid.viewports[1], (100, 100))
    assert desk.session.state.active == 1


def test_a_double_click_shows_a_viewport_alone_and_back(
    page: tuple[ReadingPage, Desk], qtbot: QtBot
) -> None:
    made, _ = page
    viewport = made.grid.viewports[1]
    narrow = viewport.width()
    mouse(viewport, QEvent.Type.MouseButtonDblClick, (100, 100))
    settle(qtbot, made)
    assert not made.grid.viewports[0].isVisible()
    assert viewport.width() > 1.9 * narrow
    mouse(viewport, QEvent.Type.MouseButtonDblClick, (100, 100))
    assert made.grid.viewports[0].isVisible()
    assert viewport.width() == narrow


def test_a_thumbnail_dropped_on_a_viewport_shows_there(
    page: tuple[ReadingPage, Desk],
) -> None:
    made, desk = page
    carried = QMimeData()
    carried.setData(STACK_MIME, b"1.2.1#0")
    viewport = made.grid.viewports[1]
    for kind in (QDragEnterEvent, QDropEvent):
        event = kind(
            viewport.rect().center(),
            Qt.DropAction.CopyAction,
            carried,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
        QApplication.sendEvent(viewport, event)
    assert desk.session.state.viewports[1].stack_id == "1.2.1#0"
    assert desk.session.state.active == 1


def test_the_source_pixel_under_the_cursor_is_told(
    page: tuple[ReadingPage, Desk],
) -> None:
    made, desk = page
    desk.session.change_view(lambda view: replace(view, zoom=4.0), 0)
    viewport = made.grid.viewports[0]
    transform = viewport.transform
    assert transform is not None
    x, y = transform.to_viewport((20, 10))
    mouse(viewport, QEvent.Type.MouseMove, (round(x), round(y)))
    assert viewport.probe is not None
    assert viewport.probe.text == "20 HU  (20, 10)"
    mouse(viewport, QEvent.Type.MouseMove, (1, 1))
    assert viewport.probe is None


def test_a_missing_file_says_so_in_the_viewport(
    tmp_path: Path, qapp: QApplication, qtbot: QtBot
) -> None:
    series = with_pixels(to_slices("1.2.1", [0.0], windows=(WINDOW,)), tmp_path)
    Path(series.instances[0].path).unlink()
    with reading_page(tmp_path, qapp) as (made, desk, _):
        desk.session.open([to_study(series)])
        settle(qtbot, made)
        viewport = made.grid.viewports[0]
        assert viewport.frame.failure is not None
        shown = shot(viewport)
        greys = {
            shown.pixelColor(x, y).lightness()
            for x in range(20, shown.width() - 20)
            for y in range(shown.height() // 2 - 30, shown.height() // 2 + 30)
        }
        assert max(greys) > 120


def test_faults_stay_on_the_image_whatever_text_is_shown(
    tmp_path: Path, qapp: QApplication, qtbot: QtBot
) -> None:
    series = with_pixels(to_slices("1.2.1", [0.0, 5.0], windows=(WINDOW,)), tmp_path)
    fault = Fault(FaultKind.MISSING, "gap after image 1: 4 images missing")
    series = replace(series, stacks=(replace(series.stacks[0], faults=(fault,)),))
    with reading_page(tmp_path, qapp) as (made, desk, _):
        desk.session.open([to_study(series)])
        settle(qtbot, made)
        while desk.session.state.text is not TextLevel.NONE:
            desk.session.cycle_text()
        assert _has_warning(made.grid.viewports[0])


def _has_warning(viewport: ViewportWidget) -> bool:
    shown = shot(viewport)
    below = range(shown.height() - 40, shown.height() - 4)
    colours = (shown.pixelColor(x, y) for x in range(8, 200) for y in below)
    return any(
        c.red() > 200 and 100 < c.green() < 200 and c.blue() < 90 for c in colours
    )


def test_the_tool_in_the_hand_is_what_the_left_button_does(
    page: tuple[ReadingPage, Desk],
) -> None:
    made, desk = page
    desk.session.set_tool(Tool.SCROLL)
    drag(made.grid.viewports[0], (200, 100), (0, 160))
    assert desk.session.state.viewports[0].image == 10
    assert made.grid.viewports[0].voi == WINDOW


def test_a_notch_shows_what_was_made_ready_between_two(
    page: tuple[ReadingPage, Desk], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, _ = page
    viewport, taken = made.active, []
    take = viewport.frame._made

    def noted(*asked: object) -> FramePainter | None:
        taken.append(take(*asked))  # type: ignore[arg-type]
        return taken[-1]

    monkeypatch.setattr(viewport.frame, "_made", noted)
    turn_wheel(viewport, -120)
    settle(qtbot, made)
    qtbot.waitUntil(lambda: viewport.index in made._painters._made, timeout=30_000)
    turn_wheel(viewport, -120)
    settle(qtbot, made)
    ready = taken[-1]
    assert ready is not None
    assert ready is viewport.frame.painter
    subject, decoded = viewport.frame.subject, viewport.frame.decoded
    assert subject is not None
    assert decoded is not None
    np.testing.assert_array_equal(
        subject.painter(decoded).paint(View(), (50, 40), WINDOW),
        ready.paint(View(), (50, 40), WINDOW),
    )


def test_nothing_is_kept_ready_for_a_viewport_out_of_sight(
    page: tuple[ReadingPage, Desk], qtbot: QtBot
) -> None:
    made, desk = page
    for index in (0, 1):
        desk.session.show(next(iter(desk.session.stacks)).id, index)
    turn_wheel(made.grid.viewports[0], -120)
    turn_wheel(made.grid.viewports[1], -120)
    settle(qtbot, made)
    qtbot.waitUntil(lambda: set(made._painters._made) == {0, 1}, timeout=30_000)
    desk.session.toggle_maximised(0)
    settle(qtbot, made)
    qtbot.waitUntil(lambda: set(made._painters._made) == {0}, timeout=30_000)
