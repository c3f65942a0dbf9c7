"""The patterns to look at a screen with, pixel by pixel."""

import numpy as np
import pytest

from viewer.core.display_check import LEVELS
from viewer.core.screen_patterns import SIDE, quality, simple_quality, uniform


@pytest.mark.parametrize("level", LEVELS)
def test_an_even_grey_is_one_level_everywhere(level: int) -> None:
    sheet = uniform(33, 20, level)
    assert sheet.shape == (20, 33)
    assert (sheet == level).all()


@pytest.mark.parametrize("place", range(18))
def test_a_square_has_darker_and_brighter_bars(place: int) -> None:
    row, column = divmod(place, 6)
    column = 5 - column if row == 1 else column
    top, left, level = 96 + 160 * row, 48 + 160 * column, 15 * place
    square = simple_quality()[top : top + 128, left : left + 128].astype(int)
    darker, brighter = square[16:48, 16:48], square[80:112, 80:112]
    assert set(np.unique(darker - level)) == {0, -5 if place else 3}
    assert set(np.unique(brighter - level)) == {0, 5 if place < 17 else -3}
    assert (darker[:, :3] != level).all()
    assert (darker[:, 3:6] == level).all()
    rest = square.copy()
    rest[16:48, 16:48] = rest[80:112, 80:112] = level
    assert (rest == level).all()


def test_the_ramp_has_every_level_once_and_in_order() -> None:
    ramp = simple_quality()[-1, : SIDE - 128].astype(int)
    assert set(ramp) == set(range(256))
    assert set(np.diff(ramp)) == {0, 1}


def test_lines_of_one_pixel_are_black_and_white() -> None:
    lines = simple_quality()[-64:, SIDE - 128 : SIDE - 64]
    assert (lines[:, ::2] == 0).all()
    assert (lines[:, 1::2] == 255).all()
    corner = quality()[16:48, 16:48]
    assert (corner[:, ::2] == 0).all()
    assert (corner[:, 1::2] == 255).all()


@pytest.mark.parametrize("place", range(16))
def test_a_patch_has_corners_of_four_more_and_four_less(place: int) -> None:
    top, left = 256 + 128 * (place // 4) + 13, 256 + 128 * (place % 4) + 13
    patch, level = quality()[top : top + 102, left : left + 102], 8 + 16 * place
    assert (patch[:10, :10] == level + 4).all()
    assert (patch[-10:, -10:] == level + 4).all()
    assert (patch[:10, -10:] == level - 4).all()
    assert (patch[-10:, :10] == level - 4).all()
    assert (patch[10:-10] == level).all()


def test_five_and_ninety_five_percent_lie_in_black_and_white() -> None:
    sheet = quality()
    assert (sheet[128, 352], sheet[180, 400]) == (0, 13)
    assert (sheet[128, 570], sheet[180, 620]) == (255, 242)


@pytest.mark.parametrize(
    ("row", "level", "sign"), [(0, 0, 1), (1, 128, 1), (2, 255, -1)]
)
def test_each_letter_is_a_level_fainter_than_the_last(
    row: int, level: int, sign: int
) -> None:
    strip = quality()[792 + 48 * row : 836 + 48 * row, 128 : SIDE - 128].astype(int)
    contrasts = {int(value) for value in np.unique(sign * (strip - level))}
    assert contrasts == set(range(16)) - {8}  # the eighth sign is a space


def test_no_two_parts_of_the_quality_pattern_overlap_a_patch() -> None:
    sheet = quality()
    for place in range(16):
        top, left = 256 + 128 * (place // 4) + 13, 256 + 128 * (place % 4) + 13
        values = set(np.unique(sheet[top : top + 102, left : left + 102]).tolist())
        level = 8 + 16 * place
        assert values == {level - 4, level, level + 4}
