"""Is a written file what an anonymized file has to be? Asked of the file alone."""

import os
from collections.abc import Iterator
from typing import Final

import numpy as np

from viewer.core.deidentification import Option
from viewer.core.errors import PixelError
from viewer.core.proof import Fault, Own
from viewer.dicom import tag as tags
from viewer.dicom.attributes import Attributes
from viewer.dicom.codecs.syntaxes import Coding, transfer_syntax
from viewer.dicom.deidentification import jpeg_2000_streams, jpeg_streams
from viewer.dicom.deidentification.markers import (
    CODES_TAG,
    DATES_TAG,
    FACE_TAG,
    METHOD_TAG,
    REMOVED_TAG,
)
from viewer.dicom.deidentification.rules_check import Broken
from viewer.dicom.deidentification.source_values import leaves
from viewer.dicom.encoding import UNDEFINED
from viewer.dicom.file_meta import file_meta
from viewer.dicom.part10 import OpenFile

_REFERENCES: Final = frozenset({0x00081155, 0x00081167, 0x00083001})
_JPEG: Final = frozenset({Coding.JPEG, Coding.JPEG_LOSSLESS, Coding.JPEG_LS})
_WAVELETS: Final = frozenset({Coding.JPEG_2000, Coding.HTJ2K})
_DATES: Final = {
    Option.RETAIN_MODIFIED_DATES: "MODIFIED",
    Option.RETAIN_FULL_DATES: "UNMODIFIED",
}


PROFILE: Final = "113100"
CODES: Final = {
    Option.CLEAN_PIXELS: "113101",
    Option.CLEAN_GRAPHICS: "113103",
    Option.CLEAN_STRUCTURED_CONTENT: "113104",
    Option.CLEAN_DESCRIPTORS: "113105",
    Option.RETAIN_FULL_DATES: "113106",
    Option.RETAIN_MODIFIED_DATES: "113107",
    Option.RETAIN_PATIENT_CHARACTERISTICS: "113108",
    Option.RETAIN_DEVICE_IDENTITY: "113109",
    Option.RETAIN_UIDS: "113110",
    Option.RETAIN_SAFE_PRIVATE: "113111",
    Option.RETAIN_INSTITUTION_IDENTITY: "113112",
}
"""PS3.16 CID 7050, read from the standard once more."""


def wrapping(opened: OpenFile) -> Iterator[Broken]:
    """What lies around the data set and is not what the program writes there."""
    head = file_meta(
        opened.sop_class_uid or "0",
        opened.data_set.text(tags.SOP_INSTANCE_UID) or "0",
        opened.meta.text(tags.TRANSFER_SYNTAX_UID) or "0",
    )
    opened.file.seek(0)
    if opened.file.read(len(head)) != head:
        yield Broken(Fault.WRAPPING, "file meta", "preamble and meta are written new")
    for note in opened.data_set.notes:
        yield Broken(Fault.WRAPPING, "data set", f"not as it is written: {note}")
    end = _end(opened)
    if end is not None and end != os.fstat(opened.file.fileno()).st_size:
        yield Broken(Fault.WRAPPING, "end of the file", "nothing follows the data set")


def _end(opened: OpenFile) -> int | None:
    """Where the last attribute ends; None for a deflated data set."""
    elements = opened.whole().elements.values()
    if (
        not elements
        or opened.data_set.cutter.source.size != os.fstat(opened.file.fileno()).st_size
    ):
        return None
    last = max(elements, key=lambda element: element.offset)
    if last.length != UNDEFINED:
        return last.offset + last.length
    position = last.offset
    for offset, length in opened.data_set.cutter.fragments(position, opened.encoding):
        position = offset + length
    return position + 8


