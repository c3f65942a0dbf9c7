"""Uncompressed pixels on their way out, in pieces of a megabyte or frame by frame."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Final

import numpy as np

from viewer.core.boxes import Box
from viewer.core.errors import PixelError
from viewer.core.image import PixelFormat, SampleKind
from viewer.dicom.codecs.native import (
    frame_bits,
    halved_chroma,
    sample_bits,
    sample_dtype,
)
from viewer.dicom.codecs.syntaxes import transfer_syntax
from viewer.dicom.deidentification import stored_bits
from viewer.dicom.deidentification.pixel_outcome import PixelOutcome
from viewer.dicom.element import Element
from viewer.dicom.encoding import EXPLICIT_UID, IMPLICIT_UID, UNDEFINED
from viewer.dicom.part10 import OpenFile

_PIECE: Final = 1 << 20
_VRS: Final = {SampleKind.FLOAT: "OF", SampleKind.DOUBLE: "OD"}


def clean_plain(
    opened: OpenFile, element: Element, pixels: PixelFormat, boxes: Sequence[Box]
) -> PixelOutcome:
    """Uncompressed pixels as they may leave.

    Raises
    ------
    PixelError
        If their coding is none that could be cleaned.
    """
    if element.length == UNDEFINED:
        raise PixelError("The length of the pixel data is not stated.")
    big_endian = transfer_syntax(opened.transfer_syntax_uid).big_endian
    if pixels.bits_allocated == 1 and big_endian:
        raise PixelError("Pixels of one bit in big endian words cannot be told.")
    if boxes:
        raise PixelError("Boxes cannot be burned.")
    needed = stated_bytes(pixels, element.length)
    implicit = opened.transfer_syntax_uid == IMPLICIT_UID
    return PixelOutcome(
        element.tag,
        _VRS.get(pixels.kind) or ("OB" if pixels.bits_allocated <= 8 else "OW"),
        needed + needed % 2,
        IMPLICIT_UID if implicit else EXPLICIT_UID,
        partial(_pieces, opened, element, pixels, needed),
    )


def stated_bytes(pixels: PixelFormat, held: int) -> int:
    """Bytes that the frames of an uncompressed image take; what follows is no picture.

    Parameters
    ----------
    pixels : PixelFormat
    held : int
        Bytes that are there.
    """
    bits = frame_bits(pixels)
    if halved_chroma(pixels) and 8 * held < bits * pixels.frames:
        bits = bits * 2 // 3
    return min(-(-bits * pixels.frames // 8), held)


def _pieces(
    opened: OpenFile, element: Element, pixels: PixelFormat, needed: int
) -> Iterator[bytes]:
    read = opened.data_set.cutter.source.read
    for start in range(0, needed, _PIECE):
        length = min(_PIECE, needed - start)
        odd = length % 2 if pixels.word_swapped else 0
        raw = read(element.offset + start, length + odd)
        yield cleared(raw, pixels, big_endian=not element.encoding.little)[:length]
    if needed % 2:
        yield b"\0"


def cleared(raw: bytes, pixels: PixelFormat, *, big_endian: bool) -> bytes:
    """Whole cells in little endian order, without what lies in their spare bits.

    Parameters
    ----------
    raw : bytes
        As they lie in the file.
    pixels : PixelFormat
    big_endian : bool
        How they lie there.
    """
    spare = stored_bits.has_spare_bits(pixels)
    swapped = big_endian and (pixels.word_swapped or sample_bits(pixels) > 8)
    if not (spare or swapped):
        return raw
    content = bytearray(raw)
    if swapped:
        width = max(sample_bits(pixels) // 8, 2)
        np.frombuffer(content, f"u{width}").byteswap(inplace=True)
    if spare:
        stored_bits.clear(np.frombuffer(content, sample_dtype(pixels)), pixels)
    return bytes(content)
