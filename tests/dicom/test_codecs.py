"""What was encoded without loss comes back to the bit; what cannot be is refused."""

import struct
from collections.abc import Callable
from io import BytesIO
from typing import Any

import imagecodecs
import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image as Picture

from tests.dicom.code_streams import (
    COLUMNS,
    ROOT,
    ROWS,
    hostile_jpeg_2000,
    pixel_format,
    slope,
    without_sign,
)
from viewer.core.errors import PixelError
from viewer.dicom.codecs import Coding, decoder_for, describe, transfer_syntax
from viewer.dicom.codecs.jpeg_xl import stated_size
from viewer.dicom.codecs.registry import DECODERS, REFUSED
from viewer.dicom.codecs.stream import jpeg_2000_header, jpeg_header
from viewer.dicom.codecs.syntaxes import SYNTAXES
from viewer.dicom.frames import decode_frame, decoded_photometric

Samples = npt.NDArray[Any]
Encode = Callable[[Samples, int], Any]  # imagecodecs may give a bytearray

DEPTHS = (1, 2, 6, 8, 10, 12, 15, 16)


def _jpeg_lossless(predictor: int) -> Encode:
    return lambda values, bits: imagecodecs.jpeg8_encode(
        without_sign(values, bits),
        lossless=True,
        predictor=predictor,
        bitspersample=max(bits, 2),
    )


def _jpeg_2000(kind: str) -> Encode:
    return lambda values, bits: imagecodecs.jpeg2k_encode(
        values, codecformat=kind, reversible=True, level=0, bitspersample=bits
    )


LOSSLESS: dict[str, tuple[str, Encode]] = {
    "JPEG Lossless": (".4.57", _jpeg_lossless(4)),
    "JPEG Lossless SV1": (".4.70", _jpeg_lossless(1)),
    "JPEG-LS": (".4.80", lambda v, b: imagecodecs.jpegls_encode(without_sign(v, b))),
    "JPEG 2000": (".4.90", _jpeg_2000("j2k")),
    "JPEG 2000 as a file": (".4.90", _jpeg_2000("jp2")),
    "JPEG 2000 that forgets the sign": (
        ".4.90",
        lambda v, b: _jpeg_2000("j2k")(without_sign(v, b), b),
    ),
    "JPEG XL": (
        ".4.110",
        lambda v, b: imagecodecs.jpegxl_encode(without_sign(v, b), lossless=True),
    ),
    "HTJ2K": (".4.201", lambda v, _: imagecodecs.htj2k_encode(v, reversible=True)),
    "HTJ2K RPCL": (".4.202", lambda v, _: imagecodecs.htj2k_encode(v, reversible=True)),
}


@pytest.mark.parametrize("signed", [False, True])
@pytest.mark.parametrize("bits", DEPTHS)
@pytest.mark.parametrize("name", LOSSLESS)
def test_lossless_frames_come_back_to_the_bit(
    name: str, bits: int, *, signed: bool
) -> None:
    syntax, encode = LOSSLESS[name]
    values = slope(bits, signed=signed)

    decoded = decode_frame(encode(values, bits), pixel_format(values, syntax, bits))

    assert decoded.dtype == values.dtype
    np.testing.assert_array_equal(decoded, values)


@pytest.mark.parametrize(
    ("syntax", "photometric", "encode"),
    [
        (".4.80", "RGB", imagecodecs.jpegls_encode),
        (
            ".4.90",
            "YBR_RCT",
            lambda v: imagecodecs.jpeg2k_encode(
                v, codecformat="j2k", reversible=True, level=0, mct=True
            ),
        ),
        (
            ".4.90",
            "RGB",
            lambda v: imagecodecs.jpeg2k_encode(
                v, codecformat="j2k", reversible=True, level=0, mct=False
            ),
        ),
        (".4.201", "RGB", lambda v: imagecodecs.htj2k_encode(v, reversible=True)),
        (".4.110", "RGB", lambda v: imagecodecs.jpegxl_encode(v, lossless=True)),
        (
            ".4.70",
            "RGB",
            lambda v: imagecodecs.jpeg8_encode(
                v, lossless=True, colorspace="RGB", outcolorspace="RGB"
            ),
        ),
    ],
)
def test_lossless_colours_come_back_to_the_bit_as_rgb(
    syntax: str, photometric: str, encode: Callable[[Samples], bytes]
) -> None:
    values = slope(8, samples=3)
    pixels = pixel_format(values, syntax, 8, photometric)

    np.testing.assert_array_equal(decode_frame(encode(values), pixels), values)
    assert decoded_photometric(pixels) == "RGB"


