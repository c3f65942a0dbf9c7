"""An ultrasound study with the patient's name written into its pixels."""

from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.uid import (
    UID,
    ExplicitVRLittleEndian,
    UltrasoundImageStorage,
    UltrasoundMultiFrameImageStorage,
)

STUDY, CLIP_SERIES, STILL_SERIES = "2.25.661", "2.25.662", "2.25.663"
COLUMNS, ROWS, FRAMES = 320, 240, 6
NAME = "MUSTERMANN^ERIKA"
WRITTEN = (12, 8, 168, 20)
"""Column, row, width and height of what the name covers."""


def write_study(folder: Path) -> Path:
    """Write a clip and two stills into `folder`."""
    folder.mkdir(parents=True)
    for number in range(3):
        data_set = _image(number)
        data_set.save_as(folder / f"{number}.dcm", enforce_file_format=True)
    return folder


def _image(number: int) -> Dataset:
    is_clip = number == 0
    kind = UltrasoundMultiFrameImageStorage if is_clip else UltrasoundImageStorage
    uid = UID(f"2.25.664.{number + 1}")
    meta = FileMetaDataset()
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID = kind, uid
    ds = FileDataset("", {}, file_meta=meta, preamble=bytes(128))
    ds.SOPClassUID, ds.SOPInstanceUID = kind, uid
    ds.StudyInstanceUID = STUDY
    ds.SeriesInstanceUID = CLIP_SERIES if is_clip else STILL_SERIES
    ds.PatientName, ds.PatientID, ds.PatientSex = NAME, "EM-1964", "F"
    ds.PatientBirthDate, ds.PatientWeight = "19640812", 61
    ds.InstitutionName, ds.ReferringPhysicianName = "Klinik Seeblick", "LINDSTROM^PETER"
    ds.StudyDate, ds.StudyTime, ds.Modality = "20260311", "101500", "US"
    ds.StudyDescription, ds.SeriesDescription = "Abdomen", "Liver"
    ds.StudyID, ds.AccessionNumber = "7", "ACC-88123"
    ds.SeriesNumber, ds.InstanceNumber = (1 if is_clip else 2), max(number, 1)
    ds.ImageType = ["ORIGINAL", "PRIMARY"]
    ds.PatientOrientation = ""
    ds.Rows, ds.Columns, ds.SamplesPerPixel = ROWS, COLUMNS, 3
    ds.PhotometricInterpretation, ds.PlanarConfiguration = "RGB", 0
    ds.BitsAllocated, ds.BitsStored, ds.HighBit = 8, 8, 7
    ds.PixelRepresentation, ds.LossyImageCompression = 0, "00"
    if is_clip:
        ds.NumberOfFrames, ds.FrameTime = FRAMES, 40
        ds.FrameIncrementPointer = 0x00181063
    frames = [_picture(frame) for frame in range(FRAMES if is_clip else 1)]
    ds.PixelData = np.stack(frames).tobytes()
    return ds


def _picture(frame: int) -> npt.NDArray[np.uint8]:
    """A sector of speckle, and the name at its upper left."""
    seed = np.random.default_rng(7)
    rows, columns = np.mgrid[0:ROWS, 0:COLUMNS]
    away = np.hypot(columns - COLUMNS / 2, rows + 30)
    angle = np.abs(np.arctan2(columns - COLUMNS / 2, rows + 30))
    sector = (away > 70) & (away < 250) & (angle < 0.7)
    speckle = seed.rayleigh(38, (ROWS, COLUMNS)) * (1.1 - away / 320)
    lesion = np.hypot(columns - 170 - 2 * frame, (rows - 130) * 1.2) < 26
    grey = np.where(sector, np.where(lesion, speckle * 0.25, speckle), 0)
    picture = np.repeat(np.clip(grey, 0, 255).astype(np.uint8)[..., None], 3, axis=2)
    place, font = (14, 23), cv2.FONT_HERSHEY_SIMPLEX
    words = NAME.replace("^", " ")
    cv2.putText(picture, words, place, font, 0.5, (250, 240, 170), 1, cv2.LINE_AA)
    return picture
