"""The second grayscale stage: the values of interest are spread over the greys.

Each function of PS3.3 C.11.2.1.2 and C.11.2.1.3 is evaluated in double precision in
the order the standard writes it, with y from 0 to 255. **Rounding is stated once and
holds everywhere: a grey is floor(y + 0.5).** The presentation's inversion comes
after it: 255 − grey.
"""

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from viewer.core.grayscale import LookupTable, Voi, Window, WindowFunction
from viewer.core.modality import look_up

FloatArray = npt.NDArray[np.float64]
Greys = npt.NDArray[np.uint8]

WHITE = 255.0
_TIE = 1e-9  # doubles miss an exact half by some 1e-13; it goes up all the same


def is_valid(voi: Voi) -> bool:
    """Whether the standard gives `voi` a meaning: W ≥ 1 for LINEAR, else W > 0."""
    if isinstance(voi, LookupTable):
        return voi.values.size > 0
    if not (math.isfinite(voi.center) and math.isfinite(voi.width)):
        return False
    return voi.width >= 1 if voi.function is WindowFunction.LINEAR else voi.width > 0


def to_grey(
    values: npt.NDArray[Any],
    voi: Voi,
    *,
    inverse: bool = False,
    presentation: LookupTable | None = None,
) -> Greys:
    """Greys 0 to 255 of modality `values`; NaN becomes 0 before any inversion.

    Parameters
    ----------
    values : numpy.ndarray
    voi : Voi
    inverse : bool
    presentation : LookupTable or None
        Goes from the greys to P-values, before the inversion.
    """
    if isinstance(voi, LookupTable):
        levels = _through_table(values, voi)
    else:
        levels = _FUNCTIONS[voi.function](
            values.astype(np.float64, copy=False), voi.center, voi.width
        )
    if presentation is not None:
        levels = _presented(levels, presentation)
    levels += 0.5 + _TIE
    np.copyto(levels, 0, where=np.isnan(levels))  # infinite ones have a grey by now
    greys = levels.astype(np.uint8)  # truncation of what is never negative: floor
    return np.invert(greys, out=greys) if inverse else greys


def _linear(x: FloatArray, center: float, width: float) -> FloatArray:
    """PS3.3 C.11.2.1.2.1; a width of 1 is a step."""
    if width > 1:
        y = ((x - (center - 0.5)) / (width - 1) + 0.5) * WHITE
    else:
        y = np.zeros_like(x)
    y[x <= center - 0.5 - (width - 1) / 2] = 0
    y[x > center - 0.5 + (width - 1) / 2] = WHITE
    return y


def _linear_exact(x: FloatArray, center: float, width: float) -> FloatArray:
    """PS3.3 C.11.2.1.3.2."""
    y = ((x - center) / width + 0.5) * WHITE
    y[x <= center - width / 2] = 0
    y[x > center + width / 2] = WHITE
    return y


def _sigmoid(x: FloatArray, center: float, width: float) -> FloatArray:
    """PS3.3 C.11.2.1.3.1."""
    with np.errstate(over="ignore"):  # far below the window exp is infinite, y is 0
        return WHITE / (1 + np.exp(-4 * (x - center) / width))


_FUNCTIONS = {
    WindowFunction.LINEAR: _linear,
    WindowFunction.LINEAR_EXACT: _linear_exact,
    WindowFunction.SIGMOID: _sigmoid,
}


def _through_table(values: npt.NDArray[Any], table: LookupTable) -> FloatArray:
    """Entries as levels: 0 to 2ⁿ − 1 is black to white.

    A descriptor that promises fewer bits than the entries need is overruled by them.
    """
    entries = table.values
    bits = max(table.bits, int(entries.max()).bit_length(), 1)
    return look_up(values, table).astype(np.float64) * WHITE / ((1 << bits) - 1)


def _presented(levels: FloatArray, table: LookupTable) -> FloatArray:
    """P-values as levels: black is the first entry, white the last; PS3.3 C.11.6.1."""
    place = np.nan_to_num(levels) * (table.values.size - 1) / WHITE
    start = LookupTable(0, table.bits, table.entries)
    return _through_table(np.floor(place + 0.5 + _TIE), start)


def as_window(voi: Voi) -> Window:
    """The window a hand starts from: a table becomes the range it maps."""
    if isinstance(voi, Window):
        return voi
    width = float(max(voi.values.size, 1))
    return Window(voi.first_mapped + width / 2, width)


def limits(voi: Voi) -> tuple[float, float]:
    """The modality values where the greys begin and end.

    SIGMOID has no ends; its straight part of the same width stands for them.
    """
    if isinstance(voi, LookupTable):
        return float(voi.first_mapped), float(voi.first_mapped + voi.values.size - 1)
    if voi.function is WindowFunction.LINEAR:
        half = (voi.width - 1) / 2
        return voi.center - 0.5 - half, voi.center - 0.5 + half
    return voi.center - voi.width / 2, voi.center + voi.width / 2


def misses(voi: Voi, lowest: float, highest: float) -> bool:
    """Whether `voi` shows nothing of an image with values `lowest` to `highest`."""
    bottom, top = limits(voi)
    return top < lowest or bottom > highest


def is_step(voi: Voi, lowest: float, highest: float) -> bool:
    """Whether `voi` cuts an image with these values into black and white."""
    bottom, top = limits(voi)
    return bottom == top and lowest <= bottom < highest


def spanning(lowest: float, highest: float, *, whole: bool, name: str = "") -> Window:
    """The window that shows `lowest` as black and `highest` as white.

    `whole` values get LINEAR, whose −0.5 and −1 are made for them; others
    LINEAR_EXACT, which may be narrower than 1.
    """
    if whole:
        width = highest - lowest + 1
        return Window((lowest + highest + 1) / 2, width, explanation=name)
    center = lowest / 2 + highest / 2
    narrowest = max(abs(center) * 1e-9, 1e-30)
    width = max(highest - lowest, narrowest)
    return Window(center, width, WindowFunction.LINEAR_EXACT, name)
