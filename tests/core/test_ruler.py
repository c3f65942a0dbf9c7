"""A ruler is as long as it says."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewer.core.image import Frame, Image, PixelFormat, Spacing, SpacingKind
from viewer.core.ruler import rulers, rulers_of
from viewer.core.ultrasound import UltrasoundRegion
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


TISSUE = UltrasoundRegion(100, 50, 299, 249, 0.2, 0.5)
TRACE = UltrasoundRegion(0, 300, 399, 399, content="M-mode")
INSET = UltrasoundRegion(0, 0, 89, 89, 1.0, 1.0)


def ultrasound(*regions: UltrasoundRegion) -> Image:
    return Image(PixelFormat("1.2.840.10008.1.2.1", 400, 400), regions=regions)


@pytest.mark.parametrize("turns", range(4))
@pytest.mark.parametrize("mirrored", [False, True])
def test_the_ruler_of_an_ultrasound_lies_in_its_region(
    turns: int,
    mirrored: bool,  # noqa: FBT001 - pytest names its arguments
) -> None:
    view = View(zoom=2.0, turns=turns, mirrored=mirrored)
    transform = ViewTransform(view, (400, 400), (800, 800))
    both = rulers_of(transform, ultrasound(INSET, TRACE, TISSUE), 1)
    corners = [transform.to_viewport(p) for p in ((99.5, 49.5), (299.5, 249.5))]
    (left, right), (top, bottom) = (sorted(s) for s in zip(*corners, strict=True))
    across_mm = 0.2 if turns % 2 else 0.5  # a quarter turn lays the rows upright
    for ruler, mm in zip(both, (across_mm, 0.7 - across_mm), strict=True):
        assert ruler is not None
        assert ruler.ground == (left, top, right, bottom)
        assert ruler.pixels / ruler.length_mm == pytest.approx(2.0 / mm)
        assert ruler.pixels <= 400 * 0.4 * (1 + 1e-9)
        assert ruler.caption.endswith("ultrasound region")


def test_a_region_out_of_sight_leaves_the_ruler_to_one_in_sight() -> None:
    transform = ViewTransform(View(zoom=8.0, center=(40, 40)), (400, 400), (400, 400))
    bottom, _ = rulers_of(transform, ultrasound(TISSUE, INSET), 1)
    assert bottom is not None
    assert bottom.pixels / bottom.length_mm == pytest.approx(8.0)
    assert rulers_of(transform, ultrasound(TISSUE, TRACE), 1) == (None, None)


def test_an_image_with_one_spacing_has_rulers_on_the_whole_viewport() -> None:
    spacing = Spacing(0.5, 0.5, SpacingKind.PATIENT)
    image = Image(
        PixelFormat("1.2.840.10008.1.2.1", 4, 4), frames=(Frame(spacing=spacing),)
    )
    transform = ViewTransform(View(), (4, 4), (300, 300))
    assert rulers_of(transform, image, 1) == rulers(transform, spacing)
    assert all(ruler and ruler.ground is None for ruler in rulers(transform, spacing))
