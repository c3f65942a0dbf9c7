"""Values of drawings against sums done by hand, pixel by pixel, in fractions."""

import math
import statistics
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from viewer.core.annotation import Annotation, Shape
from viewer.core.enclosed import enclosed
from viewer.core.grayscale import GrayscaleDisplay, LookupTable, Padding, Rescale
from viewer.core.identity import SOPInstanceUID
from viewer.core.image import Frame, Image, PixelFormat, Spacing, SpacingKind
from viewer.core.measurement import Measurement
from viewer.core.measurement_text import because_text, label_lines, value_text
from viewer.core.measuring import measured
from viewer.core.real_world import RealWorldMap
from viewer.core.ultrasound import UltrasoundRegion
from viewer.core.view import Point, View, ViewTransform

ROWS, COLUMNS = 24, 32
RNG = np.random.default_rng(4)
STORED = RNG.integers(-2000, 3000, (ROWS, COLUMNS)).astype(np.int16)
PIXELS = PixelFormat("1.2.840.10008.1.2.1", ROWS, COLUMNS, signed=True)
CT = GrayscaleDisplay(rescale=Rescale(2.0, -1024.0, "HU"))
HALF = Spacing(0.5, 0.25, SpacingKind.PATIENT)

quarters = st.integers(-8, 4 * COLUMNS + 8).map(lambda n: n / 4)
anywhere = st.one_of(quarters, st.floats(-3, COLUMNS + 3, allow_nan=False))
corners = st.tuples(anywhere, anywhere)


def drawn(shape: Shape, *at: Point) -> Annotation:
    return Annotation("a", SOPInstanceUID("1.2"), 1, shape, at)


def image(
    spacing: Spacing | None = HALF,
    display: GrayscaleDisplay = CT,
    aspect: tuple[int, int] = (1, 1),
) -> Image:
    return Image(
        PIXELS, displays=(display,), frames=(Frame(spacing=spacing, aspect=aspect),)
    )


def value(found: Measurement, name: str) -> float:
    quantity = found.quantity(name)
    assert quantity is not None
    return quantity.value


def unit(found: Measurement, name: str) -> str:
    quantity = found.quantity(name)
    assert quantity is not None
    return quantity.unit


def by_hand(shape: Shape, at: tuple[Point, Point]) -> list[tuple[int, int]]:
    """Rows and columns inside, asked of every pixel alone, in fractions."""
    (x0, y0), (x1, y1) = [(Fraction(x), Fraction(y)) for x, y in at]
    left, right, top, bottom = min(x0, x1), max(x0, x1), min(y0, y1), max(y0, y1)
    found = []
    for row in range(ROWS):
        for column in range(COLUMNS):
            if shape is Shape.RECTANGLE:
                inside = left <= column <= right and top <= row <= bottom
            else:
                a, b = (right - left) / 2, (bottom - top) / 2
                across = (column - (left + right) / 2) / a
                down = (row - (top + bottom) / 2) / b
                inside = across * across + down * down <= 1
            if inside:
                found.append((row, column))
    return found


@settings(max_examples=150, deadline=None)
@given(st.sampled_from([Shape.RECTANGLE, Shape.ELLIPSE]), corners, corners)
def test_statistics_are_those_of_the_pixels_whose_centres_lie_inside(
    shape: Shape, a: Point, b: Point
) -> None:
    if a[0] == b[0] or a[1] == b[1] or (abs(a[0] - b[0]) < 1e-100):
        return
    found = measured(drawn(shape, a, b), image(), STORED)
    inside = by_hand(shape, (a, b))
    assert value(found, "pixels") == len(inside)
    if not inside:
        assert found.quantity("mean") is None
        return
    values = [2 * int(STORED[place]) - 1024 for place in inside]
    assert value(found, "sum") == sum(values)
    assert value(found, "mean") == pytest.approx(float(statistics.fmean(values)))
    assert value(found, "sd") == pytest.approx(statistics.pstdev(values), abs=1e-9)
    assert (value(found, "min"), value(found, "max")) == (min(values), max(values))
    assert unit(found, "mean") == "HU"


def test_a_centre_exactly_on_an_ellipse_is_inside_whatever_doubles_say() -> None:
    # (3, 4) lies on a circle of 5; 81 whole points are no further from its middle
    circle = drawn(Shape.ELLIPSE, (10 - 5, 10 - 5), (10 + 5, 10 + 5))
    inside = enclosed(circle, (COLUMNS, ROWS))
    mask = inside.mask
    assert mask is not None
    assert mask[10 + 3 - 5, 10 + 4 - 5]
    assert mask[10 + 4 - 5, 10 + 3 - 5]
    assert not mask[10 + 4 - 5, 10 + 4 - 5]
    assert inside.count == 81


def test_padding_is_left_out_and_said_so() -> None:
    padded = replace(CT, padding=Padding(-2000, -1000))
    found = measured(
        drawn(Shape.RECTANGLE, (0, 0), (31, 23)), image(display=padded), STORED
    )
    kept = STORED[STORED > -1000].astype(int) * 2 - 1024
    assert value(found, "pixels") == kept.size
    assert value(found, "left_out") == STORED.size - kept.size > 0
    assert value(found, "mean") == pytest.approx(kept.mean())
    assert any("padding" in line for line in label_lines(found))
    assert "Pixels left out" in because_text(found)


