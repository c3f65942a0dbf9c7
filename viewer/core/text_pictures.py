"""Stored values as pictures in which whatever is written shows.

Nothing lies over them: overlays, shutters and padding hide what leaves all the same.
"""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from viewer.core.color import palette_to_rgb, to_rgb
from viewer.core.image import Image

Array = npt.NDArray[Any]
Greys = npt.NDArray[np.float32]
Picture = npt.NDArray[np.uint16]
"""``(rows, columns)``, from black to white."""

_WHITE: Final = 65535
_MIDDLE: Final = (1.0, 99.0)  # percent of the pixels, without metal and letters
_APART: Final = 1.4  # a narrower range that makes so little of a difference is none
_FEW: Final = 255  # steps of grey, which a single picture shows
_COLORED: Final = 24  # of 255, between the least and the most of three colours
_LUMA: Final = (0.299, 0.587, 0.114)
_STILL: Final = 0.02  # of the range: compression alone makes as much of a difference


def greys_of(stored: Array, image: Image, photometric: str) -> list[Greys]:
    """The planes of a frame that can hold letters: its greys, and its strong colours.

    Parameters
    ----------
    stored : numpy.ndarray
        As decoded.
    image : Image
    photometric : str
        What the samples are after decoding.

    Returns
    -------
    list of numpy.ndarray
        ``(rows, columns)``, in units of the file, or 0 to 255 for colours; a second
        one where there are colours, which letters may differ by alone.

    Raises
    ------
    PixelError
        If the colours are not known.
    """
    if image.pixels.photometric == "PALETTE COLOR" and image.palette is not None:
        colors = palette_to_rgb(stored, image.palette)
    elif image.pixels.samples == 3:
        colors = to_rgb(stored, photometric, image.pixels.bits_stored)
    else:
        return [np.nan_to_num(stored.astype(np.float32), posinf=0, neginf=0)]
    greys = (colors @ np.array(_LUMA, np.float32)).astype(np.float32)
    strength = (colors.max(axis=2) - colors.min(axis=2)).astype(np.float32)
    return [greys, strength] if strength.max(initial=0) > _COLORED else [greys]


def to_pictures(greys: Greys) -> list[Picture]:
    """A plane from its least to its greatest value, and the middle of it.

    The second only where metal, letters or padding take most of the range; what is
    faint between other greys shows there.
    """
    low, high = float(greys.min()), float(greys.max())
    if high <= low:
        return []
    pictures = [_spread(greys, low, high)]
    if high - low <= _FEW:
        return pictures
    inner_low, inner_high = np.percentile(greys, _MIDDLE)
    if 0 < inner_high - inner_low < (high - low) / _APART:
        pictures.append(_spread(greys, float(inner_low), float(inner_high)))
    return pictures


class Film:
    """What stands still in a film, and what is ever bright in it.

    Letters stand still, while what was scanned moves; and what is written in some
    frames only is mostly brighter than what else comes to its place.
    """

    def __init__(self) -> None:
        self._lowest: Greys | None = None
        self._highest: Greys | None = None

    def add(self, greys: Greys) -> None:
        """Look at one more frame."""
        if self._lowest is None or self._highest is None:
            self._lowest, self._highest = greys.copy(), greys.copy()
            return
        np.minimum(self._lowest, greys, out=self._lowest)
        np.maximum(self._highest, greys, out=self._highest)

    def planes(self) -> list[Greys]:
        """What stands still, on black, and the brightest of each pixel."""
        lowest, highest = self._lowest, self._highest
        if lowest is None or highest is None:
            return []
        black, white = float(lowest.min()), float(highest.max())
        moves = highest - lowest > np.float32(_STILL * (white - black))
        return [np.where(moves, np.float32(black), lowest), highest]


def without_doubles(pictures: Sequence[Picture]) -> list[Picture]:
    """Each picture once."""
    return [
        one
        for place, one in enumerate(pictures)
        if not any(np.array_equal(one, other) for other in pictures[:place])
    ]


def _spread(greys: Greys, low: float, high: float) -> Picture:
    scaled = (greys - np.float32(low)) * np.float32(_WHITE / (high - low))
    picture: Picture = np.clip(scaled, 0, _WHITE).astype(np.uint16)
    return picture
