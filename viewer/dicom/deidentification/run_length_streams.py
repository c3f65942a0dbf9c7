"""RLE frames written anew, so that nothing lies between and behind their segments.

References
----------
PS3.5 Annex G.
"""

from struct import pack
from typing import Final

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.generic]

_MOST_SEGMENTS: Final = 15


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


def _joined(segments: list[bytes]) -> bytes:
    segments = [segment + bytes(len(segment) % 2) for segment in segments]
    offsets, position = [], 64
    for segment in segments:
        offsets.append(position)
        position += len(segment)
    offsets += [0] * (_MOST_SEGMENTS - len(offsets))
    return pack("<16I", len(segments), *offsets) + b"".join(segments)
