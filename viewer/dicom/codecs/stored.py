"""From what a decoder gives to the stored values of the file.

Decoders differ in shape, in the type of a sample and in how they treat a sign; here
their samples get the form the header announces, the same for every coding.
"""

import math

import numpy as np
import numpy.typing as npt

from viewer.core.errors import PixelError
from viewer.core.image import PixelFormat, SampleKind
from viewer.dicom.codecs import native
from viewer.dicom.codecs.stream import CodeStream, jpeg_2000_header, jpeg_header
from viewer.dicom.codecs.syntaxes import Coding, transfer_syntax

Samples = npt.NDArray[np.generic]

_WHOLE_CELLS = {
    Coding.NATIVE,
    Coding.DEFLATED_SET,
    Coding.ENCAPSULATED,
    Coding.DEFLATED_FRAME,
    Coding.RLE,
}


def stored_shape(pixels: PixelFormat) -> tuple[int, ...]:
    """Shape of a decoded frame: ``(rows, columns)``, with samples last if several."""
    plane = (pixels.rows, pixels.columns)
    return plane if pixels.samples == 1 else (*plane, pixels.samples)


def stored_dtype(pixels: PixelFormat) -> np.dtype[np.generic]:
    """Type of a decoded frame, as wide as Bits Allocated (0028,0100)."""
    return native.sample_dtype(pixels)


def stored_bytes(pixels: PixelFormat) -> int:
    """Bytes of a decoded frame.

    Raises
    ------
    PixelError
        If the header describes no image, or one beyond every bound.
    """
    native.frame_bits(pixels)
    return math.prod(stored_shape(pixels)) * stored_dtype(pixels).itemsize


def to_stored(samples: Samples, pixels: PixelFormat, encoded: bytes = b"") -> Samples:
    """The decoder's samples in the shape, type and significant bits of the file.

    They stay where they are if that needs no other type.
    """
    shape, dtype = stored_shape(pixels), stored_dtype(pixels)
    if samples.size != math.prod(shape) or samples.shape[:2] != shape[:2]:
        raise PixelError("The decoded image has another size than the file states.")
    samples = samples.reshape(shape)
    if pixels.kind is not SampleKind.INTEGER:
        return np.asarray(samples, dtype=dtype, order="C")
    bits, low = _significant(pixels, encoded)
    if samples.dtype.kind not in "iub":
        raise PixelError("The decoded image has no whole numbers.")
    same_width = samples.dtype.itemsize == dtype.itemsize
    if same_width and samples.dtype.isnative and samples.dtype.kind in "iu":
        samples = samples.view(dtype)  # the same bits, in place
    values = np.asarray(samples, dtype=dtype, order="C")
    unused = 8 * dtype.itemsize - bits
    if unused and pixels.bits_allocated > 1:
        # up to the top and back: bits above are lost, the sign comes down
        place = values if values.flags.writeable else None
        values = np.left_shift(values, unused - low, out=place)
        np.right_shift(values, unused, out=values)
    return values


def _significant(pixels: PixelFormat, encoded: bytes) -> tuple[int, int]:
    """How many bits of a decoded sample count, and how many lie below them."""
    coding = transfer_syntax(pixels.transfer_syntax_uid).coding
    width = 8 * stored_dtype(pixels).itemsize
    if coding in (Coding.JPEG_2000, Coding.HTJ2K):
        stream = jpeg_2000_header(encoded)
        if stream.signed == pixels.signed:  # the codec has put the sign in its place
            return width, 0
        return _narrowest(stream, pixels, width), 0
    if coding is Coding.JPEG_LS:  # whose samples never have a sign
        stream = jpeg_header(encoded)
        return (_narrowest(stream, pixels, width) if pixels.signed else width), 0
    if not 0 < pixels.bits_stored <= width:
        return width, 0
    low = pixels.high_bit - pixels.bits_stored + 1
    if coding in _WHOLE_CELLS and 0 < low <= width - pixels.bits_stored:
        return pixels.bits_stored, low
    return pixels.bits_stored, 0


def _narrowest(stream: CodeStream, pixels: PixelFormat, width: int) -> int:
    """Bits up to the sign, where only the file says that there is one."""
    stated = pixels.bits_stored if pixels.signed and pixels.bits_stored > 0 else width
    return min(stream.precision, stated, width)
