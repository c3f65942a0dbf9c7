"""Deflate of RFC 1951, never inflated beyond what the header of the file allows."""

import zlib
from pathlib import Path

import numpy as np
import numpy.typing as npt

from viewer.core.errors import PixelError, UnreadableError
from viewer.core.image import PixelFormat
from viewer.dicom.codecs import native
from viewer.dicom.element import PIXELS
from viewer.dicom.elements import Cutter
from viewer.dicom.encoding import EXPLICIT
from viewer.dicom.source import FileSource, InflatedSource

Samples = npt.NDArray[np.generic]

_META = 132  # the file meta information follows the preamble and DICM


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


def inflated_pixels(path: str | Path) -> bytes:
    """Value of the pixel attribute of a deflated data set, PS3.5 A.5.

    Raises
    ------
    UnreadableError
        If the data set is damaged or grows beyond every bound.
    PixelError
        If it has no pixels.
    """
    try:
        with Path(path).open("rb") as file:
            meta = Cutter(FileSource(file), {})
            _, begin = meta.data_set(_META, EXPLICIT, only={2})
            source = InflatedSource(file, begin)
            elements, _ = Cutter(source, {}).data_set(0, EXPLICIT)
            for tag in PIXELS & elements.keys():
                return source.read(elements[tag].offset, elements[tag].length)
    except OSError as error:
        raise UnreadableError("The file cannot be read.") from error
    raise PixelError("The file has no pixels.")
