"""Real World Value maps: what a stored value means in a unit; PS3.3 C.7.6.16.2.11."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RealWorldMap:
    """One map of an image, for a range of its stored values.

    Attributes
    ----------
    first, last : float
        The stored values it holds for, inclusive.
    slope, intercept : float
        Real world value = slope × stored value + intercept, where there is no table.
    entries : tuple of float
        Real world value of each stored value from `first` on; empty for none.
    label : str
        LUT Label (0040,9210).
    unit : str
        Code Value of Measurement Units (0040,08EA), in UCUM, but HU; empty for a
        mere number.
    """

    first: float
    last: float
    slope: float = 1.0
    intercept: float = 0.0
    entries: tuple[float, ...] = ()
    label: str = ""
    unit: str = ""

    def value_of(self, stored: float) -> float | None:
        """What `stored` means; None outside the range."""
        if not self.first <= stored <= self.last:
            return None
        if not self.entries:
            return stored * self.slope + self.intercept
        place = int(stored - self.first)
        return self.entries[place] if place < len(self.entries) else None
