"""The Grayscale Standard Display Function: equal steps that look equal; PS3.14 7."""

from typing import Final

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]

DARKEST: Final = 0.05  # cd/m², just-noticeable difference 1
BRIGHTEST: Final = 3993.404  # cd/m², just-noticeable difference 1023

# PS3.14 7.1, numerator a c e g m, denominator 1 b d f h k.
_ABOVE: Final = (-1.3011877, 8.0242636e-2, 1.3646699e-1, -2.5468404e-2, 1.3635334e-3)
_BELOW: Final = (
    1.0,
    -2.5840191e-2,
    -1.0320229e-1,
    2.8745620e-2,
    -3.1978977e-3,
    1.2992634e-4,
)
# PS3.14 7.1, A to I.
_INVERSE: Final = (
    71.498068,
    94.593053,
    41.912053,
    9.8247004,
    0.28175407,
    -1.1878455,
    -0.18014349,
    0.14710899,
    -0.017046845,
)


def to_luminance(index: npt.ArrayLike) -> FloatArray:
    """Luminance in cd/m² of indices of just-noticeable differences, 1 to 1023."""
    logarithm = np.log(np.asarray(index, dtype=np.float64))
    above = np.polynomial.polynomial.polyval(logarithm, _ABOVE)
    below = np.polynomial.polynomial.polyval(logarithm, _BELOW)
    return np.asarray(10 ** (above / below), dtype=np.float64)


def to_index(luminance: npt.ArrayLike) -> FloatArray:
    """Indices of just-noticeable differences of luminances in cd/m²."""
    logarithm = np.log10(np.asarray(luminance, dtype=np.float64))
    found = np.polynomial.polynomial.polyval(logarithm, _INVERSE)
    return np.asarray(found, dtype=np.float64)
