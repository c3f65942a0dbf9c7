"""The stored values of one frame, exactly as they were encoded.

What comes out here is what the file stores: no rescale, no window, no palette. Bits
that are not part of the sample (Bits Stored, High Bit) are already cleared and the
sign is extended, so that nobody masks or shifts again.

Colours: `decoded_photometric` says what the three samples of a decoded frame are.
Lossy JPEG, JPEG 2000 and JPEG XL leave their codec as RGB, 4:2:2 data are spread to
YBR_FULL; everything else stays what the file says. Convert once, by that answer, not
by the photometric interpretation of the file.
"""

import math
import struct
from io import FileIO
from pathlib import Path

import numpy as np
import numpy.typing as npt

from viewer.core.errors import PixelError, UnreadableError
from viewer.core.image import Fragment, Image, PixelFormat, SampleKind
from viewer.dicom.codecs import native
from viewer.dicom.codecs.deflated import inflated_pixels
from viewer.dicom.codecs.registry import Decoder, decoders_for
from viewer.dicom.codecs.stream import CodeStream, jpeg_2000_header, jpeg_header
from viewer.dicom.codecs.syntaxes import Coding, transfer_syntax
from viewer.dicom.frame_index import native_index

Samples = npt.NDArray[np.generic]

_LOSSY_JPEG = {Coding.JPEG, Coding.JPEG_XL_RECOMPRESSED}
_WHOLE_CELLS = {Coding.DEFLATED_FRAME, Coding.RLE}
_PLAIN = {Coding.NATIVE, Coding.DEFLATED_SET, Coding.ENCAPSULATED}
_LIBRARY_FAILURES = (
    RuntimeError,
    ValueError,
    TypeError,
    LookupError,
    OSError,
    EOFError,
    SyntaxError,  # Pillow's word for a broken header
    struct.error,
)


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


def decoded_photometric(pixels: PixelFormat) -> str:
    """What the samples of a decoded frame are.

    A photometric interpretation of PS3.3 C.7.6.3.1.2 with one value of each sample
    for every pixel: ``YBR_PARTIAL_422`` speaks of the range only.
    """
    coding, stated = (
        transfer_syntax(pixels.transfer_syntax_uid).coding,
        pixels.photometric,
    )
    if pixels.samples != 3:
        return stated
    if coding in _LOSSY_JPEG or stated in ("YBR_ICT", "YBR_RCT", "XYB"):
        return "RGB"
    if coding is Coding.JPEG_XL and stated != "YBR_FULL":
        return "RGB"
    return "YBR_FULL" if stated == "YBR_FULL_422" else stated


def decode_frame(
    encoded: bytes, pixels: PixelFormat, *, bit_offset: int = 0
) -> Samples:
    """Stored values of one frame from its bytes.

    Parameters
    ----------
    encoded : bytes
        All fragments of the frame, joined.
    pixels : PixelFormat
    bit_offset : int
        From `FrameIndex.bit_offsets`.

    Returns
    -------
    ndarray
        `stored_shape` and `stored_dtype`, contiguous, its own memory.

    Raises
    ------
    PixelError
        If the bytes are not the image the header states, or nobody can decode them.
    """
    native.frame_bits(pixels)  # refuses absurd sizes before any decoder runs
    coding = transfer_syntax(pixels.transfer_syntax_uid).coding
    if coding in _PLAIN:
        return _stored(native.decode(encoded, pixels, bit_offset), pixels)
    failures: list[PixelError] = []
    for decoder in decoders_for(pixels.transfer_syntax_uid):
        try:
            return _stored(_decoded(decoder, encoded, pixels), pixels, encoded)
        except PixelError as error:
            failures.append(error)
    raise failures[0]


def read_frame(path: str | Path, image: Image, number: int) -> Samples:
    """Stored values of frame `number` (counted from 1) of the file at `path`.

    Raises
    ------
    PixelError
        As `decode_frame`, or if the file has no such frame.
    UnreadableError
        If the file cannot be read.
    """
    fragments, bit_offset = encoded_place(image, number)
    if fragments is None:
        return read_inflated(path, image.pixels, number)
    return read_fragments(path, image.pixels, fragments, bit_offset)


def is_plain(pixels: PixelFormat) -> bool:
    """Whether a frame is copied rather than decoded: no codec can be led astray."""
    coding = transfer_syntax(pixels.transfer_syntax_uid).coding
    return coding in (Coding.NATIVE, Coding.ENCAPSULATED)


