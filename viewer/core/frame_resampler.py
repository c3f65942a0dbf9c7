"""A frame at the size of the screen, before its values become greys or colours."""

import threading
from typing import Any

import numpy as np
import numpy.typing as npt

from viewer.core.resampling import Rectangle, grow, nearest, shrink
from viewer.core.shading import Shading
from viewer.core.view import Size

Array = npt.NDArray[Any]
Bytes = npt.NDArray[np.uint8]

_ROWS = 32


class _Spare(threading.local):
    """Memory that each thread keeps: new pages take longer than the work in them."""

    def __init__(self) -> None:
        self._floats = np.empty(0, np.float32)

    def floats(self, shape: Size) -> tuple[Array, Array]:
        """Two arrays of a shape, whatever is in them; the last two are gone."""
        count = shape[0] * shape[1]
        if self._floats.size < 2 * count:
            self._floats = np.empty(2 * count, np.float32)
        first, second = self._floats[:count], self._floats[count : 2 * count]
        return first.reshape(shape), second.reshape(shape)


_SPARE = _Spare()


class Resampler:
    """Parts of one frame at any size; keeps the last whole image it has shrunk.

    A mask has an edge where the file puts it: growing makes no greys between yes and
    no. Shrinking does, or thin parts would be lost.
    """

    def __init__(self, frame: Shading, *, mask: bool) -> None:
        self._frame, self._mask = frame, mask
        rows, columns = frame.source.shape[:2]
        self._size = (columns, rows)
        self._weights = None
        if frame.hidden is not None:
            self._weights = (~frame.hidden).astype(np.float32)
        self._reduced_for: object = (self._size, False)
        self._reduced: tuple[Array, Array | None] = (self._filtered, self._weights)

    @property
    def _filtered(self) -> Array:
        """What the filters see: padding weighs nothing, so that it cannot bleed."""
        if self._weights is None:
            return self._frame.source
        return self._frame.source.astype(np.float32) * self._weights

    def part(
        self, size: Size, part: Rectangle, *, quick: bool
    ) -> tuple[Array, Bytes | None]:
        """What is kept for `part` of the image at `size`, and a mask of what shows."""
        left, top, right, bottom = part
        rectangle = (slice(top, bottom), slice(left, right))
        if size == self._size:
            hidden = self._frame.hidden
            shown = None if hidden is None else shown_mask(~hidden[rectangle])
            return self._frame.kept(rectangle), shown
        grows = size[0] >= self._size[0] and size[1] >= self._size[1]
        if not self._frame.smooth or (self._mask and grows):
            return self._nearest(size, part)
        values, weights = self._reduce(size, quick=quick)
        rows, columns = values.shape[:2]
        if (columns, rows) == size:
            values = values[rectangle]
            weights = None if weights is None else weights[rectangle]
        else:
            first, second = None, None
            if weights is not None:
                first, second = _SPARE.floats((bottom - top, right - left))
            values = grow(values, size, part, first)
            weights = None if weights is None else grow(weights, size, part, second)
        if weights is None:
            return self._frame.kept_of(values), None
        kind = self._frame.source.dtype
        values, shown = _weighed(values, weights, kind)
        return self._frame.kept_of(values), shown

    def _nearest(self, size: Size, part: Rectangle) -> tuple[Array, Bytes | None]:
        hidden = self._frame.hidden
        kept = self._frame.kept_of(nearest(self._frame.source, size, part))
        if hidden is None:
            return kept, None
        return kept, shown_mask(~nearest(hidden, size, part))

    def _reduce(self, size: Size, *, quick: bool) -> tuple[Array, Array | None]:
        """The whole image, shrunk along the axes that get shorter."""
        smaller = (min(size[0], self._size[0]), min(size[1], self._size[1]))
        quick = quick and smaller != self._size
        if self._reduced_for != (smaller, quick):
            values, weights = self._filtered, self._weights
            if smaller != self._size:
                values = shrink(values, smaller, quick=quick)
                if weights is not None:
                    weights = shrink(weights, smaller, quick=quick)
            self._reduced, self._reduced_for = (values, weights), (smaller, quick)
        return self._reduced


def _weighed(values: Array, weights: Array, kind: np.dtype[Any]) -> tuple[Array, Bytes]:
    """Values without what padding took from them, and where there is enough of them.

    Some rows at a time, so that what is between stays in the processor's cache; new
    memory for all of it takes four times as long.
    """
    found, shown = np.empty(values.shape, kind), np.empty(values.shape, np.uint8)
    for top in range(0, len(values), _ROWS):
        rows = slice(top, top + _ROWS)
        shown[rows] = shown_mask(weights[rows] >= 0.5)
        part = np.maximum(weights[rows], np.float32(1e-3))
        np.divide(values[rows], part, out=part)
        if kind.kind in "iu":
            part += np.float32(0.5)
            np.floor(part, out=part)
        found[rows] = part
    return found, shown


def shown_mask(shown: npt.NDArray[np.bool_]) -> Bytes:
    """255 where the image shows, 0 where it does not."""
    return shown.astype(np.uint8) * np.uint8(255)
