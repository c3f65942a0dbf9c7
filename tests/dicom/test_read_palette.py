"""Palettes, whole and segmented, give the colours an independent reader gives."""

import contextlib
import struct
from pathlib import Path

import numpy as np
import pydicom
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom.data import get_testdata_file
from pydicom.pixels.processing import apply_color_lut

from tests.dicom.written_files import Value, image_file
from viewer.core.image import Palette
from viewer.dicom.palette import BrokenSegmentsError, expanded_segments
from viewer.dicom.read import read_file


def palette_of(path: Path) -> Palette:
    image = read_file(path).instance.image
    assert image is not None
    assert image.palette is not None
    return image.palette


def test_a_bundled_palette_has_the_colours_of_an_independent_reader() -> None:
    path = get_testdata_file("examples_palette.dcm", download=False)
    assert path is not None
    data_set = pydicom.dcmread(path)
    found = palette_of(Path(path))
    first = found.red.first_mapped
    count = len(found.red.values)
    judge = apply_color_lut(np.arange(first, first + count), data_set)
    ours = np.stack([c.values for c in (found.red, found.green, found.blue)], axis=-1)
    assert np.array_equal(ours, judge)


def test_the_entries_of_a_packed_palette_are_bytes(tmp_path: Path) -> None:
    extra: list[tuple[int, str, Value]] = [(0x00280004, "CS", "PALETTE COLOR")]
    for channel in range(3):
        extra.append((0x00281101 + channel, "US", (4, 0, 8)))
        extra.append((0x00281201 + channel, "OW", bytes([0, 1, 2, 250 + channel])))
    found = palette_of(image_file(tmp_path, extra))
    assert found.green.values.tolist() == [0, 1, 2, 251]
    assert found.blue.bits == 8


def test_a_segmented_palette_is_expanded(tmp_path: Path) -> None:
    segments = struct.pack("<9H", 0, 2, 100, 200, 1, 4, 600, 1, 1) + b"\0\0"
    extra: list[tuple[int, str, Value]] = [(0x00280004, "CS", "PALETTE COLOR")]
    for channel in range(3):
        extra.append((0x00281101 + channel, "US", (7, 0, 16)))
        extra.append((0x00281221 + channel, "OW", segments))
    found = palette_of(image_file(tmp_path, extra))
    assert found.red.values.tolist() == [100, 200, 300, 400, 500, 600, 0]


def test_a_palette_image_without_colours_is_named(tmp_path: Path) -> None:
    record = read_file(image_file(tmp_path, [(0x00280004, "CS", "PALETTE COLOR")]))
    assert record.instance.image is not None
    assert record.instance.image.palette is None
    assert record.tolerated == ("a lookup table that cannot be read",)


@pytest.mark.parametrize(
    ("words", "wide", "table"),
    [
        ([0, 3, 7, 8, 9], True, [7, 8, 9]),
        ([0, 1, 0, 1, 5, 10], True, [0, 2, 4, 6, 8, 10]),
        ([0, 1, 10, 1, 2, 0], True, [10, 5, 0]),
        ([0, 2, 4, 5, 2, 1, 0, 0], True, [4, 5, 4, 5]),
        ([0, 1, 0, 1, 2, 4, 2, 2, 0, 0], True, [0, 2, 4, 0, 2, 4]),
        ([0, 2, 4, 5, 2, 1, 0, 0, 0, 0], False, [4, 5, 4, 5]),
    ],
)
def test_segments_are_discrete_linear_and_indirect(
    words: list[int], *, wide: bool, table: list[int]
) -> None:
    assert expanded_segments(words, len(table), wide=wide) == table


@pytest.mark.parametrize(
    "words",
    [[], [1, 2, 3], [2, 1, 0, 0], [0, 2, 1, 1, 2, 1, 4, 0], [7, 1, 1], [0, 1, 1]],
)
def test_segments_that_make_no_table_are_refused(words: list[int]) -> None:
    with pytest.raises(BrokenSegmentsError):
        expanded_segments(words, 9, wide=True)


@given(st.lists(st.integers(0, 65535), max_size=40), st.integers(1, 300))
def test_any_segments_give_a_table_or_none(words: list[int], count: int) -> None:
    with contextlib.suppress(BrokenSegmentsError):
        assert len(expanded_segments(words, count, wide=True)) == count
