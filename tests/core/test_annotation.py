"""Drawings are valid from the start, and change only as the hand means."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewer.core.annotation import POINTS, Annotation, Shape
from viewer.core.annotation_forms import (
    clamped,
    distance,
    handles,
    image_box,
    moved,
    nearest,
    outline,
    with_handle,
)
from viewer.core.errors import GeometryError
from viewer.core.identity import SOPInstanceUID
from viewer.core.view import Point

BOX = image_box(64, 48)
coordinates = st.floats(-0.5, 40, allow_nan=False)
points = st.tuples(coordinates, coordinates)


def drawn(shape: Shape, *at: Point, label: Point | None = None) -> Annotation:
    return Annotation("a", SOPInstanceUID("1.2"), 1, shape, at, label)


SPREAD: dict[Shape, tuple[Point, ...]] = {
    Shape.LENGTH: ((1, 2), (8, 9)),
    Shape.ANGLE: ((1, 2), (8, 9), (20, 4)),
    Shape.RECTANGLE: ((10, 12), (4, 2)),
    Shape.ELLIPSE: ((4, 2), (10, 12)),
    Shape.PROBE: ((3, 3),),
}


@pytest.mark.parametrize("shape", Shape)
@pytest.mark.parametrize("change", [-1, 1])
def test_a_shape_has_exactly_its_points(shape: Shape, change: int) -> None:
    count = POINTS[shape] + change
    with pytest.raises(GeometryError, match=f"needs {POINTS[shape]} point"):
        drawn(shape, *((n, n * n) for n in range(count)))


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_a_point_is_a_number(bad: float) -> None:
    with pytest.raises(GeometryError, match="no number"):
        drawn(Shape.LENGTH, (0, 0), (1, bad))
    with pytest.raises(GeometryError, match="no number"):
        drawn(Shape.PROBE, (0, 0), label=(bad, 1))


@pytest.mark.parametrize(
    ("shape", "at"),
    [
        (Shape.LENGTH, ((1, 1), (1, 1))),
        (Shape.ANGLE, ((1, 1), (1, 1), (2, 2))),
        (Shape.ANGLE, ((1, 1), (2, 2), (2, 2))),
        (Shape.RECTANGLE, ((1, 1), (1, 9))),
        (Shape.ELLIPSE, ((1, 1), (9, 1))),
    ],
)
def test_what_falls_together_is_no_drawing(shape: Shape, at: tuple[Point, ...]) -> None:
    with pytest.raises(GeometryError, match="fall together"):
        drawn(shape, *at)


def test_frames_count_from_one() -> None:
    with pytest.raises(GeometryError, match="from 1"):
        Annotation("a", SOPInstanceUID("1.2"), 0, Shape.PROBE, ((1, 1),))


@pytest.mark.parametrize("shape", Shape)
def test_every_handle_comes_to_where_it_is_put_and_the_opposite_stays(
    shape: Shape,
) -> None:
    one = drawn(shape, *SPREAD[shape])
    before = handles(one)
    for place, (x, y) in enumerate(before):
        there = (x + 1.25, y + 0.5)
        after = handles(with_handle(one, place, there))
        assert after[place] in (there, (there[0], y), (x, there[1])) or (
            shape is Shape.ELLIPSE
        )
        if shape.has_area:
            opposite = (place + 2) % 4
            if shape is Shape.RECTANGLE:
                assert after[opposite] == before[opposite]
            else:
                side = opposite % 2  # the axis end keeps its own coordinate
                assert after[opposite][side] == before[opposite][side]


def test_a_handle_may_cross_the_opposite_corner() -> None:
    one = with_handle(drawn(Shape.RECTANGLE, (0, 0), (4, 4)), 0, (9, 10))
    assert one.box == (4, 4, 9, 10)


@given(st.sampled_from(list(Shape)), st.tuples(coordinates, coordinates))
def test_a_drawing_moves_as_one_and_stays_on_the_image(shape: Shape, by: Point) -> None:
    one = drawn(shape, *SPREAD[shape], label=(5, 5))
    there = moved(one, by, BOX)
    ways = {
        (round(after[0] - before[0], 9), round(after[1] - before[1], 9))
        for before, after in zip(one.points, there.points, strict=True)
    }
    assert len(ways) == 1
    assert there.label is not None
    way = next(iter(ways))
    assert there.label[0] - 5 == pytest.approx(way[0], abs=1e-8)  # as rounded above
    left, top, right, bottom = there.box
    assert left >= BOX[0] - 1e-9
    assert right <= BOX[2] + 1e-9
    assert top >= BOX[1] - 1e-9
    assert bottom <= BOX[3] + 1e-9


def test_a_drawing_over_the_edge_can_only_come_back() -> None:
    one = drawn(Shape.LENGTH, (-10, 5), (20, 5))
    assert moved(one, (-5, 0), BOX).points == one.points
    assert moved(one, (5, 0), BOX).points == ((-5, 5), (25, 5))


@given(points)
def test_the_nearest_point_of_an_outline_is_as_far_as_the_outline(at: Point) -> None:
    for shape in Shape:
        line = outline(drawn(shape, *SPREAD[shape]))
        assert math.dist(at, nearest(at, line)) == pytest.approx(distance(at, line))


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_a_clamped_point_lies_on_the_image(x: float, y: float) -> None:
    left, top, right, bottom = BOX
    column, row = clamped((x, y), BOX)
    assert left <= column <= right
    assert top <= row <= bottom


def test_an_outline_of_an_ellipse_touches_its_rectangle() -> None:
    line = outline(drawn(Shape.ELLIPSE, (0, 0), (8, 4)))
    columns, rows = zip(*line, strict=True)
    assert (min(columns), max(columns)) == pytest.approx((0, 8))
    assert (min(rows), max(rows)) == pytest.approx((0, 4))
