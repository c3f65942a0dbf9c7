"""Decoded frames in memory, bounded in bytes."""

import threading
from collections import OrderedDict
from collections.abc import Hashable, Iterable
from itertools import count

import numpy as np
import numpy.typing as npt

from viewer.services.frame_ref import FrameRef

Frame = npt.NDArray[np.generic]
_Name = tuple[str, Hashable]


class FrameCache:
    """The frames that were used last, and those that somebody holds on to.

    Frames that share a piece of memory stay together and leave together: a piece is
    given back as a whole. Any thread may use it.

    Attributes
    ----------
    capacity : int
        Bytes; only pinned frames, and those beside them, may exceed it.
    """

    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self._pieces: OrderedDict[_Name, dict[FrameRef, Frame]] = OrderedDict()
        self._piece_of: dict[FrameRef, _Name] = {}
        self._sizes: dict[_Name, int] = {}
        self._loners = count()
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
            name = self._piece_of.get(ref)
            if name is None:
                return None
            self._pieces.move_to_end(name)
            return self._pieces[name][ref]

    def put(
        self,
        ref: FrameRef,
        frame: Frame,
        piece: Hashable = None,
        taken: int | None = None,
    ) -> None:
        """Keep `frame`, which nobody may change from now on.

        Parameters
        ----------
        ref : FrameRef
        frame : array
        piece : hashable
            Of the memory it shares with others; None for memory of its own.
        taken : int or None
            Bytes of memory that came to the piece for it, if not its own.
        """
        frame.flags.writeable = False
        with self._lock:
            if ref in self._piece_of:
                return  # brought twice: the first one stays
            name = ("alone", next(self._loners)) if piece is None else ("piece", piece)
            self._pieces.setdefault(name, {})[ref] = frame
            self._pieces.move_to_end(name)
            self._piece_of[ref] = name
            more = frame.nbytes if taken is None else taken
            self._sizes[name] = self._sizes.get(name, 0) + more
            self._bytes += more
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
            self._pieces.clear()
            self._piece_of.clear()
            self._sizes.clear()
            self._pins.clear()
            self._bytes = 0

    def _shrink(self) -> None:
        if self._bytes <= self.capacity:
            return
        pinned = frozenset().union(*self._pins.values())
        kept = {self._piece_of[ref] for ref in pinned if ref in self._piece_of}
        for name in [name for name in self._pieces if name not in kept]:
            if self._bytes <= self.capacity:
                return
            self._bytes -= self._sizes.pop(name)
            for ref in self._pieces.pop(name):
                del self._piece_of[ref]
