"""The hand changes a window the way radiologists are used to."""

import pytest

from viewer.core.grayscale import Window, WindowFunction
from viewer.core.window_drag import to_dragged

SOFT = Window(40, 400, explanation="Abdomen")


def test_eighty_pixels_to_the_right_double_the_width() -> None:
    assert to_dragged(SOFT, 80, 0) == Window(40, 800)


def test_down_is_brighter_so_the_centre_falls() -> None:
    assert to_dragged(SOFT, 0, 8) == Window(0, 400)


def test_down_is_brighter_on_an_inverted_image_too() -> None:
    assert to_dragged(SOFT, 0, 8, inverse=True) == Window(80, 400)


def test_a_linear_window_never_gets_narrower_than_the_standard_defines() -> None:
    assert to_dragged(SOFT, -1000, 0).width == 1


def test_a_window_over_small_numbers_can_become_narrow() -> None:
    tiny = Window(0.5, 1.0, WindowFunction.LINEAR_EXACT)
    assert 0 < to_dragged(tiny, -79.9, 0).width < 0.01


def test_the_function_of_the_window_stays() -> None:
    curved = Window(40, 400, WindowFunction.SIGMOID)
    assert to_dragged(curved, 10, 10).function is WindowFunction.SIGMOID


def test_coming_back_brings_the_values_back() -> None:
    dragged = to_dragged(SOFT, 0, 0)
    assert (dragged.center, dragged.width) == (40, 400)


@pytest.mark.parametrize("down", [-100, -10, 10, 70, 200])
def test_a_pet_window_always_begins_at_zero(down: float) -> None:
    dragged = to_dragged(Window(5, 10), 33, down, from_zero=True)
    assert dragged.center - dragged.width / 2 == pytest.approx(0)
    assert (dragged.width < 10) is (down > 0)
