"""Files and frames to measure with, built here: noise on a slope, as scanners write.

Lossless coders reach on them what they reach on real images, two to three times.
"""

from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pydicom
from pydicom.dataset import FileDataset, FileMetaDataset
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian

from viewer.core.image import PixelFormat

_ROOT = "1.2.826.0.1.3680043.8.498.77"  # pydicom's root for what is thrown away
Pixels = npt.NDArray[np.int16]


def picture(rows: int, columns: int, seed: int = 0) -> Pixels:
    """A smooth body with noise, 12 bit signed, ``(rows, columns)``."""
    y, x = np.mgrid[-1 : 1 : rows * 1j, -1 : 1 : columns * 1j]
    body = 1000 * np.exp(-2 * (x**2 + y**2)) + 120 * np.sin(9 * x + seed)
    noise = np.random.default_rng(seed).normal(0, 8, (rows, columns))
    return np.asarray(body - 400 + noise, np.int16)


def pixel_format(pixels: Pixels, transfer_syntax_uid: str) -> PixelFormat:
    """How `picture`'s values lie in a file of that transfer syntax."""
    rows, columns = pixels.shape
    return PixelFormat(transfer_syntax_uid, rows, columns, signed=True)


def write_series(folder: Path, slices: int, side: int, study: int = 1) -> list[Path]:
    """Write one CT series of ``side × side`` slices, uncompressed."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{number:05}.dcm" for number in range(slices)]
    for number, path in enumerate(paths):
        _ct_slice(number, side, study).save_as(path, enforce_file_format=True)
    return paths


@cache
def _slice_bytes(side: int, seed: int) -> bytes:
    return picture(side, side, seed).tobytes()


def _ct_slice(number: int, side: int, study: int) -> FileDataset:
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = CTImageStorage
    meta.MediaStorageSOPInstanceUID = pydicom.uid.UID(f"{_ROOT}.{study}.1.{number + 1}")
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    ds = FileDataset("", {}, file_meta=meta, preamble=b"\0" * 128)
    ds.SOPClassUID = meta.MediaStorageSOPClassUID
    ds.SOPInstanceUID = meta.MediaStorageSOPInstanceUID
    ds.StudyInstanceUID, ds.SeriesInstanceUID = f"{_ROOT}.{study}", f"{_ROOT}.{study}.1"
    ds.FrameOfReferenceUID = f"{_ROOT}.{study}.2"
    ds.PatientName, ds.PatientID = f"Phantom^{study}", f"P{study}"
    ds.PatientBirthDate, ds.PatientSex = "19700101", "O"
    ds.StudyDate, ds.StudyTime, ds.Modality = "20260101", "120000", "CT"
    ds.AccessionNumber, ds.StudyDescription = f"A{study}", "Benchmark"
    ds.SeriesNumber, ds.InstanceNumber = 1, number + 1
    ds.ImagePositionPatient = [-100.0, -100.0, 1.5 * number]
    ds.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
    ds.PixelSpacing, ds.SliceThickness = [0.7, 0.7], 1.5
    ds.Rows = ds.Columns = side
    ds.SamplesPerPixel, ds.PhotometricInterpretation = 1, "MONOCHROME2"
    ds.BitsAllocated, ds.BitsStored, ds.HighBit = 16, 16, 15
    ds.PixelRepresentation = 1
    ds.RescaleSlope, ds.RescaleIntercept = 1, 0
    ds.WindowCenter, ds.WindowWidth = 40, 400
    ds.PixelData = _slice_bytes(side, number % 8)
    return ds
