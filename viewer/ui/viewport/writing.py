"""Where the text and the rulers of a viewport stand: small pictures and their places.

What is above stays while the window changes, what is below while nothing does; both
are kept, because finding the places costs more than drawing the pictures.
"""

from collections.abc import Iterator
from functools import lru_cache
from itertools import islice, takewhile, zip_longest

from PySide6.QtCore import QPointF

from viewer.core.corners import Corners
from viewer.core.orientation import SideLetters
from viewer.core.ruler import Ruler
from viewer.core.view import Size
from viewer.ui import theme
from viewer.ui.viewport.outlined import (
    Placed,
    line_height,
    outlined,
    placed,
    width_of,
)
from viewer.ui.viewport.scales import ruler_below, ruler_beside

_MARGIN = theme.GAP_S
_RULER_LABEL = 11 * theme.UNIT
_LINES_BESIDE_RULER = 3

Lines = tuple[str, ...]


@lru_cache(maxsize=64)
def room_below(corners: Corners, width: int, ratio: float) -> float:
    """The part of a viewport's width that its lowest lines leave in the middle."""
    left = (*corners.marks, *corners.bottom_left)
    lowest = *left[-_LINES_BESIDE_RULER:], *corners.bottom_right[-_LINES_BESIDE_RULER:]
    widest = max((_width(line, ratio) for line in lowest), default=0.0)
    taken = 2 * (widest + _MARGIN + _RULER_LABEL)
    return max(width - taken, 0.0) / width


@lru_cache(maxsize=64)
def placed_above(
    corners: tuple[Lines, Lines],
    letters: SideLetters,
    ruler: Ruler | None,
    size: Size,
    ratio: float,
) -> tuple[Placed, ...]:
    """The upper corners, all letters but the lowest, and the ruler on the left.

    Parameters
    ----------
    corners : tuple of tuple of str
        Left and right.
    letters : SideLetters
    ruler : Ruler or None
    size : Size
        Of the viewport, in screen pixels.
    ratio : float
        Device pixels for one screen pixel.
    """
    width, height = size
    left, right = corners
    text, middle = theme.ON_IMAGE.text, ((width - 1) // 2, (height - 1) // 2)
    edge = width - _MARGIN
    return (
        *_column(left, (_MARGIN, _MARGIN), text, ratio),
        *_column(right, (edge, _MARGIN), text, ratio, right=True),
        *_letter(letters.left, (_MARGIN, middle[1]), (0.0, 0.5), ratio),
        *_letter(letters.right, (edge, middle[1]), (1.0, 0.5), ratio),
        *_letter(letters.top, (middle[0], _MARGIN), (0.5, 0.0), ratio),
        *(() if ruler is None else ruler_beside(ruler, size, ratio)),
    )


@lru_cache(maxsize=64)
def placed_below(
    corners: tuple[Lines, Lines, Lines],
    letter: str,
    ruler: Ruler | None,
    size: Size,
    ratio: float,
) -> tuple[Placed, ...]:
    """Marks, the lower corners, the letter at the foot, and the ruler there.

    `corners` are the marks, the left and the right one; the rest is as in
    `placed_above`.
    """
    marks, left, right = corners
    width, line = size[0], line_height()
    text, bottom = theme.ON_IMAGE.text, size[1] - _MARGIN
    beside = (*marks, *left)
    lower = bottom - line * len(left)
    shown = _not_met(right, beside, width - 2 * _MARGIN, ratio)
    above, across = lower - line * len(marks), bottom - line * len(shown)
    foot = (width - 1) // 2, bottom - _lift(beside, width, ratio)
    return (
        *_column(left, (_MARGIN, lower), text, ratio),
        *_column(marks, (_MARGIN, above), theme.ON_IMAGE.warn, ratio),
        *_column(shown, (width - _MARGIN, across), text, ratio, right=True),
        *_letter(letter, foot, (0.5, 1.0), ratio),
        *(() if ruler is None else ruler_below(ruler, size, ratio)),
    )


def _lift(lines: Lines, width: int, ratio: float) -> int:
    """Screen pixels that the letter at the foot goes up beside long marks."""
    middle = width / 2 - _MARGIN - line_height()
    reaching = (_width(line, ratio) > middle for line in reversed(lines))
    return line_height() * sum(1 for _ in takewhile(bool, reaching))


def _not_met(lines: Lines, beside: Lines, room: float, ratio: float) -> Lines:
    """Lines of the right corner, blank where a mark reaches into them."""
    rows = zip_longest(reversed(lines), reversed(beside), fillvalue="")
    kept = [
        right if _width(right, ratio) + _width(left, ratio) <= room else ""
        for right, left in islice(rows, len(lines))
    ]
    return tuple(reversed(kept))


def _column(
    lines: Lines,
    corner: tuple[int, int],
    colour: str,
    ratio: float,
    *,
    right: bool = False,
) -> Iterator[Placed]:
    """Each line as a picture; blank ones are left out.

    `corner` is the upper left one, or the upper right one of lines at the `right`.
    """
    edge, top = corner
    for row, line in enumerate(lines):
        if line:
            left = edge - round(width_of(line, colour, ratio)) if right else edge
            place = QPointF(left, top + row * line_height())
            yield placed(place, outlined(line, colour, ratio))


def _letter(
    text: str, at: tuple[int, int], part: tuple[float, float], ratio: float
) -> Iterator[Placed]:
    """`part` says which part of the text lies `at` its point, across and down."""
    if text:
        drawn = outlined(text, theme.ON_IMAGE.text, ratio)
        size = drawn.deviceIndependentSize()
        left = round(at[0] - size.width() * part[0])
        yield placed(QPointF(left, round(at[1] - size.height() * part[1])), drawn)


def _width(line: str, ratio: float) -> float:
    return width_of(line, theme.ON_IMAGE.text, ratio) if line else 0.0
