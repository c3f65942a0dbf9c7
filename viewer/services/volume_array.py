"""One array for a stack of equal slices, filled in any order.

Address space for all slices is reserved at once and memory comes where a slice is
laid, so that a stack that is brought completely is a volume, ready to be reformatted,
and one of 20,000 slices takes no more than the cache allows: a slab that nobody looks
at any more gives its memory back.
"""

import math
import mmap
import sys
import threading
import weakref
from collections import deque
from collections.abc import Sequence
from functools import partial

import numpy as np
import numpy.typing as npt

from viewer.services.frame_ref import FrameRef
from viewer.services.frame_shelf import Room

_SLAB = 16 << 20  # bytes that come and go together
_LARGE_PAGE = 2 << 20
_PAGE = mmap.PAGESIZE
CAN_RESERVE = sys.platform == "linux"  # elsewhere what is reserved is taken


class VolumeArray:
    """Room for the slices of one stack, side by side. Any thread may use it.

    Parameters
    ----------
    name : int
        Tells its slabs from those of other volumes.
    slices : int
    shape : tuple of int
        Of a slice, ``(rows, columns)``, with samples last if several.
    dtype : numpy.dtype
        Of its stored values.

    Raises
    ------
    OSError
        If the system does not give so much address space.
    """

    def __init__(
        self,
        name: int,
        slices: int,
        shape: tuple[int, ...],
        dtype: np.dtype[np.generic],
    ) -> None:
        self._name, self._shape, self.dtype = name, (slices, *shape), dtype
        self.slice_bytes = math.prod(shape) * dtype.itemsize
        self._memory, self._first = _reserved(slices * self.slice_bytes)
        self._in_slab = max(_SLAB // self.slice_bytes, 1)
        self._slabs: dict[int, _Slab] = {}
        self._laid: dict[int, FrameRef] = {}
        self._lock = threading.Lock()
        # said by whichever thread lets go of the last slice, so without a lock
        self._given_back: deque[int] = deque()

    @property
    def in_use(self) -> bool:
        """Whether it holds a slice."""
        with self._lock:
            self._clear_up()
            return bool(self._slabs)

    def room(self, index: int) -> Room | None:
        """Where slice `index` is to lie; None if it was given out already.

        It is given out anew when nobody looks at any slice of its slab any more.
        """
        with self._lock:
            self._clear_up()
            number = index // self._in_slab
            slab = self._slabs.get(number)
            if slab is None:
                cells = self._new_slab(number)
                slab = self._slabs[number]
            else:
                held = slab.cells()
                if held is None or index in slab.given_out:
                    return None
                cells = held
            slab.given_out.add(index)
            start = (index - number * self._in_slab) * self.slice_bytes
            slab.touch(start, start + self.slice_bytes)
            own = cells[start : start + self.slice_bytes]
            return Room(own, (self._name, number), partial(self._lay, index))

    def whole(self, refs: Sequence[FrameRef]) -> npt.NDArray[np.generic] | None:
        """Stored values of all slices; None if one of them is not here.

        Parameters
        ----------
        refs : sequence of FrameRef
            What each slice has to be.

        Returns
        -------
        numpy.ndarray
            ``(slices, rows, columns)``, with samples last if several; read-only, not
            copied, and its memory stays as long as the array or a view of it does.
        """
        with self._lock:
            self._clear_up()
            if len(refs) != self._shape[0] or len(self._laid) != len(refs):
                return None
            if any(self._laid[index] != ref for index, ref in enumerate(refs)):
                return None
            held = tuple(slab.cells() for slab in self._slabs.values())
        if any(cells is None for cells in held):
            return None
        count = math.prod(self._shape)
        values = np.frombuffer(self._memory, self.dtype, count, self._first)
        values.flags.writeable = False
        weakref.finalize(values, _let_go, held).atexit = False
        return values.reshape(self._shape)

    def _lay(self, index: int, ref: FrameRef) -> int:
        with self._lock:
            self._laid[index] = ref
            return self._slabs[index // self._in_slab].settle()

    def _new_slab(self, number: int) -> npt.NDArray[np.uint8]:
        length, memory = self._in_slab * self.slice_bytes, self._memory
        start = number * length
        end = min(start + length, self._shape[0] * self.slice_bytes)
        cells = np.frombuffer(memory, np.uint8, end - start, self._first + start)
        low, high = _up(start, _LARGE_PAGE), end // _LARGE_PAGE * _LARGE_PAGE
        if low < high:  # a page that two slabs share has to be a small one
            memory.madvise(mmap.MADV_HUGEPAGE, self._first + low, high - low)
        self._slabs[number] = _Slab(weakref.ref(cells), start, (low, high))
        # every slice in it is a view that keeps it: when it goes, nobody sees it
        place = (self._first + start, self._first + end)
        weakref.finalize(
            cells, _give_back, memory, place, self._given_back, number
        ).atexit = False
        return cells

    def _clear_up(self) -> None:
        while self._given_back:
            number = self._given_back.popleft()
            for index in self._slabs.pop(number).given_out:
                self._laid.pop(index, None)


class _Slab:
    """Some slices, and how much memory they have taken so far."""

    def __init__(
        self,
        cells: "weakref.ref[npt.NDArray[np.uint8]]",
        start: int,
        inside: tuple[int, int],
    ) -> None:
        self.cells, self.given_out = cells, set[int]()
        self._start, self._inside = start, inside
        self._large: set[int] = set()
        self._owed = 0

    def touch(self, start: int, end: int) -> None:
        """Count the memory of the bytes from `start` to `end`."""
        low, high = self._inside
        first = max(self._start + start, low)
        last = max(min(self._start + end, high), first)
        large = set(range(first // _LARGE_PAGE, -(-last // _LARGE_PAGE)))
        if first == last:
            large.clear()
        self._owed += end - start - (last - first)
        self._owed += _LARGE_PAGE * len(large - self._large)
        self._large |= large

    def settle(self) -> int:
        """Bytes that were counted since this was asked last."""
        owed, self._owed = self._owed, 0
        return owed


def _reserved(size: int) -> tuple[mmap.mmap, int]:
    """Memory that is not there before it is touched, and where a large page begins."""
    memory = mmap.mmap(
        -1, size + _LARGE_PAGE, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS
    )
    address = np.frombuffer(memory, np.uint8, 1).__array_interface__["data"][0]
    return memory, _up(address, _LARGE_PAGE) - address


def _up(value: int, step: int) -> int:
    return -(-value // step) * step


def _give_back(
    memory: mmap.mmap, place: tuple[int, int], given_back: deque[int], number: int
) -> None:
    """Return what lies wholly inside; only then may it be given out again."""
    first, last = _up(place[0], _PAGE), place[1] // _PAGE * _PAGE
    if first < last:
        memory.madvise(mmap.MADV_DONTNEED, first, last - first)
    given_back.append(number)


def _let_go(_: object) -> None:
    """The slabs of a whole volume were kept until now."""
