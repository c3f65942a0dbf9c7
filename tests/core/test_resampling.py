"""What the filters promise; some of it is a promise of the OpenCV that is installed."""

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewer.core.resampling import (
    WORD_OF_GREY,
    grow,
    look_up,
    look_up_words,
    nearest,
    shrink,
    to_words,
)

ROWS, COLUMNS = 20, 64


def ramp(kind: type[np.generic], step: int) -> npt.NDArray[np.generic]:
    """Every row rises by `step` a column."""
    return np.tile(np.arange(COLUMNS) * step, (ROWS, 1)).astype(kind)


@pytest.mark.parametrize(
    ("kind", "step", "near"), [(np.uint16, 1000, 0.51), (np.float32, 1, 1e-4)]
)
@pytest.mark.parametrize("width", [65, 100, 997, 64 * 37 + 5])
def test_linear_growing_puts_every_value_where_it_belongs(
    kind: type[np.generic], step: int, near: float, width: int
) -> None:
    left, right = width // 3, width // 3 + min(600, width // 2)
    part = grow(
        ramp(kind, step),
        (width, ROWS * 2),
        (left, 5, right, 25),
    )
    columns = (np.arange(left, right) + 0.5) * COLUMNS / width - 0.5
    expected = np.clip(columns, 0, COLUMNS - 1) * step
    assert np.abs(part[7].astype(float) - expected).max() <= near


@pytest.mark.parametrize("kind", [np.uint8, np.uint16, np.float32])
def test_a_part_is_cut_from_the_whole(kind: type[np.generic]) -> None:
    values = (np.random.default_rng(3).random((41, 53)) * 250).astype(kind)
    size = (777, 501)
    whole = grow(values, size, (0, 0, *size)).astype(float)
    part = grow(values, size, (100, 33, 700, 500)).astype(float)
    assert np.abs(whole[33:500, 100:700] - part).max() <= 1


@given(st.integers(0, 65_000), st.integers(1, 535))
def test_growing_invents_nothing_beyond_its_neighbours(low: int, span: int) -> None:
    part = (0, 0, 100, 90)
    edge = np.full((8, 8), low, dtype=np.uint16)
    edge[:, 4:] += np.uint16(span)
    grown = grow(edge, (100, 90), part)
    assert (grown.min(), grown.max()) == (low, low + span)


def test_shrinking_takes_the_mean_of_what_a_pixel_covers() -> None:
    values = np.random.default_rng(5).integers(0, 60_000, (12, 20)).astype(np.uint16)
    means = values.reshape(3, 4, 5, 4).mean(axis=(1, 3))
    assert np.abs(shrink(values, (5, 3)) - means).max() <= 0.5


@given(st.integers(1, 60), st.integers(1, 200))
def test_the_nearest_pixel_is_the_one_a_centre_lies_in(length: int, size: int) -> None:
    labels = np.arange(length, dtype=np.uint8)[None, :]
    shown = nearest(labels, (size, 1), (0, 0, size, 1))[0]
    # A centre on the border of two pixels belongs to the right one.
    expected = [(2 * x + 1) * length // (2 * size) for x in range(size)]
    assert shown.tolist() == expected


def test_tables_have_an_entry_for_every_16_bit_value() -> None:
    values = np.arange(65_536, dtype=np.uint16).reshape(256, 256)
    table = np.random.default_rng(0).integers(0, 256, 65_536).astype(np.uint8)
    assert np.array_equal(look_up(values, table), table[values])
    strided = values[::3, 5:70]
    assert np.array_equal(look_up(np.ascontiguousarray(strided), table), table[strided])


@pytest.mark.parametrize("shape", [(3, 5), (3, 5, 3)])
def test_what_goes_to_the_screen_is_the_same_pixels_in_words(
    shape: tuple[int, ...],
) -> None:
    pixels = np.arange(np.prod(shape), dtype=np.uint8).reshape(shape) * 5
    window = np.zeros((9, 9), np.int32)
    inside = window[2 : 2 + shape[0], 1 : 1 + shape[1]]
    to_words(pixels, inside)
    samples = window.view(np.uint8).reshape(9, 9, 4)[2 : 2 + shape[0], 1 : 1 + shape[1]]
    colours = pixels if pixels.ndim == 3 else np.stack([pixels] * 3, axis=2)
    np.testing.assert_array_equal(samples[..., 2::-1], colours)
    assert (samples[..., 3] == 255).all()
    inside[...] = 0
    assert not window.any()  # nothing was written beside it


def test_a_table_of_words_says_the_same_as_a_table_of_greys() -> None:
    rng = np.random.default_rng(1)
    values = rng.integers(0, 1 << 16, (20, 30)).astype(np.uint16)
    table = rng.integers(0, 256, 1 << 16).astype(np.uint8)
    meant, window = np.zeros((20, 30), np.int32), np.zeros((25, 40), np.int32)
    to_words(look_up(values, table), meant)
    look_up_words(values, WORD_OF_GREY[table], window[3:23, 4:34])
    np.testing.assert_array_equal(window[3:23, 4:34], meant)
    window[3:23, 4:34] = 0
    assert not window.any()
