"""A small CT on disk whose every grey can be told in advance."""

from pathlib import Path

import numpy as np
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.uid import UID, CTImageStorage, ExplicitVRLittleEndian

SIDE = 64
SLICES = 24
LEFT_HU = -700  # of the first slice; each further one is STEP_HU brighter
STEP_HU = 10
RIGHT_HU = 40
WIDTH, CENTER = 400, 40
PATIENT = "Müller-Lüdenscheidt^Anna Katharina"


def write_series(folder: Path) -> Path:
    """Write the slices into `folder`: a left half that brightens, a right half."""
    folder.mkdir()
    for number in range(SLICES):
        _slice(number).save_as(folder / f"{number:02}.dcm", enforce_file_format=True)
    return folder


def left_hu(image: int) -> int:
    """What the left half of an image holds, counted from 0."""
    return LEFT_HU + image * STEP_HU


def _slice(number: int) -> Dataset:
    uid = UID(f"2.25.77.{number + 1}")
    meta = FileMetaDataset()
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    meta.MediaStorageSOPClassUID = CTImageStorage
    meta.MediaStorageSOPInstanceUID = uid
    ds = FileDataset("", {}, file_meta=meta, preamble=bytes(128))
    ds.SpecificCharacterSet = "ISO_IR 192"
    ds.SOPClassUID, ds.SOPInstanceUID = CTImageStorage, uid
    ds.StudyInstanceUID, ds.SeriesInstanceUID = "2.25.771", "2.25.772"
    ds.FrameOfReferenceUID = "2.25.773"
    ds.PatientName, ds.PatientID = PATIENT, "104233"
    ds.PatientBirthDate, ds.PatientSex = "19610304", "F"
    ds.StudyDate, ds.StudyTime, ds.Modality = "20261119", "143200", "CT"
    ds.StudyDescription, ds.SeriesDescription = "Thorax/Abdomen", "Phantom"
    ds.StudyID, ds.AccessionNumber = "1", "A-77"
    ds.SeriesNumber, ds.InstanceNumber = 2, number + 1
    ds.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL"]
    ds.ImagePositionPatient = [-32, -32, float(number)]
    ds.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
    ds.PixelSpacing, ds.SliceThickness = [1, 1], 1
    ds.Rows = ds.Columns = SIDE
    ds.SamplesPerPixel, ds.PhotometricInterpretation = 1, "MONOCHROME2"
    ds.BitsAllocated, ds.BitsStored, ds.HighBit = 16, 16, 15
    ds.PixelRepresentation = 1
    ds.RescaleSlope, ds.RescaleIntercept, ds.RescaleType = 1, 0, "HU"
    ds.WindowCenter, ds.WindowWidth = CENTER, WIDTH
    pixels = np.full((SIDE, SIDE), RIGHT_HU, np.int16)
    pixels[:, : SIDE // 2] = left_hu(number)
    ds.PixelData = pixels.tobytes()
    return ds
