"""Boxes are rectangles of pixels, and reviews are about images of one size."""

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewer.core.boxes import Box, without_doubles
from viewer.core.identity import SeriesUID, SOPInstanceUID
from viewer.core.review import Review, Reviews, Verdict

SIDE, FRAMES = 24, 5
BOXES = st.builds(
    lambda column, row, width, height, first, more: Box(
        column, row, width, height, first, None if more is None else first + more
    ),
    st.integers(0, SIDE - 1),
    st.integers(0, SIDE - 1),
    st.integers(1, SIDE),
    st.integers(1, SIDE),
    st.integers(1, FRAMES),
    st.none() | st.integers(0, 2),
)


def covered(*boxes: Box) -> npt.NDArray[np.bool_]:
    """Which pixels of which frames."""
    found = np.zeros((FRAMES, 2 * SIDE, 2 * SIDE), bool)
    for box in boxes:
        for frame in range(1, FRAMES + 1):
            if box.lies_in(frame):
                found[frame - 1, box.row : box.bottom, box.column : box.right] = True
    return found


@given(BOXES, BOXES)
def test_a_box_holds_another_only_if_all_its_pixels_are_in_it(
    one: Box, other: Box
) -> None:
    if one.holds(other):
        assert not (covered(other) & ~covered(one)).any()


@given(st.lists(BOXES, max_size=6))
def test_without_doubles_the_same_pixels_are_covered(boxes: list[Box]) -> None:
    fewer = without_doubles(boxes)

    assert np.array_equal(covered(*fewer), covered(*boxes))
    assert set(fewer) <= set(boxes)


@given(BOXES, st.integers(1, SIDE), st.integers(1, SIDE))
def test_a_cut_box_covers_what_lies_in_the_image(
    box: Box, columns: int, rows: int
) -> None:
    cut = box.within(columns, rows)

    inside = covered(box)
    inside[:, rows:], inside[:, :, columns:] = False, False
    assert np.array_equal(covered(*([cut] if cut else [])), inside)


@pytest.mark.parametrize(
    "numbers",
    [(-1, 0, 1, 1), (0, -1, 1, 1), (0, 0, 0, 1), (0, 0, 1, 0), (0, 0, 1, 1, 0)],
)
def test_a_box_without_pixels_or_frames_cannot_be(numbers: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="box"):
        Box(*numbers)


def test_frames_end_after_they_begin() -> None:
    with pytest.raises(ValueError, match="frames"):
        Box(0, 0, 1, 1, first_frame=3, last_frame=2)


def test_a_box_beside_its_image_is_no_review() -> None:
    with pytest.raises(ValueError, match="in the image"):
        Review(20, 10, (Box(15, 0, 6, 2),))


IMAGE, SERIES = SOPInstanceUID("1.2.3"), SeriesUID("1.2")
SEEN = Review(20, 10, (Box(0, 0, 5, 5),), Verdict.REVIEWED)


def test_a_review_of_a_series_holds_for_its_images_of_that_size_only() -> None:
    reviews = Reviews().with_series(SERIES, SEEN)

    assert reviews.review_of(IMAGE, SERIES, 20, 10) == SEEN
    assert reviews.review_of(IMAGE, SERIES, 10, 20) is None
    assert reviews.review_of(IMAGE, SeriesUID("1.3"), 20, 10) is None


def test_what_is_said_of_an_image_goes_before_what_is_said_of_its_series() -> None:
    stays = Review(20, 10, (), Verdict.WITHHELD)
    reviews = Reviews().with_series(SERIES, SEEN).with_instance(IMAGE, stays)

    assert reviews.review_of(IMAGE, SERIES, 20, 10) == stays
    assert reviews.without_instance(IMAGE).review_of(IMAGE, SERIES, 20, 10) == SEEN


def test_an_image_of_another_size_than_was_reviewed_is_not_reviewed_by_its_series() -> (
    None
):
    other = Review(99, 99, (), Verdict.REVIEWED)
    reviews = Reviews().with_series(SERIES, SEEN).with_instance(IMAGE, other)

    assert reviews.review_of(IMAGE, SERIES, 20, 10) is None


def test_a_series_has_one_review_for_each_size() -> None:
    wider = Review(30, 10, (), Verdict.REVIEWED)
    later = Review(20, 10, (), Verdict.WITHHELD)
    reviews = Reviews()
    for review in (SEEN, wider, later):
        reviews = reviews.with_series(SERIES, review)

    assert set(reviews.of_series[SERIES]) == {wider, later}


def test_a_series_has_no_boxes_for_some_frames() -> None:
    some = Review(20, 10, (Box(0, 0, 5, 5, 2),), Verdict.REVIEWED)

    with pytest.raises(ValueError, match="every frame"):
        Reviews().with_series(SERIES, some)


def test_reviews_over_others_keep_what_only_the_others_say() -> None:
    other = SOPInstanceUID("1.2.4")
    below = Reviews({IMAGE: SEEN, other: SEEN}).with_series(SERIES, SEEN)
    stays = Review(20, 10, (), Verdict.WITHHELD)
    above = Reviews({IMAGE: stays}).with_series(SERIES, stays)

    both = above.over(below)

    assert both.of_instance == {IMAGE: stays, other: SEEN}
    assert both.of_series == {SERIES: (stays,)}


def test_only_what_was_looked_at_is_released() -> None:
    assert SEEN.releases
    assert not Review(20, 10).releases
    assert not Review(20, 10, verdict=Verdict.WITHHELD).releases
