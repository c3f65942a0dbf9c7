"""Patterns to look at a screen with, one value for each of its pixels.

Drawn from what AAPM On-Line Report 03 (TG18) and TG270 say of theirs; the Association's
own bitmaps are not included. Levels are 8 bit.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

from viewer.core.display_check import LEVELS
from viewer.core.lettering import letter

Pattern = npt.NDArray[np.uint8]

SIDE: Final = 1024
_MIDDLE: Final = 128
_WORDS: Final = "QUALITY CONTROL"
_GRID: Final = 102  # a tenth of the side


def uniform(width: int, height: int, level: int) -> Pattern:
    """One grey all over, as TG270-ULN: for a photometer, and for dead pixels."""
    return np.full((height, width), level, dtype=np.uint8)


def simple_quality() -> Pattern:
    """Eighteen squares whose bars should all look alike, as TG270-sQC.

    Each square has bars of three pixels on three that are 5 levels darker, and ones
    that are 5 levels brighter; at the two ends of the scale a pair of 3 levels takes
    the place of what cannot be. Below: black, middle and white to measure; a ramp, and
    lines of one pixel, which a screen that scales turns grey.
    """
    sheet = uniform(SIDE, SIDE, _MIDDLE)
    for place, level in enumerate(LEVELS):
        row, column = divmod(place, 6)
        column = 5 - column if row == 1 else column  # to and fro, as the eye goes
        _square(sheet[96 + 160 * row :, 48 + 160 * column :][:128, :128], level)
    for place, level in enumerate((0, _MIDDLE, 255)):
        sheet[640:896, 128 + 256 * place : 384 + 256 * place] = level
    ramp = np.arange(SIDE - 128) * 256 // (SIDE - 128)
    sheet[960:, 0 : SIDE - 128] = ramp
    sheet[960:, SIDE - 128 : SIDE - 64] = 255 * (np.arange(64) % 2)
    sheet[960:, SIDE - 64 :] = 255 * (np.arange(64) % 2)[:, None]
    return sheet


def _square(square: Pattern, level: int) -> None:
    square[:] = level
    darker = level - 5 if level else 3
    brighter = level + 5 if level < 255 else 252
    bars = np.arange(32) % 6 < 3
    for corner, value in ((16, darker), (80, brighter)):
        part = square[corner : corner + 32, corner : corner + 32]
        part[:, bars] = value


def quality() -> Pattern:
    """Grid, sixteen patches, ramps, line pairs and fading letters, after TG18-QC."""
    sheet = uniform(SIDE, SIDE, _MIDDLE)
    _draw_grid(sheet)
    _draw_ramps(sheet)
    _draw_patches(sheet)
    _draw_line_pairs(sheet)
    _draw_words(sheet)
    return sheet


def _draw_grid(sheet: Pattern) -> None:
    """Lines of one pixel every tenth, of three along the rim: square, and all there."""
    lines = range(_GRID // 2, SIDE, _GRID)
    sheet[list(lines)] = 191
    sheet[:, list(lines)] = 191
    for edge in (slice(0, 3), slice(SIDE - 3, SIDE)):
        sheet[edge] = 191
        sheet[:, edge] = 191


def _draw_ramps(sheet: Pattern) -> None:
    """Two bars with every level, left and right, in which no bands should show."""
    ramp = np.arange(512, dtype=np.uint16) // 2
    for left, levels in ((_GRID, ramp), (SIDE - _GRID - 64, ramp[::-1])):
        sheet[256:768, left : left + 64] = levels.astype(np.uint8)[:, None]


def _draw_patches(sheet: Pattern) -> None:
    """Levels 8 to 248 with corners of 4 more and 4 less; 5 % and 95 % at the ends."""
    for place in range(16):
        level = 8 + 16 * place
        column, row = place % 4, place // 4
        top, left = 256 + 128 * row, 256 + 128 * column
        patch = sheet[top : top + 128, left : left + 128][13:115, 13:115]
        patch[:] = level
        for part, change in (
            (patch[:10, :10], 4),
            (patch[-10:, -10:], 4),
            (patch[:10, -10:], -4),
            (patch[-10:, :10], -4),
        ):
            part[:] = level + change
    for left, level, inner in ((352, 0, 13), (570, 255, 242)):
        patch = sheet[128 : 128 + _GRID, left : left + _GRID]
        patch[:] = level
        patch[26:76, 26:76] = inner


def _draw_line_pairs(sheet: Pattern) -> None:
    """Lines of one and of two pixels, both ways, at the top and in the corners."""
    for top, left in ((147, 480), (16, 16), (16, 944), (944, 16), (944, 944)):
        across, wide = np.arange(32) % 2, np.arange(32) // 2 % 2
        sheet[top : top + 32, left : left + 32] = 255 * across
        sheet[top : top + 32, left + 32 : left + 64] = 255 * across[:, None]
        sheet[top + 32 : top + 64, left : left + 32] = 255 * wide
        sheet[top + 32 : top + 64, left + 32 : left + 64] = 255 * wide[:, None]


def _draw_words(sheet: Pattern) -> None:
    """Two words on dark, middle and bright, each letter fainter by a level."""
    for row, level in enumerate((0, _MIDDLE, 255)):
        top = 792 + 48 * row
        sheet[top : top + 44, 128 : SIDE - 128] = level
        for place, character in enumerate(_WORDS):
            contrast = len(_WORDS) - place
            value = level - contrast if level == 255 else level + contrast
            dots = letter(character, 4)
            left = 160 + 47 * place
            part = sheet[top + 8 : top + 36, left : left + 20]
            part[dots] = value
