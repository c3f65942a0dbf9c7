"""The Real World Value maps of an image or a frame; PS3.3 C.7.6.16.2.11."""

from collections.abc import Iterable

from viewer.core.image import PixelFormat
from viewer.core.real_world import RealWorldMap
from viewer.dicom import tag as tags
from viewer.dicom.attributes import Attributes

_BAD_MAP = "a real world value map that cannot be read"
_WORDS = {"1": "", "[hnsf'U]": "HU"}
"""UCUM's units that are read otherwise; PS3.16 CID 7181."""


def to_real_world(
    items: Iterable[Attributes], pixels: PixelFormat
) -> tuple[RealWorldMap, ...]:
    """The maps of a Real World Value Mapping Sequence (0040,9096) that say enough."""
    maps = (_map(item, pixels) for item in items)
    return tuple(found for found in maps if found is not None)


def _map(item: Attributes, pixels: PixelFormat) -> RealWorldMap | None:
    first = _end(
        item, pixels, tags.DOUBLE_REAL_WORLD_VALUE_FIRST, tags.REAL_WORLD_VALUE_FIRST
    )
    last = _end(
        item, pixels, tags.DOUBLE_REAL_WORLD_VALUE_LAST, tags.REAL_WORLD_VALUE_LAST
    )
    slope = item.number(tags.REAL_WORLD_VALUE_SLOPE)
    intercept = item.number(tags.REAL_WORLD_VALUE_INTERCEPT)
    table = item.numbers(tags.REAL_WORLD_VALUE_LUT_DATA)
    entries = tuple(value for value in table if value is not None)
    linear = slope is not None and intercept is not None
    whole = len(entries) == len(table)
    if first is None or last is None or not whole or not (entries or linear):
        item.note(_BAD_MAP)
        return None
    units = item.first(tags.MEASUREMENT_UNITS_CODE_SEQUENCE)
    unit = units.text(tags.CODE_VALUE) if units is not None else ""
    return RealWorldMap(
        min(first, last),
        max(first, last),
        1.0 if slope is None else slope,
        0.0 if intercept is None else intercept,
        () if linear else entries,
        label=item.text(tags.LUT_LABEL),
        unit=_WORDS.get(unit, unit),
    )


def _end(item: Attributes, pixels: PixelFormat, double: int, word: int) -> float | None:
    """An end of the range; as US or SS it has the sign of the pixels."""
    value = item.number(double)
    if value is not None:
        return value
    value = item.number(word)
    if value is not None and pixels.signed and value > 0x7FFF:
        return value - 0x10000
    return value
