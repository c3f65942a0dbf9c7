"""Series of oblique slices, each voxel with a value of its own."""

import math
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from tests.services.import_files import write_image

COLUMNS, ROWS, SLICES = 5, 4, 6
STUDY = "1.2.40.7"
ORIGIN = np.array([-80.0, 35.5, 12.25])
COLUMN_MM, ROW_MM, SLICE_MM = 0.7, 0.9, 2.5


def oblique() -> tuple[npt.NDArray[np.float64], ...]:
    """Directions of columns, rows and slices that are parallel to no axis."""
    a, b = math.radians(27), math.radians(-14)
    about_x = [[1, 0, 0], [0, math.cos(a), -math.sin(a)], [0, math.sin(a), math.cos(a)]]
    about_z = [[math.cos(b), -math.sin(b), 0], [math.sin(b), math.cos(b), 0], [0, 0, 1]]
    turned = np.array(about_z) @ np.array(about_x)
    return turned[:, 0], turned[:, 1], turned[:, 2]


def voxels(number: int) -> npt.NDArray[np.uint16]:
    """Stored values of a slice, ``(rows, columns)``."""
    first = 1000 + number * ROWS * COLUMNS
    values = np.arange(first, first + ROWS * COLUMNS, dtype=np.uint16)
    return values.reshape(ROWS, COLUMNS)


def write_slice(folder: Path, number: int, lean: float = 0.0, **changed: Any) -> None:
    """A slice, perhaps `lean` mm beside the one before."""
    right, down, across = oblique()
    origin = ORIGIN + number * (SLICE_MM * across + lean * down)
    own: dict[str, Any] = {
        "StudyInstanceUID": STUDY,
        "SeriesInstanceUID": f"{STUDY}.1",
        "SOPInstanceUID": f"{STUDY}.1.{number + 1}",
        "ImagePositionPatient": [f"{value:.9f}" for value in origin],
        "ImageOrientationPatient": [f"{v:.12f}" for v in (*right, *down)],
        "PixelSpacing": [ROW_MM, COLUMN_MM],
        "Rows": ROWS,
        "Columns": COLUMNS,
        "BitsStored": 12,
        "HighBit": 11,
        "RescaleSlope": 2,
        "RescaleIntercept": -1024,
        "PixelData": voxels(number).tobytes(),
        **changed,
    }
    # numbered from the far end: their order is that of their places
    write_image(folder / f"{number}.dcm", SLICES - number, **own)


def write_volume(folder: Path, lean: float = 0.0, **changed: Any) -> None:
    """All slices."""
    for number in range(SLICES):
        write_slice(folder, number, lean, **changed)
