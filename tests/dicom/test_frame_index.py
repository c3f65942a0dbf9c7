"""Frames are found where they are, whatever an offset table claims."""

import struct
from dataclasses import replace
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typing_extensions import override

from viewer.core.image import FrameIndex, PixelFormat
from viewer.dicom.frame_index import index_frames
from viewer.dicom.frames import decode_frame

ROOT = "1.2.840.10008.1.2"
JPEG, JPEG_2000, RLE = ROOT + ".4.50", ROOT + ".4.90", ROOT + ".5"
START, END = b"\xff\xd8\xff", b"\xff\xd9"
BEFORE = b"header"  # the value does not begin at 0


def pixels(syntax: str, frames: int = 1, **facts: Any) -> PixelFormat:
    eight = PixelFormat(
        syntax, 2, 2, frames, bits_allocated=8, bits_stored=8, high_bit=7
    )
    return replace(eight, **facts)


def item(content: bytes) -> bytes:
    return struct.pack("<HHI", 0xFFFE, 0xE000, len(content)) + content


def encapsulated(*fragments: bytes, table: bytes = b"") -> bytes:
    value = b"".join(map(item, (table, *fragments)))
    return BEFORE + value + struct.pack("<HHI", 0xFFFE, 0xE0DD, 0)


def offsets(*values: int) -> bytes:
    return struct.pack(f"<{len(values)}I", *values)


def contents(file: bytes, index: FrameIndex) -> list[bytes]:
    return [
        b"".join(file[at : at + length] for at, length in frame)
        for frame in index.fragments
    ]


def indexed(file: bytes, what: PixelFormat, **options: Any) -> FrameIndex:
    return index_frames(BytesIO(file), what, len(BEFORE), None, **options)


ONE, TWO = START + b"one" + END, START + b"twos" + END + b"\0"


def test_without_a_table_each_fragment_is_a_frame_if_there_are_as_many() -> None:
    file = encapsulated(ONE, TWO)
    assert contents(file, indexed(file, pixels(JPEG, 2))) == [ONE, TWO]


def test_without_a_table_all_fragments_are_the_only_frame() -> None:
    file = encapsulated(ONE[:4], ONE[4:])
    assert contents(file, indexed(file, pixels(JPEG))) == [ONE]


@pytest.mark.parametrize(
    ("syntax", "begin"),
    [
        (JPEG, START),
        (JPEG_2000, b"\xff\x4f\xff\x51"),
        (JPEG_2000, b"\x00\x00\x00\x0cjP  "),
        (ROOT + ".4.110", b"\xff\x0a"),
        (ROOT + ".4.110", b"\x00\x00\x00\x0cJXL "),
        (RLE, struct.pack("<16I", 1, 64, *[0] * 14)),
    ],
)
def test_without_a_table_frames_of_many_fragments_begin_where_a_stream_begins(
    syntax: str, begin: bytes
) -> None:
    parts = [begin + b"a", b"bb", b"c", begin + b"dd", begin + b"e", b"f"]
    file = encapsulated(*parts)
    assert contents(file, indexed(file, pixels(syntax, 3))) == [
        begin + b"abbc",
        begin + b"dd",
        begin + b"ef",
    ]


def test_a_table_that_is_right_is_believed() -> None:
    second = len(item(b"aa")) + len(item(b"b"))
    file = encapsulated(b"aa", b"b", b"cc", table=offsets(0, second))
    assert contents(file, indexed(file, pixels(JPEG, 2))) == [b"aab", b"cc"]


@pytest.mark.parametrize(
    "table",
    [
        offsets(0, 9),  # not at an item
        offsets(4, 8),
        offsets(0, 0),
        offsets(0),  # too few
        offsets(0, 14, 28),  # too many
        offsets(0, 0xFFFFFFF0),
        b"\0\0\0",
    ],
)
def test_a_table_that_lies_is_not_believed(table: bytes) -> None:
    file = encapsulated(ONE[:4], ONE[4:], TWO, table=table)
    assert contents(file, indexed(file, pixels(JPEG, 2))) == [ONE, TWO]


def test_an_extended_table_is_used_where_the_basic_one_is_empty() -> None:
    second = len(item(b"aa")) + len(item(b"b"))
    file = encapsulated(b"aa", b"b", b"cc")
    right = indexed(file, pixels(JPEG, 2), extended_offsets=[0, second])
    wrong = indexed(file, pixels(JPEG, 2), extended_offsets=[0, second + 2])
    assert contents(file, right) == [b"aab", b"cc"]
    assert "which fragments" in wrong.reason


def test_more_images_than_stated_are_left_out() -> None:
    file = encapsulated(ONE, TWO, ONE)
    assert contents(file, indexed(file, pixels(JPEG, 2))) == [ONE, TWO]
    assert contents(file, indexed(file, pixels(JPEG, 1))) == [ONE]


def test_fewer_images_than_stated_are_kept() -> None:
    file = encapsulated(ONE, TWO)
    assert contents(file, indexed(file, pixels(JPEG, 5))) == [ONE, TWO]


def test_a_file_that_was_cut_keeps_what_is_there() -> None:
    whole = encapsulated(ONE, TWO, ONE)
    cut = whole[: len(whole) - 8 - 5]
    assert contents(cut, indexed(cut, pixels(JPEG, 3))) == [ONE, TWO, ONE[:-5]]


