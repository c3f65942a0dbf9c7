"""What can be done on the Reading page, and when, without a window."""

from dataclasses import replace
from datetime import date

import pytest

from tests.commands.desks import RememberingWindow, Turns
from tests.services.reading_studies import (
    BONE,
    SOFT,
    to_projections,
    to_slices,
    to_study,
)
from viewer.commands.desk import Commands, Desk, Page
from viewer.commands.program import PROGRAM_COMMANDS
from viewer.commands.reading import READING_COMMANDS
from viewer.core.grayscale import Window
from viewer.core.layout import Layout
from viewer.core.listing import StudyQuery
from viewer.core.opened import OpenSeries
from viewer.services.frame_on_show import Subject
from viewer.services.reading_state import FromFile, Tool

THIN = to_slices("1.2.1", [float(z) for z in range(100)])
THICK = to_slices("1.2.2", [float(z) for z in range(0, 100, 5)])


@pytest.fixture
def commands() -> Commands:
    made = Commands()
    for command in (*PROGRAM_COMMANDS, *READING_COMMANDS):
        made.add(command)
    return made


def _open(desk: Desk, *series: OpenSeries) -> None:
    desk.session.open([to_study(*(series or (THIN, THICK)))])


def _window(desk: Desk) -> object:
    stack = desk.session.stack
    assert stack is not None
    image = desk.session.state.viewport.image
    return desk.session.windowing.voi(stack, image, desk.session.choice(stack))


def test_every_key_of_the_page_is_heard_there_alone() -> None:
    assert {command.scope for command in READING_COMMANDS} == {Page.READING}


def test_every_command_stands_in_a_menu() -> None:
    assert [command.id for command in READING_COMMANDS if not command.menu] == []


def test_without_a_study_only_the_panels_can_be_folded(desk: Desk) -> None:
    possible = {c.id for c in READING_COMMANDS if c.enabled(desk)}
    assert possible == {"view.series", "view.inspector"}


def test_a_single_image_cannot_be_scrolled(desk: Desk, commands: Commands) -> None:
    _open(desk, to_slices("1.2.3", [0.0]))
    assert not commands["image.next"].enabled(desk)
    assert not commands["image.play"].enabled(desk)
    assert commands["image.invert"].enabled(desk)


@pytest.mark.parametrize(
    ("command", "image"),
    [
        ("image.next", 51),
        ("image.previous", 49),
        ("image.on_ten", 60),
        ("image.back_ten", 40),
        ("image.first", 0),
        ("image.last", 99),
    ],
)
def test_going_through_the_stack(
    desk: Desk, commands: Commands, command: str, image: int
) -> None:
    _open(desk)
    desk.session.go_to(50)
    commands.run(command, desk)
    assert desk.session.state.viewport.image == image


def test_series_follow_each_other_in_the_order_of_the_list(
    desk: Desk, commands: Commands
) -> None:
    _open(desk)
    assert not commands["series.previous"].enabled(desk)
    commands.run("series.next", desk)
    assert desk.session.state.viewport.stack_id == "1.2.2#0"
    assert not commands["series.next"].enabled(desk)


def test_digits_choose_the_files_windows_then_the_presets(
    desk: Desk, commands: Commands
) -> None:
    _open(desk)
    commands.run("window.2", desk)
    assert _window(desk) == BONE
    commands.run("window.1", desk)
    assert _window(desk) == SOFT
    assert desk.session.choice(desk.session.stack) == FromFile(0)  # type: ignore[arg-type]  # it is open
    commands.run("window.8", desk)
    chosen = _window(desk)
    assert isinstance(chosen, Window)
    assert (chosen.width, chosen.center, chosen.explanation) == (1500, -600, "Lung")


def test_the_files_windows_go_round(desk: Desk, commands: Commands) -> None:
    _open(desk)
    seen = []
    for _ in range(3):
        commands.run("window.next_of_file", desk)
        seen.append(_window(desk))
    assert seen == [BONE, SOFT, BONE]


def test_a_modality_without_presets_has_none_on_its_keys(
    desk: Desk, commands: Commands
) -> None:
    _open(desk, to_slices("1.2.4", [0.0, 1.0], modality="MR"))
    assert commands["window.1"].enabled(desk)
    assert not commands["window.3"].enabled(desk)


