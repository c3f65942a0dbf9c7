"""A few raster letters, as machines burn them into their pictures."""

import numpy as np
import numpy.typing as npt

_SCALE = 2
_LETTERS = {
    "0": "111101101101111", "1": "010110010010111", "2": "111001111100111",
    "3": "111001111001111", "4": "101101111001001", "5": "111100111001111",
    "6": "111100111101111", "7": "111001001001001", "8": "111101111101111",
    "9": "111101111001111", "+": "000010111010000", "-": "000000111000000",
    "/": "001001010100100", "c": "000000111100111", "m": "000000111111101",
    "s": "000011110011110",
}  # fmt: skip
"""Three columns by five rows, row after row."""


def write(
    layer: npt.NDArray[np.uint8], text: str, place: tuple[int, int], level: int
) -> None:
    """Draw `text` into `layer`, its top left corner at `place` (row, column)."""
    row, column = place
    for letter in text:
        dots = np.array(list(_LETTERS[letter])).reshape(5, 3) == "1"
        dots = dots.repeat(_SCALE, 0).repeat(_SCALE, 1)
        spot = layer[row : row + dots.shape[0], column : column + dots.shape[1]]
        spot[dots] = level
        column += 4 * _SCALE
