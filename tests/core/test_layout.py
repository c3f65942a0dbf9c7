"""A screen is divided so that everything can still be read."""

import pytest

from viewer.core.layout import Layout


@pytest.mark.parametrize(
    ("pictures", "text"),
    [
        (0, "1×1"),
        (1, "1×1"),
        (2, "1×2"),
        (3, "2×2"),
        (4, "2×2"),
        (5, "2×3"),
        (40, "2×3"),
    ],
)
def test_the_layout_grows_with_the_pictures_up_to_six(pictures: int, text: str) -> None:
    assert Layout.for_count(pictures).text == text


@pytest.mark.parametrize("shape", [(0, 1), (1, 0), (5, 1), (1, 5)])
def test_a_layout_that_nobody_can_read_does_not_exist(shape: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="no layout"):
        Layout(*shape)
