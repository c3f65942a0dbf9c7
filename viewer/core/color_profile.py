"""Where an image says what its colours look like; PS3.3 C.11.15."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ColorProfile:
    """An ICC profile that is not sRGB, inside the file.

    Attributes
    ----------
    offset, length : int
        Of its bytes in the file.
    name : str
        What it calls itself.
    """

    offset: int
    length: int
    name: str = ""
