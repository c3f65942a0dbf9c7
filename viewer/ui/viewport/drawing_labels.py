"""Where the words beside a drawing stand, in screen pixels of the viewport."""

from collections.abc import Sequence
from dataclasses import dataclass

from viewer.core.annotation_forms import Box, nearest
from viewer.core.view import Point, Size
from viewer.ui import theme
from viewer.ui.viewport.outlined import line_height, outlined

_GAP = 10.0  # between a drawing and its label
_MARGIN = 4.0  # between a label and the edge of the viewport


@dataclass(frozen=True, slots=True)
class Label:
    """Words, the place they take, and the line that leads to them if they were moved.

    Attributes
    ----------
    lines : tuple of (str, str)
        Each with a colour of the tokens.
    box : Box
    leader : tuple of Point or None
        From the drawing to the label.
    """

    lines: tuple[tuple[str, str], ...]
    box: Box
    leader: tuple[Point, Point] | None = None

    @property
    def middle(self) -> Point:
        """The point that the reader moves."""
        left, top, right, bottom = self.box
        return (left + right) / 2, (top + bottom) / 2


def to_label(
    lines: tuple[tuple[str, str], ...],
    line: Sequence[Point],
    moved_to: Point | None,
    size: Size,
    ratio: float,
) -> Label:
    """Place the words of one drawing.

    Beside it on the right, else on the left; where the reader moved them, there; always
    inside the viewport.

    Parameters
    ----------
    lines : tuple of (str, str)
        Words and their colour.
    line : sequence of Point
        The drawing's outline.
    moved_to : Point or None
        Where the reader put the label's middle.
    size : Size
        Of the viewport.
    ratio : float
        Device pixels for one screen pixel.
    """
    width = max((_width(words, ratio) for words, _ in lines), default=0.0)
    height = float(line_height() * len(lines))
    if moved_to is not None:
        left = _within(moved_to[0] - width / 2, size[0] - width)
        top = _within(moved_to[1] - height / 2, size[1] - height)
        box = (left, top, left + width, top + height)
        return Label(lines, box, _leader(box, line))
    columns = [x for x, _ in line]
    right_end = max(line, key=lambda point: point[0])
    left = max(columns) + _GAP
    if left + width > size[0] - _MARGIN:
        left = min(columns) - _GAP - width
    left = _within(left, size[0] - width)
    top = _within(right_end[1] - height / 2, size[1] - height)
    return Label(lines, (left, top, left + width, top + height))


def _leader(box: Box, line: Sequence[Point]) -> tuple[Point, Point] | None:
    """From the nearest point of the drawing to the nearest edge of the label."""
    left, top, right, bottom = box
    middle = ((left + right) / 2, (top + bottom) / 2)
    start = nearest(middle, line)
    if left <= start[0] <= right and top <= start[1] <= bottom:
        return None
    edge = ((left, top), (right, top), (right, bottom), (left, bottom), (left, top))
    return start, nearest(start, edge)


def _within(wish: float, room: float) -> float:
    return min(max(wish, _MARGIN), max(room - _MARGIN, _MARGIN))


def _width(words: str, ratio: float) -> float:
    drawn = outlined(words, theme.ON_IMAGE.drawing, ratio)
    return float(drawn.deviceIndependentSize().width())