def test_only_padding_has_no_mean() -> None:
    padded = replace(CT, padding=Padding(-9999, 9999))
    found = measured(
        drawn(Shape.ELLIPSE, (0, 0), (9, 9)), image(display=padded), STORED
    )
    assert found.quantity("mean") is None
    assert "are padding" in because_text(found)


def test_what_is_no_number_is_left_out_of_float_pixels() -> None:
    stored = np.array([[1.5, np.nan], [np.inf, 2.5]], dtype=np.float32)
    pixels = replace(PIXELS, rows=2, columns=2)
    found = measured(drawn(Shape.RECTANGLE, (0, 0), (1, 1)), Image(pixels), stored)
    assert (value(found, "mean"), value(found, "left_out")) == (2.0, 2)


def test_values_of_a_modality_table_are_used() -> None:
    table = LookupTable(0, 16, np.arange(100, 200, dtype="<u2").tobytes(), "OD")
    stored = np.full((ROWS, COLUMNS), 7, dtype=np.uint16)
    lut = GrayscaleDisplay(modality_lut=table)
    found = measured(drawn(Shape.PROBE, (3, 3)), image(display=lut), stored)
    assert (value(found, "value"), unit(found, "value")) == (107, "OD")


def test_a_sum_of_whole_numbers_is_exact_beyond_doubles() -> None:
    stored = np.full((2, 2), 2**31 - 1, dtype=np.int32)
    stored[0, 0] = 2**31 - 2
    pixels = replace(PIXELS, rows=2, columns=2, bits_allocated=32, bits_stored=32)
    found = measured(drawn(Shape.RECTANGLE, (0, 0), (1, 1)), Image(pixels), stored)
    assert value(found, "sum") == 4 * (2**31 - 1) - 1


@given(corners, corners)
def test_a_length_counts_columns_and_rows_by_their_own_step(a: Point, b: Point) -> None:
    if a == b:
        return
    found = measured(drawn(Shape.LENGTH, a, b), image(), None)
    way = math.hypot((b[0] - a[0]) * 0.25, (b[1] - a[1]) * 0.5)
    assert value(found, "length") == pytest.approx(way)
    assert (unit(found, "length"), found.caution) == ("mm", "")


def test_without_spacing_there_are_pixels_and_the_reason() -> None:
    found = measured(drawn(Shape.LENGTH, (0, 0), (3, 4)), image(None), None)
    assert (value(found, "length"), unit(found, "length")) == (5, "px")
    assert found.caution
    assert label_lines(found) == ("5.0 px", found.caution)
    area = measured(drawn(Shape.RECTANGLE, (0, 0), (3, 4)), image(None), STORED)
    assert (value(area, "area"), unit(area, "area")) == (12, "px²")


def test_a_length_across_regions_of_an_ultrasound_image_is_in_pixels() -> None:
    left = UltrasoundRegion(0, 0, 15, ROWS - 1, row_mm=0.5, column_mm=0.25)
    right = UltrasoundRegion(16, 0, COLUMNS - 1, ROWS - 1, content="M-mode")
    regions = replace(image(None), regions=(left, right))
    inside = measured(drawn(Shape.LENGTH, (1, 1), (9, 1)), regions, None)
    assert (value(inside, "length"), unit(inside, "length")) == (2, "mm")
    across = measured(drawn(Shape.LENGTH, (1, 1), (20, 1)), regions, None)
    assert (value(across, "length"), unit(across, "length")) == (19, "px")
    assert across.caution == "It crosses regions of the ultrasound image."
    area = measured(drawn(Shape.ELLIPSE, (1, 1), (20, 9)), regions, STORED)
    assert unit(area, "area") == "px²"


def test_millimetres_of_a_detector_are_marked() -> None:
    detector = Spacing(0.2, 0.2, SpacingKind.DETECTOR, "ImagerPixelSpacing")
    found = measured(drawn(Shape.LENGTH, (0, 0), (30, 0)), image(detector), None)
    assert label_lines(found) == ("6.0 mm", "detector plane")
    assert "ImagerPixelSpacing (0018,1164)" in because_text(found)


@pytest.mark.parametrize(
    ("shape", "area"),
    [(Shape.RECTANGLE, 8 * 4 * 0.125), (Shape.ELLIPSE, math.pi * 4 * 2 * 0.125)],
)
def test_areas_are_square_millimetres(shape: Shape, area: float) -> None:
    found = measured(drawn(shape, (1, 2), (9, 6)), image(), STORED)
    assert value(found, "area") == pytest.approx(area)
    assert unit(found, "area") == "mm²"
    assert (value(found, "width"), value(found, "height")) == (2.0, 2.0)


