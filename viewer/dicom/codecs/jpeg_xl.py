"""JPEG XL of ISO/IEC 18181; colours leave as RGB."""

import numpy as np
import numpy.typing as npt

from viewer.core.errors import PixelError
from viewer.core.image import PixelFormat
from viewer.dicom.codecs import jpeg

Samples = npt.NDArray[np.generic]

_DAMAGED = "The compressed image is damaged: its own header cannot be read."
_BARE = b"\xff\x0a"
_CONTAINER = b"\x00\x00\x00\x0cJXL \r\n\x87\n"
# ISO/IEC 18181-1 Table A.3 and A.4: columns to rows, and the widths of a size
_RATIOS = {
    1: (1, 1),
    2: (12, 10),
    3: (4, 3),
    4: (3, 2),
    5: (16, 9),
    6: (5, 4),
    7: (2, 1),
}
_SIZE_BITS = (9, 13, 18, 30)


def decode(encoded: bytes, pixels: PixelFormat) -> Samples:
    """Samples of one frame by libjxl."""
    from imagecodecs import jpegxl_decode  # noqa: PLC0415 - slow to import

    if stated_size(encoded) != (pixels.rows, pixels.columns):
        raise PixelError("The compressed image has another size than the file states.")
    return jpegxl_decode(encoded, keeporientation=True, numthreads=1)


def decode_recompressed(encoded: bytes, pixels: PixelFormat) -> Samples:
    """Samples of the JPEG that was packed into JPEG XL, to the bit what it holds."""
    from imagecodecs import jpegxl_decode_jpeg  # noqa: PLC0415 - slow to import

    if stated_size(encoded) != (pixels.rows, pixels.columns):
        raise PixelError("The compressed image has another size than the file states.")
    return jpeg.decode(bytes(jpegxl_decode_jpeg(encoded, numthreads=1)), pixels)


def stated_size(encoded: bytes) -> tuple[int, int]:
    """Rows and columns as the code stream states them.

    Raises
    ------
    PixelError
        If there is no code stream.

    References
    ----------
    ISO/IEC 18181-1 A.2.3 SizeHeader, ISO/IEC 18181-2 for the container.
    """
    stream = _code_stream(encoded)
    if not stream.startswith(_BARE):
        raise PixelError(_DAMAGED)
    bits = _Bits(stream[2:16])
    if bits.take(1):  # small: in eights
        rows = 8 * (bits.take(5) + 1)
        ratio = bits.take(3)
        columns = 0 if ratio else 8 * (bits.take(5) + 1)
    else:
        rows = bits.take(_SIZE_BITS[bits.take(2)]) + 1
        ratio = bits.take(3)
        columns = 0 if ratio else bits.take(_SIZE_BITS[bits.take(2)]) + 1
    if ratio:
        times, by = _RATIOS[ratio]
        columns = rows * times // by
    return rows, columns


def _code_stream(encoded: bytes) -> bytes:
    """The beginning of the code stream, out of its container if it has one."""
    if not encoded.startswith(_CONTAINER):
        return encoded[:64]
    position = 0
    while position + 8 <= len(encoded):
        length = int.from_bytes(encoded[position : position + 4], "big")
        kind = encoded[position + 4 : position + 8]
        if kind in (b"jxlc", b"jxlp"):
            start = position + (8 if kind == b"jxlc" else 12)  # jxlp: a number first
            return encoded[start : start + 64]
        if length < 8:
            break
        position += length
    raise PixelError(_DAMAGED)


class _Bits:
    """Bits of a few bytes, least significant first."""

    def __init__(self, source: bytes) -> None:
        self._value = int.from_bytes(source, "little")

    def take(self, count: int) -> int:
        value = self._value & ((1 << count) - 1)
        self._value >>= count
        return value
