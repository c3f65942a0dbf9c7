"""What the standard says a pixel looks like, one at a time, in exact fractions.

Written from PS3.3 C.7.6.3, C.11.1, C.11.2, C.11.6 and C.7.6.19 without a look at the
program. A grey is floor(y + 1/2).
"""

import math
from collections.abc import Sequence
from fractions import Fraction

HALF = Fraction(1, 2)
Color = tuple[int, int, int]


def rounded(y: Fraction) -> int:
    return math.floor(y + HALF)


def entry_of(x: Fraction | int, first: int, entries: Sequence[int]) -> int:
    """C.11.1.1.1: below the first the first, past the last the last."""
    place = math.floor(x + HALF) - first
    return entries[min(max(place, 0), len(entries) - 1)]


def linear(x: Fraction | int, center: Fraction, width: Fraction) -> Fraction:
    """C.11.2.1.2.1, black 0 and white 255."""
    if x <= center - HALF - (width - 1) / 2:
        return Fraction(0)
    if x > center - HALF + (width - 1) / 2:
        return Fraction(255)
    return ((x - (center - HALF)) / (width - 1) + HALF) * 255


def through_voi_lut(
    x: Fraction | int, first: int, entries: Sequence[int], bits: int
) -> Fraction:
    """C.11.2.1.1: an entry of n bits is from black, 0, to white, 2ⁿ − 1."""
    return Fraction(255 * entry_of(x, first, entries), 2**bits - 1)


def through_presentation_lut(
    y: Fraction, entries: Sequence[int], bits: int
) -> Fraction:
    """C.11.6.1: the range of y spans the entries; what comes out are P-values."""
    place = rounded(y * (len(entries) - 1) / 255)
    return Fraction(255 * entries[place], 2**bits - 1)


def from_ybr_full(y: int, cb: int, cr: int) -> Color:
    """C.7.6.3.1.2, whose matrix is that of Rec. 601 with luminance 0.299, 0.114."""
    red, blue = Fraction("0.299"), Fraction("0.114")
    return _rgb(Fraction(y), Fraction(cb - 128), Fraction(cr - 128), red, blue)


def from_ybr_partial(y: int, cb: int, cr: int) -> Color:
    """The same from Y of 16 to 235 and chroma of 16 to 240."""
    red, blue = Fraction("0.299"), Fraction("0.114")
    return _rgb(
        Fraction(255, 219) * (y - 16),
        Fraction(255, 224) * (cb - 128),
        Fraction(255, 224) * (cr - 128),
        red,
        blue,
    )


def _rgb(y: Fraction, cb: Fraction, cr: Fraction, kr: Fraction, kb: Fraction) -> Color:
    red = y + 2 * (1 - kr) * cr
    blue = y + 2 * (1 - kb) * cb
    green = (y - kr * red - kb * blue) / (1 - kr - kb)
    limited = (min(max(rounded(part), 0), 255) for part in (red, green, blue))
    r, g, b = limited
    return r, g, b


def palette_color(
    stored: int, first: int, tables: Sequence[Sequence[int]], bits: int
) -> Color:
    """C.7.6.3.1.5: the upper eight bits of the entries."""
    r, g, b = (entry_of(stored, first, table) >> (bits - 8) for table in tables)
    return r, g, b