def test_the_decoders_behind_the_first_give_the_same_samples() -> None:
    compared = 0
    for name, (syntax, encode) in LOSSLESS.items():
        if name == "HTJ2K RPCL":
            continue
        values = slope(12)
        encoded, pixels = encode(values, 12), pixel_format(values, syntax, 12)
        coding = transfer_syntax(pixels.transfer_syntax_uid).coding
        if coding in (Coding.JPEG, Coding.JPEG_LOSSLESS):
            continue  # the second one there is for streams without an end
        for decoder in DECODERS[coding][1:]:
            assert decoder.installed, decoder.name
            samples = np.squeeze(decoder.decode(encoded, pixels))
            np.testing.assert_array_equal(samples, values)
            compared += 1
    assert compared == 5


def test_a_recompressed_jpeg_gives_what_the_jpeg_gives() -> None:
    values = slope(8, samples=3)
    jpeg = bytes(imagecodecs.jpeg8_encode(values, level=90))
    packed = bytes(imagecodecs.jpegxl_encode_jpeg(jpeg))

    np.testing.assert_array_equal(
        decode_frame(packed, pixel_format(values, ".4.111", 8, "YBR_FULL_422")),
        decode_frame(jpeg, pixel_format(values, ".4.50", 8, "YBR_FULL_422")),
    )


@pytest.mark.parametrize("subsampling", [0, 1, 2])
def test_lossy_colours_are_those_of_pillow(subsampling: int) -> None:
    values = slope(8, samples=3)
    file = BytesIO()
    Picture.fromarray(values).save(file, "JPEG", quality=80, subsampling=subsampling)
    encoded = file.getvalue()

    decoded = decode_frame(encoded, pixel_format(values, ".4.50", 8, "YBR_FULL_422"))

    expected = np.asarray(Picture.open(BytesIO(encoded)).convert("RGB"))
    assert np.abs(decoded.astype(int) - expected).max() <= 1


def test_a_jpeg_without_any_header_holds_the_colours_the_file_states() -> None:
    values = slope(8, samples=3)
    encoded = imagecodecs.jpeg8_encode(
        values, level=100, colorspace="RGB", outcolorspace="RGB"
    )
    bare = _without_application_markers(bytes(encoded))
    bare = bare.replace(b"R\x11\x00G\x11\x00B\x11\x00", b"\1\x11\0\2\x11\0\3\x11\0")
    bare = bare.replace(b"R\x00G\x00B\x00", b"\1\0\2\0\3\0")

    stated_rgb = decode_frame(bare, pixel_format(values, ".4.50", 8, "RGB"))
    stated_ybr = decode_frame(bare, pixel_format(values, ".4.50", 8, "YBR_FULL"))

    assert np.abs(stated_rgb.astype(int) - values).max() < 8
    assert np.abs(stated_ybr.astype(int) - values).max() > 100


def _without_application_markers(encoded: bytes) -> bytes:
    position = 2
    while encoded[position + 1] in range(0xE0, 0xF0):
        position += 2 + int.from_bytes(encoded[position + 2 : position + 4], "big")
    return encoded[:2] + encoded[position:]


