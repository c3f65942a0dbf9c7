"""What every object of the demo study says: patient, study, series, equipment."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import UID, ExplicitVRLittleEndian

from viewer.core.phantom.recipe import DemoStudy, Recipe, SeriesPlan

Voxels = npt.NDArray[np.uint16]

_IMPLEMENTATION = UID("2.25.172286912874362431834287146583620115421")


@dataclass(frozen=True)
class SeriesPlace:
    """Where an object belongs.

    Attributes
    ----------
    recipe : Recipe
    study : DemoStudy
    key : str
        Names the series inside the recipe, and its folder.
    modality : str
    plan : SeriesPlan
        Its number and description.
    minutes : int
        Since the study began.
    """

    recipe: Recipe
    study: DemoStudy
    key: str
    modality: str
    plan: SeriesPlan
    minutes: int = 0

    @property
    def time(self) -> str:
        """When the series was acquired, as VR TM."""
        begin = int(self.study.time[:2]) * 60 + int(self.study.time[2:4])
        hours, minutes = divmod(begin + self.minutes, 60)
        return f"{hours:02d}{minutes:02d}00"

    def uid(self, name: str) -> str:
        """UID of a thing of this series."""
        return self.recipe.uid(f"{self.study.id}/{self.key}/{name}")


def new_object(sop_class: str, place: SeriesPlace, number: int) -> Dataset:
    """An object without pixels; PS3.3 C.7.1.1, C.7.2.1, C.7.3.1, C.7.5.1, C.12.1."""
    ds = Dataset()
    patient, study = place.recipe.patient, place.study
    ds.SpecificCharacterSet = "ISO_IR 192"
    ds.SOPClassUID = sop_class
    ds.SOPInstanceUID = place.uid(f"image {number}")
    ds.StudyDate = ds.SeriesDate = ds.AcquisitionDate = ds.ContentDate = study.date
    ds.StudyTime = study.time
    ds.SeriesTime = ds.AcquisitionTime = ds.ContentTime = place.time
    ds.AccessionNumber = study.accession
    ds.Modality = place.modality
    ds.Manufacturer = "Lightbox"
    ds.InstitutionName = patient.institution
    ds.ReferringPhysicianName = ""
    ds.StudyDescription = study.description
    ds.SeriesDescription = place.plan.description
    ds.ManufacturerModelName = "Phantom"
    ds.SoftwareVersions = f"recipe {place.recipe.version}"
    ds.PatientName = patient.name
    ds.PatientID = patient.id
    ds.IssuerOfPatientID = patient.issuer
    ds.PatientBirthDate = patient.birth_date
    ds.PatientSex = patient.sex
    ds.PatientAge = study.age
    ds.StudyInstanceUID = place.recipe.uid(study.id)
    ds.SeriesInstanceUID = place.uid("series")
    ds.StudyID = study.id
    ds.SeriesNumber = place.plan.number
    ds.InstanceNumber = number
    ds.BurnedInAnnotation = "NO"
    return ds


def place_in_patient(
    ds: Dataset,
    place: SeriesPlace,
    position: tuple[float, float, float],
    orientation: tuple[float, float, float, float, float, float],
    spacing: tuple[float, float],
) -> None:
    """Frame of reference and image plane; `spacing` is between rows, columns."""
    ds.FrameOfReferenceUID = place.recipe.uid(
        f"{place.study.id}/{place.modality}/frame"
    )
    ds.PositionReferenceIndicator = ""
    ds.PatientPosition = "HFS"
    ds.ImagePositionPatient = [_decimal(v) for v in position]
    ds.ImageOrientationPatient = [_decimal(v) for v in orientation]
    ds.PixelSpacing = [_decimal(v) for v in spacing]


def put_grey(ds: Dataset, image: Voxels, *, photometric: str = "MONOCHROME2") -> None:
    """Describe 12-bit unsigned pixels; the bytes come with `save`."""
    ds.SamplesPerPixel = 1
    ds.PhotometricInterpretation = photometric
    ds.Rows, ds.Columns = image.shape
    ds.BitsAllocated, ds.BitsStored, ds.HighBit = 16, 12, 11
    ds.PixelRepresentation = 0


def save(ds: Dataset, path: Path, image: Voxels) -> None:
    """Write `ds` with `image` as it is, explicit little endian."""
    ds.PixelData = image.astype("<u2").tobytes()
    _write(ds, path, ExplicitVRLittleEndian)


def save_encapsulated(
    ds: Dataset, path: Path, frames: list[bytes], transfer_syntax: str
) -> None:
    """Write `ds` with compressed `frames`."""
    ds.PixelData = encapsulate(frames)
    ds["PixelData"].VR = "OB"
    ds["PixelData"].is_undefined_length = True
    _write(ds, path, transfer_syntax)


def _write(ds: Dataset, path: Path, transfer_syntax: str) -> None:
    meta = FileMetaDataset()
    meta.TransferSyntaxUID = UID(transfer_syntax)
    meta.MediaStorageSOPClassUID = ds.SOPClassUID
    meta.MediaStorageSOPInstanceUID = ds.SOPInstanceUID
    # Fixed, so that a newer library or program does not change the bytes.
    meta.ImplementationClassUID = _IMPLEMENTATION
    meta.ImplementationVersionName = "LIGHTBOX_DEMO"
    ds.file_meta = meta
    path.parent.mkdir(parents=True, exist_ok=True)
    ds.save_as(path, enforce_file_format=True)


def _decimal(value: float) -> str:
    """A number as VR DS, without the tail that binary fractions leave."""
    return f"{value:.6f}".rstrip("0").rstrip(".")
