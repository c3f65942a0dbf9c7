"""Pictures of machines with names in them, and where exactly the letters are."""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from tests.burned_in.lettering import NAMES, fonts, lettering, places

Values = npt.NDArray[np.float32]
Pixels = npt.NDArray[np.bool_]

_HEIGHTS: Final = (7, 9, 12, 16, 24)
_NAMES_EACH: Final = 3
_SEEN: Final = 0.2  # of a pixel that a letter covers: less changes it by a few greys
_CLEAR: Final = 0.28  # of the range, between letters and everything behind them


@dataclass(frozen=True, slots=True)
class Written:
    """A picture with names.

    Attributes
    ----------
    values : numpy.ndarray
        ``(frames, rows, columns)``, 0 to 1; with a fourth axis for colours.
    letters : numpy.ndarray
        ``(rows, columns)``, the pixels of letters, in every frame.
    texts : tuple of str
    """

    values: Values
    letters: Pixels
    texts: tuple[str, ...]


def picture(
    look: str, seed: int, *, frames: int = 1, coloured: bool = False
) -> Written:
    """A picture of the look of ``"US"``, ``"SC"`` or ``"DX"`` with three names."""
    dice = np.random.default_rng(seed)
    rows, columns = ((200, 272), (216, 300), (240, 240))[seed % 3]
    values = np.stack([_BEHIND[look](rows, columns, dice) for _ in range(frames)])
    if look != "US":
        values[1:] = values[0]
    every = fonts()
    texts = tuple(NAMES[(seed + 3 * n) % len(NAMES)] for n in range(_NAMES_EACH))
    pieces = [
        _fitting(text, every[(seed + n) % len(every)], (seed + 2 * n) % 5, columns)
        for n, text in enumerate(texts)
    ]
    letters = np.zeros((rows, columns), bool)
    if coloured:
        values = np.repeat(values[..., None], 3, axis=-1)
    found = places([piece.shape for piece in pieces], rows, columns, dice)
    for piece, (row, column) in zip(pieces, found, strict=True):
        place = (slice(row, row + len(piece)), slice(column, column + piece.shape[1]))
        _write(values[:, *place], piece, dice, coloured=coloured)
        letters[place] |= piece > _SEEN
    return Written(np.clip(values, 0, 1), letters, texts)


def _fitting(text: str, font: str, size: int, columns: int) -> Values:
    """The text in one of the heights, or the next lower one in which it has room."""
    while (piece := lettering(text, font, _HEIGHTS[size])).shape[1] >= columns - 8:
        size -= 1
    return piece


def _write(
    part: Values, piece: Values, dice: np.random.Generator, *, coloured: bool
) -> None:
    """Write to a part of the picture, brighter or darker than all that is there."""
    low, high = float(part.min()), float(part.max())
    room = 1 - high, low
    brighter = room[0] >= room[1]
    least = min(high + _CLEAR, 1.0) if brighter else 0.0
    most = 1.0 if brighter else max(low - _CLEAR, 0.0)
    ink: Values = np.full(3 if coloured else 1, dice.uniform(least, most), np.float32)
    if coloured and brighter:  # yellow, cyan, green: bright in some of the colours
        ink[dice.integers(0, 3)] = part.min()
    covered = piece[..., None] if coloured else piece
    part[...] = part * (1 - covered) + (ink if coloured else ink[0]) * covered


def _scanned(rows: int, columns: int, dice: np.random.Generator) -> Values:
    """A fan of speckle on black."""
    row, column = np.mgrid[:rows, :columns]
    depth = np.hypot(row + rows * 0.1, column - columns / 2)
    angle = np.abs(np.arctan2(column - columns / 2, row + rows * 0.1))
    speckle = cv2.GaussianBlur(
        dice.rayleigh(0.16, (rows, columns)).astype(np.float32), (0, 0), 1.2
    )
    layers = 1 + 0.4 * np.sin(depth / 17 + dice.uniform(0, 6))
    inside = (depth > rows * 0.2) & (depth < rows) & (angle < 0.6)
    return np.where(inside, np.clip(speckle * layers, 0, 0.6), 0).astype(np.float32)


def _captured(rows: int, columns: int, dice: np.random.Generator) -> Values:
    """A page of even greys."""
    page = np.full((rows, columns), dice.uniform(0.05, 0.9), np.float32)
    page[rows // 3 : rows // 2, columns // 4 : columns // 2] += 0.08
    return page


def _radiograph(rows: int, columns: int, dice: np.random.Generator) -> Values:
    """Soft shadows with the noise of a detector."""
    coarse = dice.uniform(0.25, 0.7, (5, 6)).astype(np.float32)
    soft = cv2.resize(coarse, (columns, rows), interpolation=cv2.INTER_CUBIC)
    noise = dice.normal(0, 0.008, (rows, columns)).astype(np.float32)
    clipped: Values = np.clip(soft + noise, 0.12, 0.85)
    return clipped


_BEHIND: Final = {"US": _scanned, "SC": _captured, "DX": _radiograph}
