"""RLE of PS3.5 Annex G: every byte of every sample in a segment of its own."""

import sys
from contextlib import suppress
from itertools import pairwise
from struct import pack, unpack_from
from typing import cast

import numpy as np
import numpy.typing as npt

from viewer.core.errors import PixelError
from viewer.core.image import PixelFormat, SampleKind
from viewer.dicom.codecs.native import unpack_bits

Samples = npt.NDArray[np.generic]
Bytes = npt.NDArray[np.uint8]

_HEADER = 64
_TIFF_HEADER, _LONG = 8, 4  # bytes; the type of a field


def decode(encoded: bytes, pixels: PixelFormat, room: Samples | None = None) -> Samples:
    """Samples of one frame, its segments checked against the header of the file.

    Raises
    ------
    PixelError
        If a segment is missing, or is longer or shorter than its plane.
    """
    width, length = _plane(pixels)
    planes = np.empty((pixels.samples * width, length), np.uint8)
    unpack(encoded, pixels, planes)
    if pixels.bits_allocated == 1:
        bits = unpack_bits(planes.reshape(-1), 0, pixels.frame_pixels)
        return bits.reshape(pixels.rows, pixels.columns)
    if width == 2 and pixels.samples == 1:
        return _words(planes, pixels, room)
    cells = planes.reshape(pixels.samples, width, length)[:, ::-1]  # low byte first
    by_plane = np.ascontiguousarray(cells.transpose(0, 2, 1)).view(f"<u{width}")
    shape = (pixels.samples, pixels.rows, pixels.columns)
    return by_plane.reshape(shape).transpose(1, 2, 0)


def unpack(encoded: bytes, pixels: PixelFormat, planes: Samples) -> Samples:
    """The bytes of one frame as they are coded, apart from each other; PS3.5 G.2.

    Parameters
    ----------
    encoded : bytes
    pixels : PixelFormat
    planes : ndarray
        As many bytes as the frame has. Filled with a plane for each byte of each
        sample, the high byte first.

    Returns
    -------
    ndarray
        `planes`.

    Raises
    ------
    PixelError
        As `decode`.
    """
    width, _ = _plane(pixels)
    segments = _segments(encoded, pixels.samples * width)
    rows = planes.view(np.uint8).reshape(len(segments), -1)
    for segment, cells in zip(segments, rows, strict=True):
        _unpack(segment, cells)
    return planes


def has_two_planes(pixels: PixelFormat) -> bool:
    """Whether a frame is two planes of bytes, which `join` knows."""
    whole = pixels.kind is SampleKind.INTEGER and pixels.bits_allocated == 16
    return whole and pixels.samples == 1


def join(planes: Bytes, words: npt.NDArray[np.uint16]) -> None:
    """Lay the bytes of 16-bit samples side by side, in half the time of `decode`.

    Parameters
    ----------
    planes : ndarray
        ``(2 * rows * columns,)``, the high bytes first.
    words : ndarray
        ``(rows, columns)``, contiguous; filled.

    Raises
    ------
    RuntimeError
        If OpenCV does not write there: nothing may show what it has not filled.
    """
    import cv2  # noqa: PLC0415 - slow to import, and only whoever brings many needs it

    pair = planes.reshape(2, *words.shape)
    pair = pair[::-1] if sys.byteorder == "little" else pair
    there = words.view(np.uint8).reshape(*words.shape, 2)
    if not np.may_share_memory(cv2.merge(tuple(pair), there), words):
        raise RuntimeError("OpenCV has not written where it was asked to")


