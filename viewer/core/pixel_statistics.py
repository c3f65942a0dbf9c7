"""Count, sum, mean and spread of what a modality measured inside a drawing."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from viewer.core.enclosed import Enclosed
from viewer.core.grayscale import GrayscaleDisplay
from viewer.core.modality import modality_values
from viewer.core.windowing import padded

MEAN_FORMULA = "mean = sum ÷ number of pixels"
SD_FORMULA = "SD = √(Σ (value − mean)² ÷ number of pixels)"


@dataclass(frozen=True, slots=True)
class PixelStatistics:
    """What the source pixels of a drawing hold, never interpolated.

    Attributes
    ----------
    count : int
        Pixels that were used.
    total : float
        Their sum; exact where the values are whole numbers.
    mean, deviation, lowest, highest : float
        `deviation` is that of these very pixels (divided by their number).
    left_out : int
        Pixels inside the shape that are padding, infinite or no number.
    """

    count: int
    total: float
    mean: float
    deviation: float
    lowest: float
    highest: float
    left_out: int = 0


def pixel_statistics(
    stored: npt.NDArray[Any], display: GrayscaleDisplay, inside: Enclosed
) -> PixelStatistics | None:
    """Statistics of the modality values inside.

    Parameters
    ----------
    stored : numpy.ndarray
        ``(rows, columns)`` of the whole frame.
    display : GrayscaleDisplay
    inside : Enclosed

    Returns
    -------
    PixelStatistics or None
        None where no pixel is left: all are outside the image, or padding.
    """
    found = inside.of(stored)
    absent = padded(found, display.padding)
    left_out = int(np.count_nonzero(absent))
    values = modality_values(found[~absent] if left_out else found, display)
    if not values.size:
        return None
    total = _total(values)
    count, mean = int(values.size), total / values.size
    spread = values.astype(np.float64)
    spread -= mean
    deviation = math.sqrt(float(np.dot(spread, spread)) / count)
    lowest, highest = float(values.min()), float(values.max())
    return PixelStatistics(
        count, float(total), float(mean), deviation, lowest, highest, left_out
    )


def _total(values: npt.NDArray[Any]) -> float:
    """The exact sum of whole numbers; that of others, rounded once."""
    if values.dtype.kind == "f":
        return math.fsum(values)
    return int(values.sum(dtype=np.int64))
