"""The regions of an ultrasound image, with their millimetres; PS3.3 C.8.5.5."""

from dataclasses import replace
from typing import Final

from viewer.core.image import PixelFormat
from viewer.core.ultrasound import BEYOND, UltrasoundRegion, ruled_regions
from viewer.dicom import tag as tags
from viewer.dicom.attributes import Attributes
from viewer.dicom.spacing import is_step

BAD_REGION: Final = "an ultrasound region that cannot be right"

_PLANE: Final = 1  # Region Spatial Format: 2D
_CENTIMETRES: Final = 3  # Physical Units: cm
_LOW_PRIORITY: Final = 1  # bit 0 of Region Flags

_CONTENTS: Final = {
    0: "it says no format",
    2: "M-mode",
    3: "spectral Doppler",
    4: "a waveform",
    5: "graphics",
}
"""Region Spatial Format (0018,6012); PS3.3 C.8.5.5.1.1."""

_MOST_REGIONS: Final = 100

_ALMOST_SQUARE: Final = 0.01  # the deltas of square pixels differ by their rounding


def to_regions(
    data_set: Attributes, pixels: PixelFormat
) -> tuple[UltrasoundRegion, ...]:
    """The regions of the image; one without a rectangle is left out.

    One that reaches beyond the image was made for another one, which this one was
    cut or shrunk from: its millimetres are not believed.
    """
    items = data_set.items(tags.ULTRASOUND_REGIONS)
    if len(items) > _MOST_REGIONS:
        data_set.note(BAD_REGION)
        return (_unknown(pixels),)
    found = [region for item in items if (region := _to_region(item)) is not None]
    if len(found) < len(items):
        data_set.note(BAD_REGION)
    for index, region in enumerate(found):
        # Many write the first pixel after the region as its last one.
        if region.right > pixels.columns or region.bottom > pixels.rows:
            found[index] = replace(region, row_mm=None, column_mm=None, content=BEYOND)
            data_set.note(BAD_REGION)
    return tuple(found)


def _unknown(pixels: PixelFormat) -> UltrasoundRegion:
    """All of a picture of which nothing is known."""
    right, bottom = pixels.columns - 1, pixels.rows - 1
    return UltrasoundRegion(0, 0, right, bottom, content="it has too many regions")


def to_region_aspect(
    regions: tuple[UltrasoundRegion, ...],
) -> tuple[int, int] | None:
    """Height and width of a pixel in proportion, where all regions agree on one.

    None for square pixels, too: a picture is not stretched for a rounding.
    """
    ratios = [
        region.row_mm / region.column_mm
        for region in ruled_regions(regions)
        if region.row_mm and region.column_mm
    ]
    if not ratios or max(ratios) > min(ratios) * (1 + _ALMOST_SQUARE):
        return None
    if abs(ratios[0] - 1) <= _ALMOST_SQUARE:
        return None
    return round(ratios[0] * 10_000), 10_000


def _to_region(item: Attributes) -> UltrasoundRegion | None:
    edges = [item.integer(tag) for tag in tags.REGION_LOCATION]
    left, top, right, bottom = (-1 if edge is None else edge for edge in edges)
    if not (0 <= left <= right and 0 <= top <= bottom):
        return None
    flags = item.integer(tags.REGION_FLAGS) or 0
    content, steps = _content(item), _steps_mm(item)
    if not content and steps is None:
        content = "its pixels have no size"
    row_mm, column_mm = steps if steps is not None and not content else (None, None)
    return UltrasoundRegion(
        left=left,
        top=top,
        right=right,
        bottom=bottom,
        row_mm=row_mm,
        column_mm=column_mm,
        content=content,
        low_priority=bool(flags & _LOW_PRIORITY),
    )


def _content(item: Attributes) -> str:
    """What keeps the region from having millimetres; empty if nothing does."""
    form = item.integer(tags.REGION_SPATIAL_FORMAT)
    if form != _PLANE:
        return _CONTENTS.get(form or 0, "its format is not known")
    units = [item.integer(tag) for tag in tags.PHYSICAL_UNITS]
    return "" if units == [_CENTIMETRES] * 2 else "its units are not centimetres"


def _steps_mm(item: Attributes) -> tuple[float, float] | None:
    """To the next row and to the next column; the file's signs say only which way."""
    column, row = (item.number(tag) for tag in tags.PHYSICAL_DELTAS)
    if row is None or column is None:
        return None
    steps = abs(row) * 10, abs(column) * 10
    return steps if all(map(is_step, steps)) else None