def false_markers(data_set: Attributes, options: frozenset[Option]) -> Iterator[Broken]:
    """Markers that are missing or say something else; PS3.15 E.1.1, CID 7050."""

    def broken(tag: int, rule: str) -> Broken:
        return Broken(Fault.MARKER, f"({tag >> 16:04X},{tag & 0xFFFF:04X})", rule)

    if data_set.text(REMOVED_TAG) != "YES":
        yield broken(REMOVED_TAG, "Patient Identity Removed is YES")
    if not data_set.text(METHOD_TAG).startswith("Lightbox "):
        yield broken(METHOD_TAG, "De-identification Method names the program")
    codes = {item.text(0x00080100) for item in data_set.items(CODES_TAG)}
    if codes != {PROFILE, *(CODES[option] for option in options)}:
        yield broken(CODES_TAG, "the codes are those of profile and options")
    dates = next((word for one, word in _DATES.items() if one in options), "REMOVED")
    if data_set.text(DATES_TAG) != dates:
        yield broken(DATES_TAG, f"the dates are {dates}")
    if data_set.text(FACE_TAG) == "NO":
        yield broken(FACE_TAG, "nobody can claim that no face can be recognised")


def options_by_markers(data_set: Attributes) -> frozenset[Option]:
    """Which options the file itself says it was written with."""
    codes = {item.text(0x00080100) for item in data_set.items(CODES_TAG)}
    return frozenset(option for option, code in CODES.items() if code in codes)


def unclean_pixels(opened: OpenFile) -> Iterator[Broken]:
    """Code streams that hold more than a picture, and bits no pixel uses."""
    element = opened.pixels
    if element is None:
        return
    syntax = transfer_syntax(opened.transfer_syntax_uid)
    if element.length != UNDEFINED:
        if _has_spare_bits(opened):
            yield Broken(Fault.SPARE_BITS, "pixel data", "spare bits are zero")
        return
    clean = None
    if syntax.coding in _JPEG:
        clean = jpeg_streams.cleaned
    elif syntax.coding in _WAVELETS:
        clean = jpeg_2000_streams.cleaned
    if clean is None:
        return
    fragments = opened.data_set.cutter.fragments(element.offset, opened.encoding)
    next(fragments, None)  # the offset table
    for number, (offset, length) in enumerate(fragments, 1):
        raw = opened.data_set.cutter.source.read(offset, length)
        try:
            same = clean(raw).ljust(length, b"\0") == raw
        except PixelError:
            same = False
        if not same:
            yield Broken(Fault.STREAM, f"frame {number}", "a stream holds its picture")


def _has_spare_bits(opened: OpenFile) -> bool:
    """Whether anything but a sign lies beyond Bits Stored, where overlays once lay."""
    element, data_set = opened.pixels, opened.data_set
    allocated = data_set.integer(tags.BITS_ALLOCATED) or 0
    stored = data_set.integer(tags.BITS_STORED) or 0
    if element is None or allocated not in (8, 16, 32) or not 0 < stored < allocated:
        return False
    high = data_set.integer(tags.HIGH_BIT)
    lowest = 0 if high is None else max(high + 1 - stored, 0)
    width = allocated // 8
    raw = data_set.cutter.source.read(element.offset, element.length // width * width)
    cells = np.frombuffer(raw, f"<u{width}")
    above = ((1 << allocated) - 1) >> (lowest + stored) << (lowest + stored)
    spare = cells & cells.dtype.type(above | ((1 << lowest) - 1))
    if data_set.integer(tags.PIXEL_REPRESENTATION) == 1:
        negative = (cells & cells.dtype.type(1 << lowest + stored - 1)) != 0
        spare = np.where(negative & (spare == above), 0, spare)
    return bool(spare.any())


def own_uids(data_set: Attributes) -> Own:
    """Which object it is, and to which it refers."""
    return Own(
        data_set.text(tags.SOP_CLASS_UID),
        data_set.text(tags.SOP_INSTANCE_UID),
        data_set.text(tags.SERIES_INSTANCE_UID),
        data_set.text(tags.STUDY_INSTANCE_UID),
        data_set.text(tags.PATIENT_ID),
        frozenset(_references(data_set)),
    )


def _references(data_set: Attributes) -> Iterator[str]:
    for item, element in leaves(data_set):
        if element.tag in _REFERENCES:
            yield from filter(None, item.texts(element.tag))
