"""The sagittal MR series of the head."""

from pathlib import Path

import imagecodecs
from pydicom.uid import JPEGLSLossless, MRImageStorage

from viewer.core.phantom.recipe import HeadPlan
from viewer.dicom.demo.objects import (
    SeriesPlace,
    Voxels,
    new_object,
    place_in_patient,
    put_grey,
    save_encapsulated,
)


def write_sagittal(
    folder: Path,
    place: SeriesPlace,
    plan: HeadPlan,
    slice_from_right: int,
    image: Voxels,
) -> None:
    """Write one image, ``(rows from the head down, columns from front to back)``.

    Image 1 lies at the patient's right. Compressed with JPEG-LS, lossless.
    """
    number, grid = slice_from_right + 1, plan.grid
    across = float(grid.x[slice_from_right])
    ds = new_object(MRImageStorage, place, number)
    ds.ImageType = ["ORIGINAL", "PRIMARY", "OTHER"]
    ds.BodyPartExamined = "HEAD"
    ds.PatientOrientation = ["P", "F"]
    ds.AcquisitionNumber = 1
    place_in_patient(
        ds,
        place,
        (across, float(grid.y[0]), float(grid.z[-1])),
        (0, 1, 0, 0, 0, -1),
        (plan.pixel_mm, plan.pixel_mm),
    )
    ds.SliceThickness = ds.SpacingBetweenSlices = str(plan.spacing_mm)
    ds.SliceLocation = f"{across:g}"
    ds.ScanningSequence, ds.SequenceVariant = ["GR", "IR"], ["SP", "MP"]
    ds.ScanOptions, ds.MRAcquisitionType = "", "3D"
    ds.SequenceName = "demo3d1"
    ds.RepetitionTime, ds.EchoTime, ds.InversionTime = "2300", "2.98", "900"
    ds.EchoTrainLength, ds.FlipAngle, ds.NumberOfAverages = 1, "9", "1"
    ds.EchoNumbers = 1
    ds.MagneticFieldStrength, ds.ImagingFrequency = "3", "123.2"
    ds.ImagedNucleus, ds.PixelBandwidth = "1H", "240"
    ds.WindowCenter, ds.WindowWidth = "430", "860"
    ds.WindowCenterWidthExplanation = "T1"
    put_grey(ds, image)
    code = bytes(imagecodecs.jpegls_encode(image))
    path = folder / place.key / f"{number:04d}.dcm"
    save_encapsulated(ds, path, [code], JPEGLSLossless)
