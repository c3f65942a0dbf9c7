"""Measuring with the mouse: what the hand draws is what is measured."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.drawing_hands import (
    Page,
    click,
    drag_over,
    drawing_page,
    near,
    only,
    screen,
    tool_of,
)
from tests.ui.reading_pages import drag
from viewer.core.annotation import Shape
from viewer.services.drawing_hits import HANDLE_REACH
from viewer.services.reading_state import Tool


@pytest.fixture
def page(tmp_path: Path, qapp: QApplication, qtbot: QtBot) -> Iterator[Page]:
    with drawing_page(tmp_path, qapp, qtbot) as made:
        yield made


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
