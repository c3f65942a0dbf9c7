"""Series of real scanners lie where their files, SimpleITK and highdicom say."""

import importlib
from pathlib import Path
from types import ModuleType

import numpy as np
import pydicom
import pytest

from viewer.core.geometry import FloatArray
from viewer.core.identity import SeriesUID
from viewer.core.records import FileRecord
from viewer.core.stacking import to_stacks
from viewer.core.volume import Volume
from viewer.dicom.frames import read_frame
from viewer.dicom.read import read_file

NEAR_MM = 1e-3
SERIES = {
    "CT": ("dcm_qa_ct/In/Philips/S21570/S2020", "I*"),
    "MR": ("dcm_qa_sag/In/XA30/classic/5001_Product_EPI_Sag_Ascending", "*.dcm"),
    "PET": ("pynemaiqpet/data/pet_recon_1", "*.dcm"),
}
Files = dict[str, tuple[Path, FileRecord]]


@pytest.fixture(scope="module", params=SERIES)
def files(real_data: Path, request: pytest.FixtureRequest) -> list[Path]:
    """Every file of one series."""
    folder, pattern = SERIES[request.param]
    return sorted((real_data / folder).glob(pattern))


@pytest.fixture(scope="module")
def laid(files: list[Path]) -> tuple[Volume, list[Path]]:
    """The volume, and the file of each of its slices."""
    read: Files = {}
    for path in files:
        record = read_file(path)
        read[record.instance.sop_instance_uid] = path, record
    records = [record for _, record in read.values()]
    instances = [record.instance for record in records]
    (stack,) = to_stacks(SeriesUID(records[0].series.series_uid), instances)
    ordered = [read[frame.sop_instance_uid] for frame in stack.frames]
    images = [record.instance.image for _, record in ordered]
    planes = [image.frame(1).plane for image in images if image is not None]
    placed = [plane for plane in planes if plane is not None]
    assert len(placed) == len(files)
    size = images[0].pixels if images[0] is not None else None
    assert size is not None
    volume = Volume.from_planes(placed, size.columns, size.rows)
    return volume, [path for path, _ in ordered]


def judge(name: str) -> ModuleType:
    """A library that is no part of the project, where the machine has it."""
    try:
        return importlib.import_module(name)
    except ImportError:
        pytest.skip(f"{name} is not installed: it is only asked for its opinion")


def corners(volume: Volume) -> FloatArray:
    """The outermost voxels, and the ones in the middle."""
    axes = [(0, size // 2, size - 1) for size in volume.shape]
    return np.array(
        [(i, j, k) for i in axes[0] for j in axes[1] for k in axes[2]], float
    )


def value_at(paths: list[Path], index: FloatArray) -> float:
    """The modality value as SimpleITK has it: MONOCHROME1 turned round."""
    column, row, number = (int(value) for value in index)
    image = read_file(paths[number]).instance.image
    assert image is not None
    stored = int(read_frame(paths[number], image, 1)[row, column])
    if image.pixels.photometric == "MONOCHROME1":
        bits = image.pixels.bits_stored
        stored = -1 - stored if image.pixels.signed else (1 << bits) - 1 - stored
    rescale = image.display(1).rescale
    return stored * rescale.slope + rescale.intercept


def test_every_slice_lies_where_its_own_attributes_say(
    laid: tuple[Volume, list[Path]],
) -> None:
    volume, paths = laid
    columns, rows, _ = volume.shape
    for index, path in enumerate(paths):
        ds = pydicom.dcmread(path, stop_before_pixels=True)
        row_mm, column_mm = map(float, ds.PixelSpacing)
        turn = np.array(ds.ImageOrientationPatient, float)
        for column, row in ((0, 0), (columns - 1, 0), (0, rows - 1)):
            true = (
                np.array(ds.ImagePositionPatient, float)
                + turn[:3] * column_mm * column
                + turn[3:] * row_mm * row
            )
            found = volume.to_patient(np.array([[column, row, index]], float))[0]
            assert np.abs(found - true).max() < NEAR_MM


def test_simpleitk_finds_every_voxel_in_the_same_place(
    laid: tuple[Volume, list[Path]],
) -> None:
    itk = judge("SimpleITK")
    volume, paths = laid
    reader = itk.ImageSeriesReader()
    uid = pydicom.dcmread(paths[0], stop_before_pixels=True).SeriesInstanceUID
    names = reader.GetGDCMSeriesFileNames(str(paths[0].parent), str(uid))
    reader.SetFileNames(names)
    image = reader.Execute()
    assert image.GetSize() == volume.shape
    far = 0.0
    for index in corners(volume):
        point = volume.to_patient(index[None])[0]
        there = np.array(image.TransformPhysicalPointToContinuousIndex(point.tolist()))
        back = np.array(image.TransformContinuousIndexToPhysicalPoint(there.tolist()))
        assert np.abs(back - point).max() < 1e-9  # it knows the point at all
        whole = [int(value) for value in np.rint(there)]
        centre = np.array(image.TransformIndexToPhysicalPoint(whole))
        far = max(far, float(np.abs(centre - point).max()))
        assert image[tuple(whole)] == pytest.approx(value_at(paths, index), rel=1e-6)
    assert far < NEAR_MM


def test_highdicom_finds_every_voxel_in_the_same_place(
    laid: tuple[Volume, list[Path]],
) -> None:
    highdicom = judge("highdicom")
    volume, paths = laid
    other = highdicom.get_volume_from_series([pydicom.dcmread(path) for path in paths])
    points = volume.to_patient(corners(volume))
    there = other.map_reference_to_indices(points)  # slice, row, column
    back = other.map_indices_to_reference(np.rint(there).astype(int))
    far = float(np.abs(back - points).max())
    assert far < NEAR_MM
    assert sorted(other.spatial_shape) == sorted(volume.shape)
