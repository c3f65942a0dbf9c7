"""Measuring with the mouse: what the hand draws is what is measured, and it stays."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.commands.desks import RememberingWindow
from tests.services.reading_studies import to_slices, to_study
from tests.services.studies_on_disk import with_pixels
from tests.ui.reading_pages import RIGHT, drag, mouse, reading_page, settle
from viewer.commands.desk import Desk
from viewer.core.annotation import Annotation, Shape
from viewer.core.grayscale import Window
from viewer.core.layout import Layout
from viewer.core.view import Point
from viewer.services.drawing_hits import HANDLE_REACH
from viewer.services.reading_state import Tool
from viewer.ui.reading import ReadingPage
from viewer.ui.viewport.viewport import ViewportWidget

Page = tuple[ReadingPage, Desk, RememberingWindow]


@pytest.fixture
def page(tmp_path: Path, qapp: QApplication, qtbot: QtBot) -> Iterator[Page]:
    """One series of three slices alone on the page, as if the catalog had it."""
    series = to_slices("1.2.1", [0.0, 1.0, 2.0], windows=(Window(32, 64),))
    with reading_page(tmp_path, qapp) as (made, desk, window):
        study = to_study(with_pixels(series, tmp_path))
        desk.session.open([replace(study, filed=True)])
        desk.session.set_layout(Layout(1, 1))
        settle(qtbot, made)
        yield made, desk, window


def only(desk: Desk) -> Annotation:
    (drawing,) = desk.session.state.drawings.values()
    return drawing


def screen(viewport: ViewportWidget, *points: Point) -> list[tuple[int, int]]:
    """Image points as whole screen pixels of the viewport."""
    transform = viewport.transform
    assert transform is not None
    ratio = viewport.devicePixelRatioF()
    placed = [transform.to_viewport(point) for point in points]
    return [(round(x / ratio), round(y / ratio)) for x, y in placed]


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
    (there,) = screen(viewport, at)
    mouse(viewport, QEvent.Type.MouseMove, there, Qt.MouseButton.NoButton)
    mouse(viewport, QEvent.Type.MouseButtonPress, there)
    mouse(viewport, QEvent.Type.MouseButtonRelease, there)


def tool_of(desk: Desk) -> Tool:
    return desk.session.state.tool


def is_inverted(desk: Desk) -> bool:
    return desk.session.state.viewport.view.inverted


def has_draft(desk: Desk) -> bool:
    return desk.session.state.draft is not None


def near(points: tuple[Point, ...], wanted: tuple[Point, ...]) -> bool:
    """Whether points are where the hand put them, up to a screen pixel."""
    return bool(np.allclose(points, wanted, atol=0.15))


def test_a_length_is_drawn_by_dragging_and_said_beside_it(page: Page) -> None:
    made, desk, _ = page
    QTest.keyClick(made, Qt.Key.Key_D)
    assert tool_of(desk) is Tool.LENGTH
    drag_over(made.active, (10, 10), (20, 10), (40, 10))
    drawn = only(desk)
    assert (drawn.shape, drawn.frame) == (Shape.LENGTH, 1)
    assert near(drawn.points, ((10, 10), (40, 10)))
    (on_screen,) = made.active._pen.drawn()
    assert on_screen.selected
    found = desk.measuring.of(drawn)
    assert found is not None
    assert found.quantities[0].value == pytest.approx(30, abs=0.2)
    assert on_screen.label.lines[0][0] == f"{found.quantities[0].value:.1f} mm"


def test_a_length_is_drawn_by_two_clicks_too(page: Page) -> None:
    made, desk, _ = page
    desk.session.set_tool(Tool.LENGTH)
    click(made.active, (10, 30))
    assert desk.session.state.drawings == {}
    click(made.active, (40, 10))
    assert near(only(desk).points, ((10, 30), (40, 10)))


@pytest.mark.parametrize("by_clicks", [True, False])
def test_an_angle_has_its_arms_one_after_the_other(
    page: Page,
    by_clicks: bool,  # noqa: FBT001 - pytest gives it
) -> None:
    made, desk, _ = page
    desk.session.set_tool(Tool.ANGLE)
    if by_clicks:
        click(made.active, (40, 10))
        click(made.active, (10, 10))
    else:
        drag_over(made.active, (40, 10), (20, 10), (10, 10))
    assert desk.session.state.drawings == {}
    click(made.active, (10, 40))
    drawn = only(desk)
    assert near(drawn.points, ((40, 10), (10, 10), (10, 40)))
    found = desk.measuring.of(drawn)
    assert found is not None
    assert found.quantities[0].value == pytest.approx(90, abs=0.5)


@pytest.mark.parametrize("tool", [Tool.RECTANGLE, Tool.ELLIPSE])
def test_statistics_are_those_of_the_source_pixels(page: Page, tool: Tool) -> None:
    made, desk, _ = page
    desk.session.set_tool(tool)
    drag_over(made.active, (10, 10), (30, 20), (41, 33))
    drawn = only(desk)
    found, decoded = desk.measuring.of(drawn), made.active.frame.decoded
    assert found is not None
    assert decoded is not None
    left, top, right, bottom = drawn.box
    values = [
        int(decoded[row, column]) - 1024
        for row in range(48)
        for column in range(64)
        if (tool is Tool.RECTANGLE and left <= column <= right and top <= row <= bottom)
        or (
            tool is Tool.ELLIPSE
            and ((2 * column - left - right) / (right - left)) ** 2
            + ((2 * row - top - bottom) / (bottom - top)) ** 2
            <= 1
        )
    ]
    said = {one.name: one.value for one in found.quantities}
    assert (said["pixels"], said["sum"]) == (len(values), sum(values))


def test_a_probe_is_one_click(page: Page) -> None:
    made, desk, _ = page
    QTest.keyClick(made, Qt.Key.Key_P)
    click(made.active, (12, 7))
    drawn, decoded = only(desk), made.active.frame.decoded
    assert decoded is not None
    found = desk.measuring.of(drawn)
    assert found is not None
    assert found.quantities[0].value == int(decoded[7, 12]) - 1024


def test_the_whole_drawing_its_ends_and_its_label_can_be_moved(page: Page) -> None:
    made, desk, _ = page
    desk.session.set_tool(Tool.LENGTH)
    drag_over(made.active, (10, 10), (20, 10), (40, 10))
    desk.session.set_tool(Tool.WINDOW)
    drag_over(made.active, (25, 10), (25, 15), (25, 20))
    assert near(only(desk).points, ((10, 20), (40, 20)))
    drag_over(made.active, (40, 20), (40, 25), (40, 40))
    assert near(only(desk).points, ((10, 20), (40, 40)))
    (drawn,) = made.active._pen.drawn()
    middle = (round(drawn.label.middle[0]), round(drawn.label.middle[1]))
    drag(made.active, middle, (-60, -40), (-60, -40))
    (drawn,) = made.active._pen.drawn()
    assert near(only(desk).points, ((10, 20), (40, 40)))
    assert drawn.label.middle == pytest.approx(
        (middle[0] - 120, middle[1] - 80), abs=1.5
    )
    assert drawn.label.leader is not None


@pytest.mark.parametrize("away", [(0, 0), (7, 0), (0, -7), (5, 5)])
def test_a_handle_is_hit_eight_pixels_around(page: Page, away: tuple[int, int]) -> None:
    made, desk, _ = page
    desk.session.set_tool(Tool.LENGTH)
    drag_over(made.active, (10, 10), (20, 10), (40, 30))
    ((x, y),) = screen(made.active, (40, 30))
    assert HANDLE_REACH >= 8
    drag(made.active, (x + away[0], y + away[1]), (20, 20), (10, 0))
    assert near(only(desk).points[:1], ((10, 10),))
    assert not near(only(desk).points[1:], ((40, 30),))


def test_every_change_is_one_step_of_one_undo_with_window_and_layout(
    page: Page,
) -> None:
    made, desk, _ = page
    session = desk.session
    QTest.keyClick(made, Qt.Key.Key_D)
    drag_over(made.active, (10, 10), (20, 10), (30, 10), (40, 10))
    first = only(desk)
    QTest.keyClick(made, Qt.Key.Key_I)
    drag_over(made.active, (25, 10), (25, 15), (25, 20))
    second = only(desk)
    QTest.keyClick(made, Qt.Key.Key_Delete)
    assert session.state.drawings == {}
    undo = (Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(made, *undo)
    assert only(desk) == second
    QTest.keyClick(made, *undo)
    assert only(desk) == first
    assert is_inverted(desk)
    QTest.keyClick(made, *undo)
    assert not is_inverted(desk)
    QTest.keyClick(made, *undo)
    assert session.state.drawings == {}
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    for _ in range(3):
        QTest.keyClick(made, Qt.Key.Key_Z, both)
    assert only(desk) == second


def test_a_double_click_draws_nothing_and_shows_the_viewport_alone(
    page: Page,
) -> None:
    made, desk, _ = page
    desk.session.set_layout(Layout(1, 2))
    QApplication.processEvents()
    desk.session.set_tool(Tool.LENGTH)
    click(made.active, (20, 20))
    (there,) = screen(made.active, (20, 20))
    mouse(made.active, QEvent.Type.MouseButtonDblClick, there)
    mouse(made.active, QEvent.Type.MouseButtonRelease, there)
    assert desk.session.state.maximised
    assert desk.session.drawing.stroke is None
    assert desk.session.state.drawings == {}


def test_escape_gives_up_the_drawing_then_the_tool(page: Page) -> None:
    made, desk, _ = page
    desk.session.set_tool(Tool.ANGLE)
    click(made.active, (40, 10))
    click(made.active, (10, 10))
    assert has_draft(desk)
    QTest.keyClick(made, Qt.Key.Key_Escape)
    assert not has_draft(desk)
    assert tool_of(desk) is Tool.ANGLE
    QTest.keyClick(made, Qt.Key.Key_Escape)
    assert tool_of(desk) is Tool.WINDOW
    assert desk.session.state.drawings == {}


def test_escape_lets_go_of_what_is_selected_before_it_resets_the_view(
    page: Page,
) -> None:
    made, desk, _ = page
    desk.session.set_tool(Tool.LENGTH)
    drag_over(made.active, (10, 10), (20, 10), (40, 30))
    desk.session.change_view(lambda view: replace(view, zoom=3.0))
    zoomed = desk.session.state.viewport.view
    for _ in range(2):  # the tool, the selection
        assert desk.session.drawing.selected is not None
        QTest.keyClick(made, Qt.Key.Key_Escape)
        assert desk.session.state.viewport.view == zoomed
    assert desk.session.drawing.selected is None
    QTest.keyClick(made, Qt.Key.Key_Escape)
    assert desk.session.state.viewport.view != zoomed


def test_turning_and_zooming_keep_drawing_and_value(page: Page) -> None:
    made, desk, _ = page
    desk.session.set_tool(Tool.ELLIPSE)
    drag_over(made.active, (10, 10), (20, 20), (30, 25))
    before, found = only(desk), desk.measuring.of(only(desk))
    for key in (Qt.Key.Key_H, Qt.Key.Key_BracketRight, Qt.Key.Key_V):
        QTest.keyClick(made, key)
    desk.session.change_view(lambda view: replace(view, zoom=3.0))
    assert only(desk) == before
    assert desk.measuring.of(only(desk)) == found
    (drawn,) = made.active._pen.drawn()
    assert drawn.line[0] == pytest.approx(screen(made.active, (30, 17.5))[0], abs=1.5)


def test_a_drawing_belongs_to_its_image(page: Page, qtbot: QtBot) -> None:
    made, desk, _ = page
    desk.session.set_tool(Tool.LENGTH)
    drag_over(made.active, (10, 10), (20, 10), (40, 30))
    desk.session.scroll(1)
    settle(qtbot, made)
    assert made.active._pen.drawn() == ()
    desk.session.scroll(-1)
    settle(qtbot, made)
    assert len(made.active._pen.drawn()) == 1


def test_text_may_be_hidden_drawings_stay_until_they_are_hidden_and_that_is_said(
    page: Page,
) -> None:
    made, desk, _ = page
    desk.session.set_tool(Tool.LENGTH)
    drag_over(made.active, (10, 10), (20, 10), (40, 30))
    desk.session.cycle_text()
    desk.session.cycle_text()
    assert len(made.active._pen.drawn()) == 1
    desk.session.drawing.toggle_shown()
    assert made.active._pen.drawn() == ()
    assert "drawings hidden" in made.active._to_overlay().corners.marks


def test_the_table_lists_measures_and_a_click_goes_to_the_image(
    page: Page, qtbot: QtBot
) -> None:
    made, desk, window = page
    desk.session.set_tool(Tool.LENGTH)
    drag_over(made.active, (10, 10), (20, 10), (40, 30))
    desk.session.go_to(2)
    settle(qtbot, made)
    section = made.inspector.measures
    section.refresh()
    (row,) = section.rows
    assert (row.title, row.image) == ("Length", "1: 1")
    item = section.table.topLevelItem(0)
    assert item is not None
    place = section.table.visualItemRect(item).center()
    left = Qt.MouseButton.LeftButton
    QTest.mouseClick(section.table.viewport(), left, pos=place)
    assert desk.session.state.viewport.image == 0
    assert desk.session.drawing.selected == only(desk)
    section.refresh()
    assert "PixelSpacing (0028,0030)" in section.reasons.text()
    assert window.errors == []


def test_the_right_button_selects_what_its_menu_is_about(
    page: Page, qapp: QApplication
) -> None:
    made, desk, _ = page
    desk.session.set_tool(Tool.LENGTH)
    drag_over(made.active, (10, 10), (20, 10), (40, 10))
    desk.session.drawing.select("")
    (there,) = screen(made.active, (25, 10))
    mouse(made.active, QEvent.Type.MouseButtonPress, there, RIGHT)
    mouse(made.active, QEvent.Type.MouseButtonRelease, there, RIGHT)
    assert desk.session.drawing.selected == only(desk)
    menu = qapp.activePopupWidget()
    assert menu is not None
    menu.close()


def test_drawings_of_files_outside_the_catalog_are_marked_and_told_once(
    page: Page, qtbot: QtBot, tmp_path: Path
) -> None:
    made, desk, window = page
    told = []
    desk.saving.not_kept.connect(lambda: told.append(True))
    series = with_pixels(to_slices("1.9.1", [0.0]), tmp_path)
    study = to_study(series, uid="1.9")
    desk.session.open([study])
    settle(qtbot, made)
    desk.session.set_tool(Tool.LENGTH)
    drag_over(made.active, (10, 10), (20, 10), (40, 10))
    drag_over(made.active, (10, 30), (20, 30), (40, 30))
    assert told == [True]
    assert "drawings unsaved" in made.active._to_overlay().corners.marks
    drawn = dict(desk.session.state.drawings)
    desk.session.close()
    desk.session.open([study])
    assert desk.session.state.drawings == drawn
    assert window.errors == []


def test_kept_pictures_of_drawings_never_outlive_a_change(page: Page) -> None:
    """What a viewport shows after many changes is what a fresh one would show."""
    made, desk, _ = page
    for tool, start in ((Tool.LENGTH, (10, 10)), (Tool.ELLIPSE, (10, 20))):
        desk.session.set_tool(tool)
        drag_over(made.active, start, (20, 25), (40, 35))
    desk.session.set_tool(Tool.WINDOW)
    changes: tuple[Callable[[], object], ...] = (
        lambda: desk.session.change_view(lambda view: replace(view, zoom=9.0)),
        lambda: desk.session.change_view(lambda view: view.turned()),
        lambda: desk.session.drawing.select(""),
        lambda: drag_over(made.active, (10, 10), (12, 12), (15, 5)),
        desk.session.drawing.toggle_shown,
        desk.session.drawing.toggle_shown,
        desk.session.undo,
        lambda: made.resize(1100, 640),
    )
    for change in changes:
        change()
        QApplication.processEvents()
        shown = made.active.grab_picture()
        made.active._pen._key = made.active._layer._key = None
        assert made.active.grab_picture() == shown
