"""Overlay planes and profiles come with their frame, by the same ways."""

import struct
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from pydicom.encaps import encapsulate
from pydicom.uid import RLELossless

from tests.commands.desks import Turns
from tests.golden.phantoms import colour_image, grey_image, saved
from tests.golden.profiles import WIDE, profile
from tests.services.layered_files import BITS, grey_file, series_of, with_plane
from tests.services.reading_studies import to_slices, to_study
from viewer.core.identity import SeriesUID
from viewer.core.records import SeriesRecord
from viewer.services.decoding import Decoding
from viewer.services.frame_on_show import FrameOnShow, Subject
from viewer.services.frame_parts import part_refs, parts_of
from viewer.services.prefetching import Prefetching
from viewer.services.reading_stacks import ReadingStacks
from viewer.services.session import ReadingSession


@pytest.fixture
def turns() -> Turns:
    return Turns()


@pytest.fixture
def decoding(turns: Turns) -> Iterator[Decoding]:
    with Decoding(turns.post) as made:
        yield made


def subject_of(path: Path) -> Subject:
    (stack,) = ReadingStacks([to_study(series_of(path))])
    return Subject(stack, 0)


def test_a_frame_without_parts_asks_for_nothing(tmp_path: Path) -> None:
    path = saved(grey_image(BITS), tmp_path)
    assert part_refs(subject_of(path).frame_ref) == {}


def test_a_part_is_not_taken_for_its_frame(tmp_path: Path, decoding: Decoding) -> None:
    ref = subject_of(grey_file(tmp_path)).frame_ref
    (plane,) = part_refs(ref).values()
    assert plane != ref
    assert decoding.frame(plane).shape == (1, 8)
    assert decoding.frame(ref).shape == (8, 8)
    assert np.array_equal(parts_of(ref, decoding).overlays[0x6000], BITS)


def test_the_picture_waits_for_its_overlay(
    turns: Turns, decoding: Decoding, tmp_path: Path
) -> None:
    subject = subject_of(grey_file(tmp_path))
    seen: list[bool] = []
    frame = FrameOnShow(decoding, lambda: seen.append(frame.painter is not None))
    frame.want(subject)
    turns.until(lambda: not frame.waiting)
    assert seen == [False, True]
    assert frame.painter is not None
    voi = subject.stack.display(0).windows[0]
    assert np.array_equal(frame.painter.native(voi) == 255, BITS == 1)
    again = FrameOnShow(decoding, lambda: None)
    again.want(subject)
    assert again.painter is not None, "all of it is in memory"


def test_a_plane_that_cannot_be_read_is_said_beside_the_picture(
    turns: Turns, decoding: Decoding, tmp_path: Path
) -> None:
    subject = subject_of(grey_file(tmp_path))
    stored = subject.stack.stored(0)
    image = subject.stack.image(0)
    lost = replace(image.overlays[0], offset=10_000_000)
    instance = replace(stored.instance, image=replace(image, overlays=(lost,)))
    series = replace(
        subject.stack.series, instances=(replace(stored, instance=instance),)
    )
    (stack,) = ReadingStacks([to_study(series)])
    frame = FrameOnShow(decoding, lambda: None)
    frame.want(Subject(stack, 0))
    turns.until(lambda: not frame.waiting)
    assert frame.painter is not None
    assert frame.painter.missing == ("an overlay is not shown: it cannot be read",)


def test_colours_come_with_their_profile(tmp_path: Path, decoding: Decoding) -> None:
    rgb = np.random.default_rng(2).integers(0, 256, (8, 8, 3), np.uint8)
    ds = with_plane(colour_image(rgb.tobytes(), (8, 8), "RGB"))
    ds.ICCProfile = profile(WIDE, 2.2)
    ref = subject_of(saved(ds, tmp_path)).frame_ref
    assert sorted(part_refs(ref)) == ["overlay 6000", "profile"]
    parts = parts_of(ref, decoding)
    assert parts.missing == ()
    assert parts.to_screen is not None
    assert not np.array_equal(parts.to_screen(rgb), rgb)


@pytest.mark.parametrize("compressed", [False, True])
def test_a_plane_in_the_pixels_comes_without_their_values(
    tmp_path: Path, decoding: Decoding, *, compressed: bool
) -> None:
    cells = np.arange(64, dtype=np.uint16).reshape(8, 8) | BITS.astype(np.uint16) << 12
    ds = grey_image(cells.astype(np.uint16), stored=8)
    ds.add_new(0x60000010, "US", 8)
    ds.add_new(0x60000011, "US", 8)
    ds.add_new(0x60000102, "US", 12)
    if compressed:
        high, low = (part.astype(np.uint8).tobytes() for part in (cells >> 8, cells))
        runs = [bytes([63]) + high + b"\0", bytes([63]) + low + b"\0"]
        offsets = struct.pack("<16L", 2, 64, 64 + len(runs[0]), *[0] * 13)
        ds.PixelData = encapsulate([offsets + b"".join(runs)])
        ds["PixelData"].is_undefined_length = True
        ds.file_meta.TransferSyntaxUID = RLELossless
    ref = subject_of(saved(ds, tmp_path)).frame_ref
    parts = parts_of(ref, decoding)
    assert parts.missing == ()
    assert np.array_equal(parts.overlays[0x6000], BITS)
    assert np.array_equal(decoding.frame(ref), cells & 0xFF)


def test_what_is_prefetched_brings_its_parts(
    turns: Turns, decoding: Decoding, tmp_path: Path
) -> None:
    session = ReadingSession()
    prefetching = Prefetching(session, decoding)
    other = replace(
        series_of(grey_file(tmp_path)), record=SeriesRecord(SeriesUID("2.25.9"))
    )
    session.open([to_study(to_slices("1.2.1", [0.0]), other)])
    prefetching.rest()
    wanted = Subject(list(session.stacks)[1], 0).frame_ref
    (plane,) = part_refs(wanted).values()
    both = (wanted, plane)  # by threads of their own, in no order
    turns.until(lambda: all(decoding.cached(ref) is not None for ref in both))
    assert all(decoding.cached(ref) is not None for ref in both)
    prefetching.close()
