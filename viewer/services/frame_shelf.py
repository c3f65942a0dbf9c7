"""Memory for decoded frames, in large pieces.

The system takes longer to hand out half a megabyte, page by page, than a fast codec
takes to fill it; in large pieces it does so many times faster.
"""

import mmap
import sys
import threading
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

_PIECE = 16 << 20
_ALIGNED = 64


@dataclass(frozen=True, slots=True)
class Room:
    """Bytes for one or several frames.

    Attributes
    ----------
    cells : numpy.ndarray
        ``(n,)`` of uint8, to be filled.
    piece : int
        Of which memory it is a part: that is given back when all of it is.
    """

    cells: npt.NDArray[np.uint8]
    piece: int


class FrameShelf:
    """Hands out memory piece by piece. Any thread may use it."""

    def __init__(self, piece: int = _PIECE) -> None:
        self._size = piece
        self._piece = np.empty(0, np.uint8)
        self._number, self._taken = 0, 0
        self._lock = threading.Lock()

    def room(self, size: int) -> Room:
        """Room for `size` bytes, of which nobody else knows."""
        with self._lock:
            if self._taken + size > self._piece.size:
                self._piece = _large(max(size, self._size))
                self._number, self._taken = self._number + 1, 0
            start = self._taken
            self._taken += -(-size // _ALIGNED) * _ALIGNED
            return Room(self._piece[start : start + size], self._number)

    def clear(self) -> None:
        """Keep nothing back."""
        with self._lock:
            self._piece, self._taken = np.empty(0, np.uint8), 0


def _large(size: int) -> npt.NDArray[np.uint8]:
    if sys.platform != "linux":
        return np.empty(size, np.uint8)
    # private: what could be shared gets small pages on most systems
    piece = mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    piece.madvise(mmap.MADV_HUGEPAGE)
    return np.frombuffer(piece, np.uint8)
