"""What is found of letters, and what lies beside regions, becomes boxes."""

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewer.core.boxes import Box
from viewer.core.grayscale import LookupTable
from viewer.core.image import Image, Palette, PixelFormat
from viewer.core.region_boxes import beside_regions
from viewer.core.text_lines import Extent, to_boxes, with_room
from viewer.core.text_pictures import Film, greys_of, to_pictures
from viewer.core.ultrasound import BEYOND, UltrasoundRegion

COLUMNS, ROWS = 40, 30


def covered(boxes: tuple[Box, ...]) -> npt.NDArray[np.int64]:
    """How often each pixel is covered."""
    found = np.zeros((ROWS, COLUMNS), np.int64)
    for box in boxes:
        found[box.row : box.bottom, box.column : box.right] += 1
    return found


@st.composite
def _regions(draw: st.DrawFn) -> UltrasoundRegion:
    left, top = draw(st.integers(0, COLUMNS - 1)), draw(st.integers(0, ROWS - 1))
    right = draw(st.integers(left, COLUMNS))  # some write one more
    bottom = draw(st.integers(top, ROWS))
    return UltrasoundRegion(left, top, right, bottom)


@given(st.lists(_regions(), min_size=1, max_size=5))
def test_every_pixel_is_in_a_region_or_in_one_box(
    regions: list[UltrasoundRegion],
) -> None:
    inside = np.zeros((ROWS, COLUMNS), bool)
    for one in regions:
        inside[one.top : one.bottom + 1, one.left : one.right + 1] = True

    boxes = beside_regions(regions, COLUMNS, ROWS)

    assert np.array_equal(covered(boxes), (~inside).astype(np.int64))


def test_without_regions_or_with_wrong_ones_nothing_is_known() -> None:
    wrong = UltrasoundRegion(0, 0, 99, 99, content=BEYOND)

    assert beside_regions([], COLUMNS, ROWS) == ()
    assert beside_regions([UltrasoundRegion(1, 1, 5, 5), wrong], COLUMNS, ROWS) == ()


def _extents() -> st.SearchStrategy[Extent]:
    place = st.floats(-5, 45, allow_nan=False)
    size = st.floats(0.5, 20)
    return st.builds(
        lambda left, top, width, height: (left, top, left + width, top + height),
        place,
        place,
        size,
        size,
    )


@given(st.lists(_extents(), max_size=8))
def test_boxes_hold_all_that_was_found_in_the_image(extents: list[Extent]) -> None:
    held = covered(to_boxes(extents, COLUMNS, ROWS)) > 0

    row, column = np.mgrid[:ROWS, :COLUMNS] + 0.5
    for left, top, right, bottom in extents:
        across = (left <= column) & (column < right)
        assert held[across & (top <= row) & (row < bottom)].all()


def test_words_of_a_line_are_one_box_and_lines_are_two() -> None:
    line = [(2.0, 5.0, 10.0, 9.0), (12.0, 5.0, 20.0, 9.0), (2.0, 15.0, 20.0, 19.0)]

    assert to_boxes(line, COLUMNS, ROWS) == (Box(2, 5, 18, 4), Box(2, 15, 18, 4))


@pytest.mark.parametrize("upright", [False, True])
def test_there_is_more_room_where_a_line_begins_and_ends(
    upright: bool,  # noqa: FBT001 - a case
) -> None:
    core = (10.0, 10.0, 14.0, 30.0) if upright else (10.0, 10.0, 30.0, 14.0)

    left, top, right, bottom = with_room(core)

    along, across = (top, left) if upright else (left, top)
    assert along < across < 10
    assert min(right - core[2], bottom - core[3]) > 0


def _image(photometric: str, samples: int = 1, bits: int = 8) -> Image:
    pixels = PixelFormat(
        "1.2.840.10008.1.2.1",
        4,
        4,
        samples=samples,
        photometric=photometric,
        bits_allocated=8 if bits == 8 else 16,
        bits_stored=bits,
    )
    return Image(pixels)


def test_letters_that_differ_by_colour_alone_have_a_plane_of_their_own() -> None:
    stored = np.full((4, 4, 3), 100, np.uint8)
    stored[1, 1:3] = (255, 0, 41)  # as bright as the grey around it

    greys, strength = greys_of(stored, _image("RGB", 3), "RGB")

    assert np.ptp(greys) < 20
    assert strength[1, 1] - strength[0, 0] > 200


def test_greys_are_one_plane_whatever_they_are_stored_as() -> None:
    assert len(greys_of(np.zeros((4, 4), np.int16), _image("MONOCHROME1"), "")) == 1
    grey = np.full((4, 4, 3), 50, np.uint8)
    assert len(greys_of(grey, _image("RGB", 3), "RGB")) == 1


def test_values_that_are_no_numbers_make_no_picture_of_their_own() -> None:
    stored = np.array([[np.nan, np.inf], [-np.inf, 2.0]])

    (greys,) = greys_of(stored, _image("MONOCHROME2"), "")

    assert greys.tolist() == [[0, 0], [0, 2]]


def test_faint_letters_beside_metal_show_in_the_second_picture() -> None:
    greys = np.tile(np.arange(1000, 1040, dtype=np.float32), (40, 1))
    greys[5:8, 5:20] += 30
    greys[30:33, 30] = 60_000

    whole, middle = to_pictures(greys)

    assert int(whole[6, 6]) - int(whole[9, 6]) < 65535 * 0.01
    assert int(middle[6, 6]) - int(middle[9, 6]) > 65535 * 0.3


def test_a_picture_of_one_value_needs_no_look() -> None:
    assert to_pictures(np.full((4, 4), 7, np.float32)) == []


def test_a_film_shows_what_stands_still_and_what_was_ever_bright() -> None:
    dice = np.random.default_rng(1)
    film = Film()
    for number in range(6):
        frame = dice.uniform(0, 100, (20, 20)).astype(np.float32)
        frame[2:4, 2:9] = 180  # letters in all frames
        if number == 3:
            frame[10:12, 2:9] = 240  # and in one
        film.add(frame)

    still, brightest = film.planes()

    assert (still[2:4, 2:9] == 180).all()
    assert (still[12:, 12:] < 1).all()
    assert (brightest[10:12, 2:9] == 240).all()


def test_a_film_without_frames_has_no_planes() -> None:
    assert Film().planes() == []


def test_colours_of_a_palette_are_looked_at_not_its_numbers() -> None:
    ramp = LookupTable(0, 16, np.arange(0, 65536, 257, dtype="<u2").tobytes())
    image = Image(_image("PALETTE COLOR").pixels, palette=Palette(ramp, ramp, ramp))
    stored = np.array([[0, 255], [128, 3]], np.uint8)

    (greys,) = greys_of(stored, image, "PALETTE COLOR")

    assert np.abs(greys - stored).max() < 1
