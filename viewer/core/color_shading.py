"""How colours come to the screen, alone or among greys."""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from viewer.core.grayscale import Voi
from viewer.core.shading import Shading

Array = npt.NDArray[Any]
Bytes = npt.NDArray[np.uint8]


class ColorShading:
    """Colours are interpolated as they are, and then brought to the screen's."""

    channels: tuple[int, ...] = (3,)
    smooth = True
    ends: tuple[float, float] | None = None

    def __init__(
        self, rgb: Bytes, to_srgb: Callable[[Bytes], Bytes] | None = None
    ) -> None:
        self.source: Array = rgb
        self._to_srgb = to_srgb
        self.hidden: npt.NDArray[np.bool_] | None = None

    def kept(self, rectangle: tuple[slice, slice]) -> Array:
        """The colours themselves."""
        return self.source[rectangle]

    def kept_of(self, resampled: Array) -> Array:
        """The colours themselves."""
        return resampled

    def to_screen(
        self,
        kept: Array,
        voi: Voi | None,  # noqa: ARG002 - no window for colour
        *,
        inverted: bool,
        managed: bool,
    ) -> Bytes:
        """The colours; inverted only where the reader wants it."""
        if managed and self._to_srgb is not None:
            kept = self._to_srgb(kept)
        return np.invert(kept) if inverted else kept


class SupplementalShading:
    """Greys and colours side by side, which no filter may mix.

    A stored value from the first mapped one of a supplemental palette on is that
    colour, whatever the window; every other one is grey. PS3.3 C.7.6.19.

    `source` is the number of each pixel: what is shown is always a pixel of the file.

    Parameters
    ----------
    grey : Shading
        Of the same frame.
    rgb : numpy.ndarray
        Colour of each pixel, ``(rows, columns, 3)``.
    coloured : numpy.ndarray
        Where it holds; ``(rows, columns)`` of bool.
    """

    smooth = False
    channels: tuple[int, ...] = (3,)

    def __init__(
        self, grey: Shading, rgb: Bytes, coloured: npt.NDArray[np.bool_]
    ) -> None:
        self.hidden = grey.hidden
        self.ends = grey.ends
        self._grey, self._coloured = grey, coloured.ravel()
        self._values = grey.kept((slice(None), slice(None))).ravel()
        self._rgb = rgb.reshape(-1, 3)
        self.source: Array = np.arange(coloured.size, dtype=np.int32).reshape(
            coloured.shape
        )

    def kept(self, rectangle: tuple[slice, slice]) -> Array:
        """The pixels' numbers."""
        return self.source[rectangle]

    def kept_of(self, resampled: Array) -> Array:
        """The pixels' numbers."""
        return resampled

    def to_screen(
        self, kept: Array, voi: Voi | None, *, inverted: bool, managed: bool
    ) -> Bytes:
        """Windowed greys and the palette's colours; only greys are inverted."""
        values = np.ascontiguousarray(self._values[kept])
        greys = self._grey.to_screen(values, voi, inverted=inverted, managed=managed)
        shown = np.repeat(greys[..., None], 3, axis=2)
        coloured = self._coloured[kept]
        shown[coloured] = self._rgb[kept[coloured]]
        return shown
