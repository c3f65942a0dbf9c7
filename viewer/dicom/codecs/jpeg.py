"""JPEG of ISO/IEC 10918-1: baseline, extended, progressive and lossless.

Colours leave here as RGB where the stream holds YCbCr made by a lossy process: the
codec turns them faster than we could, with the upsampling everybody uses. A lossless
stream is never touched: its samples are what the file's photometric interpretation
says.
"""

import numpy as np
import numpy.typing as npt

from viewer.core.errors import PixelError
from viewer.core.image import PixelFormat
from viewer.dicom.codecs.room import fitting
from viewer.dicom.codecs.stream import CodeStream, ends_with, jpeg_header

Samples = npt.NDArray[np.generic]

_END = b"\xff\xd9"
_ENDINGS = (b"\x00" * 64, b"\x55" * 64)
_LOSSLESS_PROCESS = 0xC3
_ONE_SCAN = {0xC0, 0xC1, 0xC3}  # a progressive one could lack whole scans
_RGB_IDS = {(0x52, 0x47, 0x42), (0x72, 0x67, 0x62)}  # R G B, r g b


def decode(encoded: bytes, pixels: PixelFormat, room: Samples | None = None) -> Samples:
    """Samples of one frame by libjpeg-turbo, any process, 2 to 16 bits.

    Raises
    ------
    PixelError
        If the stream is not the stated image, or ends early: libjpeg fills what is
        missing with grey and would say nothing.
    """
    stream = _checked(encoded, pixels)
    if not ends_with(encoded, _END):
        raise PixelError("The compressed image ends too early.")
    return _turned(encoded, stream, pixels, room)


def decode_unended(encoded: bytes, pixels: PixelFormat) -> Samples:
    """Samples of a stream that lacks its end marker, if it lacks nothing else.

    What follows must not matter then: it is decoded with two different endings.
    """
    stream = _checked(encoded, pixels)
    if stream.process in _ONE_SCAN and not ends_with(encoded, _END):
        one, other = (
            _turned(encoded + ending + _END, stream, pixels) for ending in _ENDINGS
        )
        if np.array_equal(one, other):
            return one
    raise PixelError("The compressed image ends too early.")


def _turned(
    encoded: bytes, stream: CodeStream, pixels: PixelFormat, room: Samples | None = None
) -> Samples:
    from imagecodecs import jpeg8_decode  # noqa: PLC0415 - slow to import

    out = fitting(room, stream.precision)
    if stream.samples == 1:
        return jpeg8_decode(encoded, out=out)
    return jpeg8_decode(
        encoded,
        colorspace="YCBCR" if holds_ybr(stream, pixels) else "RGB",
        outcolorspace="RGB",
        out=out,
    )


def holds_ybr(stream: CodeStream, pixels: PixelFormat) -> bool:
    """Whether the codec has YCbCr to turn into RGB.

    The stream's own word goes before the file's: an Adobe header, then component
    identifiers, then JFIF; only then the photometric interpretation.
    """
    if stream.process == _LOSSLESS_PROCESS:
        return False
    if stream.adobe_transform is not None:
        return stream.adobe_transform == 1
    if stream.component_ids in _RGB_IDS:
        return False
    return stream.jfif or pixels.photometric != "RGB"


def _checked(encoded: bytes, pixels: PixelFormat) -> CodeStream:
    stream = jpeg_header(encoded)
    stream.must_match(pixels)
    if stream.samples not in (1, 3):
        raise PixelError("Images of this number of samples are not decoded.")
    return stream
