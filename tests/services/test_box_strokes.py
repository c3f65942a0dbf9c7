"""The hand on boxes: nothing it does leaves the image or loses the box."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewer.core.boxes import Box
from viewer.services.box_strokes import Edge, dragged, drawn, held_at, in_the_middle

SIZE = (40, 30)
BOX = Box(10, 8, 12, 6)
ways = st.tuples(st.floats(-99, 99), st.floats(-99, 99))
edges = st.sampled_from([Edge(bits) for bits in range(1, 16)])


@st.composite
def boxes(draw: st.DrawFn) -> Box:
    column, row = draw(st.integers(0, 39)), draw(st.integers(0, 29))
    width, height = draw(st.integers(1, 40 - column)), draw(st.integers(1, 30 - row))
    return Box(column, row, width, height)


@given(boxes(), edges, ways)
def test_a_dragged_box_stays_in_the_image(
    box: Box, held: Edge, way: tuple[float, float]
) -> None:
    moved = dragged(box, held, way, SIZE)
    assert moved.within(*SIZE) == moved


@given(boxes(), ways)
def test_a_box_that_is_moved_keeps_its_size(box: Box, way: tuple[float, float]) -> None:
    moved = dragged(box, Edge.ALL, way, SIZE)
    assert (moved.width, moved.height) == (box.width, box.height)


@given(ways, ways)
def test_what_is_drawn_covers_every_pixel_it_touches(
    start: tuple[float, float], end: tuple[float, float]
) -> None:
    box = drawn(start, end, SIZE)
    if box is None:
        return
    assert box.within(*SIZE) == box
    for x in (start[0], end[0]):
        if 0 <= x <= SIZE[0]:
            assert box.column <= x <= box.right


@pytest.mark.parametrize(
    ("point", "held"),
    [
        ((16.0, 11.0), Edge.ALL),
        ((10.0, 11.0), Edge.LEFT),
        ((22.0, 11.0), Edge.RIGHT),
        ((16.0, 8.0), Edge.TOP),
        ((22.0, 14.0), Edge.RIGHT | Edge.BOTTOM),
    ],
)
def test_edges_and_corners_are_taken_where_they_are(
    point: tuple[float, float], held: Edge
) -> None:
    hold = held_at([BOX], point, 1.0)
    assert hold is not None
    assert hold.edges == held


def test_beside_a_box_nothing_is_taken() -> None:
    assert held_at([BOX], (30.0, 11.0), 1.0) is None


def test_the_chosen_box_is_taken_before_one_that_lies_over_it() -> None:
    over = Box(8, 6, 20, 12)
    hold = held_at([BOX, over], (16.0, 11.0), 1.0, first=0)
    assert hold is not None
    assert hold.place == 0
    hold = held_at([BOX, over], (16.0, 11.0), 1.0)
    assert hold is not None
    assert hold.place == 1


def test_a_drag_to_the_right_edge_makes_the_box_wider() -> None:
    assert dragged(BOX, Edge.RIGHT, (5, 9), SIZE) == Box(10, 8, 17, 6)
    assert dragged(BOX, Edge.LEFT | Edge.TOP, (-4, -2), SIZE) == Box(6, 6, 16, 8)


@pytest.mark.parametrize("size", [(1, 1), (3, 2), (512, 512)])
def test_a_box_made_by_key_lies_in_an_image_of_any_size(size: tuple[int, int]) -> None:
    box = in_the_middle((size[0] / 2, size[1] / 2), size)
    assert box.within(*size) == box
