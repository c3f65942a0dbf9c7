"""Deflate of RFC 1951, never inflated beyond what the header of the file allows."""

import zlib

import numpy as np
import numpy.typing as npt

from viewer.core.errors import PixelError
from viewer.core.image import PixelFormat
from viewer.dicom.codecs import native

Samples = npt.NDArray[np.generic]


def decode(encoded: bytes, pixels: PixelFormat) -> Samples:
    """Samples of one deflated frame, PS3.5 A.4.13."""
    return native.decode(inflated(encoded, native.frame_bytes(pixels)), pixels)


def inflated(encoded: bytes, length: int) -> bytes:
    """The first `length` bytes of a raw deflate stream, or fewer.

    Raises
    ------
    PixelError
        If the stream is damaged.
    """
    try:
        return zlib.decompressobj(-zlib.MAX_WBITS).decompress(encoded, length)
    except zlib.error as error:
        raise PixelError("The compressed data are damaged.") from error
