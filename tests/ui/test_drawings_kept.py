"""What is drawn stays: through undo, views, images, tables and other studies."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.services.reading_studies import to_slices, to_study
from tests.services.studies_on_disk import with_pixels
from tests.ui.drawing_hands import (
    Page,
    click,
    drag_over,
    drawing_page,
    has_draft,
    is_inverted,
    only,
    screen,
    tool_of,
)
from tests.ui.reading_pages import RIGHT, mouse, settle
from viewer.core.layout import Layout
from viewer.services.reading_state import Tool


@pytest.fixture
def page(tmp_path: Path, qapp: QApplication, qtbot: QtBot) -> Iterator[Page]:
    with drawing_page(tmp_path, qapp, qtbot) as made:
        yield made


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
    assert "drawings hidden" in made.active._to_overlay(None, None).corners.marks


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
    assert "drawings unsaved" in made.active._to_overlay(None, None).corners.marks
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
