"""Frames that one request asks a worker for are those that are asked for alone."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from tests.dicom.code_streams import pixel_format, slope
from tests.dicom.test_codec_rooms import rle
from viewer.core.errors import PixelError
from viewer.core.image import FrameIndex, Image
from viewer.dicom import frames
from viewer.services import run_decoding
from viewer.services.frame_ref import FrameRef
from viewer.services.store import stamp_of
from viewer.services.worker_messages import Decode
from viewer.services.workers import Workers

VALUES = slope(12, signed=True)


@pytest.fixture
def film(tmp_path: Path) -> FrameRef:
    """Three frames of run lengths; the second one is damaged."""
    code = rle(VALUES.view(np.uint16) & 0xFFF)
    path = tmp_path / "film"
    path.write_bytes(code + bytes(len(code)) + code)
    places = tuple(((n * len(code), len(code)),) for n in range(3))
    pixels = replace(pixel_format(VALUES, ".5", 12), frames=3)
    return FrameRef(str(path), Image(pixels, FrameIndex(places)), 1, stamp_of(path))


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Decode]:
    """What workers are asked."""
    found: list[Decode] = []
    send = run_decoding.RunDecoding._request

    def noted(*given: object) -> Decode:
        found.append(send(*given))  # type: ignore[arg-type] # passed on
        return found[-1]

    monkeypatch.setattr(run_decoding.RunDecoding, "_request", noted)
    return found


def new_room(ref: FrameRef) -> npt.NDArray[np.uint8]:
    return np.empty(2 * ref.image.pixels.frame_pixels, np.uint8)


def test_run_lengths_come_in_planes_where_several_go_together(
    workers: Workers, film: FrameRef, asked: list[Decode]
) -> None:
    rooms = [np.full(VALUES.nbytes, number, np.uint8) for number in range(3)]
    rest = iter(rooms)

    first, broken, last = workers.decode_run(
        [replace(film, number=number) for number in (1, 2, 3)], lambda _: next(rest)
    )

    assert [one.apart for one in asked] == [True]
    assert isinstance(broken, PixelError)
    for frame, room in ((first, rooms[0]), (last, rooms[2])):
        assert isinstance(frame, np.ndarray)
        assert frame.dtype == VALUES.dtype
        np.testing.assert_array_equal(frame, VALUES)
        assert np.shares_memory(frame, room)


def test_a_frame_alone_comes_as_it_is(
    workers: Workers, film: FrameRef, asked: list[Decode]
) -> None:
    np.testing.assert_array_equal(workers.decode(film), VALUES)

    assert [one.apart for one in asked] == [False]


def test_a_fault_while_frames_are_laid_out_costs_no_worker_and_no_memory(
    workers: Workers, film: FrameRef, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(frames, "join_planes", failing)
    faults: list[BaseException] = []
    try:
        workers.decode_run([film, replace(film, number=3)], new_room)
    except RuntimeError as fault:
        faults.append(fault)  # as who has it told keeps it

    many = [replace(film, number=number) for number in (1, 3) * 400]
    monkeypatch.undo()
    assert len(faults) == 1
    assert all(
        isinstance(one, np.ndarray) for one in workers.decode_run(many, new_room)
    )
