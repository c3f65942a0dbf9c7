"""Where the words beside a drawing stand, in pixels of the picture it is on."""

from collections.abc import Sequence

from viewer.core.annotation_forms import Box, nearest
from viewer.core.view import Point, Size

_GAP = 10.0  # between a drawing and its label
_MARGIN = 4.0  # between a label and the edge of the picture


def label_box(
    words: tuple[float, float],
    line: Sequence[Point],
    moved_to: Point | None,
    size: Size,
) -> Box:
    """The place of a label.

    Beside its drawing on the right, else on the left; where the reader moved it, there;
    always inside the picture.

    Parameters
    ----------
    words : tuple of float
        Width and height they take.
    line : sequence of Point
        The drawing's outline.
    moved_to : Point or None
        Where the reader put the label's middle.
    size : Size
        Of the picture.
    """
    width, height = words
    if moved_to is not None:
        left, top = moved_to[0] - width / 2, moved_to[1] - height / 2
    else:
        columns = [x for x, _ in line]
        right_end = max(line, key=lambda point: point[0])
        left, top = max(columns) + _GAP, right_end[1] - height / 2
        if left + width > size[0] - _MARGIN:
            left = min(columns) - _GAP - width
    left, top = _within(left, size[0] - width), _within(top, size[1] - height)
    return left, top, left + width, top + height


def leader(box: Box, line: Sequence[Point]) -> tuple[Point, Point] | None:
    """From the nearest point of a drawing to the nearest edge of its moved label."""
    left, top, right, bottom = box
    middle = ((left + right) / 2, (top + bottom) / 2)
    start = nearest(middle, line)
    if left <= start[0] <= right and top <= start[1] <= bottom:
        return None
    edge = ((left, top), (right, top), (right, bottom), (left, bottom), (left, top))
    return start, nearest(start, edge)


def _within(wish: float, room: float) -> float:
    return min(max(wish, _MARGIN), max(room - _MARGIN, _MARGIN))
