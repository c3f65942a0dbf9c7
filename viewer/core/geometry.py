"""Where an image lies in the patient.

Patient coordinates are LPS millimetres: x grows towards the patient's left, y
towards the back, z towards the head. Pixel coordinates are ``(column, row)``, and
``(0, 0)`` is the *centre* of the first pixel.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

from viewer.core.errors import GeometryError

FloatArray = npt.NDArray[np.float64]

_UNIT_TOLERANCE = 1e-4  # headers are written with few digits


Vector = tuple[float, float, float]


def _dot(a: Vector, b: Vector) -> float:
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


@dataclass(frozen=True, slots=True)
class ImagePlane:
    """A grid of pixels placed in the patient.

    Attributes
    ----------
    origin : tuple of float
        Centre of the first pixel, LPS mm; Image Position (Patient) (0020,0032).
    along_row, along_column : tuple of float
        Unit steps to the next column and to the next row;
        Image Orientation (Patient) (0020,0037).
    column_step, row_step : float
        Distance in mm to the next column and to the next row; Pixel Spacing
        (0028,0030) holds them the other way round, rows first.

    References
    ----------
    PS3.3 C.7.6.2.1.1, Equation C.7.6.2.1-1.
    """

    origin: Vector
    along_row: Vector
    along_column: Vector
    column_step: float
    row_step: float

    def __post_init__(self) -> None:
        """Refuse a plane that could not be drawn truthfully.

        Raises
        ------
        GeometryError
            If the directions are not orthonormal or a step is not positive.
        """
        row, column = self.along_row, self.along_column
        products = (_dot(row, row) - 1, _dot(column, column) - 1, _dot(row, column))
        if not all(abs(product) <= _UNIT_TOLERANCE for product in products):
            raise GeometryError("The image orientation is not a right angle.")
        if not (self.column_step > 0 and self.row_step > 0):
            raise GeometryError("The pixel spacing is not positive.")

    @classmethod
    def from_attributes(
        cls,
        position: tuple[float, float, float],
        orientation: tuple[float, float, float, float, float, float],
        pixel_spacing: tuple[float, float],
    ) -> Self:
        """Build the plane from the three attributes, in the order DICOM has them."""
        row_step, column_step = pixel_spacing
        x, y, z, u, v, w = orientation
        return cls(position, (x, y, z), (u, v, w), column_step, row_step)

    @property
    def normal(self) -> Vector:
        """Unit vector from the screen into the image, along_row × along_column."""
        (a, b, c), (d, e, f) = self.along_row, self.along_column
        return (b * f - c * e, c * d - a * f, a * e - b * d)

    @property
    def position(self) -> float:
        """Signed distance in mm from the patient origin, along `normal`."""
        return _dot(self.origin, self.normal)

    def to_patient(self, pixels: FloatArray) -> FloatArray:
        """Map pixel coordinates ``(n, 2)`` to LPS mm ``(n, 3)``."""
        return np.asarray(self.origin) + pixels @ self._steps

    def point_of(self, pixel: tuple[float, float]) -> Vector:
        """The same of one pixel, without arrays: it is asked for at every movement."""
        columns, rows = pixel[0] * self.column_step, pixel[1] * self.row_step
        x, y, z = (
            start + columns * across + rows * down
            for start, across, down in zip(
                self.origin, self.along_row, self.along_column, strict=True
            )
        )
        return x, y, z

    def to_pixel(self, points: FloatArray) -> FloatArray:
        """Map LPS mm ``(n, 3)`` to the pixel coordinates ``(n, 2)`` below them.

        A point off the plane is projected onto it along the normal.
        """
        offsets = points - np.asarray(self.origin)
        pixels: FloatArray = offsets @ np.linalg.pinv(self._steps)
        return pixels

    @property
    def _steps(self) -> FloatArray:
        """Displacement in mm of one column and of one row, ``(2, 3)``."""
        return np.array(
            [
                np.multiply(self.along_row, self.column_step),
                np.multiply(self.along_column, self.row_step),
            ]
        )