def encoded_place(image: Image, number: int) -> tuple[tuple[Fragment, ...] | None, int]:
    """As `frame_place`, but None for the fragments of a deflated data set."""
    syntax = transfer_syntax(image.pixels.transfer_syntax_uid)
    if syntax.coding is Coding.DEFLATED_SET:
        return None, 0
    return frame_place(image, number)


def frame_place(image: Image, number: int) -> tuple[tuple[Fragment, ...], int]:
    """Where frame `number` lies: its fragments, and its first bit in them.

    Raises
    ------
    PixelError
        If the file has no such frame, or its place cannot be told.
    """
    index, frames = image.index, image.pixels.frames
    if not 1 <= number <= frames:
        raise PixelError(f"There is no frame {number}: the image has {frames}.")
    if index.reason:
        raise PixelError(index.reason)
    if number > len(index.fragments):
        raise PixelError(
            f"The file ends before frame {number} of {frames}.",
            hint="It was cut short, or its header is wrong; get it anew.",
        )
    return (
        index.fragments[number - 1],
        index.bit_offsets[number - 1] if index.bit_offsets else 0,
    )


def read_fragments(
    path: str | Path,
    pixels: PixelFormat,
    fragments: tuple[Fragment, ...],
    bit_offset: int = 0,
) -> Samples:
    """Stored values of the frame whose bytes lie in `fragments` of the file."""
    try:
        with Path(path).open("rb", buffering=0) as file:
            parts = [_part(file, offset, length) for offset, length in fragments]
    except OSError as error:
        raise UnreadableError("The file cannot be read.") from error
    encoded = parts[0] if len(parts) == 1 else b"".join(parts)
    return decode_frame(encoded, pixels, bit_offset=bit_offset)


def read_inflated(path: str | Path, pixels: PixelFormat, number: int) -> Samples:
    """Stored values of a frame of a deflated data set, which has no place in the file.

    The data set is inflated each time, up to a bound; this transfer syntax is rare and
    its images are small.
    """
    value = inflated_pixels(path)
    image = Image(pixels, native_index(pixels, 0, len(value), len(value)))
    fragments, bit_offset = frame_place(image, number)
    encoded = b"".join(value[start : start + length] for start, length in fragments)
    return decode_frame(encoded, pixels, bit_offset=bit_offset)


def _part(file: FileIO, offset: int, length: int) -> bytes:
    file.seek(offset)
    part = file.read(length)
    while 0 < len(part) < length:  # a raw read may give less than there is
        more = file.read(length - len(part))
        if not more:
            break
        part += more
    return part


def _decoded(decoder: Decoder, encoded: bytes, pixels: PixelFormat) -> Samples:
    try:
        return decoder.decode(encoded, pixels)
    except MemoryError as error:
        raise PixelError("The image takes more memory than it may.") from error
    except _LIBRARY_FAILURES as error:
        raise PixelError(
            "The compressed image is damaged.",
            hint=f"{decoder.name} could not decode it.",
        ) from error


def _stored(samples: Samples, pixels: PixelFormat, encoded: bytes = b"") -> Samples:
    """The decoder's samples in the shape, type and significant bits of the file."""
    shape, dtype = stored_shape(pixels), stored_dtype(pixels)
    if samples.size != math.prod(shape) or samples.shape[:2] != shape[:2]:
        raise PixelError("The decoded image has another size than the file states.")
    samples = samples.reshape(shape)
    if pixels.kind is not SampleKind.INTEGER:
        return np.array(samples, dtype=dtype, order="C")
    bits, low = _significant(pixels, encoded)
    if samples.dtype.kind not in "iub":
        raise PixelError("The decoded image has no whole numbers.")
    values = np.array(samples, dtype=dtype, order="C")
    unused = 8 * dtype.itemsize - bits
    if unused and pixels.bits_allocated > 1:
        # up to the top and back: bits above are lost, the sign comes down
        np.left_shift(values, unused - low, out=values)
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
    if coding in _PLAIN | _WHOLE_CELLS and 0 < low <= width - pixels.bits_stored:
        return pixels.bits_stored, low
    return pixels.bits_stored, 0


def _narrowest(stream: CodeStream, pixels: PixelFormat, width: int) -> int:
    """Bits up to the sign, where only the file says that there is one."""
    stated = pixels.bits_stored if pixels.signed and pixels.bits_stored > 0 else width
    return min(stream.precision, stated, width)
