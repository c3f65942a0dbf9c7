"""Lengths, angles and areas of points on an image with pixels of any proportion.

Points are ``(column, row)``; a step is the distance to the next row or column, in
millimetres or, where there are none, in pixels.
"""

import math
from collections.abc import Sequence

from viewer.core.view import Point

LENGTH_FORMULA = "√((columns × column step)² + (rows × row step)²)"
ANGLE_FORMULA = "the angle between both arms, each column and row by its step"
RECTANGLE_FORMULA = "width × height"
ELLIPSE_FORMULA = "π × width ÷ 2 × height ÷ 2"


def length(points: Sequence[Point], row_step: float, column_step: float) -> float:
    """Distance between two points."""
    (x0, y0), (x1, y1) = points
    return math.hypot((x1 - x0) * column_step, (y1 - y0) * row_step)


def angle(points: Sequence[Point], row_step: float, column_step: float) -> float:
    """Degrees between the arms to the first and to the last of three points, 0 to 180.

    Only the proportion of the two steps matters.
    """
    start, vertex, end = points
    a, b = _arm(vertex, start), _arm(vertex, end)
    ax, ay, bx, by = (
        a[0] * column_step,
        a[1] * row_step,
        b[0] * column_step,
        b[1] * row_step,
    )
    # Better than an arc cosine, which knows nothing of small angles.
    return math.degrees(math.atan2(abs(ax * by - ay * bx), ax * bx + ay * by))


def rectangle_area(
    points: Sequence[Point], row_step: float, column_step: float
) -> float:
    """Area of the rectangle between two opposite corners."""
    (x0, y0), (x1, y1) = points
    return abs((x1 - x0) * column_step * (y1 - y0) * row_step)


def ellipse_area(points: Sequence[Point], row_step: float, column_step: float) -> float:
    """Area of the ellipse inside the rectangle between two opposite corners."""
    return math.pi / 4 * rectangle_area(points, row_step, column_step)


def _arm(vertex: Point, end: Point) -> Point:
    return end[0] - vertex[0], end[1] - vertex[1]
