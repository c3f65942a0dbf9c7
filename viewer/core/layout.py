"""How a screen is divided into viewports."""

from dataclasses import dataclass
from typing import Self

LARGEST = 4  # rows and columns; smaller pictures help nobody


@dataclass(frozen=True, slots=True)
class Layout:
    """A grid of equal viewports, read like a page: left to right, top to bottom."""

    rows: int = 1
    columns: int = 1

    def __post_init__(self) -> None:
        """Refuse a grid without places, or with more than anyone can read."""
        if not (1 <= self.rows <= LARGEST and 1 <= self.columns <= LARGEST):
            raise ValueError(f"no layout of {self.rows} × {self.columns}")

    @classmethod
    def for_count(cls, pictures: int) -> Self:
        """The smallest wide layout with a place for each picture, at most 2 × 3.

        What does not fit waits in the strip: six pictures can still be read.
        """
        shapes = ((1, 1), (1, 2), (2, 2), (2, 3))
        fitting = (shape for shape in shapes if shape[0] * shape[1] >= pictures)
        return cls(*next(fitting, shapes[-1]))

    @property
    def count(self) -> int:
        """Viewports of the grid."""
        return self.rows * self.columns

    @property
    def text(self) -> str:
        """What menus call it, rows first: ``2×3``."""
        return f"{self.rows}×{self.columns}"
