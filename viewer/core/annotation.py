"""What a reader draws to measure: a shape on one frame of one image.

Points are image coordinates ``(column, row)`` with ``(0, 0)`` at the *centre* of the
first pixel, as in `viewer.core.geometry`. They belong to the image, never to the
screen: zooming, turning and mirroring the view leave them as they are.
"""

import itertools
import math
from dataclasses import dataclass, replace
from enum import StrEnum

from viewer.core.errors import GeometryError
from viewer.core.identity import SOPInstanceUID
from viewer.core.view import Point


class Shape(StrEnum):
    """What kind of drawing it is, and so what it measures."""

    LENGTH = "length"
    ANGLE = "angle"
    RECTANGLE = "rectangle"
    ELLIPSE = "ellipse"
    PROBE = "probe"

    @property
    def has_area(self) -> bool:
        """Whether it encloses pixels."""
        return self in (Shape.RECTANGLE, Shape.ELLIPSE)

    @property
    def reads_pixels(self) -> bool:
        """Whether its values come from pixels, not from its points alone."""
        return self.has_area or self is Shape.PROBE


POINTS = {
    Shape.LENGTH: 2,  # the ends
    Shape.ANGLE: 3,  # end, vertex, end
    Shape.RECTANGLE: 2,  # opposite corners
    Shape.ELLIPSE: 2,  # opposite corners of the rectangle around it
    Shape.PROBE: 1,
}
"""How many points each shape has, and which."""


@dataclass(frozen=True, slots=True)
class Annotation:
    """One drawing.

    Rectangles and ellipses lie along the rows and columns of the image.

    Attributes
    ----------
    uid : str
        Tells it from all others, also in other catalogs.
    sop_instance_uid : SOPInstanceUID
    frame : int
        Counted from 1.
    shape : Shape
    points : tuple of Point
        As many as `POINTS` says, in image coordinates.
    label : Point or None
        Where the reader put the label's middle, in image coordinates; None where it
        finds its own place.
    """

    uid: str
    sop_instance_uid: SOPInstanceUID
    frame: int
    shape: Shape
    points: tuple[Point, ...]
    label: Point | None = None

    def __post_init__(self) -> None:
        """Refuse what could not be measured.

        Raises
        ------
        GeometryError
            If points are missing or too many, no numbers, or fall together.
        """
        wanted = POINTS[self.shape]
        if len(self.points) != wanted:
            points = "1 point" if wanted == 1 else f"{wanted} points"
            raise GeometryError(f"A {self.shape} needs {points}.")
        placed = (*self.points, *([self.label] if self.label else []))
        if not all(math.isfinite(value) for point in placed for value in point):
            raise GeometryError("A point of the drawing is no number.")
        if self.frame < 1:
            raise GeometryError("Frames are counted from 1.")
        if _falls_together(self.shape, self.points):
            raise GeometryError(f"The points of the {self.shape} fall together.")

    def with_points(self, points: tuple[Point, ...]) -> "Annotation":
        """The same drawing elsewhere."""
        return replace(self, points=points)

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of its points."""
        columns, rows = zip(*self.points, strict=True)
        return min(columns), min(rows), max(columns), max(rows)


def _falls_together(shape: Shape, points: tuple[Point, ...]) -> bool:
    """Whether nothing is left to be measured."""
    if shape.has_area:
        (x0, y0), (x1, y1) = points
        return x0 == x1 or y0 == y1
    return any(a == b for a, b in itertools.pairwise(points))
