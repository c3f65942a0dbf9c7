"""Statistics and lengths on real files against pydicom's pixels, counted by hand.

Nothing of the viewer's own decoding, rescaling or geometry is used on the other side.
"""

import math
import warnings
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from pydicom import Dataset, dcmread
from pydicom.uid import (
    CTImageStorage,
    ImplicitVRLittleEndian,
    MRImageStorage,
    PositronEmissionTomographyImageStorage,
)

from viewer.core.annotation import Annotation, Shape
from viewer.core.errors import ViewerError
from viewer.core.image import Image
from viewer.core.measuring import measured
from viewer.core.view import Point
from viewer.core.windowing import takes_window
from viewer.dicom.frames import decoded_photometric, read_frame
from viewer.dicom.read import read_file

_EVERY = 6  # how many files lie from one to the next that is compared
_SLICES = (CTImageStorage, MRImageStorage, PositronEmissionTomographyImageStorage)


def values_of(dataset: Dataset) -> npt.NDArray[np.float64] | None:
    """Modality values of the first frame by pydicom; None where it is not for us."""
    syntax = dataset.file_meta.get("TransferSyntaxUID", ImplicitVRLittleEndian)
    if dataset.get("SOPClassUID", "") not in _SLICES or syntax.is_compressed:
        return None
    if "ModalityLUTSequence" in dataset or "PixelSpacing" not in dataset:
        return None
    slope = float(dataset.get("RescaleSlope", 1))
    return dataset.pixel_array * slope + float(dataset.get("RescaleIntercept", 0))


def inside(
    shape: Shape, a: Point, b: Point, size: tuple[int, int]
) -> list[tuple[int, int]]:
    """Rows and columns whose centres lie inside, asked one by one."""
    left, right = sorted((a[0], b[0]))
    top, bottom = sorted((a[1], b[1]))
    found = []
    for row in range(size[0]):
        for column in range(size[1]):
            if shape is Shape.RECTANGLE:
                is_in = left <= column <= right and top <= row <= bottom
            else:
                across = (2 * column - left - right) / (right - left)
                down = (2 * row - top - bottom) / (bottom - top)
                is_in = math.hypot(across, down) <= 1
            if is_in:
                found.append((row, column))
    return found


def compare(dataset: Dataset, image: Image, path: Path) -> bool:
    """Compare both shapes and a length on one file; whether it is one to compare."""
    values = values_of(dataset)
    if values is None or not takes_window(image) or values.ndim != 2:
        return False
    decoded = read_frame(path, image, 1)
    rows, columns = values.shape
    a, b = (columns * 0.31, rows * 0.27), (columns * 0.55, rows * 0.63)
    for shape in (Shape.RECTANGLE, Shape.ELLIPSE):
        drawn = Annotation("", dataset.SOPInstanceUID, 1, shape, (a, b))
        found = measured(drawn, image, decoded, decoded_photometric(image.pixels))
        said = {one.name: one.value for one in found.quantities}
        places = tuple(np.array(inside(shape, a, b, (rows, columns))).T)
        counted = values[places]
        padding = dataset.get("PixelPaddingValue")
        if padding is not None:
            counted = counted[dataset.pixel_array[places] != padding]
        assert said["pixels"] == counted.size
        assert said["sum"] == pytest.approx(counted.sum(), rel=1e-12, abs=1e-6)
        assert said["mean"] == pytest.approx(counted.mean(), rel=1e-12, abs=1e-9)
        assert said["sd"] == pytest.approx(counted.std(), rel=1e-9, abs=1e-9)
    row_mm, column_mm = map(float, dataset.PixelSpacing)
    line = Annotation("", dataset.SOPInstanceUID, 1, Shape.LENGTH, (a, b))
    (length,) = measured(line, image, None).quantities
    way = math.hypot((b[0] - a[0]) * column_mm, (b[1] - a[1]) * row_mm)
    assert length.unit == "mm"
    assert length.value == pytest.approx(way, rel=1e-12)
    return True


def test_real_slices_measure_as_pydicom_has_them(real_data: Path) -> None:
    compared = 0
    for path in sorted(real_data.rglob("*"))[::_EVERY]:
        try:
            image = read_file(path).instance.image
            if image is None:
                continue
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # pydicom's own, about odd files
                compared += compare(dcmread(path, force=True), image, path)
        except ViewerError:
            continue  # what is refused, and why, is a matter of other tests
    assert compared >= 20
