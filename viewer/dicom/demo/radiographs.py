"""The pair of chest radiographs."""

from pathlib import Path

import imagecodecs
import numpy as np
from pydicom.dataset import Dataset
from pydicom.uid import (
    ComputedRadiographyImageStorage,
    JPEG2000Lossless,
    JPEGLosslessSV1,
)

from viewer.core.phantom.recipe import PlatePlan
from viewer.dicom.demo.objects import (
    SeriesPlace,
    Voxels,
    new_object,
    put_grey,
    save_encapsulated,
)

_SOURCE_TO_DETECTOR_MM = 1800.0
_TOP = 4095


def write_frontal(
    folder: Path, place: SeriesPlace, plan: PlatePlan, image: Voxels
) -> None:
    """Write the picture from back to front, with two windows; JPEG Lossless."""
    ds = _new_plate(place, plan, 1, image)
    ds.ViewPosition = "PA"
    ds.PatientOrientation = ["L", "F"]
    ds.WindowCenter, ds.WindowWidth = ["2050", "1500"], ["2600", "1400"]
    ds.WindowCenterWidthExplanation = ["STANDARD", "MEDIASTINUM"]
    code = bytes(imagecodecs.ljpeg_encode(image, bitspersample=12))
    path = folder / place.key / "0001.dcm"
    save_encapsulated(ds, path, [code], JPEGLosslessSV1)


def write_lateral(
    folder: Path, place: SeriesPlace, plan: PlatePlan, image: Voxels
) -> None:
    """Write the left lateral picture, with a curve instead of windows; JPEG 2000."""
    ds = _new_plate(place, plan, 2, image)
    ds.ViewPosition = "LL"
    ds.PatientOrientation = ["P", "F"]
    ds.VOILUTSequence = [_film_curve()]
    code = bytes(
        imagecodecs.jpeg2k_encode(
            image, codecformat="J2K", reversible=True, bitspersample=12
        )
    )
    path = folder / place.key / "0002.dcm"
    save_encapsulated(ds, path, [code], JPEG2000Lossless)


def _new_plate(
    place: SeriesPlace, plan: PlatePlan, number: int, image: Voxels
) -> Dataset:
    """PS3.3 A.2; high values are much exposure, and are shown black."""
    ds = new_object(ComputedRadiographyImageStorage, place, number)
    ds.ImageType = ["ORIGINAL", "PRIMARY"]
    ds.BodyPartExamined = "CHEST"
    ds.KVP = "125"
    ds.PlateID = ""
    ds.CassetteOrientation = "PORTRAIT"
    ds.PlateType = "Storage phosphor"
    ds.DistanceSourceToDetector = f"{_SOURCE_TO_DETECTOR_MM:g}"
    ds.DistanceSourceToPatient = f"{_SOURCE_TO_DETECTOR_MM / plan.magnification:.1f}"
    ds.ImagerPixelSpacing = [f"{plan.pixel_mm:g}"] * 2
    put_grey(ds, image, photometric="MONOCHROME1")
    return ds


def _film_curve() -> Dataset:
    """An S-shaped characteristic curve, PS3.3 C.11.2.1.1."""
    exposure = np.arange(_TOP + 1)
    curve = 0xFFFF / (1 + np.exp(-(exposure - 1750) / 480))
    item = Dataset()
    item.LUTDescriptor = [_TOP + 1, 0, 16]
    item["LUTDescriptor"].VR = "US"
    item.LUTExplanation = "FILM"
    item.add_new(0x00283006, "OW", np.rint(curve).astype("<u2").tobytes())
    return item
