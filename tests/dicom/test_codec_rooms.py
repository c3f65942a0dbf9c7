"""A codec that fills memory of its caller leaves there what it would give itself."""

import struct
from typing import Any

import imagecodecs
import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydicom.pixels.encoders.base import RLELosslessEncoder

from tests.dicom.code_streams import pixel_format, slope
from tests.dicom.test_codecs import DEPTHS, LOSSLESS
from viewer.core.errors import PixelError
from viewer.core.image import PixelFormat
from viewer.dicom.codecs.stored import stored_bytes
from viewer.dicom.frames import decode_frame

DIRTY = 0xA5


def into_room(
    encoded: bytes, pixels: PixelFormat
) -> tuple[npt.NDArray[Any], npt.NDArray[np.uint8]]:
    """The frame, and the memory that was offered for it with some beside."""
    cells = np.full(stored_bytes(pixels) + 64, DIRTY, np.uint8)
    return decode_frame(encoded, pixels, room=cells.data), cells


def rle(values: npt.NDArray[Any], padding: bytes = b"") -> bytes:
    encoded = RLELosslessEncoder.encode(
        values,
        rows=values.shape[0],
        columns=values.shape[1],
        samples_per_pixel=values.shape[2] if values.ndim == 3 else 1,
        number_of_frames=1,
        photometric_interpretation="RGB" if values.ndim == 3 else "MONOCHROME2",
        bits_allocated=8 * values.dtype.itemsize,
        bits_stored=8 * values.dtype.itemsize,
        planar_configuration=0,
        pixel_representation=int(values.dtype.kind == "i"),
    )
    return bytes(encoded) + padding


@pytest.mark.parametrize("signed", [False, True])
@pytest.mark.parametrize("bits", DEPTHS)
@pytest.mark.parametrize("name", LOSSLESS)
def test_a_frame_in_offered_memory_is_the_frame(
    name: str, bits: int, *, signed: bool
) -> None:
    syntax, encode = LOSSLESS[name]
    values = slope(bits, signed=signed)

    frame, cells = into_room(
        bytes(encode(values, bits)), pixel_format(values, syntax, bits)
    )

    assert frame.dtype == values.dtype
    np.testing.assert_array_equal(frame, values)
    assert (cells[-64:] == DIRTY).all()


@pytest.mark.parametrize(
    "name", ["JPEG Lossless SV1", "JPEG-LS", "JPEG 2000", "HTJ2K", "HTJ2K RPCL"]
)
@pytest.mark.parametrize("bits", [8, 12, 16])
def test_the_usual_codecs_copy_nothing(name: str, bits: int) -> None:
    syntax, encode = LOSSLESS[name]
    values = slope(bits)

    frame, cells = into_room(
        bytes(encode(values, bits)), pixel_format(values, syntax, bits)
    )

    assert np.shares_memory(frame, cells)


@pytest.mark.parametrize("bits_of_code", [5, 8])
@pytest.mark.parametrize("name", ["JPEG Lossless SV1", "JPEG-LS", "JPEG 2000", "HTJ2K"])
def test_few_bits_in_wide_cells_come_back_too(name: str, bits_of_code: int) -> None:
    syntax, encode = LOSSLESS[name]
    values = slope(bits_of_code)
    pixels = pixel_format(values.astype(np.uint16), syntax, bits_of_code)

    frame, _ = into_room(bytes(encode(values, bits_of_code)), pixels)

    assert frame.dtype == np.uint16
    np.testing.assert_array_equal(frame, values)


@pytest.mark.parametrize(("samples", "signed"), [(1, False), (1, True), (3, False)])
@pytest.mark.parametrize("bits", [8, 16])
@pytest.mark.parametrize("padding", [b"", b"\0", b"\0\x80", b"\0\0\0\0"])
def test_run_lengths_are_unpacked_to_the_bit(
    padding: bytes, bits: int, *, signed: bool, samples: int
) -> None:
    values = slope(bits, signed=signed, samples=samples)
    photometric = "MONOCHROME2" if samples == 1 else "RGB"
    pixels = pixel_format(values, ".5", bits, photometric)

    frame, cells = into_room(rle(values, padding), pixels)

    assert frame.dtype == values.dtype
    np.testing.assert_array_equal(frame, values)
    np.testing.assert_array_equal(decode_frame(rle(values, padding), pixels), values)
    assert (cells[-64:] == DIRTY).all()


