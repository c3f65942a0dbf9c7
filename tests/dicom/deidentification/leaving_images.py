"""Image files for tests, and what they are once their pixels were cleaned."""

import struct
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from pydicom import dcmread
from pydicom.config import disable_value_validation
from pydicom.dataset import Dataset
from pydicom.filebase import DicomBytesIO
from pydicom.filewriter import write_dataset

from tests.dicom.written_files import (
    IMPLICIT,
    UNDEFINED,
    Value,
    image_elements,
    meta,
    written,
)
from viewer.core.boxes import Box
from viewer.core.image import PixelFormat
from viewer.dicom.codecs.syntaxes import transfer_syntax
from viewer.dicom.deidentification.pixel_outcome import PixelOutcome
from viewer.dicom.deidentification.pixels import clean
from viewer.dicom.frames import read_frame
from viewer.dicom.part10 import open_dicom
from viewer.dicom.read import read_file

Samples = npt.NDArray[Any]
Extra = Sequence[tuple[int, str, Value]]


def fragments(frames: Sequence[bytes], table: Sequence[int] = ()) -> bytes:
    """The value of encapsulated pixel data: an offset table and a fragment each."""
    items = [np.array(table, "<u4").tobytes(), *frames]
    even = [item + bytes(len(item) % 2) for item in items]
    head = b"\xfe\xff\x00\xe0"
    joined = b"".join(head + len(e).to_bytes(4, "little") + e for e in even)
    return joined + b"\xfe\xff\xdd\xe0" + bytes(4)


def image_file(
    path: Path, pixels: PixelFormat, value: bytes, extra: Extra = ()
) -> Path:
    """A file of an image whose pixel attribute has `value`."""
    stated: list[tuple[int, str, Value]] = [
        (0x00280002, "US", pixels.samples),
        (0x00280004, "CS", pixels.photometric),
        (0x00280008, "IS", str(pixels.frames)),
        (0x00280010, "US", pixels.rows),
        (0x00280011, "US", pixels.columns),
        (0x00280100, "US", pixels.bits_allocated),
        (0x00280101, "US", pixels.bits_stored),
        (0x00280102, "US", pixels.high_bit),
        (0x00280103, "US", int(pixels.signed)),
        *extra,
    ]
    if pixels.samples > 1:
        stated.append((0x00280006, "US", int(pixels.planar)))
    syntax = transfer_syntax(pixels.transfer_syntax_uid)
    uid, order = syntax.uid, ">" if syntax.big_endian else "<"
    implicit = uid == IMPLICIT
    header = image_elements(stated, None, implicit=implicit, order=order)
    return written(path, meta(uid) + header + pixel_element(uid, value))


def pixel_element(
    uid: str, value: bytes, vr: str = "OW", tag: int = 0x7FE00010
) -> bytes:
    """The pixel attribute of a file of this transfer syntax."""
    syntax = transfer_syntax(uid)
    order = ">" if syntax.big_endian else "<"
    length = UNDEFINED if syntax.encapsulated else len(value)
    head = struct.pack(order + "HH", tag >> 16, tag & 0xFFFF)
    stated = struct.pack(order + "L", length)
    if uid == IMPLICIT:
        return head + stated + value
    return (
        head
        + (b"OB" if syntax.encapsulated else vr.encode())
        + b"\0\0"
        + stated
        + value
    )


def outcome_of(path: Path, boxes: Sequence[Box] = ()) -> tuple[PixelOutcome, bytes]:
    """What the pixels of a file are when they leave, and their bytes."""
    with open_dicom(path) as opened:
        outcome = clean(opened, boxes)
        assert outcome is not None
        value = b"".join(outcome.pieces())
    assert outcome.length in (None, len(value))
    assert len(value) % 2 == 0
    return outcome, value


def left(path: Path, boxes: Sequence[Box] = ()) -> Path:
    """The same file with its pixels as they leave, beside it."""
    outcome, value = outcome_of(path, boxes)
    uid = outcome.transfer_syntax_uid
    image = pixel_element(uid, value, outcome.vr, outcome.tag)
    header = _header(path, outcome)
    return written(path.with_name(path.name + ".left"), meta(uid) + header + image)


def left_header(path: Path, outcome: PixelOutcome) -> Dataset:
    """The header of a file, true for its pixels as they leave."""
    with warnings.catch_warnings(), disable_value_validation():
        warnings.simplefilter("ignore")  # some files are odd on purpose
        ds = dcmread(path, force=True)
        for _ in ds.iterall():
            pass  # looked at, it is no longer in the byte order of the file
        ds.pop(outcome.tag, None)
        for tag, stated in outcome.header.items():
            ds.pop(tag, None)
            if stated is not None:
                ds.add_new(tag, *stated)
        return Dataset(ds)


def _header(path: Path, outcome: PixelOutcome) -> bytes:
    out = DicomBytesIO()
    out.is_little_endian = True
    out.is_implicit_VR = outcome.transfer_syntax_uid == IMPLICIT
    with warnings.catch_warnings(), disable_value_validation():
        warnings.simplefilter("ignore")
        write_dataset(out, left_header(path, outcome))
    return bytes(out.getvalue())


def frames_of(path: Path) -> list[Samples]:
    """Stored values of every frame."""
    image = read_file(path).instance.image
    assert image is not None
    return [read_frame(path, image, n + 1) for n in range(image.pixels.frames)]
