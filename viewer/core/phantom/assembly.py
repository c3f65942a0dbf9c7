"""Many shapes painted in their order, each only where it lies."""

from collections.abc import Iterable, Mapping

import numpy as np

from viewer.core.phantom.grid import Floats, Grid, Vector
from viewer.core.phantom.shapes import Shape, blend, inside


class Assembly:
    """Shapes in painting order, and the boxes around them, computed once."""

    def __init__(self, shapes: Iterable[Shape]) -> None:
        self.shapes = tuple(shapes)
        self._boxes = np.array([shape.bounds() for shape in self.shapes])

    def __len__(self) -> int:
        """How many shapes."""
        return len(self.shapes)

    def within(self, grid: Grid, margin: float) -> list[Shape]:
        """The shapes that come within `margin` mm of a grid, in order."""
        low = np.array([axis[0] for axis in (grid.x, grid.y, grid.z)]) - margin
        high = np.array([axis[-1] for axis in (grid.x, grid.y, grid.z)]) + margin
        touching = (self._boxes[:, 0] <= high) & (self._boxes[:, 1] >= low)
        return [self.shapes[n] for n in np.flatnonzero(touching.all(axis=1))]


def paint(
    volume: Floats,
    grid: Grid,
    assembly: Assembly,
    tissues: Mapping[str, float],
    edge: float,
) -> None:
    """Lay the shapes over `volume` in their order, in place.

    Parameters
    ----------
    volume : ndarray
        ``grid.shape``.
    tissues : mapping
        Value of each tissue.
    edge : float
        Width of the soft edge, mm.
    """
    for shape in assembly.within(grid, edge):
        box = _box(grid, *shape.bounds(), edge)
        if box is None:
            continue
        part = volume[box]
        across_z, across_y, across_x = box
        distance = shape.distance(
            grid.x[None, None, across_x],
            grid.y[None, across_y, None],
            grid.z[across_z, None, None],
        )
        blend(part, inside(distance, edge), tissues[shape.tissue])


def _box(
    grid: Grid, low: Vector, high: Vector, margin: float
) -> tuple[slice, slice, slice] | None:
    ranges = []
    for axis, a, b in zip((grid.x, grid.y, grid.z), low, high, strict=True):
        first, stop = axis.searchsorted((a - margin, b + margin))
        if first >= stop:
            return None
        ranges.append(slice(int(first), int(stop)))
    return (ranges[2], ranges[1], ranges[0])
