"""How often each modality value occurs in a frame."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from viewer.core.image import Image
from viewer.core.windowing import ImageValues, takes_window

BINS = 256
_LARGEST_FRAME = 1 << 20  # larger ones are counted on a regular grid of their pixels

_NARROWEST = 1e-300  # bins that can be told apart on any screen


@dataclass(frozen=True, slots=True)
class Histogram:
    """Counts of the values of a frame, padding and NaN left out.

    Attributes
    ----------
    lowest, highest : float
        Modality values: the lower edge of the first bin, the upper edge of the last.
    counts : tuple of int
        One for each bin, all of the same width.
    """

    lowest: float
    highest: float
    counts: tuple[int, ...]

    @property
    def bin_width(self) -> float:
        """In modality units."""
        return (self.highest - self.lowest) / len(self.counts)


def histogram(
    image: Image, number: int, stored: npt.NDArray[Any], bins: int = BINS
) -> Histogram | None:
    """The histogram of frame `number`; None for colour and for nothing but padding.

    None also for values that are further apart than a number can say.

    Whole values get bins of whole width, so that none is counted twice as wide as
    its neighbour (the comb that else appears).
    """
    if not takes_window(image):
        return None
    step = max(1, round((stored.size / _LARGEST_FRAME) ** 0.5))
    found = ImageValues.of(stored[::step, ::step], image.display(number))
    if not found.values.size:
        return None
    lowest, highest = float(found.values.min()), float(found.values.max())
    if found.whole:
        width = max(1, -(-int(highest - lowest + 1) // bins))
        used = -(-int(highest - lowest + 1) // width)
        places = (found.values.astype(np.int64) - int(lowest)) // width
        counts = np.bincount(places, minlength=used)
        highest = lowest + width * used
    else:
        highest = _end_of_bins(lowest, highest, bins)
        if not math.isfinite(highest - lowest):
            return None
        values = found.values.astype(np.float64)
        counts, _ = np.histogram(values, bins, (lowest, highest))
    return Histogram(lowest, highest, tuple(counts.tolist()))


def _end_of_bins(lowest: float, highest: float, bins: int) -> float:
    """Where the last bin ends at least: doubles lie between the edges of each."""
    if highest == lowest:
        highest = lowest + 1
    step = float(np.spacing(max(abs(lowest), abs(highest))))
    return max(highest, lowest + bins * max(2 * step, _NARROWEST))
