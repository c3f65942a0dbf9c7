"""Frames come in the order the hand needs them, each decoded once."""

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from tests.services.frames_on_disk import VALUES, compressed, hostile, plain
from viewer.core.errors import Cancelled, PixelError, UnreadableError, ViewerError
from viewer.services.decoding import Decoding, FrameRef, Purpose
from viewer.services.frame_queue import Result
from viewer.services.workers import Workers

PATIENCE = 60


def at_once(call: Callable[[], None]) -> None:
    call()


@dataclass
class Listener:
    """Takes answers, and can be waited for."""

    frames: list[tuple[int, npt.NDArray[Any]]] = field(default_factory=list)
    errors: list[ViewerError] = field(default_factory=list)
    _came: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))

    def done(self, ref: FrameRef, frame: npt.NDArray[Any]) -> None:
        """Take a frame."""
        self.frames.append((ref.number, frame))
        self._came.release()

    def failed(self, _: FrameRef, error: ViewerError) -> None:
        """Take a reason."""
        self.errors.append(error)
        self._came.release()

    def wait(self, answers: int = 1) -> None:
        """Wait for more answers."""
        for _ in range(answers):
            assert self._came.acquire(timeout=PATIENCE)

    @property
    def numbers(self) -> list[int]:
        """Which frames came, in order."""
        return [number for number, _ in self.frames]


