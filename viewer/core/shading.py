"""What of a frame is resampled, and how its samples become greys or colours.

Interpolation comes before the window, never after; but what is not linear (a
modality LUT, a palette) is looked up before it. So each kind of image has numbers
that may be interpolated, and a last step from them to the screen.
"""

from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from viewer.core.color import palette_to_rgb, to_rgb
from viewer.core.errors import PixelError
from viewer.core.grayscale import GrayscaleDisplay, Rescale, Voi
from viewer.core.image import Image
from viewer.core.modality import look_up, rescaled
from viewer.core.resampling import look_up as through_table
from viewer.core.voi import to_grey
from viewer.core.windowing import padded

Array = npt.NDArray[Any]
Bytes = npt.NDArray[np.uint8]

_TABLE = 1 << 16
_FINE = 1024  # values apart, below which steps between them are kept


class Shading(Protocol):
    """One frame, ready to be resampled and shown.

    Attributes
    ----------
    source : numpy.ndarray
        ``(rows, columns)`` or ``(rows, columns, 3)``, kind of the filters'.
    hidden : numpy.ndarray or None
        Where there is no image; ``(rows, columns)`` of bool.
    """

    source: Array
    hidden: npt.NDArray[np.bool_] | None

    def kept(self, rectangle: tuple[slice, slice]) -> Array:
        """A part of the frame as it is, in the form that is kept between paints."""

    def kept_of(self, resampled: Array) -> Array:
        """Resampled `source` in the form that is kept between paints."""

    def to_screen(self, kept: Array, voi: Voi | None, *, inverted: bool) -> Bytes:
        """Greys ``(h, w)`` or colours ``(h, w, 3)``."""


def shading(stored: Array, image: Image, number: int, photometric: str) -> Shading:
    """How frame `number` is shown; `photometric` is what it is after decoding.

    Raises
    ------
    PixelError
        If it cannot be shown truthfully.
    """
    if image.pixels.photometric == "PALETTE COLOR":
        if image.palette is None:
            raise PixelError("The colours of the image are missing from the file.")
        return ColorShading(palette_to_rgb(stored, image.palette))
    if image.pixels.samples != 1:
        return ColorShading(to_rgb(stored, photometric, image.pixels.bits_stored))
    display = image.display(number)
    absent = padded(stored, display.padding)
    hidden = absent if absent.any() else None
    rescale = display.rescale
    if display.modality_lut is not None:
        stored, rescale = look_up(stored, display.modality_lut), Rescale()
    shown = stored if hidden is None else stored[~hidden]
    if not shown.size:
        return TableShading(np.zeros_like(stored, np.uint8), (0, 0), display, hidden)
    low, high = shown.min(), shown.max()
    if stored.dtype.kind in "iu" and int(high) - int(low) < _TABLE:
        display = GrayscaleDisplay(rescale=rescale, inverse=display.inverse)
        return TableShading(stored, (int(low), int(high)), display, hidden)
    return DirectShading(stored, rescale, hidden, inverse=display.inverse)


class ColorShading:
    """Colours are interpolated as they are."""

    def __init__(self, rgb: Bytes) -> None:
        self.source: Array = rgb
        self.hidden: npt.NDArray[np.bool_] | None = None

    def kept(self, rectangle: tuple[slice, slice]) -> Array:
        """The colours themselves."""
        return self.source[rectangle]

    def kept_of(self, resampled: Array) -> Array:
        """The colours themselves."""
        return resampled

    def to_screen(self, kept: Array, voi: Voi | None, *, inverted: bool) -> Bytes:  # noqa: ARG002 - no window for colour
        """The colours; inverted only where the reader wants it."""
        return np.invert(kept) if inverted else kept


class TableShading:
    """Whole numbers no more than 2¹⁶ apart: one table from each to its grey.

    `source` counts from the lowest value, in steps of one, or of a fraction of one
    where the values are few: a count of three must not be drawn in three flat steps
    only because three is a small number.
    """

    def __init__(
        self,
        stored: Array,
        ends: tuple[int, int],
        display: GrayscaleDisplay,
        hidden: npt.NDArray[np.bool_] | None,
    ) -> None:
        low, high = ends
        self.hidden = hidden
        self._inverse = display.inverse
        finer = 8 if high - low < 1 << 8 else 6 if high - low < _FINE else 0
        self.source: Array = (
            _counted_from(stored, low) << finer
            if finer
            else (_counted_from(stored, low))
        )
        if hidden is not None:
            self.source = np.where(hidden, np.uint16(0), self.source)
        steps = np.arange(((high - low) << finer) + 1)
        self._modality = rescaled(low + steps / (1 << finer), display.rescale)
        self._table = np.zeros(_TABLE, dtype=np.uint8)
        self._made_for: tuple[Voi, bool] | None = None

    def kept(self, rectangle: tuple[slice, slice]) -> Array:
        """The counted values."""
        return self.source[rectangle]

    def kept_of(self, resampled: Array) -> Array:
        """The counted values."""
        return resampled

    def to_screen(self, kept: Array, voi: Voi | None, *, inverted: bool) -> Bytes:
        """Greys, by a table that is made anew only when the window changes."""
        if voi is None:
            raise ValueError("a grayscale image needs a window")
        inverse = self._inverse != inverted
        if self._made_for != (voi, inverse):
            greys = to_grey(self._modality, voi, inverse=inverse)
            self._table[: greys.size] = greys
            self._made_for = (voi, inverse)
        return through_table(kept, self._table)


class DirectShading:
    """Floats and wide whole numbers: the formulas themselves, for each pixel shown.

    The filters see single precision, counted from the lowest value; unfiltered
    pixels go through the formulas as they were stored.
    """

    def __init__(
        self,
        stored: Array,
        rescale: Rescale,
        hidden: npt.NDArray[np.bool_] | None,
        *,
        inverse: bool,
    ) -> None:
        self.hidden = hidden
        self._stored, self._rescale, self._inverse = stored, rescale, inverse
        self._low = float((stored if hidden is None else stored[~hidden]).min())
        counted = stored.astype(np.float64) - self._low
        if hidden is not None:
            counted[hidden] = 0  # a filter would spread NaN and infinity
        self.source: Array = counted.astype(np.float32)

    def kept(self, rectangle: tuple[slice, slice]) -> Array:
        """Modality values."""
        return rescaled(self._stored[rectangle], self._rescale)

    def kept_of(self, resampled: Array) -> Array:
        """Modality values."""
        values = resampled.astype(np.float64)
        values += self._low
        return rescaled(values, self._rescale)

    def to_screen(self, kept: Array, voi: Voi | None, *, inverted: bool) -> Bytes:
        """Greys, each by the formula."""
        if voi is None:
            raise ValueError("a grayscale image needs a window")
        return to_grey(kept, voi, inverse=self._inverse != inverted)


def _counted_from(stored: Array, low: int) -> npt.NDArray[np.uint16]:
    """``stored − low`` as uint16; what lies below or far above wraps round."""
    if stored.dtype.itemsize == 2:
        cells: npt.NDArray[np.uint16] = stored.view(np.uint16)
        return cells - np.uint16(low & 0xFFFF) if low & 0xFFFF else cells
    if stored.dtype.itemsize == 1:
        return stored.astype(np.int16).view(np.uint16) - np.uint16(low & 0xFFFF)
    return (stored.astype(np.int64) - low).astype(np.uint16)
