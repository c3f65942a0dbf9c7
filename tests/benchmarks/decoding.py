"""A frame from its bytes: by the registry and by a worker, beside the bare decoder."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
from pydicom.pixels.encoders.base import RLELosslessEncoder

from tests.benchmarks.phantoms import picture
from tests.benchmarks.race import Race
from tests.benchmarks.scale import Scale
from viewer.core.image import FrameIndex, Image, PixelFormat
from viewer.dicom.frames import decode_frame, read_frame
from viewer.services.frame_ref import FrameRef
from viewer.services.workers import Workers

NATIVE = "1.2.840.10008.1.2.1"


def _rle(stored: Any) -> bytes:
    rows, columns = stored.shape
    return RLELosslessEncoder.encode(
        stored,
        rows=rows,
        columns=columns,
        samples_per_pixel=1,
        number_of_frames=1,
        photometric_interpretation="MONOCHROME2",
        bits_allocated=16,
        bits_stored=16,
        pixel_representation=0,
    )


@dataclass(frozen=True, slots=True)
class Coder:
    """How a transfer syntax is written and, alone, read."""

    name: str
    uid: str
    encode: Callable[[Any], bytes | bytearray]
    decode: Callable[[bytes], Any]


CODERS = (
    Coder(
        "RLE",
        "1.2.840.10008.1.2.5",
        _rle,
        lambda b: imagecodecs.dicomrle_decode(b, np.uint16),
    ),
    Coder(
        "JPEG Lossless",
        "1.2.840.10008.1.2.4.70",
        imagecodecs.ljpeg_encode,
        imagecodecs.jpeg8_decode,
    ),
    Coder(
        "JPEG-LS",
        "1.2.840.10008.1.2.4.80",
        imagecodecs.jpegls_encode,
        imagecodecs.jpegls_decode,
    ),
    Coder(
        "JPEG 2000",
        "1.2.840.10008.1.2.4.90",
        lambda a: imagecodecs.jpeg2k_encode(a, codecformat="j2k", reversible=True),
        lambda b: imagecodecs.jpeg2k_decode(b, numthreads=1),
    ),
    Coder(
        "HTJ2K",
        "1.2.840.10008.1.2.4.201",
        imagecodecs.htj2k_encode,
        imagecodecs.htj2k_decode,
    ),
)


def races(scale: Scale, folder: Path) -> Iterator[Race]:
    """Decode one CT slice of each transfer syntax."""
    stored = (picture(scale.side, scale.side) + 2000).astype(np.uint16)
    yield _native(stored, folder)
    with Workers(1) as workers:
        for coder in CODERS:
            encoded = bytes(coder.encode(stored))
            pixels = PixelFormat(coder.uid, scale.side, scale.side)
            assert np.array_equal(decode_frame(encoded, pixels), stored), coder.name
            yield Race(
                f"{coder.name} frame decoded",
                partial(decode_frame, encoded, pixels),
                partial(coder.decode, encoded),
                "the decoder alone",
            )
            path = folder / f"{coder.uid}.encoded"
            path.write_bytes(encoded)
            image = Image(pixels, FrameIndex((((0, len(encoded)),),)))
            ref = FrameRef(str(path), image)
            yield Race(
                f"{coder.name} frame decoded by a worker process",
                partial(workers.decode, ref),
                partial(coder.decode, encoded),
                "the decoder alone",
            )


def _native(stored: Any, folder: Path) -> Race:
    path = folder / "native"
    path.write_bytes(stored.tobytes())
    index = FrameIndex((((0, stored.nbytes),),))
    image = Image(PixelFormat(NATIVE, *stored.shape[:2]), index)
    assert np.array_equal(read_frame(path, image, 1), stored)
    return Race(
        "Uncompressed frame read",
        lambda: read_frame(path, image, 1),
        lambda: np.frombuffer(path.read_bytes(), np.uint16),
        "the file read",
    )
