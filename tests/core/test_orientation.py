"""Orientation letters against truth that is worked out by hand and by moving points."""

from itertools import permutations, product

import numpy as np
import pytest

from viewer.core.geometry import ImagePlane, Vector
from viewer.core.image import Frame
from viewer.core.orientation import SideLetters, letters, opposite, side_letters
from viewer.core.view import View, ViewTransform

AXES: dict[str, Vector] = {
    "L": (1, 0, 0),
    "R": (-1, 0, 0),
    "P": (0, 1, 0),
    "A": (0, -1, 0),
    "H": (0, 0, 1),
    "F": (0, 0, -1),
}
PAIRS = [{"L", "R"}, {"P", "A"}, {"H", "F"}]
PLANES = [
    (row, column) for row, column in permutations(AXES, 2) if {row, column} not in PAIRS
]
VIEWS = [
    View(turns=turns, mirrored=flag) for turns, flag in product(range(4), (False, True))
]


def frame_of(row: str, column: str) -> Frame:
    return Frame(plane=ImagePlane((0, 0, 0), AXES[row], AXES[column], 1, 1))


def seen(row: str, column: str, view: View) -> SideLetters:
    """Walk from the middle of the screen to each side and see where in the patient."""
    plane = ImagePlane((0, 0, 0), AXES[row], AXES[column], 1, 1)
    transform = ViewTransform(view, (64, 64), (64, 64))

    def towards(x: float, y: float) -> str:
        pixels = np.array([transform.to_image((x, y)), transform.to_image((32, 32))])
        there, here = plane.to_patient(pixels)
        way = np.round((there - here) / np.linalg.norm(there - here), 6).tolist()
        return next(name for name, axis in AXES.items() if list(axis) == way)

    return SideLetters(towards(0, 32), towards(32, 0), towards(64, 32), towards(32, 64))


def test_there_are_24_planes_and_8_ways_to_lay_them() -> None:
    assert (len(PLANES), len(set(VIEWS))) == (24, 8)


@pytest.mark.parametrize("view", VIEWS, ids=str)
@pytest.mark.parametrize(("row", "column"), PLANES)
def test_letters_tell_where_the_patient_lies(row: str, column: str, view: View) -> None:
    assert side_letters(frame_of(row, column), view) == seen(row, column, view)


@pytest.mark.parametrize("view", VIEWS, ids=str)
@pytest.mark.parametrize(("row", "column"), PLANES)
def test_a_radiograph_says_the_same_without_a_plane(
    row: str, column: str, view: View
) -> None:
    stated = Frame(patient_orientation=(row, column))
    assert side_letters(stated, view) == side_letters(frame_of(row, column), view)


def test_axial_coronal_and_sagittal_are_as_radiologists_hang_them() -> None:
    axial = side_letters(frame_of("L", "P"), View())
    assert axial == SideLetters(left="R", top="A", right="L", bottom="P")
    coronal = side_letters(frame_of("L", "F"), View())
    assert coronal == SideLetters(left="R", top="H", right="L", bottom="F")
    sagittal = side_letters(frame_of("P", "F"), View())
    assert sagittal == SideLetters(left="A", top="H", right="P", bottom="F")


def test_a_turned_head_keeps_its_letters_in_place() -> None:
    axial = frame_of("L", "P")
    assert side_letters(axial, View().turned()) == SideLetters("P", "R", "A", "L")
    assert side_letters(axial, View().flipped_horizontally()).left == "L"
    assert side_letters(axial, View().flipped_vertically()).top == "P"


def test_oblique_planes_have_up_to_three_letters_the_strongest_first() -> None:
    assert letters((0.8, 0.6, 0.0)) == "LP"
    assert letters((-0.36, 0.48, -0.8)) == "FPR"
    assert letters((0.6, -0.8, 0.0)) == "AL"


def test_a_slip_of_less_than_a_degree_is_not_named() -> None:
    assert letters((0.99995, 0.01, 0.0)) == "L"


def test_radiographs_may_be_oblique_too() -> None:
    frame = Frame(patient_orientation=("LA", "F"))
    assert side_letters(frame, View()) == SideLetters("RP", "H", "LA", "F")


def test_where_nothing_is_known_nothing_is_said() -> None:
    assert side_letters(Frame(), View()) == SideLetters()
    animal = Frame(patient_orientation=("CD", "LE"))
    assert side_letters(animal, View()) == SideLetters()
    half = Frame(patient_orientation=("", "F"))
    assert side_letters(half, View()) == SideLetters("", "H", "", "F")


def test_opposites_are_letter_by_letter() -> None:
    assert opposite("LPH") == "RAF"
