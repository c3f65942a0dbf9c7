"""JPEG-LS of ISO/IEC 14495-1, lossless and near-lossless."""

import numpy as np
import numpy.typing as npt

from viewer.core.image import PixelFormat
from viewer.dicom.codecs.room import fitting
from viewer.dicom.codecs.stream import jpeg_header

Samples = npt.NDArray[np.generic]


def decode(encoded: bytes, pixels: PixelFormat, room: Samples | None = None) -> Samples:
    """Samples of one frame by CharLS; unsigned, whatever the file says."""
    from imagecodecs import jpegls_decode  # noqa: PLC0415 - slow to import

    stream = jpeg_header(encoded)
    stream.must_match(pixels)
    out = fitting(room, stream.precision) if stream.samples == 1 else None
    return jpegls_decode(encoded, out=out)


def decode_with_pyjpegls(encoded: bytes, pixels: PixelFormat) -> Samples:
    """Samples of one frame by pydicom's own binding of CharLS."""
    from jpeg_ls import decode_pixel_data  # noqa: PLC0415 - slow to import

    stream = jpeg_header(encoded)
    stream.must_match(pixels)
    buffer, facts = decode_pixel_data(encoded)
    samples = np.frombuffer(buffer, dtype="u1" if stream.precision <= 8 else "<u2")
    shape = (stream.rows, stream.columns, stream.samples)
    if facts["interleave_mode"] == 0:  # by plane
        return samples.reshape(shape[2], *shape[:2]).transpose(1, 2, 0)
    return samples.reshape(shape)