@pytest.mark.parametrize("value", [b"", b"\0" * 40, item(b""), item(b"") + b"\1" * 20])
def test_something_that_is_no_fragment_is_said_to_be_none(value: bytes) -> None:
    index = indexed(BEFORE + value, pixels(JPEG))
    assert not index.fragments
    assert "no fragments" in index.reason


def test_endless_empty_items_are_not_followed() -> None:
    index = indexed(BEFORE + item(b"") * 200_000, pixels(JPEG))
    assert "more pieces" in index.reason


class Counting(BytesIO):
    """A file that counts what is read of it."""

    taken = 0

    @override
    def read(self, size: int | None = -1, /) -> bytes:
        """As a file does."""
        found = super().read(size)
        self.taken += len(found)
        return found


def test_only_item_headers_are_read() -> None:
    file = Counting(encapsulated(*[START + bytes(100_000)] * 20))
    assert len(index_frames(file, pixels(JPEG, 20), len(BEFORE), None).fragments) == 20
    assert file.taken == 8 * 22


def test_uncompressed_frames_lie_one_after_the_other() -> None:
    index = index_frames(BytesIO(bytes(100)), pixels(ROOT + ".1", 3), 10, 12)
    assert index == FrameIndex((((10, 4),), ((14, 4),), ((18, 4),)))


def test_uncompressed_frames_that_are_not_there_are_left_out() -> None:
    two_and_a_half = index_frames(BytesIO(bytes(20)), pixels(ROOT + ".1", 4), 10, 16)
    assert two_and_a_half.fragments == (((10, 4),), ((14, 4),), ((18, 2),))


def test_a_number_of_frames_beyond_belief_costs_nothing() -> None:
    absurd = pixels(ROOT + ".1", 2**31 - 1)
    assert len(index_frames(BytesIO(bytes(20)), absurd, 10, 2**40).fragments) == 3


def test_one_bit_frames_begin_inside_a_byte() -> None:
    frames = np.random.default_rng(1).integers(0, 2, (5, 3, 7), dtype=np.uint8)
    file = BEFORE + np.packbits(frames.reshape(-1), bitorder="little").tobytes()
    one_bit = pixels(
        ROOT + ".1",
        5,
        rows=3,
        columns=7,
        bits_allocated=1,
        bits_stored=1,
        high_bit=0,
    )
    index = index_frames(BytesIO(file), one_bit, len(BEFORE), len(file) - len(BEFORE))
    assert index.bit_offsets == (0, 5, 2, 7, 4)
    for frame, encoded, bit in zip(
        frames, contents(file, index), index.bit_offsets, strict=True
    ):
        np.testing.assert_array_equal(
            decode_frame(encoded, one_bit, bit_offset=bit), frame
        )


def test_odd_frames_in_big_endian_words_share_a_word() -> None:
    frames = np.arange(27, dtype=np.uint8).reshape(3, 3, 3)
    plain = frames.tobytes() + b"\0"
    file = BEFORE + bytes(plain[n ^ 1] for n in range(28))
    swapped = pixels(ROOT + ".2", 3, rows=3, columns=3, word_swapped=True)
    index = index_frames(BytesIO(file), swapped, len(BEFORE), 28)
    assert index.bit_offsets == (0, 8, 0)
    for frame, encoded, bit in zip(
        frames, contents(file, index), index.bit_offsets, strict=True
    ):
        np.testing.assert_array_equal(
            decode_frame(encoded, swapped, bit_offset=bit), frame
        )


@pytest.mark.parametrize(("length", "step"), [(24, 8), (36, 12)])
def test_shared_colours_make_frames_shorter_unless_they_are_not_shared(
    length: int, step: int
) -> None:
    colour = pixels(ROOT + ".1", 3, samples=3, photometric="YBR_FULL_422")
    index = index_frames(BytesIO(bytes(50)), colour, 0, length)
    assert [frame[0] for frame in index.fragments] == [
        (n * step, step) for n in range(3)
    ]


@pytest.mark.parametrize(
    ("syntax", "reason"),
    [
        (ROOT + ".1.99", "deflated"),
        (ROOT + ".4.102", "video"),
        (ROOT + ".4.94", "JPIP"),
        ("1.2.3", "does not know"),
    ],
)
def test_frames_without_a_place_of_their_own_say_why(syntax: str, reason: str) -> None:
    index = indexed(encapsulated(b"x"), pixels(syntax))
    assert not index.fragments
    assert reason in index.reason


def test_uncompressed_pixels_of_no_stated_length_are_refused() -> None:
    assert "length" in indexed(encapsulated(b"x"), pixels(ROOT + ".1")).reason


@given(
    st.binary(max_size=400),
    st.sampled_from([JPEG, JPEG_2000, RLE, ROOT + ".1", ROOT + ".1.98", ROOT + ".2"]),
    st.integers(0, 2**31),
    st.integers(0, 500),
    st.none() | st.integers(0, 2**40),
)
@settings(max_examples=400)
def test_any_bytes_give_fragments_inside_the_file_or_a_reason(
    junk: bytes, syntax: str, frames: int, offset: int, length: int | None
) -> None:
    framed = item(b"") + item(junk[:20]) + junk
    what = pixels(syntax, frames)
    index = index_frames(BytesIO(framed), what, offset % (len(framed) + 1), length)
    assert len(index.fragments) <= frames
    assert not (index.reason and index.fragments)
    for frame in index.fragments:
        for at, size in frame:
            assert 0 <= at <= at + size <= len(framed)
