"""Overlay planes: what a device drew or marked on an image, one bit a pixel.

PS3.3 C.9.2. They have a size and a place of their own, lie over the picture in white
and can be switched off.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Bits = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class OverlayPlane:
    """One overlay plane of an image, and where its bits are.

    Attributes
    ----------
    group : int
        ``0x6000`` to ``0x601E``, even.
    rows, columns, frames : int
    place : tuple of int
        Column and row of the image that its first pixel lies on, counted from 0;
        may be negative, or beyond the image.
    first_frame : int or None
        Frame of the image, counted from 1, that its first frame lies on; None for a
        plane that lies on every frame.
    offset, length : int
        Of its bytes in the file; both 0 if they are in the pixel cells.
    swapped : bool
        Its bytes lie in big endian words, so each pair is swapped.
    bit : int or None
        The bit of each pixel cell that it is, 0 the least significant; None for a
        plane with bytes of its own.
    region : bool
        Overlay Type (60xx,0040) is R, a region of interest, rather than graphics.
    name : str
        Overlay Label (60xx,1500), Description or Subtype.
    reason : str
        Why it cannot be shown; empty if it can.
    """

    group: int
    rows: int
    columns: int
    frames: int = 1
    place: tuple[int, int] = (0, 0)
    first_frame: int | None = None
    offset: int = 0
    length: int = 0
    swapped: bool = False
    bit: int | None = None
    region: bool = False
    name: str = ""
    reason: str = ""

    def frame_on(self, number: int) -> int | None:
        """Which of its frames, from 0, lies on frame `number` of the image, from 1."""
        if self.first_frame is None:
            return 0
        frame = number - self.first_frame
        return frame if 0 <= frame < self.frames else None

    def bits(self, packed: npt.NDArray[np.uint8], frame: int) -> Bits:
        """Bits of one of its frames out of its bytes, ``(rows, columns)``.

        Frames follow each other without a gap, even inside a byte; PS3.5 8.1.2.
        """
        pixels = self.rows * self.columns
        first = frame * pixels
        part = packed[first // 8 : (first + pixels + 7) // 8]
        bits = np.unpackbits(part, bitorder="little")[first % 8 :][:pixels]
        return bits.reshape(self.rows, self.columns).astype(np.bool_)


def laid_on(
    shape: tuple[int, int], planes: Iterable[tuple[OverlayPlane, Bits]]
) -> Bits:
    """All `planes` on one sheet of the image's ``(rows, columns)``."""
    sheet = np.zeros(shape, dtype=np.bool_)
    for plane, bits in planes:
        column, row = plane.place
        top, left = max(row, 0), max(column, 0)
        seen = bits[max(-row, 0) :, max(-column, 0) :]
        under = sheet[top : top + seen.shape[0], left : left + seen.shape[1]]
        under |= seen[: under.shape[0], : under.shape[1]]
    return sheet
