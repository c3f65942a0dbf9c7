"""Nothing lies in the bits of a pixel cell that are no part of its value.

Old scanners keep overlays there, with names in them. Every reader that follows the
standard passes these bits over, so they are told by the value: zero, and above a
signed value its sign again, as writers have it. Zeros there would be as clean, but a
reader that does not look at Bits Stored (0028,0101) would turn -1000 HU into 3096.

References
----------
PS3.5 8.1.1; the overlays are those of PS3.3 C.9.2, retired since 2004.
"""

import numpy as np
import numpy.typing as npt

from viewer.core.image import PixelFormat, SampleKind

Samples = npt.NDArray[np.generic]


def has_spare_bits(pixels: PixelFormat) -> bool:
    """Whether a pixel cell has bits that are no part of its value."""
    return (
        pixels.kind is SampleKind.INTEGER
        and 0 < pixels.bits_stored < pixels.bits_allocated
    )


def bits_below(pixels: PixelFormat) -> int:
    """Spare bits of a pixel cell that lie below its value."""
    if not has_spare_bits(pixels):
        return 0
    return pixels.high_bit - pixels.bits_stored + 1


def stored_range(pixels: PixelFormat) -> tuple[int, int]:
    """The lowest and the highest value that the stored bits can hold."""
    if pixels.signed and pixels.bits_stored > 1:
        half = 1 << (pixels.bits_stored - 1)
        return -half, half - 1
    return 0, (1 << pixels.bits_stored) - 1


def clear(cells: Samples, pixels: PixelFormat) -> None:
    """Tell the spare bits of pixel cells by their values, in place.

    Parameters
    ----------
    cells : ndarray
        Whole cells of 8 to 64 bits in the byte order of the machine, of any shape;
        signed where the values are.
    pixels : PixelFormat
    """
    if not has_spare_bits(pixels):
        return
    low = bits_below(pixels)
    if not pixels.signed:
        mask = ((1 << pixels.bits_stored) - 1) << low
        np.bitwise_and(cells, cells.dtype.type(mask), out=cells)
        return
    width = 8 * cells.dtype.itemsize
    np.left_shift(cells, width - 1 - pixels.high_bit, out=cells)
    np.right_shift(cells, width - pixels.bits_stored, out=cells)
    if low:
        np.left_shift(cells, low, out=cells)
