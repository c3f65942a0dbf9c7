"""The reading page does what a radiologist asks, and nothing else."""

from dataclasses import replace

import numpy as np
import pytest

from tests.services.reading_studies import (
    BONE,
    SOFT,
    to_projections,
    to_slices,
    to_study,
)
from viewer.core.corners import TextLevel
from viewer.core.grayscale import LookupTable, Window
from viewer.core.identity import SeriesUID
from viewer.core.layout import Layout
from viewer.core.opened import OpenSeries
from viewer.core.records import StoredInstance
from viewer.services.reading_state import FromFile, ReadingState, Tool
from viewer.services.session import ReadingSession

THIN = to_slices("1.2.1", [float(z) for z in range(100)])
THICK = to_slices("1.2.2", [float(z) for z in range(0, 100, 5)])
CORONAL = to_slices("1.2.3", [float(y) for y in range(-20, 20)], orientation="coronal")
ELSEWHERE = to_slices("1.2.4", [0.0, 1.0, 2.0], frame_of_reference="FOR2")
SCOUT = to_slices("1.2.9", [0.0], orientation="coronal", localizer=True)


def _session(*series: OpenSeries) -> ReadingSession:
    session = ReadingSession()
    session.open([to_study(*(series or (THIN, THICK, CORONAL, ELSEWHERE)))])
    return session


def _stacks(session: ReadingSession) -> list[str]:
    return [viewport.stack_id for viewport in session.state.viewports]


def _images(session: ReadingSession) -> list[int]:
    return [viewport.image for viewport in session.state.viewports]


def _window(session: ReadingSession, index: int = 0) -> object:
    stack = session.shown(index)
    assert stack is not None
    image = session.state.viewports[index].image
    return session.windowing.voi(stack, image, session.choice(stack))


def test_a_study_opens_with_the_first_image_of_each_series_in_its_place() -> None:
    session = _session(SCOUT, THIN, THICK, CORONAL)
    assert session.state.layout == Layout(2, 2)
    assert _stacks(session) == ["1.2.1#0", "1.2.2#0", "1.2.3#0", ""]
    assert _images(session) == [0, 0, 0, 0]
    assert session.state.active == 0


def test_opening_a_series_shows_that_series_alone() -> None:
    session = ReadingSession()
    session.open([to_study(THIN, THICK)], series_uid=SeriesUID("1.2.2"))
    assert session.state.layout == Layout(1, 1)
    assert _stacks(session) == ["1.2.2#0"]


def test_opening_announces_itself_and_forgets_the_past() -> None:
    session = _session()
    session.set_layout(Layout(1, 1))
    heard: list[str] = []
    session.opened.connect(lambda: heard.append("opened"))
    session.open([to_study(THICK)])
    assert heard == ["opened"]
    assert not session.moments.can_undo


def test_files_without_uids_each_keep_their_stack() -> None:
    nameless = replace(
        THICK, stacks=(replace(THICK.stacks[0], series_uid=SeriesUID("")),)
    )
    session = _session(nameless, nameless)
    assert len(list(session.stacks)) == 2


def test_a_radiograph_hangs_beside_the_prior_of_its_patient_and_of_no_other() -> None:
    now, prior = to_projections("1.2.5"), to_projections("1.3.5")
    session = ReadingSession()
    session.open([to_study(now), to_study(prior, uid="1.3")])
    assert _stacks(session) == ["1.2.5#0", "1.3.5#0"]
    session.open([to_study(now), to_study(prior, uid="1.3", patient_id="P2")])
    assert _stacks(session) == ["1.2.5#0"]
    nameless = [to_study(now, patient_id=""), to_study(prior, uid="1.3", patient_id="")]
    session.open(nameless)
    assert _stacks(session) == ["1.2.5#0"]


def test_a_study_without_images_leaves_the_screen_to_the_next() -> None:
    session = ReadingSession()
    session.open([to_study(), to_study(THIN, uid="1.3")])
    assert _stacks(session) == ["1.2.1#0"]


def test_scrolling_stops_at_both_ends() -> None:
    session = _session(THIN)
    session.scroll(-3)
    assert _images(session) == [0]
    session.scroll(1000)
    assert _images(session) == [99]


def test_scrolling_is_not_undone() -> None:
    session = _session(THIN)
    session.choose_window(BONE)
    session.scroll(10)
    assert session.moments.can_undo
    session.undo()
    assert _images(session) == [10]
    assert _window(session) == SOFT
    session.redo()
    assert (_images(session), _window(session)) == ([10], BONE)


