r"""Drawings as the standard's spatial coordinates; PS3.3 C.18.6.

There ``0.0\0.0`` is the top left *corner* of the first pixel and ``0.5\0.5`` its
centre. Here ``(0, 0)`` is its centre, so every coordinate moves by half a pixel.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

from viewer.core.annotation import Annotation, Shape
from viewer.core.annotation_forms import handles

CORNER: Final = 0.5
"""From the centre of a pixel to its corner."""

Coordinates = npt.NDArray[np.float32]
"""``(n, 2)`` as ``(column, row)``, from the corner of the first pixel."""


def graphic(annotation: Annotation) -> tuple[str, Coordinates]:
    """Graphic Type (0070,0023) and Graphic Data (0070,0022) of a drawing.

    A rectangle is a closed line, an ellipse the ends of its longer axis and then those
    of the shorter.
    """
    if annotation.shape is Shape.PROBE:
        return "POINT", _coordinates(annotation.points)
    if annotation.shape is Shape.ELLIPSE:
        left, top, right, bottom = handles(annotation)
        across, down = (left, right), (top, bottom)
        wide = abs(right[0] - left[0]) >= abs(bottom[1] - top[1])
        axes = (*across, *down) if wide else (*down, *across)
        return "ELLIPSE", _coordinates(axes)
    if annotation.shape is Shape.RECTANGLE:
        corners = handles(annotation)
        return "POLYLINE", _coordinates((*corners, corners[0]))
    return "POLYLINE", _coordinates(annotation.points)


def _coordinates(points: tuple[tuple[float, float], ...]) -> Coordinates:
    return (np.asarray(points, np.float64) + CORNER).astype(np.float32)