@pytest.mark.parametrize("name", [n for n in LOSSLESS if n != "JPEG XL"])
def test_a_stream_that_ends_early_is_refused(name: str) -> None:
    syntax, encode = LOSSLESS[name]
    values = slope(12)
    encoded = encode(values, 12)

    with pytest.raises(PixelError):
        decode_frame(encoded[: len(encoded) // 2], pixel_format(values, syntax, 12))


@pytest.mark.parametrize("lossless", [False, True])
def test_a_jpeg_that_lacks_only_its_end_marker_is_shown(*, lossless: bool) -> None:
    values = slope(8)
    encoded = bytes(imagecodecs.jpeg8_encode(values, level=95, lossless=lossless))
    pixels = pixel_format(values, ".4.70" if lossless else ".4.50", 8)

    np.testing.assert_array_equal(
        decode_frame(encoded[:-2], pixels), decode_frame(encoded, pixels)
    )
    for kept in (len(encoded) // 2, len(encoded) - 40, len(encoded) - 8):
        with pytest.raises(PixelError, match="too early"):
            decode_frame(encoded[:kept], pixels)


@pytest.mark.parametrize("name", LOSSLESS)
def test_an_image_of_another_size_than_stated_is_refused_before_it_is_decoded(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    syntax, encode = LOSSLESS[name]
    values = slope(8)
    encoded = encode(values, 8)
    for function in ("jpeg8", "jpegls", "jpeg2k", "htj2k", "jpegxl"):
        monkeypatch.setattr(imagecodecs, f"{function}_decode", _never)
    smaller = pixel_format(values[1:], syntax, 8)

    with pytest.raises(PixelError, match="another size"):
        decode_frame(encoded, smaller)


def _never(*_: object, **__: object) -> None:
    pytest.fail("a decoder was called")


def test_more_tiles_than_the_standard_has_numbers_for_are_refused() -> None:
    with pytest.raises(PixelError, match="damaged"):
        jpeg_2000_header(hostile_jpeg_2000(4096, 4096, tile=1))


@given(st.binary(max_size=200))
@settings(max_examples=300)
def test_any_bytes_give_a_header_or_a_reason(junk: bytes) -> None:
    for read in (jpeg_header, jpeg_2000_header, stated_size):
        for start in (b"", b"\xff\xd8", b"\xff\x4f\xff\x51", b"\xff\x0a"):
            try:
                read(start + junk)
            except PixelError:
                continue


@given(
    st.sampled_from(sorted(name for name in LOSSLESS if "HTJ2K" not in name)),
    st.binary(min_size=1, max_size=8),
    st.floats(0, 0.999),
)
@settings(max_examples=200, deadline=None)
def test_damage_gives_an_image_or_a_reason(
    name: str, junk: bytes, where: float
) -> None:
    syntax, encode = LOSSLESS[name]
    values = slope(8)
    encoded = bytearray(encode(values, 8))
    place = int(where * len(encoded))
    encoded[place : place + len(junk)] = junk
    pixels = pixel_format(values, syntax, 8)
    try:
        assert decode_frame(bytes(encoded), pixels).shape == (ROWS, COLUMNS)
    except PixelError as error:
        assert error.message  # noqa: PT017 - either is fine


@pytest.mark.parametrize("bits", [1, 8, 16, 32])
@pytest.mark.parametrize("samples", [1, 3])
def test_run_lengths_come_back_to_the_bit(bits: int, samples: int) -> None:
    if bits == 1 and samples == 3:
        pytest.skip("1-bit images have one sample")
    generator = np.random.default_rng(bits)
    shape = (ROWS, COLUMNS) if samples == 1 else (ROWS, COLUMNS, samples)
    values = generator.integers(0, 1 << bits, shape).astype(f"u{max(bits // 8, 1)}")
    pixels = pixel_format(values, ".5", bits)
    if bits == 1:
        pixels = _one_bit(pixels)

    decoded = decode_frame(_run_lengths(values, bits), pixels)

    np.testing.assert_array_equal(decoded, values)
    with pytest.raises(PixelError):
        decode_frame(_run_lengths(values[1:], bits), pixels)
    with pytest.raises(PixelError):
        decode_frame(_run_lengths(values, bits)[:70], pixels)


def _one_bit(pixels: Any) -> Any:
    from dataclasses import replace  # noqa: PLC0415 - only here

    return replace(pixels, bits_allocated=1, bits_stored=1, high_bit=0)


def _run_lengths(values: Samples, bits: int) -> bytes:
    """An RLE frame written straight from PS3.5 Annex G, literal runs only."""
    planes = values[..., np.newaxis] if values.ndim == 2 else values
    segments = []
    for sample in range(planes.shape[2]):
        plane = np.ascontiguousarray(planes[..., sample])
        if bits == 1:
            columns = [np.packbits(plane, bitorder="little").tobytes()]
        else:
            cells = plane.astype(plane.dtype.newbyteorder(">")).reshape(-1)
            columns = [
                cells.view(np.uint8)[byte :: bits // 8].tobytes()
                for byte in range(bits // 8)
            ]
        for column in columns:
            packed = b"".join(
                bytes([len(column[at : at + 128]) - 1]) + column[at : at + 128]
                for at in range(0, len(column), 128)
            )
            segments.append(packed + b"\0" * (len(packed) % 2))
    offsets = [64]
    for segment in segments[:-1]:
        offsets.append(offsets[-1] + len(segment))
    offsets += [0] * (15 - len(offsets))
    return struct.pack("<16I", len(segments), *offsets) + b"".join(segments)


def test_every_transfer_syntax_has_a_decoder_or_a_reason() -> None:
    rows = describe()

    assert {row.uid for row in rows} == set(SYNTAXES)
    assert all(bool(row.decoder) is not bool(row.missing) for row in rows)
    refused = {row.uid for row in rows if row.missing}
    assert refused == {
        uid for uid, syntax in SYNTAXES.items() if syntax.coding in REFUSED
    }


def test_jpip_and_video_are_refused_with_their_reason() -> None:
    with pytest.raises(PixelError, match="JPIP server"):
        decoder_for(ROOT + ".4.94")
    with pytest.raises(PixelError, match="video"):
        decoder_for(ROOT + ".4.102")
    with pytest.raises(PixelError, match="does not know"):
        decoder_for("1.2.3")


def test_a_missing_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("viewer.dicom.codecs.registry.is_there", lambda _: False)

    row = next(row for row in describe() if row.uid == ROOT + ".4.80")

    assert not row.decoder
    assert "imagecodecs" in row.missing
    assert transfer_syntax(row.uid).coding is Coding.JPEG_LS


def test_the_size_of_a_jpeg_xl_is_read_as_libjxl_reads_it() -> None:
    for size in ((8, 8), (64, 256), (37, 53), (480, 640), (1000, 3), (513, 9000)):
        blank = np.zeros(size, np.uint8)
        for container in (False, True):
            stream = imagecodecs.jpegxl_encode(blank, usecontainer=container)
            assert stated_size(bytes(stream)) == size
