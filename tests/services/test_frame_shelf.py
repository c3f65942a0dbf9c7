"""Memory of forgotten frames is used again, that of frames somebody holds never."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewer.services.frame_shelf import FrameShelf


def address(cells: npt.NDArray[np.uint8]) -> int:
    return int(cells.__array_interface__["data"][0])


def test_a_piece_whose_frames_are_gone_is_used_again() -> None:
    shelf = FrameShelf(8192)
    first = address(shelf.room(8000).cells)
    shelf.room(8000)  # the first piece is full, and nobody has it any more

    assert address(shelf.room(8000).cells) == first


@pytest.mark.parametrize(
    "view",
    [
        lambda cells: cells[100:200][::2],
        lambda cells: cells.view(np.int16).reshape(40, 100).T,
        lambda cells: cells.reshape(80, 100)[::-1, 5:9],
        lambda cells: memoryview(cells)[4:10],
    ],
    ids=["slice", "words", "picture", "bytes"],
)
def test_a_piece_is_not_used_again_while_any_view_of_it_lives(
    view: Callable[[npt.NDArray[np.uint8]], npt.ArrayLike],
) -> None:
    shelf = FrameShelf(8192)
    cells = shelf.room(8000).cells
    cells[...] = 7
    held = view(cells)
    before = np.array(held)
    del cells

    for _ in range(5):
        shelf.room(8000).cells[...] = 9

    np.testing.assert_array_equal(np.array(held), before)


@given(
    st.lists(
        st.tuples(st.integers(1, 5000), st.booleans(), st.integers(0, 20)),
        max_size=60,
    )
)
def test_no_frame_that_is_held_ever_changes(
    turns: list[tuple[int, bool, int]],
) -> None:
    shelf, held = FrameShelf(4096), list[tuple[int, npt.NDArray[np.uint8]]]()
    for number, (size, keep, forgotten) in enumerate(turns):
        cells = shelf.room(size).cells
        cells[...] = number % 251
        if keep:
            held.append((number % 251, cells))
        if forgotten < len(held):
            del held[forgotten]
        del cells
        assert all((frame == value).all() for value, frame in held)


def test_large_frames_are_laid_in_memory_of_large_ones() -> None:
    shelf = FrameShelf(4096)
    first = address(shelf.room(9000).cells)
    shelf.room(4000)  # does not fit beside it

    assert address(shelf.room(12000).cells) == first


def test_little_is_kept_for_later() -> None:
    shelf = FrameShelf(4096, spare=3 * 4096)
    rooms = [shelf.room(4096) for _ in range(20)]
    del rooms

    assert sum(map(len, shelf._spare)) == 3 * 4096


def test_a_shelf_that_was_cleared_keeps_nothing() -> None:
    shelf = FrameShelf(4096)
    for _ in range(3):
        shelf.room(4096)
    shelf.clear()

    assert not shelf._spare
