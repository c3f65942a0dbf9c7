"""RLE frames written anew, so that nothing lies between and behind their segments.

References
----------
PS3.5 Annex G.
"""

from itertools import pairwise
from struct import pack, unpack_from
from typing import Final

import numpy as np
import numpy.typing as npt

from viewer.core.errors import PixelError

Samples = npt.NDArray[np.generic]

_MOST_SEGMENTS: Final = 15
_HEADER: Final = 64


def encoded(cells: Samples) -> bytes:
    """One frame, each row of a segment packed on its own.

    Parameters
    ----------
    cells : ndarray, shape (rows, columns) or (rows, columns, samples)
        Whole pixel cells.

    Raises
    ------
    ValueError
        If it would need more segments than there can be.
    """
    from imagecodecs import packbits_encode  # noqa: PLC0415 - slow to import

    width = cells.dtype.itemsize
    planes = cells if cells.ndim == 3 else cells[:, :, np.newaxis]
    samples = planes.shape[2]
    if samples * width > _MOST_SEGMENTS:
        raise ValueError("the image has more bytes a pixel than RLE can hold")
    words = np.ascontiguousarray(planes.transpose(2, 0, 1)).astype(f">u{width}")
    by_byte = words.view(np.uint8).reshape(*words.shape, width)
    segments = []
    for sample in range(samples):
        for byte in range(width):  # the highest first
            plane = np.ascontiguousarray(by_byte[sample, :, :, byte])
            segments.append(bytes(packbits_encode(plane, axis=-1)))
    return _joined(segments)


def encoded_bits(cells: Samples) -> bytes:
    """One frame of one bit a pixel, packed eight to a byte; rows share bytes."""
    from imagecodecs import packbits_encode  # noqa: PLC0415 - slow to import

    packed = np.packbits(cells.ravel() != 0, bitorder="little")
    return _joined([bytes(packbits_encode(packed))])


def trimmed(stream: bytes, length: int) -> bytes:
    """A frame without what lies behind the runs of each segment.

    Parameters
    ----------
    stream : bytes
        The whole frame.
    length : int
        Bytes that each segment holds when it is unpacked.

    Raises
    ------
    PixelError
        If a segment has fewer.
    """
    if len(stream) < _HEADER:
        raise PixelError("The compressed image is shorter than its own header.")
    count, *offsets = unpack_from("<16I", stream)
    bounds = [*offsets[: min(count, _MOST_SEGMENTS)], len(stream)]
    return _joined([_runs(stream[a:b], length) for a, b in pairwise(bounds)])


def _runs(segment: bytes, length: int) -> bytes:
    """The runs that make `length` bytes; PS3.5 G.3.2."""
    position = unpacked = 0
    while unpacked < length:
        if position >= len(segment):
            raise PixelError("The compressed image is shorter than the file states.")
        head = segment[position]
        if head < 128:
            position, unpacked = position + head + 2, unpacked + head + 1
        else:  # 128 does nothing
            repeated = 257 - head if head > 128 else 0
            position, unpacked = position + (2 if repeated else 1), unpacked + repeated
    return segment[:position]


def _joined(segments: list[bytes]) -> bytes:
    segments = [segment + bytes(len(segment) % 2) for segment in segments]
    offsets, position = [], _HEADER
    for segment in segments:
        offsets.append(position)
        position += len(segment)
    offsets += [0] * (_MOST_SEGMENTS - len(offsets))
    return pack("<16I", len(segments), *offsets) + b"".join(segments)
