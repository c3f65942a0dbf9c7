"""The building blocks of a phantom."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewer.core.phantom.assembly import Assembly
from viewer.core.phantom.canvas import Canvas
from viewer.core.phantom.grid import Grid
from viewer.core.phantom.growth import grow
from viewer.core.phantom.shapes import Drum, Ellipsoid, Shape, Tube
from viewer.core.phantom.texture import Cloud, blur, scanner_noise

_near = st.floats(-80, 80, allow_nan=False)
_point = st.tuples(_near, _near, _near)
_radius = st.floats(1, 30)
_direction = _point.filter(
    lambda v: np.linalg.norm(v) > 1 and abs(v[0]) + abs(v[2]) > 1
)

_shapes: st.SearchStrategy[Shape] = st.one_of(
    st.builds(
        Ellipsoid,
        _point,
        st.tuples(_radius, _radius, _radius),
        st.just("bone"),
        st.none() | _direction,
    ),
    st.builds(Tube, _point, _point, _radius, _radius, st.just("bone")),
    st.builds(Drum, _point, _radius, _radius, _radius, st.just("bone")),
)


@given(_shapes, st.lists(_point, min_size=1, max_size=20))
def test_no_point_outside_its_box_is_inside_a_shape(
    shape: Shape, points: list[tuple[float, float, float]]
) -> None:
    low, high = shape.bounds()
    places = np.array(points, np.float64)
    outside = ((places < np.array(low) - 0.01) | (places > np.array(high) + 0.01)).any(
        1
    )
    x, y, z = places[outside].T
    assert (shape.distance(x, y, z) > 0).all()


@given(_point, st.tuples(_radius, _radius, _radius), st.none() | _direction)
def test_the_middle_of_an_ellipsoid_is_inside_and_its_ends_are_on_it(
    center: tuple[float, float, float],
    radii: tuple[float, float, float],
    long_axis: tuple[float, float, float] | None,
) -> None:
    solid = Ellipsoid(center, radii, "bone", long_axis)
    towards = np.array((0, 0, 1) if long_axis is None else long_axis, np.float64)
    end = np.array(center) + radii[2] * towards / np.linalg.norm(towards)
    x, y, z = np.array([end, center]).T
    on_it, inside_it = solid.distance(x, y, z)
    assert on_it == pytest.approx(0, abs=1e-5)
    assert inside_it <= 0


def test_a_tube_narrows_from_one_end_to_the_other() -> None:
    tube = Tube((0, 0, 0), (10, 0, 0), 4.0, 2.0, "bone")
    x, y, z = np.array([(0, 4, 0), (5, 3, 0), (10, 2, 0), (12, 0, 0)], np.float64).T
    assert tube.distance(x, y, z) == pytest.approx([0, 0, 0, 0], abs=1e-6)


def test_a_later_shape_lies_over_an_earlier_one() -> None:
    grid = Grid.of((-5, -5, -5), (1, 1, 1), (11, 11, 11))
    canvas = Canvas(grid, {"air": 0, "fat": 10, "bone": 99}, edge_mm=0.5)
    canvas.lay(
        Assembly(
            [
                Ellipsoid((0, 0, 0), (4, 4, 4), "fat"),
                Ellipsoid((0, 0, 0), (2, 2, 2), "bone"),
            ]
        )
    )
    assert canvas.volume[5, 5, 5] == 99
    assert canvas.volume[5, 5, 8] == 10
    assert canvas.volume[0, 0, 0] == 0


def test_a_soft_edge_keeps_the_volume_of_a_shape() -> None:
    grid = Grid.of((-20, -20, -20), (1, 1, 1), (41, 41, 41))
    canvas = Canvas(grid, {"air": 0, "bone": 1}, edge_mm=2.0)
    canvas.lay(Assembly([Ellipsoid((0.3, -0.2, 0.1), (12, 9, 14), "bone")]))
    true_volume = 4 / 3 * np.pi * 12 * 9 * 14
    assert canvas.volume.sum() == pytest.approx(true_volume, rel=0.01)


def test_a_cloud_varies_equally_much_everywhere() -> None:
    grid = Grid.of((0, 0, 0), (0.5, 0.5, 0.5), (40, 120, 120))
    field = Cloud((3,), 4.0).on(grid)
    phases = [field[:, :, start::8].std() for start in range(8)]  # one cell is 8 voxels
    assert max(phases) / min(phases) < 1.15


def test_the_same_seed_gives_the_same_cloud_and_another_seed_another() -> None:
    grid = Grid.of((0, 0, 0), (1, 1, 1), (4, 30, 30))
    first = Cloud((1, 2), 5.0).on(grid)
    assert (first == Cloud((1, 2), 5.0).on(grid)).all()
    assert (first != Cloud((1, 3), 5.0).on(grid)).any()


def test_blurring_moves_no_light_away() -> None:
    dot = np.zeros((41, 41), np.float32)
    dot[20, 17] = 100
    spread = blur(dot, 2.0)
    assert spread.sum() == pytest.approx(100, rel=1e-4)
    assert spread[20, 17] == spread.max()


def test_scanner_noise_has_unit_strength_and_no_offset() -> None:
    noise = scanner_noise((5,), 128)
    assert noise.std() == pytest.approx(1, abs=1e-3)
    assert noise.mean() == pytest.approx(0, abs=0.01)


@given(st.integers(0, 2**32 - 1), st.integers(2, 40))
def test_branches_thin_out_by_murrays_law(seed: int, count: int) -> None:
    targets = np.random.default_rng(seed).uniform(-50, 50, (count, 3))
    tree = grow((0, 0, 0), targets, leaf_radius=0.5, detour=0.3)
    assert (tree.parents[1:] < np.arange(1, count + 1)).all()
    for n in range(count + 1):
        children = np.flatnonzero(tree.parents == n)
        cubes = (tree.radii[children[children != n]] ** 3).sum()
        assert tree.radii[n] ** 3 == pytest.approx(cubes + 0.5**3)
    assert len(tree.branches()) == count
