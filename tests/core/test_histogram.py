"""A histogram counts every value of the image, and nothing else."""

import numpy as np
import pytest

from viewer.core.grayscale import GrayscaleDisplay, Padding, Rescale
from viewer.core.histogram import histogram
from viewer.core.image import Image, PixelFormat


def image_of(display: GrayscaleDisplay, photometric: str = "MONOCHROME2") -> Image:
    pixels = PixelFormat("1.2.840.10008.1.2.1", 100, 100, photometric=photometric)
    return Image(pixels, displays=(display,))


def test_each_value_is_counted_once_in_modality_units() -> None:
    stored = np.arange(100, dtype=np.int16).reshape(10, 10)
    found = histogram(image_of(GrayscaleDisplay(Rescale(2, -100))), 1, stored, bins=50)
    assert found is not None
    assert (found.lowest, found.highest) == (-100, 100)
    assert found.bin_width == 4
    assert found.counts == (2,) * 50


def test_whole_values_make_no_comb() -> None:
    stored = np.arange(1000, dtype=np.int16).reshape(10, 100)
    found = histogram(image_of(GrayscaleDisplay()), 1, stored, bins=256)
    assert found is not None
    assert set(found.counts) == {4}


def test_padding_and_what_is_no_number_are_left_out() -> None:
    stored = np.array([[0, 0, 5, 6]], dtype=np.uint16)
    found = histogram(image_of(GrayscaleDisplay(padding=Padding(0, 0))), 1, stored)
    assert found is not None
    assert (found.lowest, sum(found.counts)) == (5, 2)
    floats = np.array([[np.nan, np.inf, 1.5, 2.5, 2.5]], dtype=np.float32)
    found = histogram(image_of(GrayscaleDisplay()), 1, floats)
    assert found is not None
    assert (found.lowest, found.highest, sum(found.counts)) == (1.5, 2.5, 3)


@pytest.mark.parametrize("kind", ["u2", "f4"])
def test_a_flat_image_has_one_bar(kind: str) -> None:
    found = histogram(image_of(GrayscaleDisplay()), 1, np.full((9, 9), 7, kind))
    assert found is not None
    assert sorted(found.counts)[-1] == 81
    assert found.highest > found.lowest


@pytest.mark.parametrize(
    ("low", "high"),
    [
        (1e-310, 1.0000001e-310),
        (5e-324, 1e-323),
        (1e30, 1e30 * (1 + 1e-15)),
        (1e30,) * 2,
    ],
)
def test_values_that_hardly_differ_are_counted_too(low: float, high: float) -> None:
    found = histogram(image_of(GrayscaleDisplay()), 1, np.array([[low, high]]))
    assert found is not None
    assert sum(found.counts) == 2
    assert found.highest > found.lowest


def test_values_further_apart_than_a_number_can_say_have_none() -> None:
    stored = np.array([[-1.7e308, 1.7e308]])
    assert histogram(image_of(GrayscaleDisplay()), 1, stored) is None


def test_there_is_none_of_colours_or_of_nothing() -> None:
    stored = np.zeros((4, 4), dtype=np.uint8)
    assert histogram(image_of(GrayscaleDisplay(), "PALETTE COLOR"), 1, stored) is None
    nothing = GrayscaleDisplay(padding=Padding(0, 0))
    assert histogram(image_of(nothing), 1, stored) is None
