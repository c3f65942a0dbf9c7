"""What is written on an image finds its place there."""

import numpy as np
import pytest
from PySide6.QtGui import QImage, QPainter, QRegion

from viewer.core.corners import Corners
from viewer.core.orientation import SideLetters
from viewer.ui.viewport.overlay import Overlay, paint_written, to_written
from viewer.ui.viewport.writing import room_below

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


def foot(mark: str, letter: str) -> tuple[int, int]:
    """Pixels drawn in a small viewport: of all, and of its lowest line."""
    image = QImage(200, 160, QImage.Format.Format_Grayscale8)
    image.fill(128)
    painter = QPainter(image)
    overlay = Overlay(Corners(marks=(mark,)), SideLetters("", "", "", letter))
    written = to_written(overlay, (200, 160), 1.0)
    paint_written(painter, written, QRegion(image.rect()))
    painter.end()
    drawn = np.frombuffer(image.constBits(), np.uint8).reshape(160, 200) != 128
    return int(np.count_nonzero(drawn)), int(np.count_nonzero(drawn[-26:]))


@pytest.mark.usefixtures("qapp")
def test_the_letter_at_the_foot_makes_way_for_a_long_mark() -> None:
    mark = "7 of 12 images, 3 sizes"
    alone, (both, below) = foot(mark, ""), foot(mark, "F")
    assert both > alone[0]
    assert below == alone[1]


@pytest.mark.usefixtures("qapp")
def test_the_letter_at_the_foot_stays_there_beside_a_short_mark() -> None:
    alone, beside = foot("film", ""), foot("film", "F")
    assert beside[1] > alone[1]
