"""Pictures with names as files of every kind that machines write."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import imagecodecs
import numpy as np
import numpy.typing as npt
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import (
    UID,
    ExplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGLSLossless,
    RLELossless,
    generate_uid,
)

from tests.burned_in.pictures import Pixels, Written, picture

_ROOT: Final = "1.2.840.10008.5.1.4.1.1."
Stored = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class Kind:
    """One way in which pictures with names are stored.

    Attributes
    ----------
    look : str
        Of `picture`.
    sop_class, modality, photometric : str
    bits : int
        Bits Stored.
    syntax : UID
    frames : int
    """

    look: str
    sop_class: str
    modality: str
    photometric: str = "MONOCHROME2"
    bits: int = 8
    syntax: UID = ExplicitVRLittleEndian
    frames: int = 1

    @property
    def coloured(self) -> bool:
        """Whether each pixel has three samples."""
        return self.photometric in ("RGB", "YBR_FULL_422")

    @property
    def lossy(self) -> bool:
        """Whether what is stored is not what was drawn."""
        return self.syntax == JPEGBaseline8Bit


KINDS: Final = (
    Kind("US", "6.1", "US"),
    Kind("US", "6.1", "US", "RGB"),
    Kind("US", "6.1", "US", "YBR_FULL_422", syntax=JPEGBaseline8Bit),
    Kind("US", "6.1", "US", "PALETTE COLOR"),
    Kind("US", "3.1", "US", "RGB", syntax=RLELossless, frames=5),
    Kind("US", "3.1", "US", frames=6, syntax=JPEGBaseline8Bit),
    Kind("SC", "7", "OT", syntax=RLELossless),
    Kind("SC", "7", "SC", "RGB"),
    Kind("SC", "7", "OT", "MONOCHROME1"),
    Kind("DX", "1.1", "DX", "MONOCHROME1", 12),
    Kind("DX", "1.1", "DX", bits=14, syntax=JPEGLSLossless),
    Kind("DX", "1", "CR", "MONOCHROME1", 10, JPEG2000Lossless),
)


@dataclass(frozen=True, slots=True)
class BurnedIn:
    """A file with names in its pixels.

    Attributes
    ----------
    path : Path
    kind : Kind
    letters : numpy.ndarray
        As in `Written`.
    texts : tuple of str
    """

    path: Path
    kind: Kind
    letters: Pixels
    texts: tuple[str, ...]


def burned_in(folder: Path, number: int) -> BurnedIn:
    """File `number` of as many as are wanted, each of another kind, font and place."""
    kind = KINDS[number % len(KINDS)]
    drawn = picture(kind.look, number, frames=kind.frames, coloured=kind.coloured)
    path = folder / f"{number:03}.dcm"
    _data_set(kind, drawn).save_as(path, enforce_file_format=True)
    return BurnedIn(path, kind, drawn.letters, drawn.texts)


def _data_set(kind: Kind, drawn: Written) -> Dataset:
    stored = _stored(kind, drawn)
    ds = Dataset()
    ds.SOPClassUID, ds.Modality = _ROOT + kind.sop_class, kind.modality
    for keyword in ("SOPInstanceUID", "StudyInstanceUID", "SeriesInstanceUID"):
        setattr(ds, keyword, generate_uid(prefix="2.25."))
    ds.PatientName, ds.PatientID = "Nobody^At All", "0"
    ds.ImageType = ["ORIGINAL", "PRIMARY"]
    ds.Rows, ds.Columns = stored.shape[1:3]
    ds.SamplesPerPixel = 3 if kind.coloured else 1
    ds.PhotometricInterpretation = kind.photometric
    if kind.coloured:
        ds.PlanarConfiguration = 0
    ds.BitsAllocated = 8 * stored.dtype.itemsize
    ds.BitsStored, ds.HighBit, ds.PixelRepresentation = kind.bits, kind.bits - 1, 0
    if kind.frames > 1:
        ds.NumberOfFrames, ds.FrameTime = kind.frames, "40"
    if kind.photometric == "PALETTE COLOR":
        _add_palette(ds)
    if kind.lossy:
        ds.LossyImageCompression = "01"
    ds.file_meta = FileMetaDataset()
    ds.file_meta.TransferSyntaxUID = kind.syntax
    _add_pixels(ds, kind, stored)
    return ds


def _stored(kind: Kind, drawn: Written) -> Stored:
    """The values of the file."""
    shown = drawn.values
    if kind.photometric == "MONOCHROME1":
        shown = 1 - shown
    if kind.photometric == "PALETTE COLOR":
        shown = shown * 0.5  # `_add_palette` uses half of the indices
    highest = (1 << kind.bits) - 1
    return np.round(shown * highest).astype(np.uint8 if kind.bits == 8 else np.uint16)


def _add_palette(ds: Dataset) -> None:
    ramp = np.arange(256) * 2
    table = np.where(ramp < 256, ramp, 511 - ramp).astype(np.uint16) * 257
    for color, share in (("Red", 1.0), ("Green", 0.9), ("Blue", 0.6)):
        descriptor = f"{color}PaletteColorLookupTableDescriptor"
        setattr(ds, descriptor, [256, 0, 16])
        entries = (table * share).astype("<u2").tobytes()
        setattr(ds, f"{color}PaletteColorLookupTableData", entries)


def _add_pixels(ds: Dataset, kind: Kind, stored: Stored) -> None:
    if kind.syntax in _ENCODERS:
        encode = _ENCODERS[kind.syntax]
        ds.PixelData = encapsulate([encode(frame) for frame in stored])
        ds["PixelData"].VR = "OB"
        return
    ds.PixelData = stored.tobytes()
    ds["PixelData"].VR = "OB" if stored.dtype.itemsize == 1 else "OW"
    if kind.syntax == RLELossless:
        ds.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
        ds.compress(RLELossless, generate_instance_uid=False)


_ENCODERS: Final[dict[str, Callable[[Stored], bytes]]] = {
    JPEGBaseline8Bit: lambda frame: bytes(imagecodecs.jpeg8_encode(frame, level=92)),
    JPEGLSLossless: lambda frame: bytes(imagecodecs.jpegls_encode(frame)),
    JPEG2000Lossless: lambda frame: bytes(
        imagecodecs.jpeg2k_encode(frame, level=0, codecformat="j2k", reversible=True)
    ),
}
