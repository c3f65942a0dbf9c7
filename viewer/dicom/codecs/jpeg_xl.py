"""JPEG XL of ISO/IEC 18181-1; colours leave as RGB."""

import numpy as np
import numpy.typing as npt

from viewer.core.image import PixelFormat

Samples = npt.NDArray[np.generic]


def decode(encoded: bytes, pixels: PixelFormat) -> Samples:  # noqa: ARG001 - decoders share a shape
    """Samples of one frame by libjxl."""
    from imagecodecs import jpegxl_decode  # noqa: PLC0415 - slow to import

    return jpegxl_decode(encoded, keeporientation=True, numthreads=1)