def test_the_full_range_is_that_of_the_image(desk: Desk, commands: Commands) -> None:
    study = desk.library.search(StudyQuery(modalities=("CT",))).items[0]
    desk.session.open([desk.library.open_study(study.study_uid)])
    stack = desk.session.stack
    assert stack is not None
    decoded = desk.decoding.frame(Subject(stack, 0).frame_ref)
    commands.run("window.0", desk)
    chosen = _window(desk)
    assert isinstance(chosen, Window)
    rescale = stack.display(0).rescale
    lowest = float(decoded.min()) * rescale.slope + rescale.intercept
    highest = float(decoded.max()) * rescale.slope + rescale.intercept
    assert (chosen.center - 0.5 - (chosen.width - 1) / 2) == lowest
    assert (chosen.center - 0.5 + (chosen.width - 1) / 2) == highest


@pytest.mark.parametrize("tool", list(Tool))
def test_a_tool_is_marked_while_it_is_in_the_hand(
    desk: Desk, commands: Commands, tool: Tool
) -> None:
    _open(desk)
    commands.run(f"tool.{tool}", desk)
    marked = [
        command.id
        for command in commands
        if command.id.startswith("tool.") and command.checked and command.checked(desk)
    ]
    assert marked == [f"tool.{tool}"]


def test_turning_and_turning_back_ends_where_it_began(
    desk: Desk, commands: Commands
) -> None:
    _open(desk)
    before = desk.session.state.viewport.view
    for command in (
        "image.turn_right",
        "image.flip_horizontally",
        "image.flip_vertically",
        "image.turn_left",
        "image.flip_vertically",
        "image.flip_horizontally",
    ):
        commands.run(command, desk)
    assert desk.session.state.viewport.view == before


def test_one_to_one_is_one_image_pixel_per_screen_pixel(
    desk: Desk, commands: Commands
) -> None:
    _open(desk)
    commands.run("image.one_to_one", desk)
    assert desk.session.state.viewport.view.zoom == 1.0
    commands.run("image.fit", desk)
    assert desk.session.state.viewport.view.zoom is None


def test_true_size_needs_a_spacing_and_a_screen_that_knows_its_own(
    desk: Desk, commands: Commands
) -> None:
    _open(desk)
    assert not commands["image.true_size"].enabled(desk)
    desk.session.screen_dots_per_mm = 4.0
    commands.run("image.true_size", desk)
    assert desk.session.state.viewport.view.zoom == 4.0  # 1 mm a pixel
    _open(desk, to_projections("1.2.5"))
    assert not commands["image.true_size"].enabled(desk)


def test_layouts_are_marked_and_undone(desk: Desk, commands: Commands) -> None:
    _open(desk)
    commands.run("layout.3x2", desk)
    checked = commands["layout.3x2"].checked
    assert checked is not None
    assert checked(desk)
    commands.run("reading.undo", desk)
    assert desk.session.state.layout == Layout(1, 2)
    commands.run("reading.redo", desk)
    assert desk.session.state.layout == Layout(3, 2)


def test_studies_of_the_patient_follow_each_other_in_time(
    desk: Desk, commands: Commands, turns: Turns, window: RememberingWindow
) -> None:
    real = desk.library.search(StudyQuery(modalities=("CT",))).items[0]
    now = to_study(THIN)
    desk.session.open([now])
    earlier = replace(now.summary, study_uid=real.study_uid, study_date=date.min)
    desk.session.relate([now.summary, earlier])
    assert not commands["study.later"].enabled(desk)
    commands.run("study.earlier", desk)
    turns.until(lambda: desk.session.studies[0].summary.study_uid == real.study_uid)
    assert window.shown is Page.READING


def test_copying_and_saving_are_asked_of_the_window(
    desk: Desk, commands: Commands, window: RememberingWindow
) -> None:
    _open(desk)
    commands.run("image.copy", desk)
    commands.run("image.save", desk)
    commands.run("view.inspector", desk)
    assert window.calls == ["copy_view", "save_view", "toggle_panel inspector"]
