"""A ruler is as long as it says."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewer.core.image import Spacing, SpacingKind
from viewer.core.ruler import rulers
from viewer.core.view import View, ViewTransform

millimetres = st.floats(0.001, 20)


@given(
    st.builds(View, st.floats(0.05, 40), turns=st.integers(0, 3)),
    millimetres,
    millimetres,
    st.tuples(st.integers(50, 4000), st.integers(50, 4000)),
)
def test_rulers_span_their_length_on_the_image(
    view: View, row_mm: float, column_mm: float, viewport: tuple[int, int]
) -> None:
    transform = ViewTransform(view, (512, 400), viewport, 1.0)
    both = rulers(transform, Spacing(row_mm, column_mm, SpacingKind.PATIENT))
    ends = [((0.0, 0.0), (1.0, 0.0)), ((0.0, 0.0), (0.0, 1.0))]
    for ruler, (start, stop), side in zip(both, ends, viewport, strict=True):
        assert ruler is not None
        x0, y0 = transform.to_image(start)
        x1, y1 = transform.to_image((stop[0] * ruler.pixels, stop[1] * ruler.pixels))
        length = math.hypot((x1 - x0) * column_mm, (y1 - y0) * row_mm)
        assert length == pytest.approx(ruler.length_mm, rel=1e-6)
        assert ruler.pixels <= side * 0.4 * 1.0001
        assert ruler.pixels * 2.51 >= side * 0.4
        digit = ruler.length_mm / 10.0 ** math.floor(
            math.log10(ruler.length_mm * 1.0001)
        )
        assert min(abs(digit - d) for d in (1, 2, 5)) < 1e-6


def test_labels_are_in_the_unit_one_reads() -> None:
    def label(column_mm: float, zoom: float) -> str:
        transform = ViewTransform(View(zoom=zoom), (1000, 1000), (1000, 1000))
        ruler, _ = rulers(
            transform, Spacing(column_mm, column_mm, SpacingKind.DETECTOR)
        )
        assert ruler is not None
        assert ruler.kind is SpacingKind.DETECTOR
        return f"{ruler.label} in {ruler.divisions}"

    assert label(0.5, 1.0) == "20 cm in 2"
    assert label(0.3, 1.0) == "10 cm in 10"
    assert label(0.05, 2.0) == "1 cm in 10"
    assert label(0.05, 4.0) == "5 mm in 5"
    assert label(0.001, 1.0) == "0.2 mm in 2"
    assert label(0.0002, 1.0) == "50 µm in 5"


def test_the_caption_says_what_is_not_the_patient() -> None:
    transform = ViewTransform(View(zoom=1.0), (1000, 1000), (1000, 1000))
    for kind, caption in (
        (SpacingKind.PATIENT, "20 cm"),
        (SpacingKind.CALIBRATED, "20 cm calibrated"),
        (SpacingKind.DETECTOR, "20 cm detector plane"),
    ):
        ruler, _ = rulers(transform, Spacing(0.5, 0.5, kind))
        assert ruler is not None
        assert ruler.caption == caption


def test_without_spacing_there_is_no_ruler() -> None:
    transform = ViewTransform(View(), (10, 10), (100, 100))
    assert rulers(transform, None) == (None, None)
