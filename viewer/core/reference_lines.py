"""Where one image cuts through another."""

from dataclasses import dataclass
from functools import lru_cache
from operator import mul

import numpy as np
import numpy.typing as npt

from viewer.core.geometry import ImagePlane

_NEARLY = 0.94  # cosine of 20°
_ROUNDING_MM = 1e-6

Point = tuple[float, float]
_Points = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class PlacedImage:
    """An image in the patient: its plane, and its size in pixels."""

    plane: ImagePlane
    columns: int
    rows: int

    @property
    def centre(self) -> Point:
        """Its middle in pixel coordinates ``(column, row)``."""
        return (self.columns - 1) / 2, (self.rows - 1) / 2

    @property
    def corners_mm(self) -> _Points:
        """The outer edges of its corner pixels, LPS mm, ``(4, 3)``, in a round."""
        right, bottom = self.columns - 0.5, self.rows - 0.5
        return self.plane.to_patient(
            np.array([(-0.5, -0.5), (right, -0.5), (right, bottom), (-0.5, bottom)])
        )


@lru_cache(maxsize=4096)  # a notch of the wheel asks for many, mostly again
def to_reference_line(
    source: PlacedImage, target: PlacedImage
) -> tuple[Point, Point] | None:
    """The line that `source` cuts into `target`.

    Returns
    -------
    tuple of Point or None
        Both ends in pixel coordinates ``(column, row)`` of `target`, inside its
        outer edges; None if they are parallel or do not meet.

    Notes
    -----
    Both must share one frame of reference.
    """
    if _is_parallel_or_beside(source, target):
        return None
    corners = source.corners_mm
    normal = np.asarray(target.plane.normal)
    heights = (corners - np.asarray(target.plane.origin)) @ normal
    crossings = [
        corners[i] + (corners[j] - corners[i]) * heights[i] / (heights[i] - heights[j])
        for i, j in ((0, 1), (1, 2), (2, 3), (3, 0))
        if (heights[i] < 0) != (heights[j] < 0)
    ]
    if len(crossings) != 2:
        return None
    return _clipped(target.plane.to_pixel(np.array(crossings)), target)


def _is_parallel_or_beside(source: PlacedImage, target: PlacedImage) -> bool:
    """Whether `source` certainly cuts no line: mostly so, and found out quickly."""
    across, down = source.columns / 2, source.rows / 2
    plane, normal = source.plane, target.plane.normal
    step, other = plane.column_step, plane.row_step
    along, along_column = (
        sum(map(mul, direction, normal))
        for direction in (plane.along_row, plane.along_column)
    )
    middle = sum(
        (mine - theirs) * part
        for mine, theirs, part in zip(
            plane.origin, target.plane.origin, normal, strict=True
        )
    )
    middle += (across - 0.5) * step * along + (down - 0.5) * other * along_column
    reach = abs(across * step * along) + abs(down * other * along_column)
    return bool(reach < _ROUNDING_MM or abs(middle) > reach + _ROUNDING_MM)


def to_plane_name(plane: ImagePlane) -> str:
    """``axial``, ``coronal`` or ``sagittal`` within 20°, otherwise ``oblique``."""
    strength = [abs(part) for part in plane.normal]
    strongest = max(strength)
    if strongest < _NEARLY:
        return "oblique"
    return ("sagittal", "coronal", "axial")[strength.index(strongest)]


def _clipped(ends: _Points, target: PlacedImage) -> tuple[Point, Point] | None:
    """The part of a line inside the outer edges of `target` (Liang–Barsky)."""
    start, step = ends[0], ends[1] - ends[0]
    first, last = 0.0, 1.0
    for axis, size in ((0, target.columns), (1, target.rows)):
        for sign, edge in ((-1.0, -0.5), (1.0, size - 0.5)):
            pace, room = sign * step[axis], sign * (edge - start[axis])
            if pace == 0 and room < 0:
                return None
            if pace > 0:
                last = min(last, room / pace)
            elif pace < 0:
                first = max(first, room / pace)
    if first >= last:
        return None
    (a, b), (c, d) = start + step * first, start + step * last
    return (float(a), float(b)), (float(c), float(d))