def test_undo_brings_the_former_series_back_where_it_was_left() -> None:
    session = _session(THIN, THICK)
    session.go_to(42, 0)
    session.activate(0)
    session.show("1.2.2#0")
    session.undo()
    assert _stacks(session)[0] == "1.2.1#0"
    assert _images(session)[0] == 42


def test_one_drag_is_one_step() -> None:
    session = _session(THIN)
    drag = object()
    for width in (410, 420, 430):
        session.choose_window(Window(40, width), step=drag)
    session.undo()
    assert _window(session) == SOFT
    assert not session.moments.can_undo


def test_parallel_stacks_of_one_frame_of_reference_scroll_together() -> None:
    session = _session()
    session.scroll(52)
    assert _images(session) == [52, 10, 0, 0]


def test_scrolling_alone_is_a_switch_away() -> None:
    session = _session()
    session.toggle_synchronised()
    session.scroll(52)
    assert _images(session) == [52, 0, 0, 0]


def test_another_patient_never_scrolls_along() -> None:
    session = ReadingSession()
    one = to_study(THIN)
    other = to_study(THICK, uid="1.3", patient_id="P2")
    session.open([one, other])
    session.set_layout(Layout(1, 2))
    session.show("1.2.2#0", 1)
    session.activate(0)
    assert _stacks(session) == ["1.2.1#0", "1.2.2#0"]
    session.scroll(52)
    assert _images(session) == [52, 0]


def test_patients_without_an_id_are_never_taken_for_one() -> None:
    session = ReadingSession()
    session.open(
        [to_study(THIN, patient_id=""), to_study(THICK, uid="1.3", patient_id="")]
    )
    session.set_layout(Layout(1, 2))
    session.show("1.2.2#0", 1)
    session.activate(0)
    assert _stacks(session) == ["1.2.1#0", "1.2.2#0"]
    session.scroll(52)
    assert _images(session) == [52, 0]


def test_a_new_layout_keeps_the_pictures_and_fills_the_new_places() -> None:
    session = _session()
    session.set_layout(Layout(1, 2))
    assert _stacks(session)[:2] == ["1.2.1#0", "1.2.2#0"]
    session.set_layout(Layout(2, 2))
    assert _stacks(session) == ["1.2.1#0", "1.2.2#0", "1.2.3#0", "1.2.4#0"]


def test_a_new_place_is_never_filled_with_another_patient() -> None:
    session = ReadingSession()
    one = to_study(THIN)
    session.open([one, to_study(THICK, uid="1.3", patient_id="P2")])
    session.set_layout(Layout(1, 2))
    assert _stacks(session) == ["1.2.1#0", ""]


def test_a_smaller_layout_keeps_the_active_picture() -> None:
    session = _session()
    session.activate(3)
    session.set_layout(Layout(1, 1))
    assert session.state.viewport.stack_id == "1.2.4#0"
    session.undo()
    assert _stacks(session)[0] == "1.2.1#0"


def test_one_viewport_alone_and_back() -> None:
    session = _session()
    session.toggle_maximised(2)
    alone = session.state
    session.toggle_maximised()
    together = session.state
    assert (alone.visible, together.visible) == ((2,), (0, 1, 2, 3))
    assert together.active == 2


def test_a_hidden_viewport_cannot_become_active() -> None:
    session = _session()
    session.toggle_maximised(2)
    session.activate(0)
    assert session.state.active == 2


def test_tab_goes_round_and_round() -> None:
    session = _session(THIN, THICK)
    session.activate_next(1)
    session.activate_next(1)
    assert session.state.active == 0
    session.activate_next(-1)
    assert session.state.active == 1


def test_tab_shows_the_next_picture_alone_while_one_is_alone() -> None:
    session = _session(THIN, THICK)
    session.toggle_maximised(0)
    session.activate_next(1)
    assert session.state.visible == (1,)


def test_next_series_stops_at_the_last_one() -> None:
    session = _session(THIN, THICK)
    session.set_layout(Layout(1, 1))
    session.show_neighbour(1)
    session.show_neighbour(1)
    assert session.state.viewport.stack_id == "1.2.2#0"


def test_the_window_belongs_to_the_series() -> None:
    session = _session(THIN, THICK)
    session.show("1.2.1#0", 1)
    session.choose_window(BONE, 0)
    assert _window(session, 1) == BONE