def test_an_angle_knows_that_pixels_are_not_square() -> None:
    arms = drawn(Shape.ANGLE, (10, 0), (0, 0), (10, 5))
    assert value(measured(arms, image(), None), "angle") == pytest.approx(45)
    square = Spacing(1, 1, SpacingKind.PATIENT)
    steep = math.degrees(math.atan2(5, 10))
    assert value(measured(arms, image(square), None), "angle") == pytest.approx(steep)
    by_aspect = image(None, aspect=(2, 1))
    assert value(measured(arms, by_aspect, None), "angle") == pytest.approx(45)


def test_tiny_and_straight_angles_are_exact() -> None:
    tiny = drawn(Shape.ANGLE, (1e6, 1), (0, 0), (1e6, 0))
    exact = math.degrees(math.atan(1e-6))
    square = image(Spacing(1, 1, SpacingKind.PATIENT))
    assert value(measured(tiny, square, None), "angle") == pytest.approx(
        exact, rel=1e-9
    )
    straight = drawn(Shape.ANGLE, (-5, 0), (0, 0), (5, 0))
    assert value(measured(straight, square, None), "angle") == 180


@pytest.mark.parametrize(
    ("at", "pixel"),
    [((4.49, 2.49), (4, 2)), ((4.5, 2.5), (5, 3)), ((-0.5, 0), (0, 0))],
)
def test_a_probe_reads_the_pixel_it_lies_in(at: Point, pixel: tuple[int, int]) -> None:
    found = measured(drawn(Shape.PROBE, at), image(), STORED)
    stored = int(STORED[pixel[1], pixel[0]])
    assert value(found, "value") == 2 * stored - 1024
    assert f"Stored value: {stored}" in because_text(found)
    assert value_text(found).endswith(" HU")


def test_a_probe_tells_real_world_values_beside_the_modalitys() -> None:
    flow = RealWorldMap(-5000, 5000, 0.5, 0.0, label="RCBF", unit="ml")
    mapped = replace(image(), frames=(Frame(spacing=HALF, real_world=(flow,)),))
    found = measured(drawn(Shape.PROBE, (4, 2)), mapped, STORED)
    stored = int(STORED[2, 4])
    assert value(found, "value") == 2 * stored - 1024
    said = because_text(found).replace("−", "-")
    assert f"real world values: RCBF {stored / 2:g} ml" in said


def test_a_probe_beside_the_image_finds_nothing() -> None:
    found = measured(drawn(Shape.PROBE, (40, 3)), image(), STORED)
    assert (found.quantities, value_text(found)) == ((), "outside")


def test_a_probe_of_padding_says_so() -> None:
    padded = replace(CT, padding=Padding(-9999, 9999))
    found = measured(drawn(Shape.PROBE, (4, 3)), image(display=padded), STORED)
    assert value_text(found) == "padding"


def test_colours_have_no_mean_but_an_area() -> None:
    pixels = replace(
        PIXELS,
        samples=3,
        photometric="RGB",
        bits_allocated=8,
        bits_stored=8,
        high_bit=7,
    )
    colour = Image(pixels, frames=(Frame(spacing=HALF),))
    decoded = np.zeros((ROWS, COLUMNS, 3), dtype=np.uint8)
    decoded[3, 4] = (1, 2, 3)
    probe = measured(drawn(Shape.PROBE, (4, 3)), colour, decoded, "RGB")
    assert value_text(probe) == "R 1 G 2 B 3"
    area = measured(drawn(Shape.ELLIPSE, (0, 0), (9, 9)), colour, decoded, "RGB")
    assert area.quantity("mean") is None
    assert value_text(area).endswith("mm²")


def test_before_the_pixels_are_there_only_the_geometry_is_given() -> None:
    found = measured(drawn(Shape.ELLIPSE, (0, 0), (9, 9)), image(), None)
    assert not found.complete
    assert found.quantity("mean") is None
    assert value(found, "area") > 0
    assert value_text(found) == label_lines(found)[0] == "…"


@settings(deadline=None)
@given(
    st.sampled_from([Shape.LENGTH, Shape.ANGLE, Shape.RECTANGLE, Shape.ELLIPSE]),
    st.integers(0, 3),
    st.booleans(),
    st.floats(0.05, 40),
    st.tuples(st.floats(-5, 35), st.floats(-5, 30)),
)
def test_turning_mirroring_zooming_and_panning_never_change_a_value(
    shape: Shape,
    turns: int,
    mirrored: bool,  # noqa: FBT001 - Hypothesis gives it
    zoom: float,
    center: Point,
) -> None:
    """A drawing made on a turned, magnified screen measures what it did unturned."""
    at = ((2.25, 3.5), (20.75, 9.25), (8.5, 17.25))[: 3 if shape is Shape.ANGLE else 2]
    plain = measured(drawn(shape, *at), image(), STORED)
    view = View(zoom, center, turns, mirrored)
    transform = ViewTransform(view, (COLUMNS, ROWS), (800, 600), 2.0)
    drawn_there = tuple(transform.to_image(transform.to_viewport(p)) for p in at)
    there = measured(drawn(shape, *drawn_there), image(), STORED)
    assert len(there.quantities) == len(plain.quantities)
    for one, other in zip(plain.quantities, there.quantities, strict=True):
        assert one.name == other.name
        assert other.value == pytest.approx(one.value, rel=1e-9)
