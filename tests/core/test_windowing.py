"""Which window an image opens with."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest

from viewer.core.grayscale import (
    GrayscaleDisplay,
    LookupTable,
    Padding,
    Rescale,
    Window,
    WindowFunction,
)
from viewer.core.image import Frame, Image, PixelFormat
from viewer.core.shutter import Shutter
from viewer.core.voi import is_valid, limits, to_grey
from viewer.core.windowing import automatic, default_voi, full_range, takes_window

LUT = LookupTable(0, 8, np.arange(256).astype("<u2").tobytes(), "NORMAL")


def image_of(*displays: GrayscaleDisplay, photometric: str = "MONOCHROME2") -> Image:
    frames = tuple(Frame(display=place) for place in range(len(displays)))
    return Image(
        PixelFormat("1.2.840.10008.1.2.1", 64, 64, photometric=photometric),
        displays=displays,
        frames=frames,
    )


def body_in_air() -> npt.NDArray[np.uint16]:
    """A disc of 400 to 600 in air of 0 to 5, with one very bright pixel."""
    rng = np.random.default_rng(7)
    rows, columns = np.mgrid[:64, :64] - 31.5
    inside = rows**2 + columns**2 < 20**2
    values = np.where(
        inside, rng.integers(400, 601, (64, 64)), rng.integers(0, 6, (64, 64))
    )
    values[0, 0] = 30_000
    return values.astype(np.uint16)


def test_the_first_window_with_a_meaning_comes_first() -> None:
    windows = (Window(5, 0), Window(50, 100, explanation="SOFT"), Window(1, 2))
    display = GrayscaleDisplay(windows=windows, voi_luts=(LUT,))
    assert default_voi(image_of(display), 1, body_in_air()) == windows[1]


def test_then_comes_the_first_lut() -> None:
    display = GrayscaleDisplay(windows=(Window(5, 0.5),), voi_luts=(LUT,))
    assert default_voi(image_of(display), 1, body_in_air()) == LUT


def test_else_the_window_fits_the_body_not_the_air() -> None:
    low, high = limits(automatic(image_of(GrayscaleDisplay()), 1, body_in_air()))
    assert 400 <= low < 420
    assert 580 < high <= 600


def test_a_mask_is_shown_white_on_black() -> None:
    mask = np.zeros((64, 64), dtype=np.uint8)
    mask[:9, :9] = 1
    assert limits(automatic(image_of(GrayscaleDisplay()), 1, mask)) == (0, 1)


def test_every_frame_has_its_own() -> None:
    image = image_of(
        GrayscaleDisplay(windows=(Window(1, 10),)),
        GrayscaleDisplay(windows=(Window(2, 20),)),
    )
    assert default_voi(image, 2, body_in_air()) == Window(2, 20)


def test_the_full_range_is_of_modality_values_without_padding() -> None:
    display = GrayscaleDisplay(Rescale(-2, 10), padding=Padding(9, 9))
    stored = np.array([[1, 5], [9, 9]], dtype=np.int16)
    window = full_range(image_of(display), 1, stored)
    assert limits(window) == (0, 8)
    assert window.explanation == "Full range"


def test_the_full_range_looks_through_a_modality_lut() -> None:
    hill = LookupTable(0, 16, np.array([5, 900, 7], "<u2").tobytes())
    stored = np.array([[0, 1, 2]], dtype=np.uint8)
    image = image_of(GrayscaleDisplay(modality_lut=hill))
    assert limits(full_range(image, 1, stored)) == (5, 900)


def test_fractions_get_the_function_that_is_made_for_them() -> None:
    stored = np.array([[0.001, 0.003, np.nan, np.inf]], dtype=np.float32)
    window = full_range(image_of(GrayscaleDisplay()), 1, stored)
    assert window.function is WindowFunction.LINEAR_EXACT
    assert np.allclose(limits(window), (0.001, 0.003))


def test_an_image_of_nothing_still_has_a_window() -> None:
    display = GrayscaleDisplay(padding=Padding(0, 0))
    nothing = np.zeros((8, 8), dtype=np.uint16)
    for find in (automatic, full_range, default_voi):
        assert is_valid(find(image_of(display), 1, nothing))
    flat = np.full((8, 8), 7, dtype=np.uint16)
    assert automatic(image_of(GrayscaleDisplay()), 1, flat).width >= 1


def test_colour_takes_no_window() -> None:
    assert takes_window(image_of(GrayscaleDisplay()))
    assert not takes_window(image_of(GrayscaleDisplay(), photometric="PALETTE COLOR"))


def test_what_a_shutter_covers_does_not_count() -> None:
    values = np.full((64, 64), 4000, np.uint16)  # what lies outside the collimator
    values[10:54, 10:54] = np.linspace(500, 900, 44 * 44).reshape(44, 44)
    shutter = Shutter(rectangle=(11, 54, 11, 54))
    image = image_of(GrayscaleDisplay())
    open_ = replace(image, frames=(Frame(shutter=shutter),))
    assert limits(automatic(image, 1, values))[1] == 4000
    low, high = limits(automatic(open_, 1, values))
    assert 500 <= low < 530
    assert 870 < high <= 900


def test_a_shutter_that_covers_all_is_no_reason_to_be_blind() -> None:
    values = np.linspace(0, 999, 64 * 64).reshape(64, 64).astype(np.uint16)
    shutter = Shutter(rectangle=(40, 30, 1, 64))
    image = replace(image_of(GrayscaleDisplay()), frames=(Frame(shutter=shutter),))
    assert automatic(image, 1, values) == automatic(
        image_of(GrayscaleDisplay()), 1, values
    )


@pytest.mark.parametrize(("value", "grey"), [(0, 0), (1, 255), (255, 255), (-1024, 0)])
def test_a_full_mask_does_not_look_like_an_empty_one(value: int, grey: int) -> None:
    flat = np.full((8, 8), value, dtype=np.int16)
    window = automatic(image_of(GrayscaleDisplay()), 1, flat)
    assert to_grey(flat[0], window).tolist() == [grey] * 8


def test_the_only_label_beside_padding_is_seen() -> None:
    labels = np.array([[0, 9], [9, 0]], dtype=np.uint8)
    display = GrayscaleDisplay(padding=Padding(0, 0))
    window = automatic(image_of(display), 1, labels)
    assert to_grey(labels, window).tolist() == [[0, 255], [255, 0]]
