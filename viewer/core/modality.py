"""The first grayscale stage: stored values become what the modality measured.

Hounsfield units, counts, optical density: the values a probe shows and a window is
given in. PS3.3 C.11.1.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from viewer.core.grayscale import GrayscaleDisplay, LookupTable, Rescale

Array = npt.NDArray[Any]
FloatArray = npt.NDArray[np.float64]


def modality_values(stored: Array, display: GrayscaleDisplay) -> Array:
    """Modality values of stored ones, in the smallest kind that holds them exactly.

    Parameters
    ----------
    stored : numpy.ndarray
        Stored values of one sample, bits that are not theirs off, the sign in place.
    display : GrayscaleDisplay

    Returns
    -------
    numpy.ndarray
        ``uint16`` after a modality LUT; ``int16``, else ``int32``, where slope,
        intercept and stored values are whole and every value the stored *type* can
        hold fits (so that all frames of a series answer alike); the stored array
        itself where floats are not rescaled; else ``float64``.
    """
    if display.modality_lut is not None:
        return look_up(stored, display.modality_lut)
    slope, intercept = display.rescale.slope, display.rescale.intercept
    if stored.dtype.kind == "f":
        if (slope, intercept) == (1.0, 0.0):
            return stored
    elif float(slope).is_integer() and float(intercept).is_integer():
        kind = _whole_kind(stored.dtype, int(slope), int(intercept))
        if kind is not None:
            values = stored.astype(kind)
            values *= kind.type(slope)
            values += kind.type(intercept)
            return values
    return rescaled(stored, display.rescale)


def rescaled(stored: Array, rescale: Rescale) -> FloatArray:
    """Slope × stored value + intercept, in double precision."""
    values = stored.astype(np.float64)
    values *= rescale.slope
    values += rescale.intercept
    return values


def look_up(values: Array, table: LookupTable) -> npt.NDArray[np.uint16]:
    """Entries of `table` for `values`; beyond its ends the first or the last entry.

    Values between whole numbers (after a rescale) take the nearest, a half the
    higher one. PS3.3 C.11.1.1.1.
    """
    entries = table.values
    if values.dtype.kind == "f":
        index = np.floor(values + 0.5) - table.first_mapped
    else:
        index = values.astype(np.int64) - table.first_mapped
    index = np.clip(index, 0, entries.size - 1)
    found: npt.NDArray[np.uint16] = entries[np.nan_to_num(index).astype(np.intp)]
    return found


def _whole_kind(
    stored: np.dtype[Any], slope: int, intercept: int
) -> np.dtype[Any] | None:
    limits = np.iinfo(stored)
    ends = [slope * end + intercept for end in (int(limits.min), int(limits.max))]
    for kind in (np.dtype(np.int16), np.dtype(np.int32)):
        room = np.iinfo(kind)
        whole = (*ends, slope, intercept)
        if room.min <= min(whole) and max(whole) <= room.max and limits.bits <= 32:
            return kind
    return None