def test_run_lengths_of_words_fill_the_offered_memory() -> None:
    values = slope(12, signed=True)
    frame, cells = into_room(rle(values), pixel_format(values, ".5", 12))

    np.testing.assert_array_equal(frame, values)
    assert np.shares_memory(frame, cells)


def test_a_run_length_image_with_half_a_segment_is_refused() -> None:
    values = slope(16)
    encoded = rle(values)
    pixels = pixel_format(values, ".5", 16)

    with pytest.raises(PixelError):
        into_room(encoded[: len(encoded) - len(encoded) // 4], pixels)


@pytest.mark.parametrize("more", [-1, 1])
def test_a_run_length_segment_does_not_make_up_for_what_another_lacks(
    more: int,
) -> None:
    pixels = pixel_format(np.zeros((8, 8), np.uint16), ".5", 16)
    high, low = (
        bytes([length - 1]) + bytes(length) for length in (64 - more, 64 + more)
    )
    offsets = [64, 64 + len(high), *[0] * 13]

    with pytest.raises(PixelError, match="shorter"):
        into_room(struct.pack("<16I", 2, *offsets) + high + low, pixels)


_PIECES = st.one_of(
    st.builds(lambda b: bytes([len(b) - 1]) + b, st.binary(min_size=1, max_size=128)),
    st.builds(
        lambda n, b: bytes([257 - n, b]), st.integers(2, 128), st.integers(0, 255)
    ),
    st.binary(max_size=3),
)


@given(code=st.lists(_PIECES, max_size=12).map(b"".join), length=st.integers(1, 900))
@example(code=b"\x80\x80\x01\x05\x06", length=2)  # 128 means nothing
@example(code=b"\x7f\x05\x06", length=2)  # as much of a run as there is room for
@example(code=b"\x00\x05\x03", length=2)  # a run without its bytes
def test_a_run_length_segment_says_what_the_standard_says_or_is_refused(
    code: bytes, length: int
) -> None:
    pixels = PixelFormat("1.2.840.10008.1.2.5", 1, length, bits_allocated=8)
    encoded = struct.pack("<16I", 1, 64, *[0] * 14) + code
    expected = _unpacked(code, length)

    if len(expected) < length:
        with pytest.raises(PixelError):
            decode_frame(encoded, pixels)
    else:
        assert decode_frame(encoded, pixels).tobytes() == expected


def _unpacked(code: bytes, length: int) -> bytes:
    """PS3.5 G.3.2, word for word; ends where a run has not all of its bytes."""
    found, rest = bytearray(), memoryview(code)
    while rest and len(found) < length:
        count, rest = rest[0], rest[1:]
        if count < 128:
            wanted = min(count + 1, length - len(found))
            if len(rest) < wanted:
                break
            found += rest[:wanted]
            rest = rest[count + 1 :]
        elif count > 128 and rest:
            found += bytes(rest[:1]) * min(257 - count, length - len(found))
            rest = rest[1:]
    return bytes(found)


def test_lossy_colours_in_offered_memory_are_those_of_the_codec() -> None:
    values = slope(8, samples=3)
    encoded = bytes(imagecodecs.jpeg8_encode(values, level=90))
    pixels = pixel_format(values, ".4.50", 8, "YBR_FULL_422")

    frame, cells = into_room(encoded, pixels)

    np.testing.assert_array_equal(frame, imagecodecs.jpeg8_decode(encoded))
    assert np.shares_memory(frame, cells)


def test_memory_that_is_too_small_is_left_alone() -> None:
    values = slope(12)
    encoded = bytes(LOSSLESS["HTJ2K"][1](values, 12))
    cells = np.full(values.nbytes - 1, DIRTY, np.uint8)

    frame = decode_frame(encoded, pixel_format(values, ".4.201", 12), room=cells.data)

    np.testing.assert_array_equal(frame, values)
    assert (cells == DIRTY).all()
