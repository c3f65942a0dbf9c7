"""A large frame is shown smaller for a moment, and never measured so."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
import pytest
from typing_extensions import override

from tests.commands.desks import Turns
from tests.services.reading_studies import to_slices, to_study
from tests.services.studies_on_disk import with_pixels
from viewer.core.errors import PixelError
from viewer.core.grayscale import GrayscaleDisplay, Padding
from viewer.core.image import FrameIndex, PixelFormat
from viewer.core.opened import OpenSeries
from viewer.core.view import View
from viewer.dicom.frames import read_smaller, smaller
from viewer.services.decoding import Decoding, FrameRef, Purpose, Ticket
from viewer.services.frame_on_show import FrameOnShow, Subject
from viewer.services.frame_tickets import Done, Failed
from viewer.services.jobs import Jobs
from viewer.services.picture_cache import PictureCache
from viewer.services.reading_stacks import ReadingStacks
from viewer.services.stack_thumbnails import StackThumbnails
from viewer.services.store import stamp_of
from viewer.services.workers import Workers

HTJ2K = "1.2.840.10008.1.2.4.201"
ROWS, COLUMNS = 2051, 1203


def scene() -> Any:
    """Something smooth with a sign, and edges in it."""
    rows, columns = np.mgrid[:ROWS, :COLUMNS]
    values = 1000 + 600 * np.sin(rows / 90) * np.cos(columns / 70)
    values[600:1200, 300:700] += 300
    return values.astype(np.int16)


@cache
def scene_code() -> bytes:
    return bytes(imagecodecs.htj2k_encode(scene(), reversible=True))


def coded(folder: Path, uid: str = HTJ2K, **changes: Any) -> OpenSeries:
    """A series of one large image with a window in its header."""
    series = with_pixels(to_slices("1.2.1", [0.0]), folder)
    (stored,) = series.instances
    code = scene_code()
    path = folder / "large"
    path.write_bytes(code)
    pixels = PixelFormat(uid, ROWS, COLUMNS, signed=True)
    image = stored.instance.image
    assert image is not None
    placed = FrameIndex((((0, len(code)),),))
    image = replace(image, pixels=pixels, index=placed, **changes)
    instance = replace(stored.instance, image=image, transfer_syntax_uid=uid)
    found = replace(stored, instance=instance, path=str(path), stamp=stamp_of(path))
    return replace(series, instances=(found,))


def subject_of(series: OpenSeries, uid: str = "1.2") -> Subject:
    (stack,) = ReadingStacks([to_study(series, uid=uid)])
    return Subject(stack, 0)


class Holding(Decoding):
    """Brings whole frames no sooner than it is let to."""

    held: list[tuple[FrameRef, Done, Failed]]

    @override
    def request(
        self, ref: FrameRef, purpose: Purpose, done: Done, failed: Failed
    ) -> Ticket:
        if ref.steps:
            return super().request(ref, purpose, done, failed)
        self.held.append((ref, done, failed))
        return Ticket(done, failed)

    def let(self) -> None:
        """Bring what was held back."""
        for ref, done, failed in self.held:
            super().request(ref, Purpose.INTERACTION, done, failed)
        self.held.clear()


@pytest.fixture
def turns() -> Turns:
    return Turns()


@pytest.fixture
def holding(turns: Turns) -> Iterator[Holding]:
    with Holding(turns.post, threads=2) as made:
        made.held = []
        yield made


def test_a_large_frame_is_looked_at_smaller_until_it_is_here(
    turns: Turns, holding: Holding, tmp_path: Path
) -> None:
    frame = FrameOnShow(holding, lambda: None)
    subject = subject_of(coded(tmp_path))
    frame.want(subject)
    turns.until(lambda: frame.painter is not None)

    passing = frame.painter
    assert (frame.waiting, frame.subject) == (True, subject)
    assert (frame.decoded, frame.probe((100, 100))) == (None, None)
    assert frame.painter_for_file() is None

    holding.let()
    turns.until(lambda: not frame.waiting)
    assert frame.painter is not passing
    assert frame.decoded is not None
    np.testing.assert_array_equal(frame.decoded, scene())
    assert frame.painter_for_file() is frame.painter
    frame.close()


def test_the_smaller_picture_lies_where_the_frame_will_and_is_as_bright(
    turns: Turns, holding: Holding, tmp_path: Path
) -> None:
    frame = FrameOnShow(holding, lambda: None)
    subject = subject_of(coded(tmp_path))
    frame.want(subject)
    turns.until(lambda: frame.painter is not None)
    voi = subject.stack.display(0).windows[1]
    size = (500, 700)
    for view in (View(), View(turns=1, mirrored=True), View(zoom=2.0)):
        passing = frame.painter
        assert passing is not None
        full = subject.painter(scene())
        assert passing.transform(view, size) == full.transform(view, size)
        apart = np.abs(
            passing.paint(view, size, voi).astype(int) - full.paint(view, size, voi)
        )
        assert np.mean(apart) < 2
        assert np.mean(apart > 8) < 0.02  # beside edges
    frame.close()


def test_a_smaller_picture_that_comes_late_is_not_shown(
    turns: Turns, holding: Holding, tmp_path: Path
) -> None:
    frame = FrameOnShow(holding, lambda: None)
    subject = subject_of(coded(tmp_path))
    frame.want(subject)
    holding.let()
    turns.until(lambda: not frame.waiting)
    shown = frame.painter
    ref = subject.smaller_ref(1024)
    assert ref is not None
    came = holding.frame(ref)
    turns.until(lambda: holding.cached(ref) is not None)

    assert came.shape == (1026, 602)
    assert frame.painter is shown
    frame.close()


def test_a_frame_that_is_given_up_is_not_shown_smaller(
    turns: Turns, holding: Holding, tmp_path: Path
) -> None:
    frame = FrameOnShow(holding, lambda: None)
    subject = subject_of(coded(tmp_path))
    frame.want(subject)
    turns.until(lambda: frame.painter is not None)
    frame.want(None)

    assert frame.painter is None
    assert not frame.waiting
    frame.close()


@pytest.mark.parametrize(
    "changed",
    [
        {"displays": (GrayscaleDisplay(),)},
        {"uid": "1.2.840.10008.1.2.4.90"},
    ],
    ids=["no window in the header", "a coding without"],
)
def test_what_might_look_different_is_not_shown_smaller(
    tmp_path: Path, changed: dict[str, Any]
) -> None:
    assert subject_of(coded(tmp_path)).smaller_ref(1024) is not None
    assert subject_of(coded(tmp_path, **changed)).smaller_ref(1024) is None


def test_padding_is_not_mixed_with_the_image(tmp_path: Path) -> None:
    series = coded(tmp_path)
    image = series.instances[0].instance.image
    assert image is not None
    padded = replace(image.displays[0], padding=Padding(-2000, -2000))
    assert subject_of(coded(tmp_path, displays=(padded,))).smaller_ref(1024) is None


def test_small_frames_are_decoded_at_once() -> None:
    pixels = PixelFormat(HTJ2K, 512, 512)
    assert smaller(pixels, 1024) == (pixels, 0)
    assert smaller(pixels, 200)[1] == 1


def test_a_stream_of_another_size_has_no_smaller_picture(tmp_path: Path) -> None:
    code = scene_code()
    path = tmp_path / "code"
    path.write_bytes(code)
    pixels = PixelFormat(HTJ2K, 1000, 602, signed=True)
    with pytest.raises(PixelError, match="another size"):
        read_smaller(path, pixels, ((0, len(code)),), 1)
    right = replace(pixels, rows=1026)
    with pytest.raises(PixelError, match="ends too early"):
        read_smaller(path, right, ((0, len(code) // 2),), 1)
    with pytest.raises(PixelError):
        read_smaller(path, replace(pixels, rows=1, columns=1), ((0, len(code)),), 12)


def test_a_thumbnail_is_made_of_the_smaller_picture_or_else_of_the_frame(
    turns: Turns, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    subject = subject_of(coded(tmp_path))
    first, second = PictureCache(tmp_path / "one"), PictureCache(tmp_path / "two")
    smaller_one = thumbnail(turns, subject, first)

    decode = Workers.decode_run

    def whole_only(workers: Workers, refs: Sequence[FrameRef], *others: Any) -> Any:
        if refs[0].steps:
            return [PixelError("There is none.")]
        return decode(workers, refs, *others)

    monkeypatch.setattr(Workers, "decode_run", whole_only)
    apart = np.abs(thumbnail(turns, subject, second) - smaller_one)
    assert smaller_one.max() > 100
    assert 0 < np.mean(apart) < 5


def thumbnail(turns: Turns, subject: Subject, cache: PictureCache) -> Any:
    came: dict[str, Any] = {}
    jobs = Jobs(turns.post)
    try:
        with Decoding(turns.post, threads=2) as decoding:
            ask = StackThumbnails(decoding, 100, came.__setitem__, jobs, cache).ask
            ask(subject.stack)
            turns.until(lambda: came)
    finally:
        jobs.close()
    return came.popitem()[1].astype(int)


def test_a_frame_of_unknown_coding_is_said_to_hold_nothing_smaller() -> None:
    pixels = PixelFormat("1.2.3.4", ROWS, COLUMNS)

    assert smaller(pixels, 256) == (pixels, 0)
