"""A volume lies where its slices lie, whichever way it is turned."""

import math
from dataclasses import replace
from itertools import permutations, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewer.core.errors import GeometryError
from viewer.core.geometry import FloatArray, ImagePlane, Vector
from viewer.core.volume import Axes, Flips, Volume

AXES: dict[str, Vector] = {
    "L": (1, 0, 0),
    "R": (-1, 0, 0),
    "P": (0, 1, 0),
    "A": (0, -1, 0),
    "H": (0, 0, 1),
    "F": (0, 0, -1),
}
OPPOSITE = {"L": "R", "R": "L", "P": "A", "A": "P", "H": "F", "F": "H"}
PLANES = [
    (row, column) for row, column in permutations(AXES, 2) if OPPOSITE[row] != column
]
SHAPE = (4, 3, 5)
WAYS: list[tuple[Axes, Flips]] = [
    ((a, b, c), (x, y, z))
    for (a, b, c), (x, y, z) in product(
        permutations(range(3)), product((False, True), repeat=3)
    )
]


def slices(row: str = "L", column: str = "P", step: float = 2.5) -> list[ImagePlane]:
    first = ImagePlane((10.0, -20.0, 30.0), AXES[row], AXES[column], 0.5, 0.75)
    return [moved(first, first.normal, step * index) for index in range(SHAPE[2])]


def moved(plane: ImagePlane, way: Vector, mm: float) -> ImagePlane:
    x, y, z = (at + step * mm for at, step in zip(plane.origin, way, strict=True))
    return replace(plane, origin=(x, y, z))


def volume_of(planes: list[ImagePlane]) -> Volume:
    return Volume.from_planes(planes, SHAPE[0], SHAPE[1])


def named(values: FloatArray) -> FloatArray:
    """A number for each voxel that tells where in the patient it lies."""
    names: FloatArray = np.round(values @ np.array([1.0, 1e3, 1e6]), 4)
    return names


def all_indices(shape: tuple[int, int, int]) -> FloatArray:
    return np.array(list(np.ndindex(shape)), dtype=float)


def test_there_are_48_ways_to_lay_a_cuboid() -> None:
    assert len(set(WAYS)) == 48


@pytest.mark.parametrize(("row", "column"), PLANES)
def test_every_voxel_lies_where_its_slice_says(row: str, column: str) -> None:
    planes = slices(row, column)
    volume = volume_of(planes)
    pixels = np.array(list(np.ndindex(SHAPE[:2])), dtype=float)
    for index, plane in enumerate(planes):
        voxels = np.column_stack([pixels, np.full(len(pixels), index)])
        np.testing.assert_allclose(
            volume.to_patient(voxels), plane.to_patient(pixels), atol=1e-9
        )
        homogeneous = np.column_stack([voxels, np.ones(len(voxels))])
        np.testing.assert_allclose(
            (volume.affine @ homogeneous.T).T[:, :3], plane.to_patient(pixels)
        )
    assert volume.spacing_mm == pytest.approx((0.5, 0.75, 2.5))


@pytest.mark.parametrize(("row", "column"), PLANES)
def test_the_letters_of_a_volume_are_those_of_its_axes(row: str, column: str) -> None:
    across = np.cross(AXES[row], AXES[column]).tolist()
    third = next(name for name, axis in AXES.items() if list(axis) == across)
    assert volume_of(slices(row, column)).letters == (row, column, third)


@pytest.mark.parametrize(("axes", "flips"), WAYS)
@pytest.mark.parametrize(("row", "column"), [("L", "P"), ("A", "F"), ("H", "R")])
def test_a_volume_turned_any_way_holds_every_voxel_in_its_place(
    row: str, column: str, axes: Axes, flips: Flips
) -> None:
    volume = volume_of(slices(row, column))
    values = named(volume.to_patient(all_indices(SHAPE))).reshape(SHAPE)
    turned = np.transpose(values, axes)
    for axis, flipped in enumerate(flips):
        turned = np.flip(turned, axis) if flipped else turned
    found = volume.rearranged(axes, flips)
    assert found.shape == turned.shape
    np.testing.assert_allclose(
        named(found.to_patient(all_indices(found.shape))), turned.ravel()
    )
    expected = [volume.letters[axis] for axis in axes]
    assert found.letters == tuple(
        OPPOSITE[letter] if flipped else letter
        for letter, flipped in zip(expected, flips, strict=True)
    )


numbers = st.floats(-300, 300)


@given(
    st.tuples(numbers, numbers, numbers),
    st.floats(-math.pi, math.pi),
    st.floats(-math.pi, math.pi),
    st.floats(0.1, 20),
)
def test_there_and_back_is_the_same_voxel(
    origin: Vector, turn: float, lean: float, step: float
) -> None:
    row = (math.cos(turn), math.sin(turn), 0.0)
    column = (
        -math.sin(turn) * math.cos(lean),
        math.cos(turn) * math.cos(lean),
        math.sin(lean),
    )
    first = ImagePlane(origin, row, column, 0.4, 0.9)
    planes = [moved(first, first.normal, step * index) for index in range(5)]
    volume = volume_of(planes)
    indices = all_indices(SHAPE)
    np.testing.assert_allclose(
        volume.to_index(volume.to_patient(indices)), indices, atol=1e-6
    )


def test_the_step_is_that_of_the_positions_even_where_they_are_rounded() -> None:
    planes = slices(step=0.625)
    rounded = [
        replace(plane, origin=(10.0, -20.0, round(plane.origin[2], 1)))
        for plane in planes
    ]
    volume = volume_of(rounded)
    assert volume.spacing_mm[2] == pytest.approx((32.5 - 30.0) / 4)


@pytest.mark.parametrize(
    ("spoilt", "reason"),
    [
        (lambda planes: planes[:1], "single slice"),
        (lambda planes: [planes[0]] * 5, "in one place"),
        (lambda planes: [*planes[:2], *planes[3:]], "gap after image 2"),
        (lambda planes: [*planes[:3], planes[2], *planes[3:]], "lie in the same place"),
        (
            lambda planes: [*planes[:4], moved(planes[4], planes[4].normal, 1.0)],
            "unequal spacing",
        ),
        (
            lambda planes: [
                moved(plane, plane.along_column, 0.8 * index)
                for index, plane in enumerate(planes)
            ],
            "tilted by",
        ),
        (
            lambda planes: [*planes[:2], moved(planes[2], (1, 0, 0), 4), *planes[3:]],
            "beside the row",
        ),
        (
            lambda planes: [
                *planes[:4],
                replace(planes[4], along_row=(0, 1, 0), along_column=(-1, 0, 0)),
            ],
            "not parallel",
        ),
        (
            lambda planes: [*planes[:4], replace(planes[4], column_step=0.6)],
            "differ in size",
        ),
    ],
)
def test_what_is_no_grid_is_refused_with_the_reason(
    spoilt: object, reason: str
) -> None:
    assert callable(spoilt)
    with pytest.raises(GeometryError, match=reason):
        volume_of(spoilt(slices()))
