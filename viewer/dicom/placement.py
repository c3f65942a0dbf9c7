"""Where an image lies in the patient, and what its millimetres are measured in.

Millimetres are only given where the file says whose they are; PS3.3 10.7.1.
"""

import math
from typing import Final, cast

from viewer.core.errors import GeometryError
from viewer.core.geometry import ImagePlane, Vector
from viewer.core.image import Spacing, SpacingKind
from viewer.dicom import tag as tags
from viewer.dicom.attributes import Attributes

BAD_GEOMETRY: Final = "a position in the patient that cannot be right"
ROUNDED: Final = "an orientation written with too few digits"
BAD_SPACING: Final = "a pixel spacing that cannot be right"

_PROJECTIONS: Final = frozenset(
    {"CR", "DX", "MG", "IO", "PX", "XA", "RF", "RG", "RTIMAGE", "BMD"}
)
_SOUND: Final = frozenset(["US", "IVUS", "BDUS"])
_ROUNDING: Final = 2e-3  # a direction written with three digits
_EXACT: Final = 4e-5  # well inside what `ImagePlane` takes for a right angle


def to_plane(
    position: tuple[float, ...] | None,
    orientation: tuple[float, ...] | None,
    spacing: tuple[float, float] | None,
    data_set: Attributes,
) -> ImagePlane | None:
    """Plane of an image from its three attributes; None if one is missing or wrong.

    A direction that is not quite of unit length, as few digits make it, is corrected:
    over a whole image it would shift the last pixel by a millimetre.
    """
    if position is None or orientation is None or spacing is None:
        return None
    try:
        row, column = _orthonormal(orientation)
        if (row, column) != (orientation[:3], orientation[3:]):
            data_set.note(ROUNDED)
        row_step, column_step = spacing
        origin = cast("Vector", position)
        return ImagePlane(origin, row, column, column_step, row_step)
    except GeometryError:
        data_set.note(BAD_GEOMETRY)
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


def pixel_spacing(item: Attributes) -> tuple[float, float] | None:
    """Pixel Spacing (0028,0030): to the next row, to the next column."""
    return _spacing(item, tags.PIXEL_SPACING)


def to_spacing(
    data_set: Attributes, spacing: tuple[float, float] | None, *, placed: bool
) -> Spacing | None:
    """Spacing of an image and whose millimetres it is in.

    Parameters
    ----------
    spacing : tuple of float or None
        Pixel Spacing of the image or of the frame.
    placed : bool
        Whether the image has a position in the patient.

    Returns
    -------
    Spacing or None
        None where the file gives none that could be trusted. A projection's Pixel
        Spacing that nobody calibrated is that of the detector, said or not; an
        ultrasound's Pixel Spacing is none, its regions have their own.

    References
    ----------
    PS3.3 10.7.1.1, 10.7.1.3.
    """
    modality = data_set.text(tags.MODALITY)
    imager = _spacing(data_set, tags.IMAGER_PIXEL_SPACING)
    if modality in _SOUND or (spacing is None and imager is None):
        return None
    if spacing is None:
        return _of_kind(imager, SpacingKind.DETECTOR)
    if placed and modality not in _PROJECTIONS:
        kind = SpacingKind.PATIENT
    elif data_set.text(tags.PIXEL_SPACING_CALIBRATION_TYPE):
        kind = SpacingKind.CALIBRATED
    elif imager is not None:
        same = all(map(_nearly_equal, spacing, imager))
        kind = SpacingKind.DETECTOR if same else SpacingKind.CALIBRATED
    else:
        is_projection = modality in _PROJECTIONS
        kind = SpacingKind.DETECTOR if is_projection else SpacingKind.PATIENT
    return _of_kind(spacing, kind)


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


def _of_kind(spacing: tuple[float, float] | None, kind: SpacingKind) -> Spacing | None:
    return None if spacing is None else Spacing(*spacing, kind)


def _spacing(item: Attributes, tag: int) -> tuple[float, float] | None:
    values = item.numbers(tag)
    if not values:
        return None
    if len(values) == 2:
        row, column = values
        if row is not None and column is not None and row > 0 and column > 0:
            return row, column
    if any(value != 0 for value in values):  # zeros are how some write "unknown"
        item.note(BAD_SPACING)
    return None


def _nearly_equal(a: float, b: float) -> bool:
    return math.isclose(a, b, rel_tol=1e-3)


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
