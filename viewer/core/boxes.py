"""Rectangles of an image that are burned black before it leaves."""

from collections.abc import Iterable
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle of stored pixels, in one frame, some frames or all.

    Attributes
    ----------
    column, row : int
        Its first pixel, counted from 0 at the upper left corner of the image.
    width, height : int
        How many pixels it covers, at least one.
    first_frame : int
        Counted from 1.
    last_frame : int or None
        Covered, too; None is the last of the image, however many it has.
    """

    column: int
    row: int
    width: int
    height: int
    first_frame: int = 1
    last_frame: int | None = None

    def __post_init__(self) -> None:
        if min(self.column, self.row) < 0 or min(self.width, self.height) < 1:
            raise ValueError("a box has pixels, and none of them beside the image")
        last = self.first_frame if self.last_frame is None else self.last_frame
        if not 1 <= self.first_frame <= last:
            raise ValueError("a box has frames, counted from 1")

    @property
    def right(self) -> int:
        """The first column beside it."""
        return self.column + self.width

    @property
    def bottom(self) -> int:
        """The first row below it."""
        return self.row + self.height

    @property
    def everywhere(self) -> bool:
        """Whether it lies in every frame."""
        return self.first_frame == 1 and self.last_frame is None

    def lies_in(self, frame: int) -> bool:
        """Whether it covers something of frame `frame`, counted from 1."""
        return self.first_frame <= frame and (
            self.last_frame is None or frame <= self.last_frame
        )

    def holds(self, other: "Box") -> bool:
        """Whether `other` covers nothing that this one does not."""
        last, others = self.last_frame, other.last_frame
        frames = self.first_frame <= other.first_frame and (
            last is None or (others is not None and others <= last)
        )
        across = self.column <= other.column and other.right <= self.right
        return (
            frames and across and self.row <= other.row and other.bottom <= self.bottom
        )

    def within(self, columns: int, rows: int) -> "Box | None":
        """What of it lies in an image of this size; None if nothing does."""
        if self.column >= columns or self.row >= rows:
            return None
        width, height = (
            min(self.width, columns - self.column),
            min(self.height, rows - self.row),
        )
        return replace(self, width=width, height=height)


def without_doubles(boxes: Iterable[Box]) -> tuple[Box, ...]:
    """The same pixels in fewer boxes: none that another one holds, by their place."""
    kept: list[Box] = []
    largest_first = sorted(
        dict.fromkeys(boxes), key=lambda box: -box.width * box.height
    )
    for box in largest_first:
        if not any(other.holds(box) for other in kept):
            kept.append(box)
    return tuple(sorted(kept, key=lambda box: (box.row, box.column, box.first_frame)))
