"""Pixels leave with every stored value, and with nothing beside them."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
import numpy.typing as npt
import pydicom
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom.encaps import generate_frames, parse_basic_offsets

from tests.dicom.code_streams import pixel_format, slope
from tests.dicom.deidentification.leaving_images import (
    fragments,
    frames_of,
    image_file,
    left,
    left_header,
    outcome_of,
)
from tests.dicom.written_files import BIG, DEFLATED, EXPLICIT, IMPLICIT
from viewer.core.errors import PixelError, ViewerError
from viewer.core.image import PixelFormat
from viewer.dicom.deidentification import jpeg_streams, stored_bits
from viewer.dicom.deidentification.fragments import Fragments
from viewer.dicom.deidentification.pixels import clean
from viewer.dicom.part10 import open_dicom
from viewer.dicom.read import read_file

Samples = npt.NDArray[Any]

SECRET = b"GARFUNKEL^ARTHUR"
BUNDLED = sorted((Path(pydicom.__file__).parent / "data" / "test_files").glob("*.dcm"))


def twelve_bits(
    *, signed: bool = False, syntax: str = ".1"
) -> tuple[Samples, PixelFormat]:
    values = slope(12, signed=signed)
    return values, pixel_format(values, syntax, 12)


@pytest.mark.parametrize("path", BUNDLED, ids=lambda path: path.name)
def test_every_stored_value_of_a_bundled_file_leaves(
    path: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "image.dcm"
    copy.write_bytes(path.read_bytes())
    try:
        before = frames_of(path) if read_file(path).instance.image else []
    except ViewerError:
        before = []  # nobody here can read them
    if not before:
        assert nothing_leaves(copy)
        return
    after = frames_of(left(copy))
    assert len(after) == len(before)
    for one, other in zip(before, after, strict=True):
        assert one.dtype == other.dtype
        assert np.array_equal(one, other)


def nothing_leaves(path: Path) -> bool:
    try:
        with open_dicom(path) as opened:
            return clean(opened) is None
    except ViewerError:
        return True


@pytest.mark.parametrize("syntax", ["", ".1", ".2"])
@pytest.mark.parametrize("signed", [False, True])
def test_an_overlay_in_spare_bits_goes_and_values_stay(
    syntax: str, tmp_path: Path, *, signed: bool
) -> None:
    values, pixels = twelve_bits(signed=signed, syntax=syntax)
    planted = values.copy().view(np.uint16) & 0x0FFF
    planted[3:9, 4:40] |= 0x9000
    order = ">" if syntax == ".2" else "<"
    path = image_file(
        tmp_path / "image.dcm", pixels, planted.astype(order + "u2").tobytes() + b"\0\0"
    )
    outcome, value = outcome_of(path)
    assert outcome.transfer_syntax_uid == (EXPLICIT if syntax else IMPLICIT)
    assert value == values.astype(f"<{values.dtype.kind}2").tobytes()


@given(
    st.sampled_from([8, 16, 32, 64]),
    st.data(),
)
def test_clearing_spare_bits_keeps_the_value_and_is_done_once(
    allocated: int, data: st.DataObject
) -> None:
    stored = data.draw(st.integers(1, allocated))
    high = data.draw(st.integers(stored - 1, allocated - 1))
    signed = data.draw(st.booleans())
    raw = data.draw(st.integers(0, (1 << allocated) - 1))
    cells = np.array([raw], f"u{allocated // 8}").view(
        f"{'i' if signed else 'u'}{allocated // 8}"
    )
    pixels = PixelFormat(
        EXPLICIT, 1, 1, bits_allocated=allocated, bits_stored=stored, high_bit=high,
        signed=signed,
    )  # fmt: skip
    low, mask = high - stored + 1, (1 << stored) - 1
    stored_bits.clear(cells, pixels)
    after = int(cells.view(f"u{allocated // 8}")[0])
    assert after >> low & mask == raw >> low & mask
    assert after & ((1 << low) - 1) == 0 or stored == allocated
    above = after >> (high + 1)
    sign = signed and stored < allocated and bool(raw >> high & 1)
    assert above == ((1 << (allocated - 1 - high)) - 1 if sign else 0) or low == 0 == (
        allocated - stored
    )
    again = cells.copy()
    stored_bits.clear(again, pixels)
    assert np.array_equal(again, cells)


@pytest.mark.parametrize("tail", [SECRET, SECRET * 5000, b"\0"])
def test_bytes_behind_the_last_frame_stay_here(tail: bytes, tmp_path: Path) -> None:
    values, pixels = twelve_bits()
    path = image_file(tmp_path / "image.dcm", pixels, values.tobytes() + tail)
    assert outcome_of(path)[1] == values.tobytes()


def test_bits_behind_the_last_pixel_of_one_bit_stay_here(tmp_path: Path) -> None:
    pixels = replace(twelve_bits()[1], rows=3, columns=3, bits_allocated=1,
                     bits_stored=1, high_bit=0, frames=3)  # fmt: skip
    path = image_file(tmp_path / "image.dcm", pixels, b"\xff\xff\xff\xff" + SECRET)
    assert outcome_of(path)[1] == b"\xff\xff\xff\x07"


def test_an_odd_number_of_bytes_is_filled_up(tmp_path: Path) -> None:
    values = slope(8)
    path = image_file(
        tmp_path / "image.dcm", pixel_format(values, ".1", 8), values.tobytes() + b"X"
    )
    assert values.size % 2
    assert outcome_of(path)[1] == values.tobytes() + b"\0"


def test_large_pixels_come_in_pieces_that_fit_together(tmp_path: Path) -> None:
    values = np.arange(1100 * 701, dtype=np.uint16).reshape(1100, 701) & 0x0FFF
    pixels = pixel_format(values, ".1", 12)
    dirty = (values | 0x8000).tobytes()
    assert (
        outcome_of(image_file(tmp_path / "a.dcm", pixels, dirty))[1] == values.tobytes()
    )


def test_a_deflated_data_set_leaves_inflated(tmp_path: Path) -> None:
    import zlib  # noqa: PLC0415 - here alone

    values, pixels = twelve_bits()
    path = image_file(tmp_path / "image.dcm", pixels, (values | 0x8000).tobytes())
    whole = path.read_bytes()
    start = whole.index(b"\x08\x00\x16\x00UI")
    deflate = zlib.compressobj(wbits=-15)
    packed = deflate.compress(whole[start:]) + deflate.flush()
    head = whole[:start].replace(EXPLICIT.encode() + b"\0", DEFLATED.encode())
    length = head.index(b"\x02\x00\x10\x00UI") + 6
    head = head[:length] + bytes([len(DEFLATED), 0]) + head[length + 2 :]
    path.write_bytes(head + packed)
    outcome, value = outcome_of(path)
    assert outcome.transfer_syntax_uid == EXPLICIT
    assert value == values.tobytes()


def coded(
    tmp_path: Path, *, frames: int = 3, table: bool = True
) -> tuple[Path, list[bytes]]:
    """A JPEG-LS file of several frames, each with a comment and rubbish behind it."""
    values = [np.roll(slope(8), n, axis=1) for n in range(frames)]
    streams = [bytes(imagecodecs.jpegls_encode(v)) for v in values]
    dirty = [
        s[:2] + b"\xff\xfe\x00\x12" + SECRET + s[2:] + SECRET + b"\xff\xd9"[: n % 2 * 2]
        for n, s in enumerate(streams)
    ]
    offsets, at = [], 0
    for one in dirty:
        offsets.append(at)
        at += 8 + len(one) + len(one) % 2
    pixels = replace(pixel_format(values[0], ".4.80", 8), frames=frames)
    value = fragments(dirty, offsets if table else ())
    return image_file(tmp_path / "image.dcm", pixels, value), streams


@pytest.mark.parametrize("table", [False, True])
@pytest.mark.parametrize("frames", [1, 3])
def test_fragments_and_their_offsets_are_written_anew(
    tmp_path: Path, frames: int, *, table: bool
) -> None:
    path, streams = coded(tmp_path, frames=frames, table=table)
    outcome, value = outcome_of(path)
    assert SECRET not in value
    assert outcome.length is None
    found = list(generate_frames(value, number_of_frames=frames))
    for stream, original in zip(found, streams, strict=True):
        clean = jpeg_streams.cleaned(original)
        assert stream == clean + bytes(len(clean) % 2)
    offsets = parse_basic_offsets(value)
    assert len(offsets) == frames
    for offset in offsets:
        start = 8 + 4 * frames + offset
        assert value[start : start + 4] == b"\xfe\xff\x00\xe0"
    assert value.endswith(b"\xfe\xff\xdd\xe0" + bytes(4))


def test_what_lies_between_fragments_and_beyond_the_frames_stays_here(
    tmp_path: Path,
) -> None:
    values = slope(8)
    stream = bytes(imagecodecs.jpegls_encode(values))
    pixels = pixel_format(values, ".4.80", 8)
    halves = [stream[:100], stream[100:] + SECRET, SECRET]
    path = image_file(tmp_path / "image.dcm", pixels, fragments(halves))
    assert SECRET not in outcome_of(path)[1]
    assert np.array_equal(frames_of(left(path))[0], values)


def test_an_extended_offset_table_goes_where_the_basic_one_reaches(
    tmp_path: Path,
) -> None:
    path, _ = coded(tmp_path)
    ds = pydicom.dcmread(path)
    ds.ExtendedOffsetTable = np.arange(3, dtype="<u8").tobytes()
    ds.ExtendedOffsetTableLengths = np.full(3, 9, "<u8").tobytes()
    ds.save_as(path)
    header = left_header(path, outcome_of(path)[0])
    assert "ExtendedOffsetTable" not in header
    assert "ExtendedOffsetTableLengths" not in header


def test_offsets_beyond_32_bits_go_to_an_extended_table(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("viewer.dicom.deidentification.fragments._LARGEST", 30)
    written = Fragments()
    for stream in (b"12345", b"123456789", b"123456"):
        written.add(stream)
    (offsets, lengths) = (entry[1] for entry in written.header.values() if entry)
    assert np.frombuffer(offsets, "<u8").tolist() == [0, 14, 32]
    assert np.frombuffer(lengths, "<u8").tolist() == [5, 9, 6]
    assert b"".join(written.pieces()).startswith(b"\xfe\xff\x00\xe0" + bytes(4))


def test_rle_frames_are_written_anew_without_slack(tmp_path: Path) -> None:
    values = slope(12, signed=True)
    pixels = pixel_format(values, ".5", 12)
    from viewer.dicom.deidentification import run_length_streams  # noqa: PLC0415

    dirty = (values.view(np.uint16) ^ 0x4000).view(np.int16)
    stream = run_length_streams.encoded(dirty) + SECRET
    path = image_file(tmp_path / "image.dcm", pixels, fragments([stream]))
    value = outcome_of(path)[1]
    assert SECRET not in value
    assert np.array_equal(frames_of(left(path))[0], values)
    again = pydicom.dcmread(left(path))
    assert np.array_equal(again.pixel_array, values)


@pytest.mark.parametrize("uid", ["1.2.840.113619.5.2", "1.2.3"])
def test_pixels_of_a_private_transfer_syntax_stay_here(
    uid: str, tmp_path: Path
) -> None:
    values, pixels = twelve_bits()
    path = image_file(tmp_path / "image.dcm", pixels, values.tobytes())
    whole = path.read_bytes()
    old = b"\x02\x00\x10\x00UI\x14\x00" + EXPLICIT.encode() + b"\0"
    padded = uid.encode() + bytes(len(uid) % 2)
    new = b"\x02\x00\x10\x00UI" + bytes([len(padded), 0]) + padded
    assert old in whole
    path.write_bytes(whole.replace(old, new))
    with pytest.raises(PixelError):
        outcome_of(path)


def test_swapped_words_of_eight_bits_come_out_in_order(tmp_path: Path) -> None:
    values = slope(8)
    padded = values.tobytes() + bytes(values.size % 2)
    swapped = np.frombuffer(padded, "u2").byteswap().tobytes()
    path = image_file(tmp_path / "a.dcm", pixel_format(values, BIG[17:], 8), swapped)
    assert outcome_of(path)[1][: values.size] == values.tobytes()
