"""Display shutters: what the maker of an image wants covered around it.

PS3.3 C.7.6.11 (rectangle, circle, polygon) and C.7.6.15 (bitmap). **What is stated
once and holds everywhere:** a pixel shows if its centre lies inside every shape or on
its edge, edges being pixel centres, rows and columns counted from 1 as the standard
does; several shapes leave what is inside all of them.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from viewer.core.cielab import Color
from viewer.core.overlay_plane import Bits

Indices = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Shutter:
    """The shutter of one frame.

    Attributes
    ----------
    rectangle : tuple of int or None
        Left and right column, upper and lower row; (0018,1602) to (0018,1608).
    circle : tuple of int or None
        Row and column of the centre, radius in columns; (0018,1610), (0018,1612).
    polygon : tuple of tuple of int
        Row and column of each corner, (0018,1620); empty for none.
    overlay_group : int or None
        The overlay plane whose set bits are covered; (0018,1623).
    grey : int
        What is shown instead, 0 to 255; Shutter Presentation Value (0018,1622).
    color : Color or None
        What is shown instead where there are colours, and it is no grey; Shutter
        Presentation Color CIELab Value (0018,1624).
    """

    rectangle: tuple[int, int, int, int] | None = None
    circle: tuple[int, int, int] | None = None
    polygon: tuple[tuple[int, int], ...] = ()
    overlay_group: int | None = None
    grey: int = 0
    color: Color | None = None

    def covered(self, shape: tuple[int, int], row_proportion: float = 1.0) -> Bits:
        """Where rectangle, circle and polygon cover an image of ``(rows, columns)``.

        Parameters
        ----------
        row_proportion : float
            Height of a pixel over its width: a circle is one in the patient.
        """
        rows = np.arange(1, shape[0] + 1)[:, None]
        columns = np.arange(1, shape[1] + 1)[None, :]
        shown = np.ones(shape, dtype=np.bool_)
        if self.rectangle is not None:
            left, right, upper, lower = self.rectangle
            shown &= (rows >= upper) & (rows <= lower)
            shown &= (columns >= left) & (columns <= right)
        if self.circle is not None:
            row, column, radius = self.circle
            down = (rows - row) * row_proportion
            shown &= down**2 + (columns - column) ** 2 <= radius**2
        if self.polygon:
            shown &= inside_polygon(self.polygon, shape)
        return ~shown


@lru_cache(maxsize=8)
def covered(
    shutter: Shutter, shape: tuple[int, int], row_proportion: float = 1.0
) -> Bits:
    """As `Shutter.covered`, read-only; the frames of a cine share their shutter."""
    bits = shutter.covered(shape, row_proportion)
    bits.flags.writeable = False
    return bits


def inside_polygon(
    corners: tuple[tuple[int, int], ...], shape: tuple[int, int]
) -> Bits:
    """Pixels whose centre lies in a polygon or on its edge, in whole numbers.

    Parameters
    ----------
    corners : tuple
        Row and column of each, counted from 1; the last is joined to the first. Where
        edges cross, what is enclosed an even number of times lies outside.
    shape : tuple of int
        Rows and columns.
    """
    rows, columns = shape
    crossings = np.zeros((rows, columns + 1), dtype=np.uint8)  # only odd or even counts
    edge = np.zeros(shape, dtype=np.bool_)
    for start, end in zip(corners, (*corners[1:], corners[0]), strict=True):
        (top, left), (bottom, right) = sorted((start, end))
        if top == bottom:
            if 1 <= top <= rows:
                edge[top - 1, max(left - 1, 0) : max(right, 0)] = True
            continue
        # Only the rows of the image: a corner may lie far outside.
        row: Indices = np.arange(max(top, 1), min(bottom, rows) + 1, dtype=np.int64)
        run = bottom - top
        way = left * run + (row - top) * (right - left)
        column = way // run
        on_pixel = (way % run == 0) & (column >= 1) & (column <= columns)
        edge[row[on_pixel] - 1, column[on_pixel] - 1] = True
        crossed = row < bottom  # the lower end belongs to the next edge
        beyond = np.clip(column[crossed], 0, columns)
        np.add.at(crossings, (row[crossed] - 1, beyond), 1)
    odd = np.bitwise_xor.accumulate(crossings[:, :columns] & 1, axis=1)
    inside: Bits = odd.view(np.bool_)
    return np.logical_or(inside, edge, out=edge)
