"""CT series and their localizers."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from pydicom.dataset import Dataset
from pydicom.uid import CTImageStorage

from viewer.core.phantom.recipe import ChestPlan
from viewer.core.phantom.thorax.projection import Projections
from viewer.dicom.demo.objects import (
    SeriesPlace,
    new_object,
    place_in_patient,
    put_grey,
    save,
)

if TYPE_CHECKING:
    from viewer.core.phantom.grid import Floats, Vector

_INTERCEPT = -1024
_LOCALIZER_SCALE = 450.0  # stored values for each factor e of attenuation


def write_slice(
    folder: Path,
    place: SeriesPlace,
    plan: ChestPlan,
    slice_from_feet: int,
    hounsfield: npt.NDArray[np.int16],
) -> None:
    """Write one axial image; image 1 is the one nearest the head."""
    number = plan.slices - slice_from_feet
    grid = plan.grid
    ds = _new_ct(place, number, ["ORIGINAL", "PRIMARY", "AXIAL"])
    level = float(grid.z[slice_from_feet])
    place_in_patient(
        ds,
        place,
        (float(grid.x[0]), float(grid.y[0]), level),
        (1, 0, 0, 0, 1, 0),
        (plan.pixel_mm, plan.pixel_mm),
    )
    ds.SliceThickness = str(plan.spacing_mm)
    ds.SpacingBetweenSlices = str(plan.spacing_mm)
    ds.SliceLocation = f"{level:g}"
    ds.Exposure = plan.dose_mas
    ds.ConvolutionKernel = "B40"
    if plan.contrast:
        ds.ContrastBolusAgent = "Iodine (simulated)"
        ds.ContrastBolusRoute = "INTRAVENOUS"
    ds.WindowCenter, ds.WindowWidth = ["40", "-600"], ["400", "1500"]
    ds.WindowCenterWidthExplanation = ["SOFT TISSUE", "LUNG"]
    ds.RescaleIntercept, ds.RescaleSlope, ds.RescaleType = str(_INTERCEPT), "1", "HU"
    stored = (hounsfield - np.int16(_INTERCEPT)).astype(np.uint16)
    put_grey(ds, stored)
    save(ds, folder / place.key / f"{number:04d}.dcm", stored)


def write_localizers(folder: Path, place: SeriesPlace, shadows: Projections) -> None:
    """Write the frontal and the lateral overview, 1 and 2."""
    middle = 8.0
    views: tuple[tuple[Floats, Vector, tuple[float, ...]], ...] = (
        (shadows.frontal, (shadows.left_edge_mm, middle, shadows.top_mm), (1, 0, 0)),
        (shadows.lateral, (0.0, shadows.front_edge_mm, shadows.top_mm), (0, 1, 0)),
    )
    for number, (integrals, corner, (rx, ry, rz)) in enumerate(views, 1):
        ds = _new_ct(place, number, ["ORIGINAL", "PRIMARY", "LOCALIZER"])
        step = shadows.step_mm
        place_in_patient(ds, place, corner, (rx, ry, rz, 0, 0, -1), (step, step))
        ds.SliceThickness = ""
        ds.Exposure = 5
        ds.WindowCenter, ds.WindowWidth = "1400", "2800"
        ds.WindowCenterWidthExplanation = "LOCALIZER"
        ds.RescaleIntercept, ds.RescaleSlope, ds.RescaleType = "0", "1", "US"
        grey = np.clip(np.rint(integrals * _LOCALIZER_SCALE), 0, 4095)
        stored = grey.astype(np.uint16)
        put_grey(ds, stored)
        save(ds, folder / place.key / f"{number:04d}.dcm", stored)


def _new_ct(place: SeriesPlace, number: int, image_type: list[str]) -> Dataset:
    """PS3.3 A.3 without its pixels and its plane."""
    ds = new_object(CTImageStorage, place, number)
    ds.ImageType = image_type
    ds.BodyPartExamined = "CHEST"
    ds.AcquisitionNumber = 1
    ds.KVP = "120"
    ds.GantryDetectorTilt = "0"
    ds.RotationDirection = "CW"
    ds.PatientOrientation = ""
    return ds
