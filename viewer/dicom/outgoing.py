"""The data set of a file for a peer: as it lies, or in a plain transfer syntax.

Written anew it says the same: every attribute is kept, and so is every stored value of
the pixels. What was compressed with loss stays marked so.
"""

import struct
import warnings
from collections.abc import Callable, Iterable, Iterator
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Final

from viewer.core.errors import PixelError, UnreadableError
from viewer.core.image import Image
from viewer.dicom.codecs.syntaxes import Coding, transfer_syntax
from viewer.dicom.encoding import (
    DEFLATED_UID,
    EXPLICIT_UID,
    IMPLICIT_UID,
    LONG_VRS,
    SHORT_VRS,
)
from viewer.dicom.frames import Samples, decoded_photometric
from viewer.dicom.part10 import data_set_start, open_dicom
from viewer.dicom.source import inflated_chunks

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

PLAIN: Final = (EXPLICIT_UID, IMPLICIT_UID)
"""What a data set can be written anew in."""

_PIECE: Final = 1 << 20
_LARGEST: Final = 0xFFFFFFFE
"""Bytes that a native pixel attribute can have."""

_MOST_BITS: Final = 1 << 28  # pixels of one bit, which are packed together

_PIXEL_DATA: Final = 0x7FE00010
_OFFSET_TABLES: Final = (0x7FE00001, 0x7FE00002)  # of encapsulated frames
_WIDTHS: Final = {1, 8, 16, 32}
_BROKEN: Final = (ValueError, TypeError, LookupError, OSError, EOFError, struct.error)

FrameOf = Callable[[int], Samples]
"""Stored values of a frame, counted from 1."""


def as_it_lies(path: Path) -> Iterator[bytes]:
    """The bytes of the data set, in pieces.

    Raises
    ------
    UnreadableError
        If the file cannot be read.
    """
    start = data_set_start(path)
    try:
        with path.open("rb", buffering=0) as file:
            file.seek(start)
            while piece := file.read(_PIECE):
                yield piece
    except OSError as error:
        raise UnreadableError("The file cannot be read to its end.") from error


def is_as_declared(path: Path, syntax_uid: str) -> bool:
    """Whether the data set has the value representations its syntax says it has.

    Some files say explicit and are implicit; a peer would stumble over them.

    Raises
    ------
    UnreadableError
        If the file cannot be read.
    """
    start = data_set_start(path)
    try:
        with path.open("rb", buffering=0) as file:
            file.seek(start)
            vr = file.read(6)[4:]
    except OSError as error:
        raise UnreadableError("The file cannot be read to its end.") from error
    explicit = vr in LONG_VRS or vr in SHORT_VRS
    return syntax_uid == DEFLATED_UID or explicit is (syntax_uid != IMPLICIT_UID)


def rewritten(
    path: Path, stored_uid: str, image: Image | None, syntax_uid: str, frame: FrameOf
) -> Iterator[bytes]:
    """The data set in one of the `PLAIN` syntaxes, in pieces.

    Parameters
    ----------
    path : Path
    stored_uid : str
        What the data set is really written in.
    image : Image or None
        Its pixels.
    syntax_uid : str
    frame : callable
        Gives decoded frames, where that is needed.

    Raises
    ------
    UnreadableError, PixelError
        If it cannot be written without losing something.
    """
    stored = transfer_syntax(stored_uid)
    if stored_uid == DEFLATED_UID and syntax_uid == EXPLICIT_UID:
        yield from _inflated(path)
        return
    ds = _parsed(path, stored_uid)
    pixels: Iterable[bytes] = ()
    size, vr = 0, "OW"
    if image is not None and (stored.encapsulated or stored.big_endian):
        size, vr = _describe(ds, image)
        frames = (frame(n) for n in range(1, image.pixels.frames + 1))
        pixels = _packed(frames) if image.pixels.bits_allocated == 1 else _raw(frames)
    elif stored.encapsulated and _PIXEL_DATA in ds:
        raise PixelError("The compressed image cannot be read.")
    implicit = syntax_uid == IMPLICIT_UID
    if not size:
        yield _encoded(ds, implicit=implicit)
        return
    del ds[_PIXEL_DATA]
    yield _encoded(ds[:_PIXEL_DATA], implicit=implicit)
    yield _pixel_header(vr, size + size % 2, implicit=implicit)
    yield from pixels
    yield bytes(size % 2)
    yield _encoded(ds[_PIXEL_DATA + 1 :], implicit=implicit)


