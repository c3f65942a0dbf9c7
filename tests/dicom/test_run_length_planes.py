"""Run-length frames read in planes and joined elsewhere are what they are otherwise."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.dicom.code_streams import pixel_format, slope
from tests.dicom.test_codec_rooms import rle
from viewer.core.errors import PixelError
from viewer.core.image import PixelFormat, SampleKind
from viewer.dicom.frames import decode_frame, in_planes, join_planes, read_planes

RLE = "1.2.840.10008.1.2.5"
DIRTY = 0xA5


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("planes") / "frame"


def by_planes(path: Path, code: bytes, pixels: PixelFormat) -> npt.NDArray[Any]:
    """The frame, by way of its planes; what lies beside its room is watched."""
    path.write_bytes(b"head" + code)
    size = 2 * pixels.frame_pixels
    planes, room = (np.full(size + 64, DIRTY, np.uint8) for _ in range(2))
    read_planes(path, pixels, ((4, len(code)),), planes[:size].data)
    join_planes(planes[:size], pixels, room[:size])
    assert (planes[size:] == DIRTY).all()
    assert (room[size:] == DIRTY).all()
    stored = room[:size].view(np.int16 if pixels.signed else np.uint16)
    return stored.reshape(pixels.rows, pixels.columns)


def pair(rows: int, columns: int, stored: int, *, signed: bool) -> PixelFormat:
    return PixelFormat(
        RLE, rows, columns, bits_stored=stored, high_bit=stored - 1, signed=signed
    )


@st.composite
def pairs(draw: st.DrawFn) -> PixelFormat:
    """Any frame of two planes, its bits as high in their cells as they may be."""
    side, stored = st.integers(1, 40), draw(st.integers(1, 16))
    pixels = pair(draw(side), draw(side), stored, signed=draw(st.booleans()))
    return replace(pixels, high_bit=draw(st.integers(stored - 1, 15)))


@given(pixels=pairs(), seed=st.integers(0, 99))
@example(pixels=pair(1, 1, 16, signed=False), seed=0)
@example(pixels=pair(40, 1, 12, signed=True), seed=0)
@example(pixels=pair(1, 5000, 12, signed=True), seed=0)
def test_a_frame_read_in_planes_is_the_frame(
    path: Path, pixels: PixelFormat, seed: int
) -> None:
    shape = (pixels.rows, pixels.columns)
    values = np.random.default_rng(seed).integers(0, 1 << 16, shape, np.uint16)
    values[:, : shape[1] // 2] = values[0, 0]  # runs, and what is kept as it is
    code = rle(values)
    expected = decode_frame(code, pixels)

    found = by_planes(path, code, pixels)

    assert in_planes(pixels)
    assert found.dtype == expected.dtype
    np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("left", [0, 10, 64, 65, 400, 1500])
def test_planes_that_are_cut_short_are_refused_as_the_frame_is(
    path: Path, left: int
) -> None:
    values = slope(12)
    code, pixels = rle(values)[:left], pixel_format(values, ".5", 12)
    with pytest.raises(PixelError) as alone:
        decode_frame(code, pixels)

    with pytest.raises(PixelError) as apart:
        by_planes(path, code, pixels)

    assert str(apart.value) == str(alone.value)


@pytest.mark.parametrize(
    "pixels",
    [
        PixelFormat(RLE, 4, 4, samples=3, photometric="RGB"),
        PixelFormat(RLE, 4, 4, bits_allocated=8, bits_stored=8, high_bit=7),
        PixelFormat(RLE, 4, 4, bits_allocated=32, bits_stored=32, high_bit=31),
        PixelFormat(RLE, 4, 4, kind=SampleKind.FLOAT),
        PixelFormat("1.2.840.10008.1.2.4.70", 4, 4),
        PixelFormat("1.2.840.10008.1.2.1", 4, 4),
    ],
)
def test_whatever_is_no_pair_of_planes_is_read_whole(pixels: PixelFormat) -> None:
    assert not in_planes(pixels)
