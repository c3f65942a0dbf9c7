"""Stacks find each other's position in the patient."""

import math

import numpy as np
import pytest

from viewer.core.geometry import ImagePlane
from viewer.core.synchronising import StackPlanes

AXIAL = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)
SAGITTAL = (0.0, 1.0, 0.0, 0.0, 0.0, -1.0)


def _axial(z: float) -> ImagePlane:
    return ImagePlane.from_attributes((-100, -100, z), AXIAL, (1, 1))


def test_the_nearest_slice_is_found_whatever_the_spacing() -> None:
    thin = StackPlanes([_axial(float(z)) for z in range(100)])
    assert thin.nearest(_axial(41.4), (100, 100)) == 41


def test_order_from_head_to_foot_does_not_matter() -> None:
    downwards = StackPlanes([_axial(float(-z)) for z in range(100)])
    assert downwards.nearest(_axial(-41.4), (100, 100)) == 41


def test_beyond_the_end_the_last_slice_stays() -> None:
    short = StackPlanes([_axial(float(z)) for z in range(10)])
    assert short.nearest(_axial(500), (100, 100)) == 9


def test_planes_that_cross_have_no_common_position() -> None:
    sagittal = ImagePlane.from_attributes((0, -100, 100), SAGITTAL, (1, 1))
    assert StackPlanes([sagittal]).nearest(_axial(0), (0, 0)) is None


@pytest.mark.parametrize("degrees", [5, 15])
def test_a_slightly_tilted_stack_meets_at_the_middle_of_the_image(degrees: int) -> None:
    tilt = math.radians(degrees)
    down = (0.0, math.cos(tilt), math.sin(tilt))
    origins = [np.array((-100.0, -100.0, z)) for z in range(-80, 80)]
    tilted = [ImagePlane(tuple(o), (1, 0, 0), down, 1, 1) for o in origins]
    found = StackPlanes(tilted).nearest(_axial(10), (100, 100))
    assert found is not None
    middle = origins[found] + 100 * np.array((1, 0, 0)) + 100 * np.array(down)
    # The middle of the axial image is (0, 0, 10); the found plane passes by it.
    distance = (np.array((0, 0, 10)) - middle) @ np.asarray(tilted[0].normal)
    assert abs(distance) <= 0.5
