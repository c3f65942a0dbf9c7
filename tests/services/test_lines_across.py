"""Images on the screen show where they cut each other."""

import pytest

from tests.services.reading_studies import to_slices, to_study
from viewer.core.layout import Layout
from viewer.services.lines_across import lines_across
from viewer.services.session import ReadingSession

AXIAL = to_slices("1.2.1", [float(z) for z in range(-20, 20)])
CORONAL = to_slices("1.2.2", [float(y) for y in range(-20, 20)], orientation="coronal")
ELSEWHERE = to_slices("1.2.3", [0.0], frame_of_reference="FOR2")


@pytest.fixture
def session() -> ReadingSession:
    made = ReadingSession()
    made.open([to_study(AXIAL, CORONAL, ELSEWHERE)])
    return made


def test_the_active_axial_slice_is_a_line_in_the_coronal_one(
    session: ReadingSession,
) -> None:
    (line,) = lines_across(session, 1)
    assert (line.plane, line.leads) == ("axial", True)
    # z = −20 lies at row 44 of an image that begins at z = 24.
    assert {line.start[1], line.end[1]} == {44.0}


def test_the_line_moves_with_the_wheel(session: ReadingSession) -> None:
    session.scroll(10)
    (line,) = lines_across(session, 1)
    assert line.start[1] == 34.0


def test_the_line_of_a_viewport_that_is_not_active_is_there_but_does_not_lead(
    session: ReadingSession,
) -> None:
    (line,) = lines_across(session, 0)
    assert (line.plane, line.leads) == ("coronal", False)


def test_another_frame_of_reference_shows_no_lines(session: ReadingSession) -> None:
    assert lines_across(session, 2) == ()


def test_lines_can_be_switched_off(session: ReadingSession) -> None:
    session.toggle_reference_lines()
    assert lines_across(session, 1) == ()


def test_an_image_that_is_not_on_the_screen_draws_no_line(
    session: ReadingSession,
) -> None:
    session.set_layout(Layout(1, 1))
    assert lines_across(session, 0) == ()
