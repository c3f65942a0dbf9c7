"""The grayscale transformations of one image, as the file states them.

Modality → values of interest → presentation, PS3.3 C.11 and PS3.4 N.2.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt


class WindowFunction(StrEnum):
    """VOI LUT Function (0028,1056), PS3.3 C.11.2.1.2 and C.11.2.1.3."""

    LINEAR = "LINEAR"
    LINEAR_EXACT = "LINEAR_EXACT"
    SIGMOID = "SIGMOID"


@dataclass(frozen=True, slots=True)
class Window:
    """A range of modality values that is spread over the grey scale.

    Attributes
    ----------
    center, width : float
        In modality units; Window Center (0028,1050), Window Width (0028,1051).
    function : WindowFunction
        How values map inside it.
    explanation : str
        Its name in the file or among the presets; may be empty.
    """

    center: float
    width: float
    function: WindowFunction = WindowFunction.LINEAR
    explanation: str = ""


@dataclass(frozen=True, slots=True)
class LookupTable:
    """A table of the file: modality LUT, VOI LUT or one colour of a palette.

    Attributes
    ----------
    first_mapped : int
        Input value of entry 0, already signed where the standard says so; inputs
        below take entry 0, inputs past the end take the last entry.
    bits : int
        Significant bits of an entry (third value of the descriptor).
    entries : bytes
        Unsigned 16-bit little-endian, one for each entry; see `values`.
    explanation : str
        LUT Explanation (0028,3003) or Modality LUT Type (0028,3004).
    """

    first_mapped: int
    bits: int
    entries: bytes
    explanation: str = ""

    @property
    def values(self) -> npt.NDArray[np.uint16]:
        """Read-only entries, ``(n,)``."""
        return np.frombuffer(self.entries, dtype="<u2")


Voi = Window | LookupTable
"""What spreads modality values over the grey scale; see `viewer.core.voi`."""


@dataclass(frozen=True, slots=True)
class Rescale:
    """Modality value = slope × stored value + intercept.

    Attributes
    ----------
    slope, intercept : float
        Rescale Slope (0028,1053), Rescale Intercept (0028,1052).
    unit : str
        What the modality value is: ``HU``, ``US`` (unspecified), ``BQML``, …;
        empty if the file does not say.
    """

    slope: float = 1.0
    intercept: float = 0.0
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Padding:
    """Stored values that are not image: they stay at the background.

    Attributes
    ----------
    low, high : float
        Inclusive, signed as the pixels are; Pixel Padding Value (0028,0120) and
        Range Limit (0028,0121) in ascending order.
    """

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class GrayscaleDisplay:
    """Everything the file says about turning stored values into grey.

    Attributes
    ----------
    rescale : Rescale
        Stored → modality value, when there is no modality LUT.
    modality_lut : LookupTable or None
        Stored → modality value; its explanation names the unit.
    windows : tuple of Window
        The file's windows, in its order.
    voi_luts : tuple of LookupTable
        The file's VOI LUTs, in its order; their input is the modality value.
    inverse : bool
        Whether the lowest value is shown white: MONOCHROME1 or Presentation LUT
        Shape INVERSE; in a MONOCHROME1 image they are the same single inversion.
    padding : Padding or None
    presentation_lut : LookupTable or None
        Grey → P-value, after the window; its first entry is for black, its last for
        white; PS3.3 C.11.6.
    supplemental : bool
        Whether the image's palette colours the values it holds for; PS3.3 C.7.6.19.
    refusal : str
        Why greys would not be what the file wants shown; empty if they are.
    """

    rescale: Rescale = Rescale()
    modality_lut: LookupTable | None = None
    windows: tuple[Window, ...] = ()
    voi_luts: tuple[LookupTable, ...] = ()
    inverse: bool = False
    padding: Padding | None = None
    presentation_lut: LookupTable | None = None
    supplemental: bool = False
    refusal: str = ""
