"""How drawings look and how a hand changes them, in image coordinates."""

import itertools
import math
from collections.abc import Sequence
from dataclasses import replace

from viewer.core.annotation import Annotation, Shape
from viewer.core.view import Point

_ELLIPSE_PARTS = 96

Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""


def handles(annotation: Annotation) -> tuple[Point, ...]:
    """The points a hand can take: ends, corners, or the ends of an ellipse's axes."""
    if not annotation.shape.has_area:
        return annotation.points
    (x0, y0), (x1, y1) = annotation.points
    if annotation.shape is Shape.RECTANGLE:
        return (x0, y0), (x1, y0), (x1, y1), (x0, y1)
    middle_x, middle_y = (x0 + x1) / 2, (y0 + y1) / 2
    return (x0, middle_y), (middle_x, y0), (x1, middle_y), (middle_x, y1)


def with_handle(annotation: Annotation, handle: int, point: Point) -> Annotation:
    """The drawing with one of its handles at `point`; all others stay.

    Raises
    ------
    GeometryError
        If nothing is left to be measured.
    """
    points = list(annotation.points)
    if not annotation.shape.has_area:
        points[handle] = point
        return annotation.with_points(tuple(points))
    ((x0, y0), (x1, y1)), (x, y) = points, point
    moved = _CORNERS if annotation.shape is Shape.RECTANGLE else _AXES
    sides = {"left": x0, "top": y0, "right": x1, "bottom": y1}
    for side in moved[handle]:
        sides[side] = x if side in ("left", "right") else y
    corners = (sides["left"], sides["top"]), (sides["right"], sides["bottom"])
    return annotation.with_points(corners)


_CORNERS = (("left", "top"), ("right", "top"), ("right", "bottom"), ("left", "bottom"))
_AXES = (("left",), ("top",), ("right",), ("bottom",))


def moved(annotation: Annotation, by: Point, within: Box) -> Annotation:
    """The whole drawing moved, as far as it stays inside `within`; so does its label.

    Where it reaches over the edge already, it can only come back.
    """
    left, top, right, bottom = annotation.box
    across = _held(by[0], within[0] - left, within[2] - right)
    down = _held(by[1], within[1] - top, within[3] - bottom)
    points = tuple((x + across, y + down) for x, y in annotation.points)
    label = annotation.label
    if label is not None:
        label = (label[0] + across, label[1] + down)
    return replace(annotation, points=points, label=label)


def clamped(point: Point, within: Box) -> Point:
    """The nearest point inside `within`."""
    left, top, right, bottom = within
    return min(max(point[0], left), right), min(max(point[1], top), bottom)


def image_box(columns: int, rows: int) -> Box:
    """The edges of an image: half a pixel around the outermost centres."""
    return -0.5, -0.5, columns - 0.5, rows - 0.5


def outline(annotation: Annotation) -> tuple[Point, ...]:
    """The drawing as one line through these points; a probe has a single one."""
    if annotation.shape is Shape.RECTANGLE:
        return (*handles(annotation), annotation.points[0])
    if annotation.shape is Shape.ELLIPSE:
        return _ellipse(annotation.points)
    return annotation.points


def distance(point: Point, line: Sequence[Point]) -> float:
    """How far `point` is from a line through points, in their own unit."""
    if len(line) == 1:
        return math.dist(point, line[0])
    return min(_distance(point, a, b) for a, b in itertools.pairwise(line))


def nearest(point: Point, line: Sequence[Point]) -> Point:
    """The point of a line through points that is nearest to `point`."""
    if len(line) == 1:
        return line[0]
    feet = (_foot(point, a, b) for a, b in itertools.pairwise(line))
    return min(feet, key=lambda foot: math.dist(point, foot))


def _ellipse(points: Sequence[Point]) -> tuple[Point, ...]:
    (x0, y0), (x1, y1) = points
    middle_x, middle_y = (x0 + x1) / 2, (y0 + y1) / 2
    across, down = abs(x1 - x0) / 2, abs(y1 - y0) / 2
    turns = [2 * math.pi * part / _ELLIPSE_PARTS for part in range(_ELLIPSE_PARTS)]
    around = [
        (middle_x + across * math.cos(turn), middle_y + down * math.sin(turn))
        for turn in turns
    ]
    return (*around, around[0])


def _held(wish: float, lowest: float, highest: float) -> float:
    """The wish, held between two ends that may lie on one side of nothing."""
    return min(max(wish, min(lowest, 0.0)), max(highest, 0.0))


def _distance(point: Point, start: Point, end: Point) -> float:
    return math.dist(point, _foot(point, start, end))


def _foot(point: Point, start: Point, end: Point) -> Point:
    along = (end[0] - start[0], end[1] - start[1])
    length = along[0] ** 2 + along[1] ** 2
    if length == 0:
        return start
    way = (point[0] - start[0]) * along[0] + (point[1] - start[1]) * along[1]
    part = min(max(way / length, 0.0), 1.0)
    return start[0] + along[0] * part, start[1] + along[1] * part
