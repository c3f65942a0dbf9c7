"""Where an image lies in the patient."""

import math
from collections.abc import Callable
from functools import lru_cache
from typing import Final, cast

from viewer.core.errors import GeometryError
from viewer.core.geometry import ImagePlane, Vector
from viewer.dicom import tag as tags
from viewer.dicom.attributes import Attributes

BAD_GEOMETRY: Final = "a position in the patient that cannot be right"
ROUNDED: Final = "an orientation written with too few digits"

_ROUNDING: Final = 2e-3  # a direction written with three digits
_EXACT: Final = 4e-5  # well inside what `ImagePlane` takes for a right angle


def to_plane(
    position: tuple[float, ...] | None,
    orientation: tuple[float, ...] | None,
    spacing: tuple[float, float] | None,
    note: Callable[[str], None],
) -> ImagePlane | None:
    """Plane of an image from its three attributes; None if one is missing or wrong.

    A direction that is not quite of unit length, as few digits make it, is corrected:
    over a whole image it would shift the last pixel by a millimetre.

    Parameters
    ----------
    position, orientation, spacing : tuple of float or None
    note : callable
        Hears what had to be tolerated.
    """
    if position is None or orientation is None or spacing is None:
        return None
    try:
        # What is remembered of 0 must hold for −0 too: their bytes differ in a catalog.
        orientation = tuple(value + 0.0 for value in orientation)
        row, column = _orthonormal(orientation)
        if (row, column) != (orientation[:3], orientation[3:]):
            note(ROUNDED)
        row_step, column_step = spacing
        origin = cast("Vector", position)
        return ImagePlane(origin, row, column, column_step, row_step)
    except GeometryError:
        note(BAD_GEOMETRY)
        return None


def shifted(plane: ImagePlane, along_normal_mm: float) -> ImagePlane:
    """The parallel plane `along_normal_mm` further along the normal."""
    x, y, z = (
        start + along_normal_mm * step
        for start, step in zip(plane.origin, plane.normal, strict=True)
    )
    return ImagePlane(
        (x, y, z),
        plane.along_row,
        plane.along_column,
        plane.column_step,
        plane.row_step,
    )


def to_aspect(data_set: Attributes) -> tuple[int, int]:
    """Pixel Aspect Ratio (0028,0034): height and width in proportion; PS3.3 10.7."""
    values = data_set.numbers(tags.PIXEL_ASPECT_RATIO)
    if not values:
        return 1, 1
    sides = [int(value) for value in values if value is not None and value >= 1]
    if len(sides) != 2:
        data_set.note("a pixel aspect ratio that cannot be right")
        return 1, 1
    return sides[0], sides[1]


@lru_cache(maxsize=256)  # the slices of a series have one
def _orthonormal(orientation: tuple[float, ...]) -> tuple[Vector, Vector]:
    """The two directions made exact where rounding alone keeps them from being so."""
    row, column = orientation[:3], orientation[3:]
    dot = sum(map(float.__mul__, row, column))
    lengths = math.hypot(*row), math.hypot(*column)
    off = max(abs(dot), *(abs(length - 1) for length in lengths))
    if off > _ROUNDING:
        raise GeometryError("The image orientation is not a right angle.")
    if off <= _EXACT:
        return cast("Vector", row), cast("Vector", column)
    row = tuple(value / lengths[0] for value in row)
    dot = sum(map(float.__mul__, row, column))
    column = tuple(c - dot * r for r, c in zip(row, column, strict=True))
    length = math.hypot(*column)
    column = tuple(value / length for value in column)
    return cast("Vector", row), cast("Vector", column)
