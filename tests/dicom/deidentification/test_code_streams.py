"""What leaves of a code stream is its picture, to the bit, and nothing else."""

import struct
from collections.abc import Callable
from io import BytesIO
from typing import Any

import imagecodecs
import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image as Picture

from tests.dicom.code_streams import pixel_format, slope, without_sign
from viewer.core.errors import PixelError
from viewer.core.image import PixelFormat
from viewer.dicom.codecs.stream import jpeg_header
from viewer.dicom.deidentification import jpeg_2000_streams, jpeg_streams
from viewer.dicom.deidentification.code_streams import cleaned
from viewer.dicom.frames import decode_frame

Samples = npt.NDArray[Any]

SECRET = b"GARFUNKEL^ARTHUR"
GREY, COLOUR = slope(8), slope(8, samples=3)


def segment(marker: int, body: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body


def baseline(**options: Any) -> tuple[bytes, PixelFormat]:
    out = BytesIO()
    Picture.fromarray(COLOUR).save(out, "JPEG", **options)
    return out.getvalue(), pixel_format(COLOUR, ".4.50", 8, "YBR_FULL_422")


def progressive() -> tuple[bytes, PixelFormat]:
    stream, pixels = baseline(progressive=True)
    return stream, pixel_format(COLOUR, ".4.55", 8, pixels.photometric)


def restarted() -> tuple[bytes, PixelFormat]:
    return baseline(restart_marker_blocks=2)


def as_rgb() -> tuple[bytes, PixelFormat]:
    stream = imagecodecs.jpeg8_encode(COLOUR, colorspace="RGB", outcolorspace="RGB")
    return bytes(stream), pixel_format(COLOUR, ".4.50", 8, "RGB")


def lossless(bits: int = 12) -> tuple[bytes, PixelFormat]:
    values = slope(bits)
    stream = imagecodecs.jpeg8_encode(
        values, lossless=True, predictor=4, bitspersample=bits
    )
    return bytes(stream), pixel_format(values, ".4.57", bits)


def jpeg_ls(samples: int = 1) -> tuple[bytes, PixelFormat]:
    values = slope(8, samples=samples)
    photometric = "RGB" if samples == 3 else "MONOCHROME2"
    stream = bytes(imagecodecs.jpegls_encode(values))
    return stream, pixel_format(values, ".4.80", 8, photometric)


JPEGS: dict[str, Callable[[], tuple[bytes, PixelFormat]]] = {
    "baseline": baseline,
    "progressive": progressive,
    "with restarts": restarted,
    "RGB": as_rgb,
    "lossless": lossless,
    "JPEG-LS": jpeg_ls,
    "JPEG-LS in colours": lambda: jpeg_ls(3),
}


@pytest.mark.parametrize("kind", JPEGS)
def test_a_jpeg_loses_every_comment_and_not_one_bit_of_its_picture(kind: str) -> None:
    stream, pixels = JPEGS[kind]()
    before = decode_frame(stream, pixels)
    frame = next(
        n for n in range(2, len(stream)) if stream[n - 1] == 0xFF and stream[n] >= 0xC0
    )
    planted = b"".join(
        segment(marker, SECRET)
        for marker in (0xFE, *range(0xE1, 0xEE), 0xEF, 0xF0, 0xFD)
    )
    planted += segment(0xE0, b"JFXX\0\x10" + SECRET) + segment(
        0xE1, b"Exif\0\0" + SECRET
    )
    dirty = stream[: frame - 1] + planted + stream[frame - 1 :] + SECRET + bytes(7)
    after = cleaned(b"\0" + SECRET + dirty if kind == "baseline" else dirty, pixels)
    assert SECRET not in after
    assert after.endswith(b"\xff\xd9")
    assert np.array_equal(decode_frame(after, pixels), before)


def test_a_comment_between_two_scans_goes_as_well() -> None:
    stream, pixels = progressive()
    second = stream.index(b"\xff\xda", stream.index(b"\xff\xda") + 2)
    second = stream.rindex(b"\xff\xc4", 0, second)
    dirty = stream[:second] + segment(0xFE, SECRET) + stream[second:]
    after = cleaned(dirty, pixels)
    assert SECRET not in after
    assert np.array_equal(decode_frame(after, pixels), decode_frame(stream, pixels))


def test_application_markers_about_colours_are_written_anew() -> None:
    thumbnail = b"JFIF\0\x01\x02\0\0\x48\0\x48\x02\x02" + SECRET[:12]
    adobe = b"Adobe\0\x64GARF\x01" + SECRET
    for kept, marker in ((thumbnail, 0xE0), (adobe, 0xEE)):
        stream, pixels = baseline()
        bare = jpeg_streams.cleaned(stream).replace(
            segment(0xE0, jpeg_streams._JFIF), b""
        )
        dirty = bare[:2] + segment(marker, kept) + bare[2:]
        after = cleaned(dirty, pixels)
        assert b"GARF" not in after
        assert jpeg_header(after).jfif is (marker == 0xE0)
        assert jpeg_header(after).adobe_transform == (1 if marker == 0xEE else None)
        assert np.array_equal(decode_frame(after, pixels), decode_frame(dirty, pixels))


def test_headers_hold_no_more_than_their_components() -> None:
    stream, pixels = lossless()
    for marker in (0xC3, 0xDA):
        at = stream.index(bytes([0xFF, marker]))
        (length,) = struct.unpack_from(">H", stream, at + 2)
        body = stream[at + 4 : at + 2 + length]
        longer = (
            stream[:at] + segment(marker, body + SECRET) + stream[at + 2 + length :]
        )
        assert cleaned(longer, pixels) == cleaned(stream, pixels)


@pytest.mark.parametrize("marker", [0xDB, 0xC4, 0xDD])
def test_tables_hold_no_more_than_themselves(marker: int) -> None:
    stream, pixels = restarted()
    at = stream.index(bytes([0xFF, marker]))
    (length,) = struct.unpack_from(">H", stream, at + 2)
    body = stream[at + 4 : at + 2 + length]
    longer = stream[:at] + segment(marker, body + SECRET) + stream[at + 2 + length :]
    assert cleaned(longer, pixels) == cleaned(stream, pixels)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda s: s[:-2],  # no end
        lambda s: s[:40],
        lambda s: s[2:],  # no start
        lambda _: b"",
        lambda s: s[:2] + b"\xff\xfe\xff\xff" + s[2:],  # a comment to the end
        lambda s: s[:2] + b"\0" + s[2:],
        lambda s: s[:2] + segment(0xF8, b"\x02" + bytes(12)) + s[2:],  # colour table
    ],
)
def test_a_jpeg_that_cannot_be_followed_stays_here(
    spoil: Callable[[bytes], bytes],
) -> None:
    stream, pixels = lossless()
    with pytest.raises(PixelError):
        cleaned(spoil(stream), pixels)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_clean_jpeg_or_refused(junk: bytes) -> None:
    for clean in (jpeg_streams.cleaned, jpeg_2000_streams.cleaned):
        for start in (b"", b"\xff\xd8\xff", b"\xff\x4f\xff\x51"):
            try:
                once = clean(start + junk)
            except PixelError:
                continue
            assert clean(once) == once


