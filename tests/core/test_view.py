"""ViewTransform against itself, and against what eyes expect."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewer.core.geometry import ImagePlane
from viewer.core.image import Frame, Spacing, SpacingKind
from viewer.core.view import View, ViewTransform, proportion

sizes = st.tuples(st.integers(1, 5000), st.integers(1, 5000))
points = st.tuples(st.floats(-100, 5000), st.floats(-100, 5000))
views = st.builds(
    View,
    zoom=st.none() | st.floats(0.05, 40),
    center=st.none() | points,
    turns=st.integers(0, 3),
    mirrored=st.booleans(),
)
transforms = st.builds(
    ViewTransform, views, sizes, sizes, st.floats(0.2, 5) | st.just(1.0)
)
EIGHT = [
    View(turns=turns, mirrored=mirrored)
    for turns in range(4)
    for mirrored in (False, True)
]


@given(transforms, points)
def test_a_point_survives_the_way_to_the_screen_and_back(
    transform: ViewTransform, point: tuple[float, float]
) -> None:
    there = transform.to_viewport(point)
    assert transform.to_image(there) == pytest.approx(point, abs=1e-6)


@given(transforms, points, st.floats(0.3, 3))
def test_zooming_keeps_the_point_under_the_hand(
    transform: ViewTransform, about: tuple[float, float], factor: float
) -> None:
    held = transform.to_image(about)
    zoomed = ViewTransform(
        transform.zoomed(factor, about),
        transform.image_size,
        transform.viewport,
        transform.row_proportion,
    )
    # The image lies on whole device pixels; the limits of zoom may stop it earlier.
    assert zoomed.to_viewport(held) == pytest.approx(about, abs=0.51)


@given(transforms, st.integers(-300, 300), st.integers(-300, 300))
def test_panning_moves_the_image_by_exactly_the_way_of_the_hand(
    transform: ViewTransform, dx: int, dy: int
) -> None:
    x, y = transform.corner
    panned = ViewTransform(
        transform.panned(dx, dy),
        transform.image_size,
        transform.viewport,
        transform.row_proportion,
    )
    assert panned.upright_size == transform.upright_size
    assert panned.corner == pytest.approx((x + dx, y + dy), abs=1)


@given(transforms)
def test_turning_and_flipping_keep_what_is_in_the_middle(
    transform: ViewTransform,
) -> None:
    width, height = transform.viewport
    view = transform.view
    if view.zoom is None:
        return  # a fitted image is fitted anew
    middle = transform.to_image((width / 2, height / 2))
    for changed in (
        view.turned(),
        view.turned(-1),
        view.flipped_horizontally(),
        view.flipped_vertically(),
    ):
        after = ViewTransform(
            changed, transform.image_size, transform.viewport, transform.row_proportion
        )
        assert after.to_viewport(middle) == pytest.approx(
            (width / 2, height / 2), abs=1.01
        )


@given(transforms)
def test_a_fitted_image_touches_two_sides_and_leaves_none(
    transform: ViewTransform,
) -> None:
    fitted = ViewTransform(
        transform.view.fitted(),
        transform.image_size,
        transform.viewport,
        transform.row_proportion,
    )
    (width, height), (across, down) = fitted.shown_size, fitted.viewport
    assert width <= across
    assert height <= down
    assert width == across or height == down
    left, top = fitted.corner
    assert 0 <= left <= across - width
    assert 0 <= top <= down - height


def on_screen(view: View) -> dict[str, tuple[float, float]]:
    """Which corner of the screen (−1 or 1) each corner of the image comes to."""
    transform = ViewTransform(view, (100, 100), (100, 100))
    corners = {"a": (0.0, 0.0), "b": (99.0, 0.0), "c": (99.0, 99.0), "d": (0.0, 99.0)}
    places = {name: transform.to_viewport(corner) for name, corner in corners.items()}
    return {
        name: (math.copysign(1, x - 50), math.copysign(1, y - 50))
        for name, (x, y) in places.items()
    }


CLOCKWISE = [(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)]


@pytest.mark.parametrize("view", EIGHT)
def test_a_turn_is_clockwise_on_the_screen(view: View) -> None:
    before, after = on_screen(view), on_screen(view.turned())
    for corner, place in before.items():
        follower = CLOCKWISE[(CLOCKWISE.index(place) + 1) % 4]
        assert after[corner] == follower


@pytest.mark.parametrize("view", EIGHT)
def test_flips_exchange_the_sides_of_the_screen(view: View) -> None:
    before = on_screen(view)
    assert on_screen(view.flipped_horizontally()) == {
        corner: (-x, y) for corner, (x, y) in before.items()
    }
    assert on_screen(view.flipped_vertically()) == {
        corner: (x, -y) for corner, (x, y) in before.items()
    }


def test_four_turns_and_two_flips_are_nothing() -> None:
    view = View(turns=1, mirrored=True)
    assert view.turned().turned().turned().turned() == view
    assert view.flipped_horizontally().flipped_horizontally() == view
    assert view.flipped_vertically().flipped_vertically() == view


def test_pixel_centres_are_whole_in_the_image_and_half_on_the_screen() -> None:
    transform = ViewTransform(View(zoom=1.0), (10, 10), (10, 10))
    assert transform.to_viewport((0, 0)) == (0.5, 0.5)
    assert transform.pixel_at((0.0, 9.999)) == (0, 9)
    assert transform.pixel_at((10.0, 0.0)) is None
    assert transform.pixel_at((-0.001, 0.0)) is None


def test_oblong_pixels_are_drawn_in_proportion() -> None:
    frame = Frame(spacing=Spacing(2.0, 1.0, SpacingKind.PATIENT))
    transform = ViewTransform(View(zoom=3.0), (10, 10), (99, 99), proportion(frame))
    assert transform.upright_size == (30, 60)


def test_proportion_is_rows_over_columns_whatever_says_so() -> None:
    plane = ImagePlane((0, 0, 0), (1, 0, 0), (0, 1, 0), 0.5, 1.5)
    assert proportion(Frame(spacing=Spacing(0.6, 0.2, SpacingKind.DETECTOR))) == (
        pytest.approx(3.0)
    )
    assert proportion(Frame(plane=plane)) == 3.0
    assert proportion(Frame(aspect=(4, 3))) == pytest.approx(4 / 3)
    assert proportion(Frame(aspect=(0, 0))) == 1.0
    assert proportion(Frame()) == 1.0
