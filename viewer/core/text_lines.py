"""Rectangles round parts of lines become boxes round lines, with room to spare."""

from collections.abc import Iterable, Sequence
from math import ceil, floor
from typing import Final

from viewer.core.boxes import Box

Extent = tuple[float, float, float, float]
"""Left, top, right and bottom; the last two are the first pixels beside it."""

_ALONG: Final = 1.2  # of a letter's height: a line may begin before what was seen of it
_ACROSS: Final = 0.75
_LEAST: Final = 1.0  # pixels, for the blurred edge of a letter
_UPRIGHT: Final = 1.3  # a line this much higher than wide runs downwards
_GAP: Final = 1.0  # of a line's height, between words of one line
_OVERLAP: Final = 0.6
_LIKE: Final = 1.8


def with_room(core: Extent) -> Extent:
    """A rectangle round letters, given the middle of them as a network marks it."""
    left, top, right, bottom = core
    width, height = right - left, bottom - top
    letter = min(width, height)
    along, across = _ALONG * letter + 2 * _LEAST, _ACROSS * letter + _LEAST
    if height > _UPRIGHT * width:
        along, across = across, along
    return left - along, top - across, right + along, bottom + across


def to_boxes(extents: Sequence[Extent], columns: int, rows: int) -> tuple[Box, ...]:
    """Boxes round whole lines, of an image of this size.

    What lies on one line without a gap a word would not leave is one box.
    """
    merged: list[Extent] = []
    for extent in sorted(extents):
        joined = extent
        while True:
            other = next((one for one in merged if _belong(one, joined)), None)
            if other is None:
                break
            merged.remove(other)
            joined = _round_both(other, joined)
        merged.append(joined)
    boxes = (_box(extent, columns, rows) for extent in merged)
    return _by_place(box for box in boxes if box is not None)


def _belong(one: Extent, other: Extent) -> bool:
    """Whether they are of one line, or one is of the other."""
    across = min(one[2], other[2]) - max(one[0], other[0])
    down = min(one[3], other[3]) - max(one[1], other[1])
    if min(across, down) > 0 and across * down > _OVERLAP * min(
        _area(one), _area(other)
    ):
        return True
    lower, higher = sorted((one[3] - one[1], other[3] - other[1]))
    beside = down > _OVERLAP * lower and -across < _GAP * lower
    return beside and higher < _LIKE * lower


def _area(extent: Extent) -> float:
    return (extent[2] - extent[0]) * (extent[3] - extent[1])


def _round_both(one: Extent, other: Extent) -> Extent:
    return (
        min(one[0], other[0]),
        min(one[1], other[1]),
        max(one[2], other[2]),
        max(one[3], other[3]),
    )


def _box(extent: Extent, columns: int, rows: int) -> Box | None:
    left, top = max(floor(extent[0]), 0), max(floor(extent[1]), 0)
    right, bottom = min(ceil(extent[2]), columns), min(ceil(extent[3]), rows)
    if left >= right or top >= bottom:
        return None
    return Box(left, top, right - left, bottom - top)


def _by_place(boxes: Iterable[Box]) -> tuple[Box, ...]:
    return tuple(sorted(boxes, key=lambda box: (box.row, box.column)))
