"""What of a frame is resampled, and how its samples become greys or colours.

Interpolation comes before the window, never after; but what is not linear (a
modality LUT, a palette) is looked up before it. So each kind of image has numbers
that may be interpolated, and a last step from them to the screen.
"""

from functools import lru_cache
from typing import Any, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from viewer.core.grayscale import GrayscaleDisplay, LookupTable, Rescale, Voi
from viewer.core.modality import rescaled
from viewer.core.resampling import WORD_OF_GREY, Words, look_up_words
from viewer.core.resampling import look_up as through_table
from viewer.core.voi import to_grey

Array = npt.NDArray[Any]
Bytes = npt.NDArray[np.uint8]

WIDEST = 1 << 16  # whole numbers apart, that one table still holds
_FINE = 1024  # values apart, below which steps between them are kept
_BLOCK = 1024  # tables begin and end at its multiples, so that slices share them


class Shading(Protocol):
    """One frame, ready to be resampled and shown.

    Attributes
    ----------
    source : numpy.ndarray
        ``(rows, columns)`` or ``(rows, columns, 3)``, kind of the filters'.
    hidden : numpy.ndarray or None
        Where there is no image; ``(rows, columns)`` of bool.
    channels : tuple of int
        What follows height and width in the shape of a picture.
    smooth : bool
        Whether filters may mix what lies side by side.
    ends : tuple of float or None
        Lowest and highest modality value; None for colour and where there is none.
    """

    source: Array
    hidden: npt.NDArray[np.bool_] | None
    channels: tuple[int, ...]
    smooth: bool
    ends: tuple[float, float] | None

    def kept(self, rectangle: tuple[slice, slice]) -> Array:
        """A part of the frame as it is, in the form that is kept between paints."""

    def kept_of(self, resampled: Array) -> Array:
        """Resampled `source` in the form that is kept between paints."""

    def to_screen(
        self, kept: Array, voi: Voi | None, *, inverted: bool, managed: bool
    ) -> Bytes:
        """Greys ``(h, w)`` or colours ``(h, w, 3)``; `managed` by their profile."""


class _Numbers(NamedTuple):
    """The modality values that a table is for.

    `first` and `last` are stored values, `place` is where the table has the first, and
    `finer` the bits of a step between two.
    """

    first: int
    last: int
    place: int
    finer: int
    rescale: Rescale


class TableShading:
    """Whole numbers no more than 2¹⁶ apart: one table from each to its grey.

    `source` is what was stored, as far as the filters take that. Where the values are
    few it counts fractions of one: a count of three must not be drawn in three flat
    steps only because three is a small number.
    """

    channels: tuple[int, ...] = ()
    smooth = True

    def __init__(
        self,
        stored: Array,
        ends: tuple[int, int],
        display: GrayscaleDisplay,
        hidden: npt.NDArray[np.bool_] | None,
    ) -> None:
        self.hidden = hidden
        self._display = display
        self._numbers = numbers = _numbers(stored, ends, display.rescale)
        self.source: Array = stored
        if numbers.finer or stored.dtype.itemsize != 2:
            self.source = _counted_from(stored, numbers.first) << numbers.finer
        if hidden is not None:
            nothing = self.source.dtype.type(0)
            self.source = np.where(hidden, nothing, self.source)
        limits = rescaled(np.array(ends), display.rescale)
        self.ends: tuple[float, float] | None = _ends(limits)

    def kept(self, rectangle: tuple[slice, slice]) -> Array:
        """Places in the table."""
        return self.source[rectangle].view(np.uint16)

    def kept_of(self, resampled: Array) -> Array:
        """Places in the table."""
        return resampled.view(np.uint16)

    def to_screen(
        self,
        kept: Array,
        voi: Voi | None,
        *,
        inverted: bool,
        managed: bool,  # noqa: ARG002 - greys have no profile
    ) -> Bytes:
        """Greys, by a table."""
        return through_table(kept, self._tables(voi, inverted=inverted)[0])

    def lay(
        self, kept: Array, voi: Voi | None, words: Words, *, inverted: bool
    ) -> None:
        """The same greys as `words` of the screen, which they are written to."""
        look_up_words(kept, self._tables(voi, inverted=inverted)[1], words)

    def _tables(self, voi: Voi | None, *, inverted: bool) -> tuple[Bytes, Words]:
        if voi is None:
            raise ValueError("a grayscale image needs a window")
        inverse = self._display.inverse != inverted
        presentation = self._display.presentation_lut
        return _tables(self._numbers, voi, presentation, inverse=inverse)