def jpeg_2000(kind: str = "j2k", **options: Any) -> tuple[bytes, PixelFormat]:
    values = slope(12, signed=True)
    stream = imagecodecs.jpeg2k_encode(
        values, codecformat=kind, reversible=True, level=0, bitspersample=12, **options
    )
    return bytes(stream), pixel_format(values, ".4.90", 12)


def high_throughput(**options: Any) -> tuple[bytes, PixelFormat]:
    values = slope(16)
    stream = imagecodecs.htj2k_encode(values, reversible=True, **options)
    return bytes(stream), pixel_format(values, ".4.201", 16)


WAVELETS: dict[str, Callable[[], tuple[bytes, PixelFormat]]] = {
    "bare": jpeg_2000,
    "in a file": lambda: jpeg_2000("jp2"),
    "high throughput": high_throughput,
    "high throughput, lengths stated": lambda: high_throughput(tlm=True, tile=(16, 16)),
}


@pytest.mark.parametrize("kind", WAVELETS)
def test_a_jpeg_2000_loses_every_comment_and_not_one_bit_of_its_picture(
    kind: str,
) -> None:
    stream, pixels = WAVELETS[kind]()
    before = decode_frame(stream, pixels)
    after = cleaned(with_comments(stream) + SECRET, pixels)
    assert SECRET not in after
    assert b"OpenJ" not in after  # encoders sign their work in a comment
    assert after.endswith(b"\xff\xd9")
    assert np.array_equal(decode_frame(after, pixels), before)
    assert cleaned(after, pixels) == after


