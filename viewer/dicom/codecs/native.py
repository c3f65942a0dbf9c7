"""Uncompressed pixels, PS3.5 8.1 and 8.2: bytes in the order of the file."""

from functools import cache

import numpy as np
import numpy.typing as npt

from viewer.core.errors import PixelError
from viewer.core.image import PixelFormat, SampleKind
from viewer.dicom.codecs.syntaxes import transfer_syntax

Samples = npt.NDArray[np.generic]

_HALVED = {"YBR_FULL_422", "YBR_PARTIAL_422"}
_INTEGERS = {8, 16, 32, 64}
MAX_FRAME_BYTES = 1 << 30  # scanned films have a quarter of it


def sample_bits(pixels: PixelFormat) -> int:
    """Bits one sample takes in the file.

    Raises
    ------
    PixelError
        If no such sample exists.
    """
    if pixels.kind is SampleKind.FLOAT:
        return 32
    if pixels.kind is SampleKind.DOUBLE:
        return 64
    bits = pixels.bits_allocated
    if bits not in _INTEGERS and not (bits == 1 and pixels.samples == 1):
        raise PixelError(
            "The pixels have a number of bits this program does not read.",
            hint="Bits Allocated (0028,0100) can be 1, 8, 16, 32 or 64.",
        )
    return bits


def sample_dtype(pixels: PixelFormat) -> np.dtype[np.generic]:
    """Type of one stored sample in memory, in the byte order of the machine."""
    bits = sample_bits(pixels)
    kind = "f"
    if pixels.kind is SampleKind.INTEGER:
        kind = "i" if pixels.signed and bits > 1 else "u"
    return _dtype(kind, max(bits // 8, 1))


@cache
def _dtype(kind: str, width: int) -> np.dtype[np.generic]:
    return np.dtype(f"{kind}{width}")


def frame_bits(pixels: PixelFormat) -> int:
    """Bits one frame takes in an uncompressed file.

    Raises
    ------
    PixelError
        If the header describes no image, or one beyond every bound.
    """
    if pixels.rows < 1 or pixels.columns < 1 or pixels.samples not in (1, 3, 4):
        raise PixelError("The file states no size of image that could be shown.")
    bits = pixels.frame_pixels * pixels.samples * sample_bits(pixels)
    if bits > 8 * MAX_FRAME_BYTES:
        raise PixelError("The file states an image too large to be true.")
    return bits


def frame_bytes(pixels: PixelFormat) -> int:
    """Bytes that hold one frame starting at a byte; chroma not halved."""
    return -(-frame_bits(pixels) // 8)


def halved_chroma(pixels: PixelFormat) -> bool:
    """Whether two pixels share their colour: Y₁ Y₂ B R; PS3.3 C.7.6.3.1.2."""
    return (
        pixels.photometric in _HALVED
        and pixels.samples == 3
        and pixels.columns % 2 == 0
        and pixels.bits_allocated >= 8
    )


def unpack_bits(
    packed: npt.NDArray[np.uint8], offset: int, count: int
) -> npt.NDArray[np.uint8]:
    """`count` bits as 0 and 1 from bit `offset` on, least significant first."""
    return np.unpackbits(packed, bitorder="little", count=offset + count)[offset:]


def decode(
    encoded: bytes | memoryview, pixels: PixelFormat, bit_offset: int = 0
) -> Samples:
    """Samples of one uncompressed frame, ``(rows, columns[, samples])``.

    Parameters
    ----------
    encoded : bytes
        The frame; bytes past its end are padding and ignored. Four values for two
        pixels are spread where the photometric interpretation is 4:2:2 and the
        frame is not as long as a full one.
    pixels : PixelFormat
    bit_offset : int
        Where the frame begins in the first byte (1-bit), or 8 if in the second byte
        of a swapped word.

    Raises
    ------
    PixelError
        If the frame is too short: nothing is filled in.
    """
    full = frame_bytes(pixels)
    shape = (pixels.rows, pixels.columns, pixels.samples)
    if pixels.bits_allocated == 1 and pixels.kind is SampleKind.INTEGER:
        _require(8 * len(encoded), bit_offset + pixels.frame_pixels)
        packed = np.frombuffer(encoded, dtype=np.uint8)
        return unpack_bits(packed, bit_offset, pixels.frame_pixels).reshape(shape)
    if pixels.word_swapped and pixels.bits_allocated == 8:
        encoded = _swapped(encoded)[bit_offset // 8 :]
    big = transfer_syntax(pixels.transfer_syntax_uid).big_endian
    stored = sample_dtype(pixels).newbyteorder(">" if big else "<")
    if halved_chroma(pixels) and len(encoded) < full:
        _require(len(encoded), full * 2 // 3)
        quads = np.frombuffer(
            encoded, dtype=stored, count=full * 2 // 3 // stored.itemsize
        )
        return _spread(quads).reshape(shape)
    _require(len(encoded), full)
    samples = np.frombuffer(encoded, dtype=stored, count=full // stored.itemsize)
    if pixels.planar and pixels.samples > 1:
        by_plane = samples.reshape(pixels.samples, pixels.rows, pixels.columns)
        return by_plane.transpose(1, 2, 0)
    return samples.reshape(shape)


def _require(length: int, needed: int) -> None:
    if length < needed:
        raise PixelError(
            "The file holds less of the image than it states.",
            hint="It was cut short, or its header is wrong; get it anew.",
        )


def _swapped(encoded: bytes | memoryview) -> bytes:
    even = bytes(encoded) + b"\x00" if len(encoded) % 2 else encoded
    return np.frombuffer(even, dtype="<u2").byteswap().tobytes()


def _spread(quads: Samples) -> Samples:
    """Y₁ Y₂ B R → Y₁ B R Y₂ B R."""
    y1, y2, blue, red = quads.reshape(-1, 4).T
    return np.stack([y1, blue, red, y2, blue, red], axis=1)
