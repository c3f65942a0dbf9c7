"""What an image says its colours look like, and what a screen makes of them.

PS3.3 C.11.15.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

RGB = npt.NDArray[np.uint8]
Convert = Callable[[RGB], RGB]
"""Colours ``(rows, columns, 3)`` of one profile become those of another."""

SRGB_ASSUMED: Final = "sRGB assumed"
"""What is said of a screen that nobody has told the profile of."""


@dataclass(frozen=True, slots=True)
class ColorProfile:
    """An ICC profile that is not sRGB, inside the file.

    Attributes
    ----------
    offset, length : int
        Of its bytes in the file.
    name : str
        What it calls itself.
    held : bytes
        The profile itself, where it has no place in the file: the data set is deflated.
    """

    offset: int
    length: int
    name: str = ""
    held: bytes = b""


@dataclass(frozen=True, slots=True)
class ScreenProfile:
    """What the colours of a screen look like.

    Attributes
    ----------
    profile : bytes
        ICC; empty for sRGB.
    name : str
        What it calls itself; empty where nothing is known and sRGB is assumed.
    """

    profile: bytes = b""
    name: str = ""

    @property
    def words(self) -> str:
        """What is said of it."""
        return self.name or SRGB_ASSUMED
