"""Files with frames for tests of what decodes them."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from tests.dicom.code_streams import hostile_jpeg_2000, pixel_format, slope
from viewer.core.image import FrameIndex, Image
from viewer.services.frame_ref import FrameRef
from viewer.services.store import stamp_of

VALUES = slope(12, signed=True)


def compressed(folder: Path, name: str = "good", repeat: int = 1) -> FrameRef:
    """A frame of JPEG-LS; larger ones take longer."""
    import imagecodecs  # noqa: PLC0415 - not every test decodes

    values = np.tile(VALUES, (repeat, repeat))
    unsigned = (values.astype(np.int64) & 0xFFF).astype(np.uint16)
    encoded = bytes(imagecodecs.jpegls_encode(unsigned))
    path = folder / name
    path.write_bytes(encoded)
    image = Image(
        pixel_format(values, ".4.80", 12), FrameIndex((((0, len(encoded)),),))
    )
    return FrameRef(str(path), image, 1, stamp_of(path))


def hostile(folder: Path, side: int) -> FrameRef:
    """A frame of JPEG 2000 whose few bytes cost the decoder time and memory."""
    encoded = hostile_jpeg_2000(side, side, coded=side * side // 8)
    path = folder / f"hostile-{side}"
    path.write_bytes(encoded)
    values = np.broadcast_to(np.uint8(0), (side, side))
    image = Image(pixel_format(values, ".4.90", 8), FrameIndex((((0, len(encoded)),),)))
    return FrameRef(str(path), image)


def plain(folder: Path, frames: int = 1) -> list[FrameRef]:
    """Uncompressed frames of one file; frame n holds n everywhere, from 1."""
    path = folder / "plain"
    values = np.stack([np.full((8, 8), n + 1, np.uint8) for n in range(frames)])
    path.write_bytes(values.tobytes())
    places = tuple(((64 * n, 64),) for n in range(frames))
    pixels = replace(pixel_format(values[0], ".1", 8), frames=frames)
    image = Image(pixels, FrameIndex(places))
    stamp = stamp_of(path)
    return [FrameRef(str(path), image, n + 1, stamp) for n in range(frames)]
