"""The stored values of a frame, as the standard counts them.

A decoder hands over the cells of the file; Bits Stored (0028,0101) and High Bit
(0028,0102) say which bits of a cell are the value, Pixel Representation (0028,0103)
whether it has a sign. Other bits may hold an old overlay, or nothing.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from viewer.core.image import PixelFormat, SampleKind

Array = npt.NDArray[Any]

_CELLS_AS_STORED = frozenset(
    (
        "1.2.840.10008.1.2",
        "1.2.840.10008.1.2.1",
        "1.2.840.10008.1.2.2",
        "1.2.840.10008.1.2.1.99",
        "1.2.840.10008.1.2.1.98",
        "1.2.840.10008.1.2.8.1",
        "1.2.840.10008.1.2.5",
    )
)
"""Transfer syntaxes that keep the whole cell, so that High Bit means something."""


def stored_values(decoded: Array, pixels: PixelFormat) -> Array:
    """Stored values of a decoded frame: other bits off, the sign in its place.

    Parameters
    ----------
    decoded : numpy.ndarray
        ``(rows, columns)`` or ``(rows, columns, samples)`` as the decoder gave it;
        returned itself when there is nothing to do, which is the usual case.
    pixels : PixelFormat

    References
    ----------
    PS3.5 8.1.1.
    """
    if decoded.dtype == np.bool_:
        return decoded.view(np.uint8)
    if pixels.kind is not SampleKind.INTEGER or decoded.dtype.kind == "f":
        return decoded
    bits = min(pixels.bits_stored, decoded.dtype.itemsize * 8)
    lowest, highest = value_range(bits, signed=pixels.signed)
    if lowest <= int(decoded.min()) and int(decoded.max()) <= highest:
        return decoded
    return _cut_out(decoded, bits, _shift(pixels), signed=pixels.signed)


def value_range(bits: int, *, signed: bool) -> tuple[int, int]:
    """Lowest and highest value that `bits` can hold."""
    if signed:
        return -(1 << (bits - 1)), (1 << (bits - 1)) - 1
    return 0, (1 << bits) - 1


def _shift(pixels: PixelFormat) -> int:
    """Bits below the value in a cell.

    Only files older than 2014 have any; a frame whose values all fit without the
    shift never comes here, so a High Bit that is only a slip costs nothing.
    """
    shift = pixels.high_bit + 1 - pixels.bits_stored
    cell_kept = pixels.transfer_syntax_uid in _CELLS_AS_STORED
    return max(shift, 0) if cell_kept and pixels.high_bit < pixels.bits_allocated else 0


def _cut_out(decoded: Array, bits: int, shift: int, *, signed: bool) -> Array:
    itemsize = decoded.dtype.itemsize
    cells = decoded.view(f"u{itemsize}")
    values: Array = (cells >> shift) & cells.dtype.type((1 << bits) - 1)
    if not signed:
        return values
    # Two's complement of `bits` bits: flipping the sign bit and subtracting it again
    # carries it through all the bits above.
    sign = cells.dtype.type(1 << (bits - 1))
    signed_values: Array = ((values ^ sign) - sign).view(f"i{itemsize}")
    return signed_values
