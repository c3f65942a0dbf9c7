"""Where the voxels of a phantom lie."""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.floating[Any]]
"""Of single precision, which is plenty for pictures; numpy's types cannot follow it."""
Vector = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Grid:
    """Voxel centres along the three axes of the patient.

    Attributes
    ----------
    x, y, z : ndarray
        Ascending, LPS mm, ``(columns,)``, ``(rows,)`` and ``(slices,)``.
    """

    x: Floats
    y: Floats
    z: Floats

    @classmethod
    def of(cls, first: Vector, step: Vector, shape: tuple[int, int, int]) -> Self:
        """Lay a regular grid: `first` centre and `step` as x, y, z in mm.

        `shape` counts slices, rows and columns, as the volume has them.
        """
        slices, rows, columns = shape
        x, y, z = (
            (start + width * np.arange(count)).astype(np.float32)
            for start, width, count in zip(
                first, step, (columns, rows, slices), strict=True
            )
        )
        return cls(x, y, z)

    @property
    def shape(self) -> tuple[int, int, int]:
        """Slices, rows, columns."""
        return (self.z.size, self.y.size, self.x.size)

    @property
    def mesh(self) -> tuple[Floats, Floats, Floats]:
        """x, y and z shaped so that together they broadcast to `shape`."""
        return (
            self.x[None, None, :],
            self.y[None, :, None],
            self.z[:, None, None],
        )

    def slab(self, first: int, stop: int) -> "Grid":
        """The slices from `first` up to but not including `stop`."""
        return Grid(self.x, self.y, self.z[first:stop])
