"""The code stream of a frame with its picture and nothing else.

Streams of the JPEG family lose what lies beside the coded data, which stay as they are.
Codings whose frames can hold anything behind or between their parts (RLE, deflate,
JPEG XL) are decoded and written anew without loss. So are frames with bits above the
stored ones, where an overlay can lie.
"""

from dataclasses import replace
from typing import Final

import numpy as np
import numpy.typing as npt

from viewer.core.errors import PixelError
from viewer.core.image import PixelFormat
from viewer.dicom.codecs.stream import jpeg_2000_header, jpeg_header
from viewer.dicom.codecs.syntaxes import Coding, transfer_syntax
from viewer.dicom.deidentification import (
    jpeg_2000_streams,
    jpeg_streams,
    lossless_coding,
    run_length_streams,
    stored_bits,
    unread_tails,
)
from viewer.dicom.frames import decode_frame

Samples = npt.NDArray[np.generic]

_JPEG: Final = frozenset({Coding.JPEG, Coding.JPEG_LOSSLESS, Coding.JPEG_LS})
_WAVELETS: Final = frozenset({Coding.JPEG_2000, Coding.HTJ2K})
_WHOLE_CELLS: Final = frozenset(
    {Coding.RLE, Coding.DEFLATED_FRAME, Coding.ENCAPSULATED}
)
KEPT: Final = _JPEG | _WAVELETS
"""Codings whose coded data can stay."""


def cleaned(encoded: bytes, pixels: PixelFormat) -> bytes:
    """The same stored values in the same transfer syntax, and nothing else.

    Parameters
    ----------
    encoded : bytes
        All fragments of one frame, joined; of a coding in `KEPT`.
    pixels : PixelFormat

    Raises
    ------
    PixelError
        If it cannot be cleaned with certainty.
    """
    stream = unread_tails.without(_bare(encoded, pixels), pixels)
    syntax = transfer_syntax(pixels.transfer_syntax_uid)
    read = jpeg_header if syntax.coding in _JPEG else jpeg_2000_header
    header = read(stream)
    header.must_match(pixels)
    if header.precision > pixels.bits_stored and syntax.coding is not Coding.JPEG:
        return _without_spare_bits(stream, pixels, header.precision)
    return stream


def _bare(encoded: bytes, pixels: PixelFormat) -> bytes:
    """The stream with what a decoder needs of it.

    Raises
    ------
    PixelError
        If it cannot be followed to its end, or was another picture in the file that
        lay around it.
    """
    coding = transfer_syntax(pixels.transfer_syntax_uid).coding
    if coding in _JPEG:
        return jpeg_streams.cleaned(encoded)
    stream = jpeg_2000_streams.cleaned(encoded)
    if jpeg_2000_streams.is_wrapped(encoded):
        before, after = decode_frame(encoded, pixels), decode_frame(stream, pixels)
        if not np.array_equal(before, after):
            raise PixelError("What lies around the compressed image changes it.")
    return stream


def cells(encoded: bytes, pixels: PixelFormat) -> Samples:
    """Stored values of a frame, which may be written to, spare bits told by them.

    Whole cells where the coding keeps these: a High Bit that leaves room below holds.

    Raises
    ------
    PixelError
        If the frame cannot be decoded.
    """
    coding = transfer_syntax(pixels.transfer_syntax_uid).coding
    if coding in _WHOLE_CELLS:
        values = _writable(_whole_cells(encoded, _all_bits(pixels)))
        stored_bits.clear(values, pixels)
        return values
    if coding in KEPT:
        encoded = _bare(encoded, pixels)  # what cannot be followed can hold a decoder
    values = _writable(decode_frame(encoded, pixels))
    if transfer_syntax(pixels.transfer_syntax_uid).lossless:
        stored_bits.clear(values, _at_the_foot(pixels))
    else:
        _must_be_near(values, pixels)
        np.clip(values, *stored_bits.stored_range(pixels), out=values)
    return values


def _whole_cells(encoded: bytes, pixels: PixelFormat) -> Samples:
    """The frame decoded, also where what follows its runs is none."""
    try:
        return decode_frame(encoded, pixels)
    except PixelError:
        if transfer_syntax(pixels.transfer_syntax_uid).coding is not Coding.RLE:
            raise
    length = -(-pixels.frame_pixels * min(pixels.bits_allocated, 8) // 8)
    return decode_frame(run_length_streams.trimmed(encoded, length), pixels)


def _at_the_foot(pixels: PixelFormat) -> PixelFormat:
    """With the values of a decoded stream, which have no bits below them."""
    return replace(pixels, high_bit=pixels.bits_stored - 1)


def _writable(values: Samples) -> Samples:
    return values if values.flags.writeable else values.copy()


def _all_bits(pixels: PixelFormat) -> PixelFormat:
    bits = pixels.bits_allocated
    return replace(pixels, bits_stored=bits, high_bit=bits - 1)


def _must_be_near(values: Samples, pixels: PixelFormat) -> None:
    """Refuse values further beyond their bits than loss explains: an overlay, maybe.

    Raises
    ------
    PixelError
    """
    low, high = stored_bits.stored_range(pixels)
    overshoot = (high - low + 1) // 4
    if values.min() < low - overshoot or values.max() > high + overshoot:
        raise PixelError("The image has values that its bits have no room for.")


def _without_spare_bits(stream: bytes, pixels: PixelFormat, precision: int) -> bytes:
    """The stream itself if its samples are values alone, or one coded anew."""
    if not stored_bits.has_spare_bits(pixels):
        return stream
    if not transfer_syntax(pixels.transfer_syntax_uid).lossless:
        _must_be_near(decode_frame(stream, pixels), pixels)
        return stream
    found = _writable(decode_frame(stream, _all_bits(pixels)))
    values = found.copy()
    stored_bits.clear(values, _at_the_foot(pixels))
    unsigned = f"u{values.dtype.itemsize}"
    coded, extended = (
        np.bitwise_and(one.view(unsigned), (1 << precision) - 1)
        for one in (found, values)
    )
    zeroed = np.bitwise_and(extended, (1 << pixels.bits_stored) - 1)
    if np.array_equal(coded, extended) or np.array_equal(coded, zeroed):
        return stream
    again = lossless_coding.encoded(values, pixels)
    if not np.array_equal(decode_frame(again, pixels), values):
        raise PixelError("The image cannot be coded again without loss.")
    return again
