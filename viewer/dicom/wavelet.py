"""Whether a JPEG 2000 code stream lost something, whatever its file says.

ITU-T T.800 A.6.1 and T.814: the marker COD names the wavelet, and only the 5-3 one can
be undone exactly.
"""

from typing import Final

LOOKED_AT: Final = 4096
"""Bytes from the start of a frame that hold the main header of nearly all streams."""

_START: Final = b"\xff\x4f\xff\x51"  # SOC, SIZ
_COD: Final = 0xFF52
_IN_TILES: Final = 0xFF90  # SOT: the main header is over
_TRANSFORMATION: Final = 13  # where it stands, from the marker on
_IRREVERSIBLE: Final = 0


def is_irreversible(head: bytes) -> bool:
    """Whether the stream that `head` is the beginning of has the 9-7 wavelet.

    False where that cannot be told: nothing is said that is not certain.
    """
    position = head.find(_START)
    if position < 0:
        return False
    position += 2
    while position + 4 <= len(head):
        marker = int.from_bytes(head[position : position + 2], "big")
        length = int.from_bytes(head[position + 2 : position + 4], "big")
        if marker == _COD:
            value = head[position + _TRANSFORMATION : position + _TRANSFORMATION + 1]
            return bool(value) and value[0] == _IRREVERSIBLE
        if marker == _IN_TILES or length < 2:
            return False
        position += 2 + length
    return False
