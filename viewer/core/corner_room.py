"""How much of the text in a corner there is room for, and which lines go first."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

MARGIN = 8
_LINE_HEIGHT = 17  # of 13 px text
_LETTER_WIDTH = 7  # of most texts; one that needs more ends in a sign that it is cut
_SIDE_LETTER = 32  # in the middle, for the letter between the corners
_FEWEST_LETTERS = 6


class Line(NamedTuple):
    """A line and when it goes: rank 1 last; only words may be cut with an ellipsis.

    `short` stands in where the text has no room.
    """

    text: str
    rank: int
    words: bool = False
    short: str = ""


@dataclass(frozen=True, slots=True)
class Room:
    """What fits in one corner of a viewport."""

    lines: int
    letters: int
    lowest_rank: int

    @classmethod
    def of(cls, size: tuple[int, int], lowest_rank: int) -> "Room":
        """That of a viewport of `size` logical pixels."""
        width, height = size[0] - _SIDE_LETTER, size[1]
        lines = (height // 2 - 2 * MARGIN) // _LINE_HEIGHT
        letters = (width // 2 - 2 * MARGIN) // _LETTER_WIDTH
        return cls(max(lines, 0), letters, lowest_rank)

    def fitting(self, lines: Iterable[Line]) -> tuple[str, ...]:
        """The weightiest lines there is room for, in their order."""
        kept = [
            (text, line.rank)
            for line in lines
            if line.text and line.rank <= self.lowest_rank and (text := self._cut(line))
        ]
        if len(kept) > self.lines:
            weight = sorted(range(len(kept)), key=lambda place: kept[place][1])
            kept = [kept[place] for place in sorted(weight[: self.lines])]
        return tuple(text for text, _ in kept)

    def _cut(self, line: Line) -> str:
        """The text, or as much as fits; half a number is worse than none."""
        if len(line.text) <= self.letters:
            return line.text
        if line.short and len(line.short) <= self.letters:
            return line.short
        if not line.words or self.letters < _FEWEST_LETTERS:
            return ""
        return line.text[: self.letters - 1].rstrip() + "…"