def with_comments(stream: bytes) -> bytes:
    """A comment in the main header and one in each tile-part."""
    comment = b"\xff\x64" + struct.pack(">HH", 4 + len(SECRET), 1) + SECRET
    start = stream.index(b"\xff\x4f\xff\x51")
    prefix, stream = stream[:start], stream[start:]
    first = 4 + struct.unpack_from(">H", stream, 4)[0]
    parts, position = [], stream.index(b"\xff\x90")
    head = stream[:first] + comment + stream[first:position]
    while stream[position : position + 2] == b"\xff\x90":
        (length,) = struct.unpack_from(">I", stream, position + 6)
        longer = struct.pack(">I", length + len(comment))
        part = stream[position : position + length]
        parts.append(part[:6] + longer + part[10:12] + comment + part[12:])
        position += length
    if prefix:  # the length of the box that holds the stream: to the end of the file
        uuid = struct.pack(">I4s", 24 + len(SECRET), b"uuid") + bytes(16) + SECRET
        prefix = prefix[:-8] + uuid + bytes(4) + prefix[-4:]
    return prefix + head + b"".join(parts) + stream[position:]


def test_markers_a_decoder_can_do_without_go_as_well() -> None:
    stream, pixels = jpeg_2000()
    at = stream.index(b"\xff\x90")
    for marker in (b"\xff\x63", b"\xff\x57", b"\xff\x56", b"\xff\x30"):
        extra = marker + struct.pack(">H", 2 + len(SECRET)) + SECRET
        dirty = stream[:at] + extra + stream[at:]
        assert cleaned(dirty, pixels) == cleaned(stream, pixels)


def test_lengths_of_tile_parts_are_true_afterwards() -> None:
    stream, pixels = high_throughput(tlm=True, tile=(16, 16))
    after = cleaned(with_comments(stream), pixels)
    at = after.index(b"\xff\x55")
    (length,) = struct.unpack_from(">H", after, at + 2)
    style = after[at + 5]
    index = style >> 4 & 3
    each = index + (4 if style & 0x40 else 2)
    entries = range(at + 6 + index, at + 2 + length, each)
    sizes = [int.from_bytes(after[n : n + each - index], "big") for n in entries]
    assert len(sizes) == 12
    position = after.index(b"\xff\x90")
    for size in sizes:
        assert after[position : position + 2] == b"\xff\x90"
        position += size
    assert after[position:] == b"\xff\xd9"


def test_a_tile_part_of_unstated_length_ends_at_the_first_end_marker() -> None:
    stream, pixels = jpeg_2000()
    at = stream.index(b"\xff\x90")
    open_ended = stream[: at + 6] + bytes(4) + stream[at + 10 :]
    after = cleaned(open_ended + SECRET + b"\xff\xd9", pixels)
    assert after == cleaned(stream, pixels)


