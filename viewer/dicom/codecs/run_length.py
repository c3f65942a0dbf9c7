"""RLE of PS3.5 Annex G: every byte of every sample in a segment of its own."""

from itertools import pairwise
from struct import unpack_from

import numpy as np
import numpy.typing as npt

from viewer.core.errors import PixelError
from viewer.core.image import PixelFormat
from viewer.dicom.codecs.native import unpack_bits

Samples = npt.NDArray[np.generic]

_HEADER = 64


def decode(encoded: bytes, pixels: PixelFormat) -> Samples:
    """Samples of one frame, its segments checked against the header of the file.

    Raises
    ------
    PixelError
        If a segment is missing, or is longer or shorter than its plane.
    """
    from imagecodecs import packbits_decode  # noqa: PLC0415 - slow to import

    width = max(pixels.bits_allocated // 8, 1)
    plane = pixels.frame_pixels
    length = plane if pixels.bits_allocated > 1 else -(-plane // 8)
    planes = np.empty((pixels.samples, length, width), dtype=np.uint8)
    segments = _segments(encoded, pixels.samples * width)
    for number, segment in enumerate(segments):
        sample, byte = divmod(number, width)
        # a segment may be padded to an even length, and encoders pad what they packed
        values = np.frombuffer(packbits_decode(segment), dtype=np.uint8)
        if len(values) < length:
            raise PixelError("The compressed image is shorter than the file states.")
        planes[sample, :, width - 1 - byte] = values[:length]  # high byte first
    if pixels.bits_allocated == 1:
        return unpack_bits(planes.reshape(-1), 0, plane).reshape(
            pixels.rows, pixels.columns
        )
    by_plane = planes.view(f"<u{width}").reshape(
        pixels.samples, pixels.rows, pixels.columns
    )
    return by_plane.transpose(1, 2, 0)


def _segments(encoded: bytes, expected: int) -> list[bytes]:
    """The segments in order; PS3.5 G.5."""
    if len(encoded) < _HEADER:
        raise PixelError("The compressed image is shorter than its own header.")
    count, *offsets = unpack_from("<16I", encoded)
    if count != expected:
        raise PixelError("The compressed image has another size than the file states.")
    bounds = [*offsets[:count], len(encoded)]
    if bounds[0] < _HEADER or sorted(bounds) != bounds:
        raise PixelError("The compressed image is damaged: its parts overlap.")
    return [encoded[a:b] for a, b in pairwise(bounds)]
