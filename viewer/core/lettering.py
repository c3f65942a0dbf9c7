"""Capitals of five by seven dots, for patterns that must not depend on a font."""

from typing import Final

import numpy as np
import numpy.typing as npt

_ROWS: Final = {
    "A": "01110 10001 10001 11111 10001 10001 10001",
    "C": "01110 10001 10000 10000 10000 10001 01110",
    "I": "01110 00100 00100 00100 00100 00100 01110",
    "L": "10000 10000 10000 10000 10000 10000 11111",
    "N": "10001 11001 10101 10101 10011 10001 10001",
    "O": "01110 10001 10001 10001 10001 10001 01110",
    "Q": "01110 10001 10001 10001 10101 10010 01101",
    "R": "11110 10001 10001 11110 10100 10010 10001",
    "T": "11111 00100 00100 00100 00100 00100 00100",
    "U": "10001 10001 10001 10001 10001 10001 01110",
    "Y": "10001 10001 01010 00100 00100 00100 00100",
    " ": "00000 00000 00000 00000 00000 00000 00000",
}


def letter(character: str, dot: int) -> npt.NDArray[np.bool_]:
    """One capital, ``(7 · dot, 5 · dot)``, each dot a square of `dot` pixels."""
    rows = [[bit == "1" for bit in row] for row in _ROWS[character].split()]
    return np.kron(np.array(rows), np.ones((dot, dot), dtype=np.bool_)).astype(np.bool_)
