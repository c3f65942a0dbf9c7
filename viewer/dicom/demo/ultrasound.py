"""The colour clip of the heart, with the regions that calibrate it."""

from pathlib import Path

import imagecodecs
import numpy as np
import numpy.typing as npt
from pydicom.dataset import Dataset
from pydicom.tag import Tag
from pydicom.uid import JPEGBaseline8Bit, UltrasoundMultiFrameImageStorage

from viewer.core.phantom.echo.cine import HeartCine
from viewer.core.phantom.recipe import CinePlan
from viewer.dicom.demo.objects import SeriesPlace, new_object, save_encapsulated

_CENTIMETRES, _TISSUE, _COLOUR_FLOW, _SECTOR_2D = 3, 1, 2, 1  # PS3.3 C.8.5.5.1


def to_jpeg(plan: CinePlan, picture: npt.NDArray[np.uint8]) -> bytes:
    """Compress one RGB frame as the machines do: colour at half width."""
    return bytes(
        imagecodecs.jpeg8_encode(
            picture,
            level=plan.quality,
            colorspace="RGB",
            outcolorspace="YCBCR",
            subsampling="422",
        )
    )


def write_cine(
    folder: Path,
    place: SeriesPlace,
    plan: CinePlan,
    cine: HeartCine,
    frames: list[bytes],
) -> None:
    """Write the whole clip of JPEG `frames`."""
    ds = new_object(UltrasoundMultiFrameImageStorage, place, 1)
    ds.ImageType = ["ORIGINAL", "PRIMARY", "TTE", "0011"]
    ds.BodyPartExamined = "HEART"
    ds.PatientOrientation = ""
    ds.AcquisitionNumber = 1
    ds.HeartRate = round(60_000 * plan.beats / (plan.frames * plan.frame_time_ms))
    ds.TransducerData = "DEMO SECTOR"
    ds.UltrasoundColorDataPresent = 1
    ds.NumberOfFrames = len(frames)
    ds.FrameIncrementPointer = Tag("FrameTime")
    ds.FrameTime = f"{plan.frame_time_ms:g}"
    ds.CineRate = ds.RecommendedDisplayFrameRate = round(1000 / plan.frame_time_ms)
    ds.SamplesPerPixel, ds.PlanarConfiguration = 3, 0
    ds.PhotometricInterpretation = "YBR_FULL_422"
    ds.Rows, ds.Columns = plan.rows, plan.columns
    ds.BitsAllocated, ds.BitsStored, ds.HighBit = 8, 8, 7
    ds.PixelRepresentation = 0
    ratio = plan.rows * plan.columns * 3 * len(frames) / sum(map(len, frames))
    ds.LossyImageCompression = "01"
    ds.LossyImageCompressionRatio = f"{ratio:.2f}"
    ds.LossyImageCompressionMethod = "ISO_10918_1"
    ds.SequenceOfUltrasoundRegions = [
        _region(cine, cine.sector, _TISSUE, flags=2),
        _region(cine, cine.flow_box, _COLOUR_FLOW, flags=3),
    ]
    save_encapsulated(ds, folder / place.key / "0001.dcm", frames, JPEGBaseline8Bit)


def _region(
    cine: HeartCine, edges: tuple[int, int, int, int], data_type: int, flags: int
) -> Dataset:
    """One calibrated region; `edges` are columns and rows, PS3.3 C.8.5.5.1."""
    left, top, right, bottom = edges
    item = Dataset()
    item.RegionSpatialFormat, item.RegionDataType = _SECTOR_2D, data_type
    item.RegionFlags = flags
    item.RegionLocationMinX0, item.RegionLocationMinY0 = left, top
    item.RegionLocationMaxX1, item.RegionLocationMaxY1 = right, bottom
    column, row = cine.tip
    item.ReferencePixelX0, item.ReferencePixelY0 = column - left, row - top
    item.ReferencePixelPhysicalValueX = item.ReferencePixelPhysicalValueY = 0.0
    item.PhysicalUnitsXDirection = item.PhysicalUnitsYDirection = _CENTIMETRES
    item.PhysicalDeltaX = item.PhysicalDeltaY = cine.mm_per_pixel / 10
    item.TransducerFrequency = 2500
    return item
