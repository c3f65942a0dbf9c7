"""What a photometer found on a screen, held against the GSDF.

AAPM On-Line Report 03 (TG18) 4.3 and TG270: eighteen grey levels are measured; between
two of them the contrast should be that of the GSDF from the darkest to the brightest.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Self

import numpy as np

from viewer.core.errors import ViewerError
from viewer.core.gsdf import (
    BRIGHTEST,
    DARKEST,
    FloatArray,
    to_index,
    to_luminance,
)

LEVELS: Final = tuple(range(0, 256, 15))
"""Grey levels that are measured, eighteen of them."""

PRIMARY: Final = 0.10  # largest deviation of contrast for displays one diagnoses on
OTHER: Final = 0.20
SMALLEST_RATIO: Final = 250  # of brightest to darkest, for diagnosing


@dataclass(frozen=True, slots=True)
class DisplayCheck:
    """One measurement of one screen.

    Attributes
    ----------
    luminances : tuple of float
        cd/m² at each of `LEVELS`, with the light of the room.
    measured_on : date
    """

    luminances: tuple[float, ...]
    measured_on: date

    @classmethod
    def of(cls, luminances: Sequence[float], measured_on: date) -> Self:
        """A measurement that can be judged.

        Raises
        ------
        ViewerError
            If it is not one luminance for each level, each brighter than the last.
        """
        if len(luminances) != len(LEVELS):
            raise ViewerError(
                f"There are {len(luminances)} luminances, not {len(LEVELS)}.",
                hint="One for each grey level: 0, 15, 30 … 255.",
            )
        if not all(DARKEST <= value <= BRIGHTEST for value in luminances):
            raise ViewerError(
                f"A luminance is not between {DARKEST} and {BRIGHTEST:.0f} cd/m².",
                hint="Measure with the light of the room.",
            )
        if not all(np.diff(luminances) > 0):
            raise ViewerError("The luminances do not rise from level to level.")
        return cls(tuple(luminances), measured_on)

    @property
    def ratio(self) -> float:
        """Brightest over darkest."""
        return self.luminances[-1] / self.luminances[0]

    @property
    def deviations(self) -> tuple[float, ...]:
        """Contrast between neighbouring levels over that of the GSDF, less one."""
        ends = to_index([self.luminances[0], self.luminances[-1]])
        meant = to_luminance(np.linspace(ends[0], ends[1], len(LEVELS)))
        found = _contrasts(np.array(self.luminances)) / _contrasts(meant) - 1
        return tuple(float(value) for value in found)

    @property
    def largest_deviation(self) -> float:
        """The largest of them, without its sign."""
        return max(abs(value) for value in self.deviations)

    @property
    def verdict(self) -> str:
        """What the measurement says, in a sentence."""
        largest = f"{100 * self.largest_deviation:.1f} %"
        if self.largest_deviation <= PRIMARY and self.ratio >= SMALLEST_RATIO:
            fit = "fit for diagnosis"
        elif self.largest_deviation <= OTHER:
            fit = "fit for looking, not for diagnosis"
        else:
            fit = "not fit: the greys are not those of the standard"
        return (
            f"Measured {self.measured_on}: contrast within {largest} of the "
            f"GSDF, ratio {self.ratio:.0f}: {fit}."
        )


NOT_VERIFIED: Final = "Not verified: no photometer's result is entered for this screen."


def _contrasts(luminances: FloatArray) -> FloatArray:
    """Step over mean between neighbours."""
    steps: FloatArray = np.diff(luminances)
    return 2 * steps / (luminances[1:] + luminances[:-1])
