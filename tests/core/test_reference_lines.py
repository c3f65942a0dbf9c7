"""A line on one image says where another one cuts it."""

from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewer.core import reference_lines
from viewer.core.geometry import ImagePlane
from viewer.core.reference_lines import PlacedImage, to_reference_line

AXIAL = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)
CORONAL = (1.0, 0.0, 0.0, 0.0, 0.0, -1.0)


def _axial(z: float) -> PlacedImage:
    plane = ImagePlane.from_attributes((-50, -50, z), AXIAL, (0.5, 0.5))
    return PlacedImage(plane, 200, 200)


def _coronal() -> PlacedImage:
    """From z = 100 down, 2 mm a row; 400 columns of 1 mm, wider than the axial one."""
    plane = ImagePlane.from_attributes((-200, 0, 100), CORONAL, (2, 1))
    return PlacedImage(plane, 400, 100)


def test_a_slice_is_a_level_line_in_the_localizer_as_wide_as_the_slice() -> None:
    line = to_reference_line(_axial(40), _coronal())
    assert line is not None
    # Outer edges of the axial image: x from −50.25 to 49.75 mm; row (100 − 40) / 2.
    assert np.allclose(sorted(line), [(149.75, 30), (249.75, 30)])


def test_parallel_images_do_not_cut_each_other() -> None:
    assert to_reference_line(_axial(1), _axial(2)) is None


def test_an_image_beside_the_other_draws_nothing() -> None:
    assert to_reference_line(_axial(400), _coronal()) is None


def test_the_line_ends_at_the_edge_of_the_picture_it_is_drawn_in() -> None:
    line = to_reference_line(_coronal(), _axial(40))
    assert line is not None
    assert sorted(point[0] for point in line) == pytest.approx([-0.5, 199.5])


_angles = st.floats(-3.1, 3.1)


@given(_angles, _angles, _angles, st.tuples(*[st.floats(-40, 40)] * 3))
def test_both_ends_lie_in_both_planes(
    a: float, b: float, c: float, origin: tuple[float, float, float]
) -> None:
    row, column = _turned(a, b, c)
    source = PlacedImage(ImagePlane(origin, row, column, 0.7, 0.9), 120, 90)
    target = _axial(0)
    line = to_reference_line(source, target)
    if line is None:
        return
    points = target.plane.to_patient(np.array(line))
    heights = (points - np.array(origin)) @ np.asarray(source.plane.normal)
    assert np.abs(heights).max() < 1e-6
    assert np.abs(points[:, 2]).max() < 1e-9
    pixels = source.plane.to_pixel(points)
    assert (pixels >= -0.5 - 1e-6).all()
    assert (pixels <= (119.5 + 1e-6, 89.5 + 1e-6)).all()


def _turned(
    a: float, b: float, c: float
) -> tuple[tuple[float, float, float], tuple[float, float, float]]:
    def about(axis: int, angle: float) -> np.ndarray:
        turn = np.eye(3)
        i, j = [k for k in range(3) if k != axis]
        turn[i, i] = turn[j, j] = np.cos(angle)
        turn[i, j], turn[j, i] = -np.sin(angle), np.sin(angle)
        return turn

    matrix = about(0, a) @ about(1, b) @ about(2, c)
    first, second = matrix[:, 0].tolist(), matrix[:, 1].tolist()
    return tuple(first), tuple(second)


@given(
    turn=st.just(0.0) | st.floats(1e-6, 0.3) | st.floats(-0.3, -1e-6),
    place=st.tuples(*3 * [st.floats(-120, 120)]),
)
def test_a_quick_look_never_loses_a_line(
    turn: float, place: tuple[float, float, float]
) -> None:
    lean = (np.cos(turn), 0.0, np.sin(turn), 0.0, 1.0, 0.0)
    plane = ImagePlane.from_attributes(place, lean, (1, 1))
    source, target = PlacedImage(plane, 64, 48), _axial(0)
    with patch.object(reference_lines, "_is_parallel_or_beside", return_value=False):
        slowly = to_reference_line(source, target)
    assert to_reference_line(source, target) == slowly