def test_a_window_of_the_file_is_each_images_own() -> None:
    tables = [LookupTable(0, 8, bytes([n, 0] * 16)) for n in (1, 2)]
    pair = to_projections("1.2.5", [("", "PA"), ("", "LL")])
    session = _session(
        replace(
            pair,
            instances=tuple(
                _with_table(stored, table)
                for stored, table in zip(pair.instances, tables, strict=True)
            ),
        )
    )
    assert session.state.layout == Layout(1, 2)
    session.choose_window(FromFile(0))
    assert [_window(session, 0), _window(session, 1)] == tables


def _with_table(stored: StoredInstance, table: LookupTable) -> StoredInstance:
    image = stored.instance.image
    assert image is not None
    changed = replace(image, displays=(replace(image.displays[0], voi_luts=(table,)),))
    return replace(stored, instance=replace(stored.instance, image=changed))


def test_without_a_window_in_the_file_the_pixels_are_asked() -> None:
    session = _session(to_slices("1.2.6", [0.0, 1.0], windows=()))
    stack = session.stack
    assert stack is not None
    assert session.windowing.voi(stack, 0, None) is None
    decoded = np.tile(np.arange(64, dtype=np.uint16) * 10 + 1000, (48, 1))
    first = session.windowing.voi(stack, 0, None, decoded)
    assert isinstance(first, Window)


def test_an_automatic_window_does_not_jump_while_scrolling() -> None:
    session = _session(to_slices("1.2.6", [0.0, 1.0], windows=()))
    stack = session.stack
    assert stack is not None
    decoded = np.tile(np.arange(64, dtype=np.uint16) * 10 + 1000, (48, 1))
    first = session.windowing.voi(stack, 0, None, decoded)
    assert session.windowing.voi(stack, 1, None, decoded * 3) == first


def test_pet_opens_in_inverted_grey_and_a_file_that_is_inverted_stays_so() -> None:
    plain = to_slices("1.2.7", [0.0], modality="PT")
    assert _session(plain).state.viewport.view.inverted
    stored = plain.instances[0]
    image = stored.instance.image
    assert image is not None
    inverse = replace(image.displays[0], inverse=True)
    changed = replace(image, displays=(inverse,))
    instance = replace(stored.instance, image=changed)
    session = _session(replace(plain, instances=(replace(stored, instance=instance),)))
    assert not session.state.viewport.view.inverted


@pytest.mark.parametrize(
    ("side", "rows_run_to", "mirrored"),
    [("R", "A", True), ("R", "P", False), ("L", "A", False), ("L", "P", True)],
)
def test_mammograms_hang_with_their_chest_walls_facing(
    side: str, rows_run_to: str, *, mirrored: bool
) -> None:
    series = to_projections(
        "1.2.8", [(side, "CC")], modality="MG", orientation=(rows_run_to, "F")
    )
    assert _session(series).state.viewport.view.mirrored is mirrored


def test_reset_is_one_step_back_to_how_it_opened() -> None:
    session = _session(THIN)
    session.change_view(lambda view: replace(view, zoom=3.0, turns=1))
    session.choose_window(BONE)
    session.reset()
    assert session.state.viewport.view.zoom is None
    assert _window(session) == SOFT
    session.undo()
    assert session.state.viewport.view.turns == 1
    assert _window(session) == BONE


def test_cine_goes_round_and_stops_with_the_layout() -> None:
    session = _session(ELSEWHERE)
    session.toggle_playing()
    for _ in range(4):
        session.advance_cine()
    assert _images(session) == [1]
    session.set_layout(Layout(1, 2))
    assert session.state.playing is None


def test_text_goes_from_all_to_little_to_none_and_back() -> None:
    session = _session(THIN)
    seen: list[TextLevel] = []
    for _ in range(4):
        seen.append(session.state.text)
        session.cycle_text()
    assert seen == [TextLevel.ALL, TextLevel.LITTLE, TextLevel.NONE, TextLevel.ALL]


def test_escape_leaves_the_tool_first_and_resets_then() -> None:
    session = _session(THIN)
    session.set_tool(Tool.PAN)
    session.choose_window(BONE)
    session.leave()
    assert (session.state.tool, _window(session)) == (Tool.WINDOW, BONE)
    session.leave()
    assert _window(session) == SOFT


def test_what_arrives_from_the_background_changes_nothing_on_the_screen() -> None:
    session = _session(THIN)
    session.go_to(7)
    before = session.state
    session.relate([to_study(THICK, uid="1.4").summary])
    assert session.state == before


def test_nothing_happens_twice() -> None:
    session = _session(THIN)
    heard: list[ReadingState] = []
    session.changed.connect(heard.append)
    session.scroll(0)
    session.activate(0)
    session.choose_window(None)
    session.set_tool(Tool.WINDOW)
    assert heard == []
