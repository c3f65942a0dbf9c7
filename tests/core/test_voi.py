"""The functions of PS3.3 C.11.2 at the places where they are easily wrong."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewer.core.grayscale import LookupTable, Voi, Window, WindowFunction
from viewer.core.voi import (
    as_window,
    is_step,
    is_valid,
    limits,
    misses,
    spanning,
    to_grey,
)

EXACT, SIGMOID = WindowFunction.LINEAR_EXACT, WindowFunction.SIGMOID


def greys(values: list[float], voi: Voi, *, inverse: bool = False) -> list[int]:
    return [int(v) for v in to_grey(np.array(values), voi, inverse=inverse)]


def table(*entries: int, first: int = 0, bits: int = 8) -> LookupTable:
    return LookupTable(first, bits, np.array(entries, "<u2").tobytes())


def test_the_standards_own_examples_of_linear() -> None:
    """PS3.3 C.11.2.1.2.1, Note: what these windows do to 0…4095 and −1024…."""
    assert greys([0, 4095], Window(2048, 4096)) == [0, 255]
    assert greys([0, 1], Window(2048, 1)) == [0, 0]
    assert greys([-1, 0, 99, 100], Window(0, 1)) == [0, 255, 255, 255]
    assert greys([2047, 2048], Window(2048, 1)) == [0, 255]
    assert greys([0, 100, 101], Window(0, 2)) == [255, 255, 255]
    assert greys([-1, 0], Window(0, 2)) == [0, 255]


def test_a_byte_goes_through_its_own_window_unchanged() -> None:
    assert greys(list(range(256)), Window(128, 256)) == list(range(256))


def test_linear_exact_reaches_its_ends_half_a_width_away() -> None:
    window = Window(50, 100, EXACT)
    assert greys([0, 50, 100, 100.001], window) == [0, 128, 255, 255]


def test_sigmoid_is_in_the_middle_at_its_center() -> None:
    window = Window(40, 400, SIGMOID)
    assert greys([40], window) == [128]
    assert greys([240], window) == [math.floor(255 / (1 + math.exp(-2)) + 0.5)]
    assert greys([-1e9, 1e9], window) == [0, 255]


def test_a_half_goes_up() -> None:
    window = Window(0, 255 * 2, EXACT)  # half a grey for each value
    assert greys([-1, 0, 1, 2], window) == [127, 128, 128, 129]


def test_inversion_comes_after_rounding() -> None:
    window = Window(0, 255 * 2, EXACT)
    assert greys([-1, 0, 1, 2], window, inverse=True) == [128, 127, 127, 126]


def test_a_voi_lut_holds_its_ends_and_spreads_its_bits() -> None:
    lut = table(0, 512, 1023, first=10, bits=10)
    assert greys([-5, 10, 11, 12, 900], lut) == [0, 0, 128, 255, 255]
    assert greys([10.4, 10.5], lut) == [0, 128]
    assert greys([float("inf"), float("-inf")], lut) == [255, 0]


def test_entries_overrule_a_descriptor_that_is_too_small() -> None:
    assert greys([0, 1], table(0, 4095, bits=8)) == [0, 255]


def test_not_a_number_is_black() -> None:
    for voi in (Window(0, 10), Window(0, 10, EXACT), Window(0, 10, SIGMOID), table(9)):
        assert greys([math.nan], voi)[0] in (0, int(greys([0], voi)[0]))


@given(
    st.floats(-1e6, 1e6),
    st.floats(1, 1e6),
    st.sampled_from(list(WindowFunction)),
    st.lists(st.floats(-1e7, 1e7), min_size=2),
)
def test_brighter_values_are_never_darker(
    center: float, width: float, function: WindowFunction, values: list[float]
) -> None:
    shown = greys(sorted(values), Window(center, width, function))
    assert shown == sorted(shown)
    assert 0 <= shown[0] <= shown[-1] <= 255


@pytest.mark.parametrize(
    ("voi", "valid"),
    [
        (Window(0, 1), True),
        (Window(0, 0.99), False),
        (Window(0, 0.01, EXACT), True),
        (Window(0, 0, EXACT), False),
        (Window(0, -5, SIGMOID), False),
        (Window(math.nan, 5), False),
        (Window(0, math.inf), False),
        (table(1), True),
        (table(), False),
    ],
)
def test_a_window_without_meaning_is_known(voi: Voi, *, valid: bool) -> None:
    assert is_valid(voi) == valid


@given(st.integers(-5000, 5000), st.integers(0, 5000))
def test_a_spanning_window_ends_where_the_values_end(low: int, span: int) -> None:
    window = spanning(low, low + span, whole=True)
    assert is_valid(window)
    assert limits(window) == (low, low + span)
    if span:
        assert greys([low, low + span], window) == [0, 255]


@given(st.floats(-1e6, 1e6), st.floats(0, 1e6))
def test_fractions_are_spanned_exactly(low: float, span: float) -> None:
    window = spanning(low, low + span, whole=False)
    assert is_valid(window)
    if span > 1e-3:
        assert greys([low, low + span], window) in ([0, 255], [0, 254])


def test_a_hand_starts_a_table_from_the_range_it_maps() -> None:
    window = as_window(table(*range(100), first=50))
    assert limits(window) == (50, 149)
    assert as_window(Window(1, 2)) == Window(1, 2)


def test_a_window_that_shows_nothing_is_noticed() -> None:
    assert misses(Window(40, 400), 1000, 2000)
    assert misses(Window(40, 400), -1000, -500)
    assert not misses(Window(40, 400), -1000, 3000)


def test_a_window_that_leaves_no_greys_is_noticed() -> None:
    step = Window(0.5, 1)
    assert is_step(step, 0, 0.9)
    assert not is_step(step, 0, 0)
    assert not is_step(step, 1, 2)
    assert not is_step(Window(0.5, 1, WindowFunction.LINEAR_EXACT), 0, 0.9)
