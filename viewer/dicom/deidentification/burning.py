"""Boxes burned black in stored pixels, and nothing beside them changed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from viewer.core.boxes import Box
from viewer.core.image import Image, PixelFormat
from viewer.dicom.deidentification.blacks import (
    Black,
    colour_black,
    grey_black,
    palette_black,
)
from viewer.dicom.deidentification.pixel_outcome import Header
from viewer.dicom.image_frames import to_frames
from viewer.dicom.palette import to_palette
from viewer.dicom.part10 import OpenFile

Samples = npt.NDArray[np.generic]

STATISTICS: Final[Header] = dict.fromkeys(
    (
        *(0x00280106, 0x00280107),  # Smallest and Largest Image Pixel Value
        *(0x00280108, 0x00280109),  # in Series
        *(0x00280110, 0x00280111),  # in Plane
        0x00603000,  # Histogram Sequence
    )
)
"""What the header said of the pixels as they were: not true any more."""


@dataclass(frozen=True, slots=True)
class Burner:
    """Knows the boxes of an image, and which value is black in each frame.

    Attributes
    ----------
    boxes : tuple of Box
        Within the image.
    black : callable
        ``(values, frame number) → black``.
    """

    boxes: tuple[Box, ...]
    black: Callable[[Samples, int], Black]

    def lies_in(self, number: int) -> bool:
        """Whether something of frame `number` is burned."""
        return any(box.lies_in(number) for box in self.boxes)

    def burn(self, values: Samples, number: int, low: int = 0) -> None:
        """Blacken the boxes of a frame, in place.

        Parameters
        ----------
        values : ndarray, shape (rows, columns) or (rows, columns, samples)
        number : int
            Of the frame, counted from 1.
        low : int
            Bits of a cell below its value.
        """
        if not self.lies_in(number):
            return
        black = self._stored(values, number, low)
        for box in self._here(number):
            values[box.row : box.bottom, box.column : box.right] = black

    def burn_pairs(self, quads: Samples, number: int) -> None:
        """Blacken the boxes in pixels that share their colour in pairs, in place.

        Both pixels of a pair become black: the colour of a name must not stay.

        Parameters
        ----------
        quads : ndarray, shape (rows, columns / 2, 4)
            Y₁ Y₂ B R.
        number : int
        """
        if not self.lies_in(number):
            return
        luma, blue, red = self.black(quads, number)
        black = np.array([luma, luma, blue, red]).astype(quads.dtype)
        for box in self._here(number):
            pairs = slice(box.column // 2, -(-box.right // 2))
            quads[box.row : box.bottom, pairs] = black

    def _here(self, number: int) -> list[Box]:
        return [box for box in self.boxes if box.lies_in(number)]

    def _stored(self, values: Samples, number: int, low: int) -> Samples:
        black = np.array(self.black(values, number))
        if low:
            black = black.astype(np.int64) << low
        stored: Samples = black.astype(values.dtype)
        return stored if values.ndim == 3 else stored[0]


def burner_of(
    opened: OpenFile, pixels: PixelFormat, photometric: str, boxes: Sequence[Box]
) -> Burner:
    """Who burns the boxes of an open file.

    Parameters
    ----------
    opened : OpenFile
    pixels : PixelFormat
    photometric : str
        What the samples are when they are burned.
    boxes : sequence of Box

    Raises
    ------
    PixelError
        If nobody knows which value is black.
    """
    inside = [box.within(pixels.columns, pixels.rows) for box in boxes]
    kept = tuple(box for box in inside if box is not None)
    if pixels.samples > 1:
        colour = colour_black(photometric, pixels)
        return Burner(kept, lambda _values, _number: colour)
    if photometric == "PALETTE COLOR":
        index = palette_black(to_palette(opened.data_set, pixels), pixels)
        return Burner(kept, lambda _values, _number: index)
    frames, displays = to_frames(opened.data_set, pixels)
    image = Image(pixels, displays=displays, frames=frames)
    return Burner(
        kept, lambda values, number: grey_black(image.display(number), pixels, values)
    )
