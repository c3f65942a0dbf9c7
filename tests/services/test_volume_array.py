"""Slices of a stack lie side by side in one array, and let go of its memory."""

import gc
from pathlib import Path

import numpy as np
import numpy.typing as npt
import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewer.core.image import FrameIndex, Image, PixelFormat
from viewer.services.decoding import Decoding
from viewer.services.frame_ref import FrameRef, StackPlace
from viewer.services.volume_array import CAN_RESERVE, VolumeArray

pytestmark = pytest.mark.skipif(
    not CAN_RESERVE, reason="where address space costs memory there are no volumes"
)

SIDE = 64
WORDS = np.dtype(np.uint16)


def refs(folder: Path, count: int, stack: str = "stack") -> list[FrameRef]:
    """Slices of one file, each of its own numbers."""
    path = folder / "frames"
    values = np.arange(count * SIDE * SIDE, dtype=np.uint32).astype(np.uint16)
    path.write_bytes(values.tobytes())
    size = 2 * SIDE * SIDE
    image = Image(
        PixelFormat("1.2.840.10008.1.2.1", SIDE, SIDE, frames=count),
        FrameIndex(tuple(((number * size, size),) for number in range(count))),
    )
    return [
        FrameRef(str(path), image, number + 1, place=StackPlace(stack, number, count))
        for number in range(count)
    ]


def expected(count: int) -> npt.NDArray[np.uint16]:
    values = np.arange(count * SIDE * SIDE, dtype=np.uint32).astype(np.uint16)
    return values.reshape(count, SIDE, SIDE)


def address(values: npt.NDArray[np.generic]) -> int:
    return int(values.__array_interface__["data"][0])


def test_a_stack_that_is_here_is_one_array_and_nothing_is_held_twice(
    tmp_path: Path,
) -> None:
    known = refs(tmp_path, 40)
    with Decoding(lambda call: call()) as decoding:
        for ref in reversed(known):
            assert decoding.volume(known) is None
            decoding.frame(ref)
        volume = decoding.volume(known)

        assert volume is not None
        np.testing.assert_array_equal(volume, expected(40))
        assert not volume.flags.writeable
        for ref, plane in zip(known, volume, strict=True):
            assert address(decoding.frame(ref)) == address(plane)
        assert decoding.volume(known[::-1]) is None
        assert decoding.volume(known[1:]) is None
        assert decoding.volume([]) is None


def test_a_volume_stays_as_it_is_while_somebody_looks_at_it(tmp_path: Path) -> None:
    known = refs(tmp_path, 40)
    with Decoding(lambda call: call()) as decoding:
        for ref in known:
            decoding.frame(ref)
        volume = decoding.volume(known)
        assert volume is not None
        sagittal = volume[:, :, 7]
        del volume
    del decoding
    gc.collect()

    np.testing.assert_array_equal(sagittal, expected(40)[:, :, 7])


def test_slices_that_differ_in_form_lie_in_volumes_of_their_own(tmp_path: Path) -> None:
    known, others = refs(tmp_path, 4, "one"), refs(tmp_path, 4, "two")
    with Decoding(lambda call: call()) as decoding:
        for ref in (*known, *others[:3]):
            decoding.frame(ref)

        assert decoding.volume(known) is not None
        assert decoding.volume(others) is None


def test_a_room_is_given_once_while_anybody_looks_at_its_slab() -> None:
    volume = VolumeArray(1, 10, (SIDE, SIDE), WORDS)
    first = volume.room(3)
    assert first is not None
    assert volume.room(3) is None
    held = first.cells[5:9]
    del first
    assert volume.room(3) is None

    del held
    assert not volume.in_use
    again = volume.room(3)
    assert again is not None
    assert not again.cells.any()  # its memory was given back


def test_a_slab_that_is_forgotten_takes_its_slices_from_the_volume() -> None:
    volume = VolumeArray(1, 2, (SIDE, SIDE), WORDS)
    known = [FrameRef("nowhere", None, n) for n in (1, 2)]  # type: ignore[arg-type] # not read
    rooms = [volume.room(index) for index in range(2)]
    for ref, room in zip(known, rooms, strict=True):
        assert room is not None
        assert room.laid is not None
        room.laid(ref)
    assert volume.whole(known) is not None

    rooms.clear()
    del room
    assert volume.whole(known) is None


@given(
    st.integers(1, 1 << 20),
    st.lists(st.tuples(st.integers(0, 59), st.booleans()), max_size=40),
)
def test_no_slice_that_is_held_ever_changes(
    size: int, turns: list[tuple[int, bool]]
) -> None:
    volume = VolumeArray(1, 60, (1, size), np.dtype(np.uint8))
    held: dict[int, npt.NDArray[np.uint8]] = {}
    for index, keep in turns:
        room = volume.room(index)
        if room is None:
            if not keep:
                held.pop(index, None)
            continue
        assert room.cells.size == size
        assert index not in held
        room.cells[[0, -1]] = index + 1
        if keep:
            held[index] = room.cells
        del room
        assert all(set(cells[[0, -1]]) == {n + 1} for n, cells in held.items())


def test_memory_that_is_counted_is_the_memory_that_is_taken() -> None:
    """However the hand jumps: large pages are counted as a whole."""
    slices, side = 20_000, 128
    volume = VolumeArray(1, slices, (side, side), WORDS)
    me, counted, held = psutil.Process(), 0, []
    before = me.memory_info().rss
    for index in range(0, slices, 97):
        room = volume.room(index)
        assert room is not None
        assert room.laid is not None
        room.cells[...] = 1
        counted += room.laid(FrameRef("nowhere", None, index))  # type: ignore[arg-type] # not read
        held.append(room.cells)
    del room
    taken = me.memory_info().rss - before
    assert counted >= slices // 97 * 2 * side * side
    assert taken <= counted + (16 << 20)

    held.clear()
    assert not volume.in_use
    assert me.memory_info().rss - before <= 16 << 20


def test_a_volume_the_system_refuses_leaves_each_slice_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> VolumeArray:
        raise OSError

    monkeypatch.setattr("viewer.services.frame_rooms.VolumeArray", refuse)
    known = refs(tmp_path, 4)
    with Decoding(lambda call: call()) as decoding:
        for ref, plane in zip(known, expected(4), strict=True):
            np.testing.assert_array_equal(decoding.frame(ref), plane)
        assert decoding.volume(known) is None
