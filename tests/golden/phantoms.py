"""Small images written for one purpose each, and what the program shows of them."""

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import (
    UID,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    SecondaryCaptureImageStorage,
)

from viewer.core.image import Image
from viewer.dicom.frames import read_frame
from viewer.dicom.read import read_file
from viewer.services.frame_parts import part_refs, to_parts
from viewer.services.frame_ref import FrameRef
from viewer.services.rendering import Wish, render

Values = npt.NDArray[Any]
Picture = npt.NDArray[np.uint8]
SYNTAXES = (ExplicitVRLittleEndian, ImplicitVRLittleEndian, ExplicitVRBigEndian)
UIDS = ("2.25.1", "2.25.2", "2.25.3")


def grey_image(  # noqa: PLR0913 - what a pixel consists of
    values: Values,
    *,
    stored: int = 0,
    high_bit: int | None = None,
    photometric: str = "MONOCHROME2",
    syntax: UID = ExplicitVRLittleEndian,
    frames: int = 1,
) -> FileDataset:
    """A data set of ``(rows, columns)`` or, with `frames`, of several such."""
    allocated = 8 * values.itemsize
    ds = _data_set(syntax)
    ds.SamplesPerPixel, ds.PhotometricInterpretation = 1, photometric
    ds.Rows, ds.Columns = values.shape[-2:]
    if frames > 1:
        ds.NumberOfFrames = frames
    ds.BitsAllocated, ds.BitsStored = allocated, stored or allocated
    ds.HighBit = ds.BitsStored - 1 if high_bit is None else high_bit
    ds.PixelRepresentation = int(values.dtype.kind == "i")
    ds.PixelData = in_order(values, syntax)
    ds["PixelData"].VR = "OW" if allocated > 8 or syntax.is_implicit_VR else "OB"
    return ds


def colour_image(
    raw: bytes, size: tuple[int, int], photometric: str, *, stored: int = 8
) -> FileDataset:
    """A data set of ``(rows, columns)`` with three samples, as laid out in `raw`."""
    ds = _data_set(ExplicitVRLittleEndian)
    ds.SamplesPerPixel, ds.PhotometricInterpretation = 3, photometric
    ds.PlanarConfiguration = 0
    ds.Rows, ds.Columns = size
    ds.BitsAllocated = 8 if stored <= 8 else 16
    ds.BitsStored, ds.HighBit, ds.PixelRepresentation = stored, stored - 1, 0
    ds.PixelData = raw
    ds["PixelData"].VR = "OB" if stored <= 8 else "OW"
    return ds


def _data_set(syntax: UID) -> FileDataset:
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = SecondaryCaptureImageStorage
    meta.MediaStorageSOPInstanceUID = UID(UIDS[2])
    meta.TransferSyntaxUID = UID(syntax)
    ds = FileDataset(
        "",
        {},
        file_meta=meta,
        preamble=bytes(128),
        is_implicit_VR=syntax.is_implicit_VR,
        is_little_endian=syntax.is_little_endian,
    )
    ds.SOPClassUID, ds.SOPInstanceUID = SecondaryCaptureImageStorage, UIDS[2]
    ds.StudyInstanceUID, ds.SeriesInstanceUID = UIDS[:2]
    ds.Modality, ds.PatientID = "OT", "GOLDEN"
    return ds


def in_order(values: Values, syntax: UID) -> bytes:
    """The bytes of whole numbers as a transfer syntax has them."""
    little = values.astype(values.dtype.newbyteorder("<"))
    return (little if syntax.is_little_endian else little.byteswap()).tobytes()


def lut_item(
    entries: list[int], first: int, bits: int, *, vr: str = "OW", packed: bool = False
) -> Dataset:
    """A LUT; `packed` has two entries of 8 bits in a word."""
    item = Dataset()
    count = 0 if len(entries) == 1 << 16 else len(entries)
    sign = "SS" if first < 0 else "US"
    if sign == "SS" and count > 0x7FFF:
        count -= 1 << 16
    item.add_new(0x00283002, sign, [count, first, bits])
    item.LUTExplanation = "GOLDEN"
    if vr == "US":
        item.add_new(0x00283006, vr, entries)
    else:
        raw = np.array(entries, dtype="u1" if packed else "<u2").tobytes()
        item.add_new(0x00283006, vr, raw + bytes(len(raw) % 2))
    return item


def sequence(*items: Dataset) -> Sequence:
    """A sequence of these."""
    return Sequence(list(items))


def saved(ds: FileDataset, folder: Path) -> Path:
    """The data set in a file."""
    path = folder / "image.dcm"
    ds.save_as(path, enforce_file_format=True)
    return path


def image_of(path: Path) -> Image:
    """What the program reads of the file."""
    image = read_file(path).instance.image
    assert image is not None
    return image


def shown(path: Path, wish: Wish | None = None, number: int = 1) -> Picture:
    """What the program shows of the file, one pixel for each without a size."""
    record = read_file(path)
    image = record.instance.image
    assert image is not None
    ref = FrameRef(str(path), image, number)
    brought = {
        name: read_frame(part.path, part.image, part.number)
        for name, part in part_refs(ref).items()
    }
    stored = read_frame(path, image, number)
    parts = to_parts(ref, brought)
    return render(record, number, stored, wish or Wish(), parts).pixels