class Gate:
    """Holds the one thread of a `Decoding` until it is opened, and counts."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.started: list[int] = []
        self._entered, self._open = threading.Semaphore(0), threading.Event()
        read = Decoding._decoded

        def held(
            decoding: Decoding, refs: Sequence[FrameRef], soon: float | None
        ) -> dict[FrameRef, Result]:
            self.started += [ref.number for ref in refs]
            self._entered.release()
            assert self._open.wait(PATIENCE)
            return read(decoding, refs, soon)

        monkeypatch.setattr(Decoding, "_decoded", held)

    def wait_for_one(self) -> None:
        """Wait until the thread has begun another frame."""
        assert self._entered.acquire(timeout=PATIENCE)

    def open(self) -> None:
        """Let it go on."""
        self._open.set()


@pytest.fixture
def decoding() -> Iterator[Decoding]:
    with Decoding(at_once, threads=1) as one:
        yield one


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Gate:
    return Gate(monkeypatch)


def test_a_frame_is_brought_read_only_and_then_in_memory(
    decoding: Decoding, tmp_path: Path
) -> None:
    (ref,) = plain(tmp_path)
    listener = Listener()
    assert decoding.cached(ref) is None

    decoding.request(ref, Purpose.INTERACTION, listener.done, listener.failed)
    listener.wait()

    ((number, frame),) = listener.frames
    assert (number, frame.tolist()) == (1, [[1] * 8] * 8)
    assert decoding.cached(ref) is frame
    with pytest.raises(ValueError, match="read-only"):
        frame[0, 0] = 9


def test_a_compressed_frame_is_brought_by_a_worker(
    decoding: Decoding, tmp_path: Path
) -> None:
    frame = decoding.frame(compressed(tmp_path))

    np.testing.assert_array_equal(frame, VALUES)
    assert not frame.flags.writeable


def test_the_hand_comes_first_then_what_lies_ahead_then_thumbnails(
    decoding: Decoding, tmp_path: Path, gate: Gate
) -> None:
    refs, listener = plain(tmp_path, 6), Listener()
    order = [
        Purpose.INTERACTION,  # holds the thread
        Purpose.THUMBNAIL,
        Purpose.PREFETCH,
        Purpose.PREFETCH,
        Purpose.INTERACTION,
        Purpose.INTERACTION,
    ]
    decoding.request(refs[0], order[0], listener.done, listener.failed)
    gate.wait_for_one()
    for ref, purpose in zip(refs[1:], order[1:], strict=True):
        decoding.request(ref, purpose, listener.done, listener.failed)
    gate.open()
    listener.wait(6)

    assert gate.started == [1, 5, 6, 3, 4, 2]


def test_what_is_asked_again_more_urgently_moves_forward(
    decoding: Decoding, tmp_path: Path, gate: Gate
) -> None:
    refs, listener = plain(tmp_path, 4), Listener()
    decoding.request(refs[0], Purpose.INTERACTION, listener.done, listener.failed)
    gate.wait_for_one()
    for ref in refs[1:]:
        decoding.request(ref, Purpose.PREFETCH, listener.done, listener.failed)
    decoding.request(refs[3], Purpose.INTERACTION, listener.done, listener.failed)
    gate.open()
    listener.wait(5)

    assert gate.started == [1, 4, 2, 3]
    assert sorted(listener.numbers) == [1, 2, 3, 4, 4]


def test_a_frame_two_ask_for_is_decoded_once(
    decoding: Decoding, tmp_path: Path, gate: Gate
) -> None:
    (ref,) = plain(tmp_path)
    listener = Listener()
    for purpose in (Purpose.PREFETCH, Purpose.INTERACTION, Purpose.THUMBNAIL):
        decoding.request(ref, purpose, listener.done, listener.failed)
    gate.open()
    listener.wait(3)

    assert gate.started == [1]
    assert len({id(frame) for _, frame in listener.frames}) == 1


def test_a_dropped_wish_is_neither_decoded_nor_answered(
    decoding: Decoding, tmp_path: Path, gate: Gate
) -> None:
    refs, listener = plain(tmp_path, 4), Listener()
    first = decoding.request(
        refs[0], Purpose.INTERACTION, listener.done, listener.failed
    )
    gate.wait_for_one()
    tickets = [
        decoding.request(ref, Purpose.PREFETCH, listener.done, listener.failed)
        for ref in refs[1:]
    ]
    first.drop()
    tickets[0].drop()
    tickets[1].drop()
    decoding.request(refs[2], Purpose.PREFETCH, listener.done, listener.failed)
    gate.open()
    listener.wait(2)

    assert gate.started == [1, 3, 4]  # it keeps the place it had
    assert listener.numbers == [3, 4]
    assert decoding.cached(refs[0]) is not None  # it had begun: kept all the same


def test_an_answer_on_its_way_is_not_delivered_after_the_wish_was_dropped(
    tmp_path: Path,
) -> None:
    posted: list[Callable[[], None]] = []
    came = threading.Event()

    def post(call: Callable[[], None]) -> None:
        posted.append(call)
        came.set()

    listener = Listener()
    with Decoding(post, threads=1) as decoding:
        (ref,) = plain(tmp_path)
        ticket = decoding.request(
            ref, Purpose.INTERACTION, listener.done, listener.failed
        )
        assert came.wait(PATIENCE)
        ticket.drop()
        posted[0]()

    assert not listener.frames


def test_one_thread_stays_free_for_the_hand(tmp_path: Path, gate: Gate) -> None:
    refs, listener = plain(tmp_path, 31), Listener()
    with Decoding(at_once, threads=2) as decoding:
        for ref in refs[:30]:
            decoding.request(ref, Purpose.PREFETCH, listener.done, listener.failed)
        gate.wait_for_one()
        decoding.request(refs[30], Purpose.INTERACTION, listener.done, listener.failed)
        gate.wait_for_one()
        *together, hand = gate.started
        assert hand == 31
        assert together == list(range(1, len(together) + 1))
        assert len(together) < 30
        gate.open()
        listener.wait(31)


def test_a_changed_or_missing_file_says_so(decoding: Decoding, tmp_path: Path) -> None:
    refs, listener = plain(tmp_path, 2), Listener()
    Path(refs[0].path).write_bytes(b"something else")
    decoding.request(refs[0], Purpose.INTERACTION, listener.done, listener.failed)
    listener.wait()
    Path(refs[0].path).unlink()
    decoding.request(refs[1], Purpose.INTERACTION, listener.done, listener.failed)
    listener.wait()

    assert all(isinstance(error, UnreadableError) for error in listener.errors)
    assert "changed" in listener.errors[0].message
    assert "not where it was" in listener.errors[1].message


def test_what_cannot_be_decoded_is_tried_only_once(
    decoding: Decoding, tmp_path: Path, gate: Gate
) -> None:
    (ref,) = plain(tmp_path)
    bad, listener = replace(ref, number=7), Listener()
    gate.open()
    for _ in range(3):
        decoding.request(bad, Purpose.INTERACTION, listener.done, listener.failed)
        listener.wait()

    assert gate.started == [7]
    assert [error.message for error in listener.errors] == [
        "There is no frame 7: the image has 1."
    ] * 3
    with pytest.raises(PixelError, match="no frame 7"):
        decoding.frame(bad)


def test_a_fault_of_the_program_reaches_the_crash_handler(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    posted: list[Callable[[], None]] = []
    came = threading.Event()

    def post(call: Callable[[], None]) -> None:
        posted.append(call)
        came.set()

    def broken(*_: object) -> None:
        raise KeyError("a bug")

    monkeypatch.setattr(Decoding, "_decoded", broken)
    listener = Listener()
    with Decoding(post, threads=1) as decoding:
        (ref,) = plain(tmp_path)
        decoding.request(ref, Purpose.INTERACTION, listener.done, listener.failed)
        assert came.wait(PATIENCE)
        with pytest.raises(KeyError):
            posted[0]()

    assert len(listener.errors) == 1


def test_closing_drops_what_waits_and_ends_what_runs(tmp_path: Path) -> None:
    listener = Listener()
    decoding = Decoding(at_once, threads=1)
    decoding.frame(compressed(tmp_path))
    for ref in (hostile(tmp_path, 1000), *plain(tmp_path, 3)):
        decoding.request(ref, Purpose.PREFETCH, listener.done, listener.failed)

    decoding.close()

    answers = len(listener.frames) + len(listener.errors)
    assert answers < 4
    late = decoding.request(
        plain(tmp_path)[0], Purpose.INTERACTION, listener.done, listener.failed
    )
    assert late.dropped
    with pytest.raises(Cancelled):
        decoding.frame(plain(tmp_path)[0])
    assert not [t for t in threading.enumerate() if t.name.startswith("decode-")]


def test_what_lies_ahead_of_the_hand_is_decoded_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    listener = Listener()
    good = [compressed(tmp_path, f"good{n}") for n in range(30)]
    bad = replace(good[0], path=str(tmp_path / "good"), stamp=None)
    wanted = [*good[:20], bad, *good[20:]]
    asked: list[int] = []
    with Workers(2) as workers, Decoding(at_once, workers, threads=2) as decoding:
        decode = workers.decode_run

        def counted(refs: Sequence[FrameRef], *rest: Any) -> Any:
            asked.append(len(refs))
            return decode(refs, *rest)

        monkeypatch.setattr(workers, "decode_run", counted)
        decoding.frame(good[0])
        for ref in wanted:
            decoding.request(ref, Purpose.PREFETCH, listener.done, listener.failed)
        listener.wait(len(wanted))

    assert max(asked) > 1
    assert sum(asked) == len(good) + 1
    assert len(listener.frames) == len(good)
    for _, brought in listener.frames:
        np.testing.assert_array_equal(brought, VALUES)
        assert not brought.flags.writeable
    (error,) = listener.errors
    assert "cannot be read" in error.message


def test_a_frame_that_has_no_place_does_not_take_others_along(
    tmp_path: Path,
) -> None:
    good = compressed(tmp_path)
    with Workers(1) as workers:
        fine, broken = workers.decode_run(
            [good, replace(good, number=9)], lambda _: np.empty(VALUES.nbytes, np.uint8)
        )
        np.testing.assert_array_equal(fine, VALUES)
        assert isinstance(broken, PixelError)


def test_what_is_made_of_a_frame_is_made_by_another_thread_and_after_the_hand(
    decoding: Decoding, tmp_path: Path, gate: Gate
) -> None:
    (ref,) = plain(tmp_path)
    events: list[str] = []
    listener = Listener()

    def make(frame: npt.NDArray[Any]) -> int:
        events.append(threading.current_thread().name)
        return int(frame.sum())

    def made(_: FrameRef, total: int) -> None:
        events.append(f"made {total}")
        listener.done(ref, np.zeros(0))

    def brought(_: FrameRef, frame: npt.NDArray[Any]) -> None:
        events.append("brought")
        listener.done(ref, frame)

    def refuse(_: npt.NDArray[Any]) -> int:
        raise PixelError("Not to be painted.")

    decoding.request_made(ref, Purpose.THUMBNAIL, make, made, listener.failed)
    gate.wait_for_one()
    decoding.request(ref, Purpose.INTERACTION, brought, listener.failed)
    gate.open()
    listener.wait(2)
    assert events == ["brought", "decode-0", "made 64"]

    dropped = decoding.request_made(ref, Purpose.LATER, refuse, made, listener.failed)
    dropped.drop()
    decoding.request_made(ref, Purpose.LATER, refuse, made, listener.failed)
    listener.wait()
    assert [error.message for error in listener.errors] == ["Not to be painted."]
