"""A row of slices as one grid in the patient.

Indices are ``(column, row, slice)`` and ``(0, 0, 0)`` is the *centre* of the first
voxel of the first slice; patient coordinates are LPS millimetres.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self, cast

import numpy as np

from viewer.core.errors import GeometryError
from viewer.core.geometry import FloatArray, ImagePlane, Vector
from viewer.core.orientation import letters
from viewer.core.stack_faults import find_faults

_SAME_DIRECTION: Final = 1e-4
_SAME_STEP: Final = 1e-4

Axes = tuple[int, int, int]
Flips = tuple[bool, bool, bool]


@dataclass(frozen=True, slots=True)
class Volume:
    """Where each voxel of a grid lies.

    Attributes
    ----------
    shape : tuple of int
        Columns, rows and slices.
    origin : Vector
        Centre of voxel ``(0, 0, 0)``.
    steps : tuple of Vector
        Displacement in mm to the next column, row and slice. The last one is what
        the positions say: it may lean against the normal by less than the tilt that
        is refused.
    """

    shape: tuple[int, int, int]
    origin: Vector
    steps: tuple[Vector, Vector, Vector]

    @classmethod
    def from_planes(cls, planes: Sequence[ImagePlane], columns: int, rows: int) -> Self:
        """The grid of parallel slices.

        The step between slices is that of their positions; Spacing Between Slices
        (0018,0088) and Slice Thickness (0018,0050) are not asked.

        Parameters
        ----------
        planes : sequence of ImagePlane
            In the order of a stack: sorted along their normal.
        columns, rows : int

        Raises
        ------
        GeometryError
            With the reason, if the slices are not equally spaced parallel ones of one
            pixel size.
        """
        _refuse(planes)
        first, last = planes[0], planes[-1]
        step = tuple(
            (b - a) / (len(planes) - 1)
            for a, b in zip(first.origin, last.origin, strict=True)
        )
        return cls(
            (columns, rows, len(planes)),
            first.origin,
            (
                _scaled(first.along_row, first.column_step),
                _scaled(first.along_column, first.row_step),
                cast("Vector", step),
            ),
        )

    @property
    def spacing_mm(self) -> tuple[float, float, float]:
        """Distance to the next column, row and slice."""
        column, row, across = (math.hypot(*step) for step in self.steps)
        return column, row, across

    @property
    def affine(self) -> FloatArray:
        """The way from ``(column, row, slice, 1)`` to ``(x, y, z, 1)``, ``(4, 4)``."""
        matrix = np.eye(4)
        matrix[:3, :3] = np.transpose(self.steps)
        matrix[:3, 3] = self.origin
        return matrix

    @property
    def letters(self) -> tuple[str, str, str]:
        """Where columns, rows and slices run to in the patient: ``("L", "P", "H")``."""
        column, row, across = (
            letters(_scaled(step, 1 / math.hypot(*step))) for step in self.steps
        )
        return column, row, across

    def to_patient(self, indices: FloatArray) -> FloatArray:
        """Map voxel indices ``(n, 3)`` to LPS mm ``(n, 3)``."""
        points: FloatArray = np.asarray(self.origin) + indices @ np.asarray(self.steps)
        return points

    def to_index(self, points: FloatArray) -> FloatArray:
        """Map LPS mm ``(n, 3)`` to voxel indices ``(n, 3)``, whole at the centres."""
        offsets = points - np.asarray(self.origin)
        indices: FloatArray = np.linalg.solve(np.transpose(self.steps), offsets.T).T
        return indices

    def rearranged(self, axes: Axes, flips: Flips = (False, False, False)) -> "Volume":
        """The same voxels with their axes exchanged and turned round.

        Parameters
        ----------
        axes : tuple of int
            Which present axis becomes the first, the second and the third one.
        flips : tuple of bool
            Which of the new axes run backwards.
        """
        corner = [0.0, 0.0, 0.0]
        steps = []
        for axis, flipped in zip(axes, flips, strict=True):
            if flipped:
                corner[axis] = self.shape[axis] - 1.0
            steps.append(_scaled(self.steps[axis], -1.0 if flipped else 1.0))
        x, y, z = self.to_patient(np.array([corner]))[0].tolist()
        a, b, c = axes
        return Volume(
            (self.shape[a], self.shape[b], self.shape[c]),
            (x, y, z),
            (steps[0], steps[1], steps[2]),
        )


def _refuse(planes: Sequence[ImagePlane]) -> None:
    """Let nothing through that is no grid.

    Raises
    ------
    GeometryError
    """
    if len(planes) < 2:
        raise GeometryError("A single slice is no volume.")
    turned = np.array([(*one.along_row, *one.along_column) for one in planes])
    if np.abs(turned - turned[0]).max() > _SAME_DIRECTION:
        raise GeometryError("The slices are not parallel.")
    sizes = np.array([(one.column_step, one.row_step) for one in planes])
    if np.abs(sizes / sizes[0] - 1).max() > _SAME_STEP:
        raise GeometryError("The pixels of the slices differ in size.")
    faults = find_faults(planes)
    if faults:
        raise GeometryError(f"The slices make no volume: {faults[0].sentence}.")
    first, last = planes[0], planes[-1]
    if last.origin == first.origin or _along(first, last) <= 0:
        raise GeometryError("The slices lie in one place.")


def _along(first: ImagePlane, last: ImagePlane) -> float:
    """From one to the other along the normal of the first."""
    return sum(
        (b - a) * n
        for a, b, n in zip(first.origin, last.origin, first.normal, strict=True)
    )


def _scaled(vector: Vector, factor: float) -> Vector:
    x, y, z = vector
    return x * factor, y * factor, z * factor
