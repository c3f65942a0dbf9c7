"""Files and frames to measure with, built here: noise on a slope, as scanners write.

Lossless coders reach on them what they reach on real images, two to three times.
"""

from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pydicom
from pydicom.dataset import FileDataset, FileMetaDataset
from pydicom.uid import (
    CTImageStorage,
    DigitalMammographyXRayImageStorageForPresentation,
    ExplicitVRLittleEndian,
)

_ROOT = "1.2.826.0.1.3680043.8.498.77"  # pydicom's root for what is thrown away
Pixels = npt.NDArray[np.int16]


def picture(rows: int, columns: int, seed: int = 0) -> Pixels:
    """A smooth body with noise, 12 bit signed, ``(rows, columns)``."""
    y, x = np.mgrid[-1 : 1 : rows * 1j, -1 : 1 : columns * 1j]
    body = 1000 * np.exp(-2 * (x**2 + y**2)) + 120 * np.sin(9 * x + seed)
    noise = np.random.default_rng(seed).normal(0, 8, (rows, columns))
    return np.asarray(body - 400 + noise, np.int16)


def write_series(folder: Path, slices: int, side: int, study: int = 1) -> list[Path]:
    """Write one CT series of ``side × side`` slices, uncompressed."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{number:05}.dcm" for number in range(slices)]
    for number, path in enumerate(paths):
        ds = _image(CTImageStorage, "CT", study, number, (side, side))
        ds.FrameOfReferenceUID = f"{_ROOT}.{study}.2"
        ds.ImagePositionPatient = [-100.0, -100.0, 1.5 * number]
        ds.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
        ds.PixelSpacing, ds.SliceThickness = [0.7, 0.7], 1.5
        ds.save_as(path, enforce_file_format=True)
    return paths


def write_mammogram(folder: Path, shape: tuple[int, int], study: int) -> Path:
    """Write one mammogram of ``(rows, columns)``, uncompressed."""
    folder.mkdir(parents=True, exist_ok=True)
    kind = DigitalMammographyXRayImageStorageForPresentation
    ds = _image(kind, "MG", study, 0, shape)
    ds.ImagerPixelSpacing = [0.07, 0.07]
    path = folder / "mammogram.dcm"
    ds.save_as(path, enforce_file_format=True)
    return path


@cache
def _pixel_bytes(shape: tuple[int, int], seed: int) -> bytes:
    return picture(*shape, seed).tobytes()


def _image(
    kind: pydicom.uid.UID,
    modality: str,
    study: int,
    number: int,
    shape: tuple[int, int],
) -> FileDataset:
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = kind
    meta.MediaStorageSOPInstanceUID = pydicom.uid.UID(f"{_ROOT}.{study}.1.{number + 1}")
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    ds = FileDataset("", {}, file_meta=meta, preamble=b"\0" * 128)
    ds.SOPClassUID = meta.MediaStorageSOPClassUID
    ds.SOPInstanceUID = meta.MediaStorageSOPInstanceUID
    ds.StudyInstanceUID, ds.SeriesInstanceUID = f"{_ROOT}.{study}", f"{_ROOT}.{study}.1"
    ds.PatientName, ds.PatientID = f"Phantom^{study}", f"P{study}"
    ds.PatientBirthDate, ds.PatientSex = "19700101", "O"
    ds.StudyDate, ds.StudyTime, ds.Modality = "20260101", "120000", modality
    ds.AccessionNumber, ds.StudyDescription = f"A{study}", "Benchmark"
    ds.SeriesNumber, ds.InstanceNumber = 1, number + 1
    ds.Rows, ds.Columns = shape
    ds.SamplesPerPixel, ds.PhotometricInterpretation = 1, "MONOCHROME2"
    ds.BitsAllocated, ds.BitsStored, ds.HighBit = 16, 16, 15
    ds.PixelRepresentation = 1
    ds.RescaleSlope, ds.RescaleIntercept = 1, 0
    ds.WindowCenter, ds.WindowWidth = 40, 400
    ds.PixelData = _pixel_bytes(shape, number % 8)
    return ds


def study_uid(study: int) -> str:
    """Study Instance UID of what was written as `study`."""
    return f"{_ROOT}.{study}"