def _numbers(stored: Array, ends: tuple[int, int], rescale: Rescale) -> _Numbers:
    low, high = ends
    if high - low < _FINE:
        return _Numbers(low, high, 0, 8 if high - low < 1 << 8 else 6, rescale)
    first, last = low // _BLOCK * _BLOCK, (high // _BLOCK + 1) * _BLOCK - 1
    if stored.dtype.itemsize == 2:
        return _Numbers(first, last, first % WIDEST, 0, rescale)
    if last - first >= WIDEST:
        first, last = low, high
    return _Numbers(first, last, 0, 0, rescale)


@lru_cache(maxsize=16)
def _tables(
    numbers: _Numbers, voi: Voi, presentation: LookupTable | None, *, inverse: bool
) -> tuple[Bytes, Words]:
    """A grey for each place, and the same as words of the screen."""
    first, last, place, finer, rescale = numbers
    steps = np.arange(((last - first) << finer) + 1)
    values = rescaled(first + steps / (1 << finer), rescale)
    found = to_grey(values, voi, inverse=inverse, presentation=presentation)
    greys, words = np.zeros(WIDEST, np.uint8), np.zeros(WIDEST, np.int32)
    for start in (place, place - WIDEST):  # negative values have the last places
        begin, end = max(start, 0), min(start + found.size, WIDEST)
        if begin < end:
            part = found[begin - start : end - start]
            greys[begin:end], words[begin:end] = part, WORD_OF_GREY[part]
    return greys, words


class DirectShading:
    """Floats and wide whole numbers: the formulas themselves, for each pixel shown.

    The filters see single precision, counted from the lowest value; unfiltered
    pixels go through the formulas as they were stored.
    """

    channels: tuple[int, ...] = ()
    smooth = True

    def __init__(
        self,
        stored: Array,
        display: GrayscaleDisplay,
        hidden: npt.NDArray[np.bool_] | None,
    ) -> None:
        self.hidden = hidden
        self._stored, self._display = stored, display
        shown = stored if hidden is None else stored[~hidden]
        self._low = float(shown.min())
        limits = np.array([self._low, float(shown.max())])
        self.ends: tuple[float, float] | None = _ends(rescaled(limits, display.rescale))
        with np.errstate(invalid="ignore", over="ignore"):  # doubles beyond floats
            counted = stored.astype(np.float64) - self._low
            if hidden is not None:
                counted[hidden] = 0  # a filter would spread NaN and infinity
            self.source: Array = counted.astype(np.float32)

    def kept(self, rectangle: tuple[slice, slice]) -> Array:
        """Modality values."""
        return rescaled(self._stored[rectangle], self._display.rescale)

    def kept_of(self, resampled: Array) -> Array:
        """Modality values."""
        values = resampled.astype(np.float64)
        values += self._low
        return rescaled(values, self._display.rescale)

    def to_screen(
        self,
        kept: Array,
        voi: Voi | None,
        *,
        inverted: bool,
        managed: bool,  # noqa: ARG002 - greys have no profile
    ) -> Bytes:
        """Greys, each by the formula."""
        if voi is None:
            raise ValueError("a grayscale image needs a window")
        return to_grey(
            kept,
            voi,
            inverse=self._display.inverse != inverted,
            presentation=self._display.presentation_lut,
        )


def _ends(values: npt.NDArray[np.float64]) -> tuple[float, float]:
    first, last = float(values[0]), float(values[-1])
    return min(first, last), max(first, last)


def _counted_from(stored: Array, low: int) -> npt.NDArray[np.uint16]:
    """``stored − low`` as uint16; what lies below or far above wraps round."""
    if stored.dtype.itemsize == 2:
        cells: npt.NDArray[np.uint16] = stored.view(np.uint16)
        return cells - np.uint16(low & 0xFFFF) if low & 0xFFFF else cells
    if stored.dtype.itemsize == 1:
        return stored.astype(np.int16).view(np.uint16) - np.uint16(low & 0xFFFF)
    return (stored.astype(np.int64) - low).astype(np.uint16)
