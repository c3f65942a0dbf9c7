"""Small files once cost seconds and gigabytes; each is refused before it does."""

import struct
from io import BytesIO
from pathlib import Path

import pytest

from viewer.core.errors import PixelError
from viewer.core.image import PixelFormat
from viewer.dicom.frame_index import index_frames
from viewer.dicom.palette import BrokenSegmentsError, expanded_segments
from viewer.services.frame_growth import check_growth
from viewer.services.worker_messages import Place

_ROOT = "1.2.840.10008.1.2"


def test_millions_of_frames_of_one_pixel_are_not_listed() -> None:
    one = PixelFormat(_ROOT + ".1", 1, 1, 3_000_000, bits_allocated=8)
    index = index_frames(BytesIO(bytes(3_000_000)), one, 0, 3_000_000)
    assert not index.fragments
    assert "more frames" in index.reason


def test_half_a_million_fragments_are_not_listed() -> None:
    value = struct.pack("<HHL", 0xFFFE, 0xE000, 0) * 530_000
    pixels = PixelFormat(_ROOT + ".5", 2, 2, 2**31 - 1, bits_allocated=8)
    index = index_frames(BytesIO(value), pixels, 0, None)
    assert not index.fragments
    assert "more pieces" in index.reason


def test_segments_of_no_length_are_not_copied_over_and_over() -> None:
    nothing, storm = [0, 0] * 32_000, [2, 32_000, 0, 0] * 16_000
    with pytest.raises(BrokenSegmentsError):
        expanded_segments([*nothing, *storm], 65536, wide=True)


def test_segments_that_are_copied_often_make_their_table() -> None:
    words = [*[0, 1, 7] * 8, *[2, 8, 0, 0] * 31]
    assert expanded_segments(words, 256, wide=True) == [7] * 256


def _place(path: Path, *lengths: int) -> Place:
    fragments = tuple((0, length) for length in lengths) or None
    return Place(bytes(path), None, 1, fragments, 0)


def test_a_huge_image_out_of_a_few_bytes_is_not_decoded(tmp_path: Path) -> None:
    huge = 300 << 20
    with pytest.raises(PixelError, match="beyond all bounds"):
        check_growth(huge, _place(tmp_path, 50_000, 50_000))
    held = tmp_path / "deflated"
    held.write_bytes(bytes(100_000))
    with pytest.raises(PixelError, match="beyond all bounds"):
        check_growth(huge, _place(held))


def test_a_blank_film_is_decoded(tmp_path: Path) -> None:
    check_growth(60 << 20, _place(tmp_path, 300))
    check_growth(300 << 20, _place(tmp_path, 1 << 20))