def _inflated(path: Path) -> Iterator[bytes]:
    start = data_set_start(path)
    with path.open("rb") as file:
        yield from inflated_chunks(file, start)


def _parsed(path: Path, stored_uid: str) -> "Dataset":
    """All of the data set, every value taken out of its old encoding."""
    from pydicom.config import disable_value_validation  # noqa: PLC0415 - rare
    from pydicom.filereader import read_dataset  # noqa: PLC0415

    with open_dicom(path) as opened:
        encoding = opened.encoding
    if stored_uid == DEFLATED_UID:
        raw = b"".join(_inflated(path))
    else:
        raw = b"".join(as_it_lies(path))
    try:
        with warnings.catch_warnings(), disable_value_validation():
            warnings.simplefilter("ignore")  # they quote values
            ds = read_dataset(BytesIO(raw), encoding.implicit, encoding.little)
            for _ in ds.iterall():
                pass  # looked at, it is converted
    except _BROKEN as error:
        raise UnreadableError("The object cannot be written in another way.") from error
    return ds


def _describe(ds: "Dataset", image: Image) -> tuple[int, str]:
    """Make the header true for native frames; their bytes in all, and the VR."""
    pixels = image.pixels
    width = pixels.bits_allocated
    embedded = any(
        tag.group & 0xFF01 == 0x6000 and tag.element == 0x0100 and ds[tag].value != 1
        for tag in ds.keys()  # noqa: SIM118 - tags, not elements
    )
    if width not in _WIDTHS or embedded:
        raise PixelError(
            "The image cannot be written uncompressed without losing something."
        )
    cells = pixels.rows * pixels.columns * pixels.samples * pixels.frames
    size = -(-cells * width // 8)
    if size > _LARGEST or (width == 1 and cells > _MOST_BITS):
        raise PixelError("The image is too large to be sent uncompressed.")
    for tag in _OFFSET_TABLES:
        ds.pop(tag, None)
    if pixels.samples > 1:
        ds.PhotometricInterpretation = decoded_photometric(pixels)
        ds.PlanarConfiguration = 0
    if 0 < pixels.bits_stored <= width:
        ds.HighBit = pixels.bits_stored - 1
    syntax = transfer_syntax(pixels.transfer_syntax_uid)
    if not syntax.lossless and syntax.coding is Coding.JPEG:
        ds.LossyImageCompression = "01"
    return size, "OB" if width <= 8 else "OW"


def _raw(frames: Iterable[Samples]) -> Iterator[bytes]:
    return (frame.tobytes() for frame in frames)


def _packed(frames: Iterable[Samples]) -> Iterator[bytes]:
    """One bit a pixel, the first in the lowest; frames follow without a gap."""
    import numpy as np  # noqa: PLC0415 - rare

    every = np.concatenate([frame.ravel() for frame in frames])
    yield np.packbits(every != 0, bitorder="little").tobytes()


def _encoded(ds: "Dataset", *, implicit: bool) -> bytes:
    from pydicom.config import disable_value_validation  # noqa: PLC0415 - rare
    from pydicom.filebase import DicomBytesIO  # noqa: PLC0415
    from pydicom.filewriter import write_dataset  # noqa: PLC0415

    out = DicomBytesIO()
    out.is_implicit_VR, out.is_little_endian = implicit, True
    try:
        with warnings.catch_warnings(), disable_value_validation():
            warnings.simplefilter("ignore")  # they quote values
            write_dataset(out, ds)
    except _BROKEN as error:
        raise UnreadableError("The object cannot be written in another way.") from error
    return bytes(out.getvalue())


def _pixel_header(vr: str, size: int, *, implicit: bool) -> bytes:
    if implicit:
        return struct.pack("<HHI", 0x7FE0, 0x0010, size)
    return struct.pack("<HH2sHI", 0x7FE0, 0x0010, vr.encode(), 0, size)
