"""The GSDF, and screens held against it."""

from datetime import date

import numpy as np
import pytest

from viewer.core.display_check import LEVELS, DisplayCheck
from viewer.core.errors import ViewerError
from viewer.core.gsdf import to_index, to_luminance

TODAY = date(2026, 11, 20)


def on_the_gsdf(darkest: float, brightest: float) -> list[float]:
    """What a perfect screen shows at the eighteen levels."""
    ends = to_index([darkest, brightest])
    return [float(v) for v in to_luminance(np.linspace(ends[0], ends[1], 18))]


def of_gamma(gamma: float, darkest: float = 0.5, brightest: float = 400) -> list[float]:
    return [darkest + (brightest - darkest) * (v / 255) ** gamma for v in LEVELS]


@pytest.mark.parametrize(
    ("index", "luminance"),
    [(1, 0.05), (2, 0.0547), (3, 0.0594), (10, 0.0991), (1023, 3993.404)],
)
def test_luminances_are_those_of_the_standards_table(
    index: int, luminance: float
) -> None:
    assert float(to_luminance(index)) == pytest.approx(luminance, rel=1e-3)


def test_an_index_comes_back_from_its_luminance() -> None:
    indices = np.arange(1, 1024)
    assert np.abs(to_index(to_luminance(indices)) - indices).max() < 0.1


def test_luminance_rises_with_the_index() -> None:
    assert (np.diff(to_luminance(np.arange(1, 1024))) > 0).all()


@pytest.mark.parametrize(("darkest", "brightest"), [(0.5, 400), (1.2, 350), (0.3, 180)])
def test_a_perfect_screen_is_fit_for_diagnosis(
    darkest: float, brightest: float
) -> None:
    check = DisplayCheck.of(on_the_gsdf(darkest, brightest), TODAY)
    assert check.largest_deviation < 0.005  # of going there and back
    assert check.ratio == pytest.approx(brightest / darkest, rel=1e-3)
    assert "fit for diagnosis" in check.verdict
    assert "2026-11-20" in check.verdict


def test_a_screen_of_television_is_not_fit() -> None:
    check = DisplayCheck.of(of_gamma(2.2), TODAY)
    assert check.largest_deviation > 0.2
    assert "not fit" in check.verdict


def test_a_screen_that_is_not_black_enough_is_for_looking() -> None:
    check = DisplayCheck.of(on_the_gsdf(2, 200), TODAY)
    assert check.largest_deviation < 0.005
    assert "for looking, not for diagnosis" in check.verdict


def test_one_step_too_bright_is_found_where_it_is() -> None:
    found = on_the_gsdf(0.5, 400)
    found[9] *= 1.05
    deviations = DisplayCheck.of(found, TODAY).deviations
    assert int(np.argmax(deviations)) == 8
    assert int(np.argmin(deviations)) == 9


@pytest.mark.parametrize(
    "luminances",
    [
        [],
        on_the_gsdf(0.5, 400)[:17],
        [*on_the_gsdf(0.5, 400), 500.0],
        [0.01, *on_the_gsdf(0.5, 400)[1:]],
        [*on_the_gsdf(0.5, 400)[:17], 5000.0],
        on_the_gsdf(0.5, 400)[::-1],
        [10.0] * 18,
        [float("nan")] * 18,
    ],
    ids=["none", "short", "long", "too dark", "too bright", "falling", "flat", "nan"],
)
def test_numbers_that_cannot_be_right_are_refused(luminances: list[float]) -> None:
    with pytest.raises(ViewerError):
        DisplayCheck.of(luminances, TODAY)
