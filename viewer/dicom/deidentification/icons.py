"""The icon of an image, made anew of its pixels as they leave; PS3.3 F.7.

The old one may show what was burned black since. Nothing but pixels goes into the new
one, no window and no overlay, so that whoever has the written file can make it again
and see that it is this one.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from viewer.core.boxes import Box
from viewer.core.color import palette_to_rgb, to_rgb
from viewer.core.errors import PixelError, ViewerError
from viewer.core.image import FrameIndex, Image, PixelFormat, SampleKind
from viewer.dicom.deidentification.burning import burner_of
from viewer.dicom.deidentification.stored_bits import stored_range
from viewer.dicom.deidentification.tree import (
    Entry,
    bytes_of,
    entries,
    item_of,
    items_of,
    raw,
    sequence,
)
from viewer.dicom.frames import decode_frame, decoded_photometric, encoded_place
from viewer.dicom.image import to_index
from viewer.dicom.palette import to_palette
from viewer.dicom.part10 import OpenFile
from viewer.dicom.pixels import to_pixel_format

Samples = npt.NDArray[np.generic]
Greys = npt.NDArray[np.uint8]

ICON: Final = 0x00880200
_SIDE: Final = 64
_LIKELY: Final = (1, 99)  # percent of the values that greys are spread over
_LUMINANCE: Final = np.array([0.299, 0.587, 0.114])


def icon(opened: OpenFile, boxes: Sequence[Box] = ()) -> Entry | None:
    """Icon Image Sequence (0088,0200) with a picture of the first frame.

    None where that cannot be made: then the image has to do without.

    Parameters
    ----------
    opened : OpenFile
    boxes : sequence of Box
        What is burned black in its pixels.
    """
    try:
        pixels = to_pixel_format(opened)
        if pixels is None or pixels.kind is not SampleKind.INTEGER:
            return None
        greys = _shrunk(_greys(opened, pixels, boxes))
    except ViewerError:
        return None
    rows, columns = greys.shape
    value = greys.tobytes() + bytes(greys.size % 2)
    numbers = {
        0x00280002: 1,  # Samples per Pixel
        0x00280010: rows,
        0x00280011: columns,
        0x00280100: 8,  # Bits Allocated, Bits Stored, High Bit, Pixel Representation
        0x00280101: 8,
        0x00280102: 7,
        0x00280103: 0,
    }
    found = [raw(t, "US", n.to_bytes(2, "little")) for t, n in numbers.items()]
    found.append(raw(0x00280004, "CS", b"MONOCHROME2 "))
    found.append(raw(0x7FE00010, "OB", value))
    return sequence(ICON, [item_of(found)])


def is_its_own(opened: OpenFile) -> bool:
    """Whether the icon of a written file is the one its pixels make."""
    made, found = icon(opened), opened.whole().items(ICON)
    if made is None or len(found) != 1:
        return False
    expected = {int(e.tag): bytes_of(e) for e in entries(items_of(made)[0])}
    return {e.tag: found[0].raw(e.tag) for e in found[0]} == expected


def _greys(opened: OpenFile, pixels: PixelFormat, boxes: Sequence[Box]) -> Greys:
    """The first frame in greys, its boxes black.

    Raises
    ------
    ViewerError
        If it cannot be decoded.
    """
    photometric = decoded_photometric(pixels)
    stored = _first_frame(opened, pixels, to_index(opened, pixels))
    if boxes:
        burner_of(opened, pixels, photometric, boxes).burn(stored, 1)
    if photometric == "PALETTE COLOR":
        palette = to_palette(opened.data_set, pixels)
        if palette is None:
            raise PixelError("The colours of the image are missing from the file.")
        return _luminance(palette_to_rgb(stored, palette))
    if pixels.samples > 1:
        return _luminance(to_rgb(stored, photometric, pixels.bits_stored))
    greys = _spread(stored, pixels)
    return np.invert(greys) if photometric == "MONOCHROME1" else greys


def _first_frame(opened: OpenFile, pixels: PixelFormat, index: FrameIndex) -> Samples:
    places, bit_offset = encoded_place(Image(pixels, index), 1)
    read = opened.data_set.cutter.source.read
    encoded = b"".join(read(offset, length) for offset, length in places or ())
    return decode_frame(encoded, pixels, bit_offset=bit_offset).copy()


def _spread(stored: Samples, pixels: PixelFormat) -> Greys:
    """Values over the greys; the ends of their range do not count, they are burned."""
    low, high = stored_range(pixels)
    values = stored.astype(np.float64)
    inner = values[(values > low) & (values < high)]
    dark, light = np.percentile(inner, _LIKELY) if inner.size else (low, high)
    steps = (values - dark) * (255 / max(light - dark, 1.0))
    return np.clip(steps, 0, 255).astype(np.uint8)


def _luminance(rgb: Greys) -> Greys:
    greys: Greys = (rgb @ _LUMINANCE).astype(np.uint8)
    return greys


def _shrunk(greys: Greys) -> Greys:
    """No side longer than an icon's, each pixel the mean of those it stands for."""
    step = -(-max(greys.shape) // _SIDE)
    starts = [np.arange(0, side, step) for side in greys.shape]
    sums = np.add.reduceat(greys.astype(np.uint32), starts[0], axis=0)
    sums = np.add.reduceat(sums, starts[1], axis=1)
    counts = [
        np.diff(np.append(start, side))
        for start, side in zip(starts, greys.shape, strict=True)
    ]
    return (sums // np.outer(*counts)).astype(np.uint8)
