"""What is written on an image finds its place there."""

import pytest

from viewer.core.corners import Corners
from viewer.ui.viewport.overlay import room_below

MARK = "mm in the stated object plane only"


@pytest.mark.usefixtures("qapp")
def test_the_ruler_below_leaves_room_for_a_mark_in_its_lines() -> None:
    text = Corners(bottom_left=("VOI LUT", "Zoom 28%"))
    marked = Corners(bottom_left=text.bottom_left, marks=(MARK,))
    assert room_below(marked, 800, 1.0) < room_below(text, 800, 1.0)


@pytest.mark.usefixtures("qapp")
def test_a_mark_above_the_lines_of_the_ruler_takes_no_room_from_it() -> None:
    text = Corners(bottom_left=("Pixel 12", "W 400 L 40", "Zoom 28%"))
    marked = Corners(bottom_left=text.bottom_left, marks=(MARK,))
    assert room_below(marked, 800, 1.0) == room_below(text, 800, 1.0)