def _plane(pixels: PixelFormat) -> tuple[int, int]:
    """Bytes of a sample, and of one plane."""
    plane = pixels.frame_pixels
    width = max(pixels.bits_allocated // 8, 1)
    return width, plane if pixels.bits_allocated > 1 else -(-plane // 8)


def _words(planes: Bytes, pixels: PixelFormat, room: Samples | None) -> Samples:
    """Samples of 16 bits out of their two bytes: four times as fast as strides."""
    high, low = planes
    if room is None:
        words = np.empty((pixels.rows, pixels.columns), np.uint16)
    else:
        words = room.view(np.uint16)
    row = words.reshape(-1)
    row[...] = high
    # four words are one number: what leaves one of them for the next is empty
    fours = row.size // 4 * 4
    for part in (row[:fours].view(np.uint64), row[fours:]):
        np.left_shift(part, 8, out=part)
    np.bitwise_or(row, low, out=row)
    return words


def _unpack(segment: memoryview, cells: Bytes) -> None:
    """Fill a plane; a segment may be padded, and encoders pad what they packed.

    Where most of it is kept as it is, libtiff copies a run as a whole while
    `packbits_decode` goes byte by byte, and takes two thirds of the time; where it is
    not, the other is the quicker one. What one refuses the next judges: libtiff ends
    where there is enough.
    """
    is_kept = 2 * len(segment) > cells.size
    first = (_by_runs, _by_bytes) if is_kept else (_by_bytes, _by_runs)
    for way in (*first, _with_surplus):
        with suppress(RuntimeError):  # of each library its own
            if way(segment, cells) == cells.size:
                return
    raise PixelError("The compressed image is shorter than the file states.")


def _by_runs(segment: memoryview, cells: Bytes) -> int:
    from imagecodecs import tiff_decode  # noqa: PLC0415 - slow to import

    row = cells.reshape(1, -1)
    return int(tiff_decode(_as_tiff(segment, cells.size), out=row).size)


def _by_bytes(segment: memoryview, cells: Bytes) -> int:
    from imagecodecs import packbits_decode  # noqa: PLC0415 - slow to import

    code = cast("bytes", segment)  # any buffer will do
    return len(packbits_decode(code, out=cells.data))


def _with_surplus(segment: memoryview, cells: Bytes) -> int:
    """More than the plane, wherever it ends."""
    from imagecodecs import packbits_decode  # noqa: PLC0415 - slow to import

    values = np.frombuffer(packbits_decode(bytes(segment)), np.uint8)[: cells.size]
    cells[: values.size] = values
    return values.size


def _as_tiff(segment: memoryview, length: int) -> bytes:
    """A TIFF of one row of bytes, packed in the same way: 32773 of TIFF 6.0."""
    size = len(segment)
    directory = pack(
        "<H" + 9 * "HHII" + "I",
        9,
        *(256, _LONG, 1, length),  # ImageWidth
        *(257, _LONG, 1, 1),  # ImageLength
        *(258, _LONG, 1, 8),  # BitsPerSample
        *(259, _LONG, 1, 32773),  # Compression
        *(262, _LONG, 1, 1),  # PhotometricInterpretation
        *(273, _LONG, 1, _TIFF_HEADER),  # StripOffsets
        *(277, _LONG, 1, 1),  # SamplesPerPixel
        *(278, _LONG, 1, 1),  # RowsPerStrip
        *(279, _LONG, 1, size),  # StripByteCounts
        0,
    )
    pad = bytes(size % 2)
    header = pack("<2sHI", b"II", 42, _TIFF_HEADER + size + len(pad))
    return b"".join((header, segment, pad, directory))


def _segments(encoded: bytes, expected: int) -> list[memoryview]:
    """The segments in order; PS3.5 G.5."""
    if len(encoded) < _HEADER:
        raise PixelError("The compressed image is shorter than its own header.")
    count, *offsets = unpack_from("<16I", encoded)
    if count != expected:
        raise PixelError("The compressed image has another size than the file states.")
    bounds = [*offsets[:count], len(encoded)]
    if bounds[0] < _HEADER or sorted(bounds) != bounds:
        raise PixelError("The compressed image is damaged: its parts overlap.")
    whole = memoryview(encoded)
    return [whole[a:b] for a, b in pairwise(bounds)]
