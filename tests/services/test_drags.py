"""Each tool follows the hand, and coming back brings everything back."""

from dataclasses import replace

import pytest

from tests.services.reading_studies import SOFT, to_projections, to_slices, to_study
from viewer.core.grayscale import Window
from viewer.core.opened import OpenSeries
from viewer.core.view import ViewTransform
from viewer.services.drags import Grip, to_drag
from viewer.services.reading_state import Tool
from viewer.services.session import ReadingSession

THIN = to_slices("1.2.1", [float(z) for z in range(100)])
VIEWPORT = (640, 480)


def _session(series: OpenSeries = THIN) -> ReadingSession:
    session = ReadingSession()
    session.open([to_study(series)])
    return session


def _grip(
    session: ReadingSession,
    at: tuple[float, float] = (320, 240),
    window: Window | None = SOFT,
) -> Grip:
    view = session.state.viewport.view
    return Grip(session, 0, ViewTransform(view, (64, 48), VIEWPORT), at, window)


def _window(session: ReadingSession) -> object:
    stack = session.stack
    assert stack is not None
    return session.windowing.voi(stack, 0, session.choice(stack))


@pytest.mark.parametrize("tool", [tool for tool in Tool if tool.shape is None])
def test_a_drag_back_to_its_start_changes_nothing(tool: Tool) -> None:
    session = _session()
    session.go_to(50)
    at = (400.0, 100.0)
    before = session.state
    drag = to_drag(tool, _grip(session, at))
    assert drag is not None
    drag.move(137, 145)
    assert session.state != before
    drag.move(0, 0)
    after = session.state.viewport
    shown = ViewTransform(after.view, (64, 48), VIEWPORT)
    original = ViewTransform(before.viewport.view, (64, 48), VIEWPORT)
    assert shown.corner == original.corner
    assert shown.upright_size == original.upright_size
    assert after.view.turns == before.viewport.view.turns
    assert after.image == before.viewport.image


@pytest.mark.parametrize("tool", [Tool.WINDOW, Tool.PAN, Tool.ZOOM, Tool.ROTATE])
def test_a_drag_of_many_moves_is_one_step_of_undo(tool: Tool) -> None:
    session = _session()
    before = session.state
    drag = to_drag(tool, _grip(session, (400, 100)))
    assert drag is not None
    for way in range(10, 300, 10):
        drag.move(way, way)
    session.undo()
    assert session.state == before


def test_the_window_tool_makes_wider_to_the_right_and_brighter_downwards() -> None:
    session = _session()
    drag = to_drag(Tool.WINDOW, _grip(session))
    assert drag is not None
    drag.move(8, 8)
    assert _window(session) == Window(0, 440)


def test_the_setting_turns_the_vertical_drag_round() -> None:
    session = _session()
    drag = to_drag(Tool.WINDOW, replace(_grip(session), down_brightens=False))
    assert drag is not None
    drag.move(0, 8)
    assert _window(session) == Window(80, 400)


def test_down_is_brighter_on_a_monochrome1_image() -> None:
    session = _session(to_projections("1.2.5"))
    drag = to_drag(Tool.WINDOW, _grip(session))
    assert drag is not None
    drag.move(0, 8)
    assert _window(session) == Window(80, 400)


def test_down_is_brighter_on_an_inverted_image() -> None:
    session = _session()
    session.change_view(lambda view: replace(view, inverted=True))
    drag = to_drag(Tool.WINDOW, _grip(session))
    assert drag is not None
    drag.move(0, 8)
    assert _window(session) == Window(80, 400)


def test_there_is_nothing_to_window_in_a_colour_image() -> None:
    assert to_drag(Tool.WINDOW, _grip(_session(), window=None)) is None


def test_the_image_follows_the_panning_hand_in_device_pixels() -> None:
    session = _session()
    before = ViewTransform(session.state.viewport.view, (64, 48), VIEWPORT)
    drag = to_drag(Tool.PAN, replace(_grip(session), ratio=2.0))
    assert drag is not None
    drag.move(10, 20)
    after = ViewTransform(session.state.viewport.view, (64, 48), VIEWPORT)
    moved = (after.corner[0] - before.corner[0], after.corner[1] - before.corner[1])
    assert moved == (20, 40)


def test_the_point_under_the_hand_stays_while_zooming() -> None:
    session = _session()
    at = (200.0, 100.0)
    before = ViewTransform(session.state.viewport.view, (64, 48), VIEWPORT)
    drag = to_drag(Tool.ZOOM, _grip(session, at))
    assert drag is not None
    drag.move(0, -120)
    after = ViewTransform(session.state.viewport.view, (64, 48), VIEWPORT)
    assert after.zoom == pytest.approx(2 * before.zoom, rel=0.01)
    assert after.to_image(at) == pytest.approx(before.to_image(at), abs=0.1)


def test_dragging_down_scrolls_on_through_the_stack() -> None:
    session = _session()
    drag = to_drag(Tool.SCROLL, _grip(session))
    assert drag is not None
    drag.move(0, 48)
    assert session.state.viewport.image == 10


def test_a_quarter_round_the_middle_turns_a_quarter() -> None:
    session = _session()
    drag = to_drag(Tool.ROTATE, _grip(session, at=(320, 140)))
    assert drag is not None
    drag.move(100, 100)  # from above the middle to the right of it
    assert session.state.viewport.view.turns == 1


def test_dragging_a_pet_window_keeps_its_bottom_at_zero() -> None:
    session = _session(to_slices("1.2.7", [0.0], modality="PT"))
    drag = to_drag(Tool.WINDOW, _grip(session, window=Window(500, 1000)))
    assert drag is not None
    drag.move(50, 20)
    assert _window(session) == Window(375, 750)
