"""Which pixels a drawing encloses.

The rule, in one place: a pixel belongs to a shape if its *centre* lies inside the
shape or exactly on its outline. The decision is exact for the points as they are.
"""

from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import Any

import numpy as np
import numpy.typing as npt

from viewer.core.annotation import Annotation, Shape
from viewer.core.view import Point, Size

RULE = "pixels whose centre lies inside the shape or on its outline"

_DOUBTFUL = 1e-9  # of the whole; rounding reaches 1e-12 of images we can open


@dataclass(frozen=True, slots=True)
class Enclosed:
    """Pixels of an image, as a window into it and a choice inside that.

    Attributes
    ----------
    rows, columns : slice
    mask : numpy.ndarray or None
        ``(rows, columns)`` of the window; None means all of it.
    """

    rows: slice
    columns: slice
    mask: npt.NDArray[np.bool_] | None

    @property
    def count(self) -> int:
        """How many pixels there are."""
        if self.mask is not None:
            return int(np.count_nonzero(self.mask))
        height = self.rows.stop - self.rows.start
        return int(height * (self.columns.stop - self.columns.start))

    def of(self, pixels: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Their values, ``(n,)`` or ``(n, samples)``, row by row."""
        window = pixels[self.rows, self.columns]
        if self.mask is None:
            return window.reshape(-1, *pixels.shape[2:])
        return window[self.mask]


def enclosed(annotation: Annotation, size: Size) -> Enclosed:
    """The pixels of an image of `size` that the drawing encloses.

    A probe has the pixel it lies in; on the border of two, the one further on.

    Parameters
    ----------
    annotation : Annotation
        A rectangle, an ellipse or a probe.
    size : Size
        Columns and rows of the image; what lies outside it has no pixels.
    """
    if annotation.shape is Shape.PROBE:
        column, row = probed(annotation.points[0])
        return _window((column, row, column, row), size)
    left, top, right, bottom = annotation.box
    window = _window((ceil(left), ceil(top), floor(right), floor(bottom)), size)
    if annotation.shape is Shape.RECTANGLE:
        return window
    return Enclosed(window.rows, window.columns, _in_ellipse(annotation, window))


def probed(point: Point) -> tuple[int, int]:
    """The pixel ``(column, row)`` a point lies in."""
    return floor(point[0] + 0.5), floor(point[1] + 0.5)


def _window(box: tuple[int, int, int, int], size: Size) -> Enclosed:
    """All pixels from the first to the last column and row, as far as there are."""
    (left, top, right, bottom), (columns, rows) = box, size
    first_row, first_column = min(max(top, 0), rows), min(max(left, 0), columns)
    last_row = max(min(bottom + 1, rows), first_row)
    last_column = max(min(right + 1, columns), first_column)
    return Enclosed(slice(first_row, last_row), slice(first_column, last_column), None)


def _in_ellipse(annotation: Annotation, window: Enclosed) -> npt.NDArray[np.bool_]:
    """Which pixels of a window lie in the ellipse.

    Doubles decide, except so near the outline that rounding could: there fractions do.
    """
    left, top, right, bottom = annotation.box
    columns = np.arange(window.columns.start, window.columns.stop, dtype=np.float64)
    rows = np.arange(window.rows.start, window.rows.stop, dtype=np.float64)
    across = ((2 * columns - (left + right)) / (right - left)) ** 2
    down = ((2 * rows - (top + bottom)) / (bottom - top)) ** 2
    beyond = down[:, np.newaxis] + across[np.newaxis, :] - 1.0
    mask = beyond <= 0
    for row, column in np.argwhere(np.abs(beyond) < _DOUBTFUL):
        centre = (int(columns[column]), int(rows[row]))
        mask[row, column] = _is_in_ellipse(centre, annotation)
    return mask


def _is_in_ellipse(centre: tuple[int, int], annotation: Annotation) -> bool:
    left, top, right, bottom = map(Fraction, annotation.box)
    across = (2 * centre[0] - left - right) / (right - left)
    down = (2 * centre[1] - top - bottom) / (bottom - top)
    return across**2 + down**2 <= 1
