"""How colours come to the screen, alone or among greys."""

from typing import Any

import numpy as np
import numpy.typing as npt

from viewer.core.color_profile import Convert
from viewer.core.grayscale import Voi
from viewer.core.shading import Shading

Array = npt.NDArray[Any]
Bytes = npt.NDArray[np.uint8]


class ColorShading:
    """Colours are interpolated as they are, and then brought to the screen's."""

    channels: tuple[int, ...] = (3,)
    smooth = True
    ends: tuple[float, float] | None = None

    def __init__(self, rgb: Bytes, to_screen: Convert | None = None) -> None:
        self.source: Array = rgb
        self._to_screen = to_screen
        self._converted: tuple[Array, Bytes] | None = None  # what was kept, and as what
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
        shown = self._managed(kept) if managed else kept
        return np.invert(shown) if inverted else shown

    def _managed(self, kept: Array) -> Array:
        """The same colours on the screen; found once, and not at each paint."""
        if self._to_screen is None:
            return kept
        if self._converted is None or self._converted[0] is not kept:
            self._converted = (kept, self._to_screen(kept))
        return self._converted[1]


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
    to_screen : callable or None
        What the colours are on the screen.
    """

    smooth = False
    channels: tuple[int, ...] = (3,)

    def __init__(
        self,
        grey: Shading,
        rgb: Bytes,
        coloured: npt.NDArray[np.bool_],
        to_screen: Convert | None = None,
    ) -> None:
        self.hidden = grey.hidden
        self.ends = grey.ends
        self._grey, self._coloured = grey, coloured.ravel()
        self._values = grey.kept((slice(None), slice(None))).ravel()
        self._rgb = self._on_screen = rgb.reshape(-1, 3)
        if to_screen is not None:
            self._on_screen = to_screen(rgb).reshape(-1, 3)
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
        rgb = self._on_screen if managed else self._rgb
        shown[coloured] = rgb[kept[coloured]]
        return shown
