"""Where the words beside a drawing stand, in screen pixels of the viewport."""

from collections.abc import Sequence
from dataclasses import dataclass

from viewer.core.annotation_forms import Box
from viewer.core.label_place import label_box, leader
from viewer.core.view import Point, Size
from viewer.ui import theme
from viewer.ui.viewport.outlined import line_height, outlined


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
    """Place the words of one drawing, as `label_place` has it.

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
    box = label_box((width, height), line, moved_to, size)
    return Label(lines, box, None if moved_to is None else leader(box, line))


def _width(words: str, ratio: float) -> float:
    drawn = outlined(words, theme.ON_IMAGE.drawing, ratio)
    return float(drawn.deviceIndependentSize().width())
