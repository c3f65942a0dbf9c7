"""The regions of an ultrasound image: each has millimetres of its own, or none."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

BEYOND: Final = "it reaches beyond the image"
"""`UltrasoundRegion.content` of a region that was made for another image."""

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class UltrasoundRegion:
    """A rectangle of the picture; PS3.3 C.8.5.5.

    Attributes
    ----------
    left, top, right, bottom : int
        Its outermost pixels, all inside it.
    row_mm, column_mm : float or None
        To the next row and to the next column; None where the region shows no tissue
        in two dimensions, or its units are not centimetres.
    content : str
        What it shows instead: ``"M-mode"``, ``"spectral Doppler"``.
    low_priority : bool
        Bit 0 of Region Flags (0018,6016): where it overlaps a region without this
        bit, the pixels are the other's.
    """

    left: int
    top: int
    right: int
    bottom: int
    row_mm: float | None = None
    column_mm: float | None = None
    content: str = ""
    low_priority: bool = False

    def holds(self, point: Point) -> bool:
        """Whether the pixel at ``(column, row)`` is one of its own."""
        column, row = point
        across = self.left - 0.5 <= column < self.right + 0.5
        return across and self.top - 0.5 <= row < self.bottom + 0.5

    def has_steps_of(self, other: "UltrasoundRegion") -> bool:
        """Whether it makes no difference which of the two a pixel belongs to."""
        return (self.row_mm, self.column_mm) == (other.row_mm, other.column_mm)

    def yields_to(self, other: "UltrasoundRegion") -> bool:
        """Whether an overlap with `other` cannot be counted as this one's."""
        return self.low_priority or not other.low_priority

    def is_crossed_by(self, start: Point, end: Point) -> bool:
        """Whether a straight line touches one of its pixels (Liang–Barsky)."""
        first, last = 0.0, 1.0
        sides = ((self.left, self.right), (self.top, self.bottom))
        for axis, (low, high) in enumerate(sides):
            step = end[axis] - start[axis]
            for pace, room in (
                (-step, start[axis] - (low - 0.5)),
                (step, high + 0.5 - start[axis]),
            ):
                if pace == 0 and room < 0:
                    return False
                if pace > 0:
                    last = min(last, room / pace)
                elif pace < 0:
                    first = max(first, room / pace)
        return first <= last


def region_of(
    regions: Sequence[UltrasoundRegion], points: Sequence[Point], *, filled: bool
) -> UltrasoundRegion | None:
    """The one region that a drawing lies in from end to end.

    Parameters
    ----------
    regions : sequence of UltrasoundRegion
    points : sequence of Point
        Joined by straight lines in their order; at least one.
    filled : bool
        Whether everything between the points counts, as for an area.

    Returns
    -------
    UltrasoundRegion or None
        None where no region holds all of it, or where two of one priority lie over
        each other and the file does not say whose the pixels are.
    """
    holding = [one for one in regions if all(map(one.holds, points))]
    for region in holding:
        agreeing = [one for one in holding if one.has_steps_of(region)]
        rivals = [
            other
            for other in regions
            if other not in agreeing and region.yields_to(other)
        ]
        if not any(_meets(other, points, filled=filled) for other in rivals):
            return region
    return None


def ruled_regions(
    regions: Iterable[UltrasoundRegion],
) -> tuple[UltrasoundRegion, ...]:
    """The regions that can be measured in millimetres, the largest first."""
    ruled = [one for one in regions if one.row_mm is not None]
    return tuple(sorted(ruled, key=_area, reverse=True))


def _area(region: UltrasoundRegion) -> int:
    width, height = region.right - region.left + 1, region.bottom - region.top + 1
    return width * height


def _meets(region: UltrasoundRegion, points: Sequence[Point], *, filled: bool) -> bool:
    """Whether a drawing has anything in `region`."""
    if filled:
        left, right = _extent([column for column, _ in points])
        top, bottom = _extent([row for _, row in points])
        across = left < region.right + 0.5 and right >= region.left - 0.5
        return across and top < region.bottom + 0.5 and bottom >= region.top - 0.5
    lines = pairwise(points) if len(points) > 1 else [(points[0], points[0])]
    return any(region.is_crossed_by(start, end) for start, end in lines)


def _extent(values: Sequence[float]) -> tuple[float, float]:
    return min(values), max(values)
