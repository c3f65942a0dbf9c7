"""Samples of a colour image become red, green and blue, 8 bits each, exactly once.

Who decodes says what the samples are by then (a lossy JPEG leaves its codec as RGB
whatever the header calls it), so the photometric interpretation is an argument here.
PS3.3 C.7.6.3.1.2.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from viewer.core.errors import PixelError
from viewer.core.grayscale import LookupTable
from viewer.core.image import Palette
from viewer.core.modality import look_up

Array = npt.NDArray[Any]
RGB = npt.NDArray[np.uint8]

# Weights of (Cb − half, Cr − half) for red, green and blue, and of Y and where its
# range begins: the inverse of the standard's equations, which print four digits; the
# digits here are those of ITU-T T.871 and Rec. 601, from which they are rounded.
_FULL = (1.0, 0.0, ((0.0, 1.402), (-0.344136286, -0.714136286), (1.772, 0.0)))
_PARTIAL = (
    255 / 219,
    16.0,
    (
        (0.0, 1.402 * 255 / 224),
        (-0.344136286 * 255 / 224, -0.714136286 * 255 / 224),
        (1.772 * 255 / 224, 0.0),
    ),
)
_MATRICES = {
    "YBR_FULL": _FULL,
    "YBR_FULL_422": _FULL,
    "YBR_ICT": _FULL,
    "YBR_PARTIAL_422": _PARTIAL,
    "YBR_PARTIAL_420": _PARTIAL,
}


def to_rgb(samples: Array, photometric: str, bits: int) -> RGB:
    """Red, green and blue of decoded samples.

    Parameters
    ----------
    samples : numpy.ndarray
        ``(rows, columns, 3)``, one value of each sample for every pixel.
    photometric : str
        What they are *after decoding*.
    bits : int
        Bits Stored (0028,0101): 2 to the power of it is the end of their range.

    Raises
    ------
    PixelError
        If they are in a colour space that cannot be shown truthfully.
    """
    if samples.ndim != 3 or samples.shape[2] != 3:
        raise PixelError("The image has neither one nor three samples a pixel.")
    if photometric == "RGB":
        return _to_eight_bits(samples, bits)
    if photometric == "YBR_RCT":
        return _to_eight_bits(_from_reversible(samples, bits), bits)
    if photometric in _MATRICES:
        rgb = _from_luminance(samples, photometric, bits)
        return _to_eight_bits(rgb, bits)
    raise PixelError("The image is in a colour space that is not known.")


def palette_to_rgb(indices: Array, palette: Palette) -> RGB:
    """Red, green and blue of palette indices ``(rows, columns)``, 8 or 16 bits wide.

    PS3.3 C.7.9. Of 16-bit entries the upper byte is shown. Two slips of writers are
    overruled by the entries themselves: 8-bit ones under a descriptor of 16, and
    longer ones under a descriptor of 8.

    Raises
    ------
    PixelError
        If the indices are wider.
    """
    if indices.dtype.itemsize > 2 or indices.ndim != 2:
        raise PixelError("The samples of the image are no indices of a palette.")
    tables = (palette.red, palette.green, palette.blue)
    longest = max(int(table.values.max()).bit_length() for table in tables)
    stated = max(table.bits for table in tables)
    bits = 8 if longest <= 8 else max(longest, stated)
    # Every index there can be is looked up once, and then only gathered.
    width = indices.dtype.itemsize * 8
    every = np.arange(1 << width, dtype=f"u{indices.dtype.itemsize}")
    cells = indices.view(every.dtype).astype(np.intp)
    rgb = np.empty((*indices.shape, 3), dtype=np.uint8)
    for channel, table in enumerate(tables):
        shown = _entries(every.view(indices.dtype), table, bits)
        rgb[..., channel] = shown[cells]
    return rgb


def _entries(indices: Array, table: LookupTable, bits: int) -> RGB:
    shown = (table.values >> (bits - 8)).astype("<u2")
    narrowed = LookupTable(table.first_mapped, 8, shown.tobytes())
    return look_up(indices, narrowed).astype(np.uint8)


def _to_eight_bits(samples: Array, bits: int) -> RGB:
    """The upper eight bits of samples; fewer than eight are spread over the range."""
    if bits >= 8:
        shown = samples >> (bits - 8) if bits > 8 else samples
    else:
        highest = (1 << bits) - 1
        shown = (samples.astype(np.uint16) * 510 + highest) // (2 * highest)
    return np.ascontiguousarray(shown, dtype=np.uint8)


def _from_luminance(samples: Array, photometric: str, bits: int) -> Array:
    y_weight, y_start, colors = _MATRICES[photometric]
    scale = float(1 << max(bits - 8, 0))  # the range of Y grows with the bits
    half, highest = float(1 << (bits - 1)), float((1 << bits) - 1)
    luminance = (samples[..., 0].astype(np.float32) - y_start * scale) * y_weight
    blue = samples[..., 1].astype(np.float32) - half
    red = samples[..., 2].astype(np.float32) - half
    rgb = np.empty(samples.shape, dtype=np.uint16)
    for channel, (of_blue, of_red) in enumerate(colors):
        level = luminance + of_blue * blue + of_red * red
        rgb[..., channel] = np.clip(np.floor(level + 0.5), 0, highest)
    return rgb


def _from_reversible(samples: Array, bits: int) -> Array:
    """Undo the reversible transform of JPEG 2000; its differences carry a sign."""
    if samples.dtype.kind != "i":
        raise PixelError("The image is in a colour space its samples cannot hold.")
    y, blue, red = (samples[..., n].astype(np.int32) for n in range(3))
    green = y - ((blue + red) >> 2)
    rgb = np.stack([red + green, green, blue + green], axis=-1)
    clipped: Array = np.clip(rgb, 0, (1 << bits) - 1)
    return clipped.astype(np.uint16)
