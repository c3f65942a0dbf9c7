"""Memory for decoded frames, in large pieces.

The system takes longer to hand out half a megabyte, page by page, than a fast codec
takes to fill it; in large pieces it does so many times faster, and a piece whose frames
are all forgotten is used again.
"""

import mmap
import sys
import threading
import weakref
from collections import deque
from collections.abc import Callable, Hashable
from contextlib import suppress
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from viewer.services.frame_ref import FrameRef

_PIECE = 16 << 20
_ALIGNED = 64
_Memory = mmap.mmap | bytearray
_SPARE = 32 << 20  # bytes kept for what comes next


@dataclass(frozen=True, slots=True)
class Room:
    """Bytes for one or several frames.

    Attributes
    ----------
    cells : numpy.ndarray
        ``(n,)`` of uint8, to be filled.
    piece : hashable
        Of which memory it is a part: that is given back when all of it is.
    laid : callable or None
        To be called when a frame lies there; gives the bytes of memory that came for
        it. None if they are its own.
    """

    cells: npt.NDArray[np.uint8]
    piece: Hashable
    laid: Callable[[FrameRef], int] | None = None


class FrameShelf:
    """Hands out memory piece by piece. Any thread may use it."""

    def __init__(self, piece: int = _PIECE, spare: int = _SPARE) -> None:
        self._size, self._most_spare = piece, spare
        self._piece = np.empty(0, np.uint8)
        self._number, self._taken = 0, 0
        self._lock = threading.Lock()
        # given back by whichever thread lets go of the last frame, so without a lock
        self._spare: deque[_Memory] = deque()

    def room(self, size: int) -> Room:
        """Room for `size` bytes, of which nobody else knows."""
        with self._lock:
            if self._taken + size > self._piece.size:
                self._piece = self._new_piece(size)
                self._number, self._taken = self._number + 1, 0
            start = self._taken
            self._taken += -(-size // _ALIGNED) * _ALIGNED
            return Room(self._piece[start : start + size], self._number)

    def _new_piece(self, size: int) -> npt.NDArray[np.uint8]:
        whole = -(-size // self._size) * self._size
        memory = self._take_spare(whole) or _large(whole)
        piece = np.frombuffer(memory, np.uint8)
        # every frame in it is a view that keeps it: when it goes, nobody sees it
        weakref.finalize(piece, self._give_back, memory).atexit = False
        return piece

    def _take_spare(self, size: int) -> _Memory | None:
        for _ in range(len(self._spare)):
            try:
                memory = self._spare.popleft()
            except IndexError:
                break
            if len(memory) == size:
                return memory
            self._spare.append(memory)
        return None

    def _give_back(self, memory: _Memory) -> None:
        self._spare.append(memory)
        while sum(map(len, tuple(self._spare))) > self._most_spare:
            with suppress(IndexError):
                self._spare.popleft()

    def clear(self) -> None:
        """Keep nothing back."""
        with self._lock:
            self._piece, self._taken = np.empty(0, np.uint8), 0
            self._spare.clear()


def _large(size: int) -> _Memory:
    if sys.platform != "linux":
        return bytearray(size)
    # private: what could be shared gets small pages on most systems
    memory = mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    memory.madvise(mmap.MADV_HUGEPAGE)
    return memory