@pytest.mark.parametrize("spoil", [lambda s: s[:-2], lambda s: s[:60], lambda s: s[:7]])
def test_a_jpeg_2000_that_cannot_be_followed_stays_here(
    spoil: Callable[[bytes], bytes],
) -> None:
    stream, pixels = jpeg_2000()
    with pytest.raises(PixelError):
        cleaned(spoil(stream), pixels)


def with_a_tail(stream: bytes, pixels: PixelFormat) -> bytes:
    """Writing behind the last pixel, before the end marker."""
    if not pixels.transfer_syntax_uid.endswith((".90", ".201")):
        return stream[:-2] + SECRET + stream[-2:]
    last = stream.rindex(b"\xff\x90")
    (length,) = struct.unpack_from(">I", stream, last + 6)
    longer = struct.pack(">I", length + len(SECRET))
    return stream[: last + 6] + longer + stream[last + 10 : -2] + SECRET + stream[-2:]


@pytest.mark.parametrize("kind", [*JPEGS, *WAVELETS])
def test_writing_that_no_decoder_reads_is_cut_or_keeps_the_image_here(
    kind: str,
) -> None:
    stream, pixels = {**JPEGS, **WAVELETS}[kind]()
    clean = cleaned(stream, pixels)
    dirty = with_a_tail(clean, pixels)
    if pixels.transfer_syntax_uid.endswith(".80"):  # CharLS reads to the end
        with pytest.raises(PixelError):
            cleaned(dirty, pixels)
        return
    after = cleaned(dirty, pixels)
    assert SECRET[1:] not in after
    assert len(after) <= len(clean) + 1
    assert np.array_equal(decode_frame(after, pixels), decode_frame(clean, pixels))


def test_coded_data_that_look_like_writing_stay() -> None:
    found = 0
    for seed in range(3000):
        values = np.random.default_rng(seed).integers(0, 256, (8, 8), np.uint8)
        stream = bytes(imagecodecs.jpeg8_encode(values, lossless=True, predictor=1))
        clean = jpeg_streams.cleaned(stream)
        if all(32 <= byte < 127 for byte in clean[-8:-2]):
            found += 1
            assert cleaned(stream, pixel_format(values, ".4.70", 8)) == clean
    assert found > 2


@pytest.mark.parametrize("signed", [False, True])
def test_an_overlay_above_the_stored_bits_of_a_lossless_stream_goes(
    *, signed: bool
) -> None:
    values = slope(10, signed=signed)
    planted = values.copy().view(np.uint16)
    planted[5:9, 7:30] ^= 0x4000
    for syntax, encode in (
        (
            ".4.57",
            lambda v: imagecodecs.jpeg8_encode(v, lossless=True, bitspersample=16),
        ),
        (".4.80", imagecodecs.jpegls_encode),
        (".4.90", lambda v: imagecodecs.jpeg2k_encode(v, codecformat="j2k", level=0)),
        (".4.201", lambda v: imagecodecs.htj2k_encode(v, reversible=True)),
    ):
        pixels = pixel_format(values, syntax, 10)
        after = cleaned(bytes(encode(planted)), pixels)
        assert np.array_equal(decode_frame(after, pixels), values), syntax
        clean = bytes(encode(without_sign(values, 10)))
        kept = cleaned(clean, pixels)
        assert np.array_equal(decode_frame(kept, pixels), values), syntax
        assert len(kept) <= len(clean)


def test_loss_may_reach_a_little_beyond_the_stored_bits_but_no_overlay_may() -> None:
    values = slope(12)
    pixels = pixel_format(values, ".4.91", 12)
    values[3:5] = 4200
    near = imagecodecs.jpeg2k_encode(values, codecformat="j2k", level=0)
    assert np.array_equal(decode_frame(cleaned(bytes(near), pixels), pixels), values)
    values[3:5] = 0x8000
    far = imagecodecs.jpeg2k_encode(values, codecformat="j2k", level=0)
    with pytest.raises(PixelError):
        cleaned(bytes(far), pixels)
