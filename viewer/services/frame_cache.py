"""Decoded frames in memory, bounded in bytes."""

import threading
from collections import OrderedDict
from collections.abc import Hashable, Iterable

import numpy as np
import numpy.typing as npt

from viewer.services.frame_ref import FrameRef

Frame = npt.NDArray[np.generic]


class FrameCache:
    """The frames that were used last, and those that somebody holds on to.

    Any thread may use it.

    Attributes
    ----------
    capacity : int
        Bytes; only pinned frames may exceed it.
    """

    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self._frames: OrderedDict[FrameRef, Frame] = OrderedDict()
        self._pins: dict[Hashable, frozenset[FrameRef]] = {}
        self._bytes = 0
        self._lock = threading.Lock()

    @property
    def held(self) -> int:
        """Bytes of all frames."""
        return self._bytes

    def get(self, ref: FrameRef) -> Frame | None:
        """The frame if it is here; it counts as used."""
        with self._lock:
            frame = self._frames.get(ref)
            if frame is not None:
                self._frames.move_to_end(ref)
            return frame

    def put(self, ref: FrameRef, frame: Frame) -> None:
        """Keep `frame`, which nobody may change from now on."""
        frame.flags.writeable = False
        with self._lock:
            old = self._frames.pop(ref, None)
            self._bytes += frame.nbytes - (old.nbytes if old is not None else 0)
            self._frames[ref] = frame
            self._shrink()

    def pin(self, holder: Hashable, refs: Iterable[FrameRef]) -> None:
        """Never drop these frames while `holder` shows them; replaces its last ones."""
        with self._lock:
            self._pins[holder] = frozenset(refs)
            if not self._pins[holder]:
                del self._pins[holder]
            self._shrink()

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._frames.clear()
            self._pins.clear()
            self._bytes = 0

    def _shrink(self) -> None:
        if self._bytes <= self.capacity:
            return
        pinned = frozenset().union(*self._pins.values())
        for ref in [ref for ref in self._frames if ref not in pinned]:
            if self._bytes <= self.capacity:
                return
            self._bytes -= self._frames.pop(ref).nbytes
