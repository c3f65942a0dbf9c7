"""JPEG 2000 (ISO/IEC 15444-1 and the parts of -2 a codec knows) and HTJ2K (-15).

The codec undoes the colour transform of the stream: YBR_ICT and YBR_RCT leave as RGB.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from threading import Lock

import numpy as np
import numpy.typing as npt

from viewer.core.errors import PixelError
from viewer.core.image import PixelFormat
from viewer.dicom.codecs.room import fitting
from viewer.dicom.codecs.stream import CodeStream, ends_with, jpeg_2000_header

Samples = npt.NDArray[np.generic]

_END = b"\xff\xd9"
_HOOKS = Lock()
_LARGE = 1 << 21  # pixels from which a second thread earns its start


def decode(encoded: bytes, pixels: PixelFormat, room: Samples | None = None) -> Samples:
    """Samples of one frame by OpenJPEG."""
    from imagecodecs import jpeg2k_decode  # noqa: PLC0415 - slow to import

    stream = _checked(encoded, pixels)
    threads = min(4, os.cpu_count() or 1) if pixels.frame_pixels >= _LARGE else 1
    return jpeg2k_decode(encoded, numthreads=threads, out=_out(room, stream))


def decode_high_throughput(
    encoded: bytes, pixels: PixelFormat, room: Samples | None = None
) -> Samples:
    """Samples of one frame by OpenJPH."""
    from imagecodecs import htj2k_decode  # noqa: PLC0415 - slow to import

    stream = _checked(encoded, pixels)
    with _nothing_ignored():
        return htj2k_decode(encoded, out=_out(room, stream))


def decode_smaller(encoded: bytes, pixels: PixelFormat, steps: int) -> Samples:
    """Samples of one HTJ2K frame, halved `steps` times, as the stream holds them.

    Parameters
    ----------
    encoded : bytes
        The whole frame.
    pixels : PixelFormat
        With rows and columns halved, rounded up.
    steps : int
    """
    from imagecodecs import htj2k_decode  # noqa: PLC0415 - slow to import

    stream = jpeg_2000_header(encoded)
    rows, columns = (-(-side // (1 << steps)) for side in (stream.rows, stream.columns))
    replace(stream, rows=rows, columns=columns).must_match(pixels)
    _must_end(encoded)
    with _nothing_ignored():
        return htj2k_decode(encoded, skipres=steps)


def decode_with_pylibjpeg(encoded: bytes, pixels: PixelFormat) -> Samples:
    """Samples of one frame by pydicom's own binding of OpenJPEG."""
    from openjpeg.utils import decode as openjpeg_decode  # noqa: PLC0415 - slow to import

    _checked(encoded, pixels)
    samples: Samples = openjpeg_decode(encoded)
    return samples


@contextmanager
def _nothing_ignored() -> Iterator[None]:
    """Raise what the binding of OpenJPH only prints: half a frame is no picture.

    The hooks it prints through belong to the whole process, so one frame is decoded at
    a time; a worker does that anyway.

    Raises
    ------
    PixelError
        If decoding stopped before its end.
    """
    ignored: list[object] = []
    with _HOOKS:
        before = sys.excepthook, sys.unraisablehook
        sys.excepthook = lambda *printed: ignored.append(printed)
        sys.unraisablehook = ignored.append
        try:
            yield
        finally:
            sys.excepthook, sys.unraisablehook = before
    if ignored:
        raise PixelError("The compressed image is damaged.")


def _checked(encoded: bytes, pixels: PixelFormat) -> CodeStream:
    stream = jpeg_2000_header(encoded)
    stream.must_match(pixels)
    _must_end(encoded)
    return stream


def _must_end(encoded: bytes) -> None:
    if not ends_with(encoded, _END):
        raise PixelError("The compressed image ends too early.")


def _out(room: Samples | None, stream: CodeStream) -> Samples | None:
    """Where the codec may write: colours come in an order of their own."""
    if stream.samples != 1:
        return None
    return fitting(room, stream.precision, signed=stream.signed)
