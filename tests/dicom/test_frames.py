"""Stored values are those of an independent reader, sample for sample."""

import logging
import shutil
import subprocess
import warnings
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pydicom
import pytest
from PIL import Image as Picture
from pydicom.pixels.decoders.base import get_decoder

from viewer.core.color import to_rgb
from viewer.core.errors import PixelError, UnreadableError, ViewerError
from viewer.core.image import FrameIndex, Image, PixelFormat, SampleKind
from viewer.dicom.codecs import Coding, transfer_syntax
from viewer.dicom.codecs.stored import stored_dtype, stored_shape
from viewer.dicom.frames import (
    decode_frame,
    decoded_photometric,
    frame_place,
    read_frame,
)
from viewer.dicom.read import read_file

Samples = npt.NDArray[Any]

BUNDLED = Path(pydicom.__file__).parent / "data" / "test_files"
DCMDJPEG, DCMJ2PNM = (
    shutil.which(n, path="/usr/bin") for n in ("dcmdjpeg", "dcmj2pnm")
)
EXPLICIT, BIG_ENDIAN = "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.2"


def images(folder: Path) -> Iterator[tuple[Path, Image]]:
    """Every file below `folder` that has pixels."""
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        try:
            image = read_file(path).instance.image
        except ViewerError:
            continue
        if image is not None:
            yield path, image


@dataclass
class Verdicts:
    """How many files agree with a judge, and which do not."""

    counts: Counter[str]
    wrong: list[str]


def judged_by_pydicom(folder: Path) -> Verdicts:
    verdicts = Verdicts(Counter(), [])
    for path, image in images(folder):
        try:
            syntax = transfer_syntax(image.pixels.transfer_syntax_uid)
            ours = [read_frame(path, image, n + 1) for n in range(image.pixels.frames)]
        except ViewerError:
            ours = None
        theirs = pydicom_frames(path)
        if theirs is None:
            verdicts.counts["pydicom cannot" if ours else "nobody can"] += 1
        elif ours is None:
            verdicts.wrong.append(f"{path.name}: only pydicom reads it")
        elif syntax.coding is Coding.JPEG and image.pixels.samples == 3:
            verdicts.counts["lossy colours"] += 1  # RGB here, YCbCr there
        elif len(theirs) == len(ours) and all(map(same, ours, theirs)):
            verdicts.counts["equal"] += 1
        else:
            verdicts.wrong.append(f"{path.name}: {syntax.name}")
    return verdicts


def pydicom_frames(path: Path) -> Samples | None:
    """`pixel_array(raw=True)` with the frames first, if pydicom manages."""
    logging.disable()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            dataset = pydicom.dcmread(path, force=True)
            decoder = get_decoder(dataset.file_meta.TransferSyntaxUID)
            values, facts = decoder.as_array(dataset, raw=True)
            single = facts["number_of_frames"] == 1
            return values[np.newaxis] if single else values
    except Exception:  # noqa: BLE001 - whatever it is, pydicom is no judge here
        return None
    finally:
        logging.disable(logging.NOTSET)


def same(ours: Samples, theirs: Samples) -> bool:
    return (
        ours.shape == theirs.shape
        and ours.dtype == theirs.dtype.newbyteorder("=")
        and np.array_equal(ours, theirs, equal_nan=ours.dtype.kind == "f")
    )


def test_every_lossless_file_of_pydicom_is_read_as_pydicom_reads_it() -> None:
    verdicts = judged_by_pydicom(BUNDLED)

    assert not verdicts.wrong
    assert verdicts.counts["equal"] >= 60


def test_every_lossless_real_file_is_read_as_pydicom_reads_it(real_data: Path) -> None:
    verdicts = judged_by_pydicom(real_data)

    assert not verdicts.wrong
    assert verdicts.counts["equal"] >= 500


def lossless_jpegs(folder: Path) -> Iterator[tuple[Path, Image]]:
    for path, image in images(folder):
        syntax = transfer_syntax(image.pixels.transfer_syntax_uid)
        if syntax.coding is Coding.JPEG_LOSSLESS:
            yield path, image


@pytest.mark.skipif(DCMDJPEG is None, reason="DCMTK's dcmdjpeg is not installed")
def test_jpeg_lossless_is_what_dcmtk_makes_of_it(
    real_data: Path, tmp_path: Path
) -> None:
    compared, not_judged, plain = 0, [], tmp_path / "plain.dcm"
    for path, image in lossless_jpegs(real_data):
        done = subprocess.run(
            [str(DCMDJPEG), "--quiet", "+px", path, plain], check=False
        )
        if done.returncode:
            not_judged.append(path.name)
            continue
        truth = read_file(plain).instance.image
        assert truth is not None
        for number in range(1, image.pixels.frames + 1):
            np.testing.assert_array_equal(
                read_frame(path, image, number), read_frame(plain, truth, number)
            )
        compared += 1
    assert compared >= 10, not_judged


def rgb(path: Path, image: Image) -> Samples:
    pixels = image.pixels
    stored = read_frame(path, image, 1)
    return to_rgb(stored, decoded_photometric(pixels), pixels.bits_stored)


def lossy_colours(folder: Path) -> Iterator[tuple[Path, Image]]:
    for path, image in images(folder):
        coding = transfer_syntax(image.pixels.transfer_syntax_uid).coding
        if image.pixels.samples == 3 and coding is Coding.JPEG:
            yield path, image


def pillow_rgb(path: Path, image: Image) -> Samples:
    fragments, _ = frame_place(image, 1)
    content = path.read_bytes()
    encoded = b"".join(content[at : at + length] for at, length in fragments)
    return np.asarray(Picture.open(BytesIO(encoded)).convert("RGB"))


# Their three samples are RGB as the file says; Pillow sees no mark of it and guesses.
GUESSED_BY_PILLOW = {"SC_jpeg_no_color_transform.dcm", "SC_rgb_jpeg.dcm"}


@pytest.mark.parametrize("source", ["bundled", "real"])
def test_lossy_colours_are_within_one_of_pillow(
    source: str, request: pytest.FixtureRequest
) -> None:
    folder = BUNDLED if source == "bundled" else request.getfixturevalue("real_data")
    compared = 0
    for path, image in lossy_colours(folder):
        if path.name in GUESSED_BY_PILLOW:
            continue
        difference = rgb(path, image).astype(int) - pillow_rgb(path, image)
        assert np.abs(difference).max() <= 1, path.name
        compared += 1
    assert compared >= 9


@pytest.mark.skipif(DCMJ2PNM is None, reason="DCMTK's dcmj2pnm is not installed")
def test_lossy_colours_are_within_one_of_dcmtk(real_data: Path, tmp_path: Path) -> None:
    compared, picture = 0, tmp_path / "picture.ppm"
    for path, image in lossy_colours(real_data):
        done = subprocess.run(
            [str(DCMJ2PNM), "--quiet", "+op", path, picture], check=False
        )
        if done.returncode:
            continue
        truth = np.asarray(Picture.open(picture).convert("RGB"))
        assert np.abs(rgb(path, image).astype(int) - truth).max() <= 1, path.name
        compared += 1
    assert compared >= 15


def native(values: Samples, **facts: Any) -> PixelFormat:
    samples = values.shape[2] if values.ndim == 3 else 1
    bits = 8 * values.dtype.itemsize
    pixels = PixelFormat(
        EXPLICIT,
        values.shape[0],
        values.shape[1],
        samples=samples,
        photometric="MONOCHROME2" if samples == 1 else "RGB",
        bits_allocated=bits,
        bits_stored=bits,
        high_bit=bits - 1,
        signed=values.dtype.kind == "i",
    )
    return replace(pixels, **facts)


@pytest.mark.parametrize("kind", ["u1", "i1", "u2", "i2", "u4", "i4", "u8", "i8"])
@pytest.mark.parametrize("syntax", [EXPLICIT, BIG_ENDIAN])
def test_whole_numbers_of_any_size_and_byte_order_are_read(
    kind: str, syntax: str
) -> None:
    limits = np.iinfo(kind)
    values = np.array(
        [[limits.min, limits.min + 1, 0], [1, limits.max - 1, limits.max]], dtype=kind
    )
    big = syntax == BIG_ENDIAN
    encoded = values.astype(np.dtype(kind).newbyteorder(">" if big else "<")).tobytes()
    pixels = native(values, transfer_syntax_uid=syntax)

    decoded = decode_frame(encoded + b"\0", pixels)

    np.testing.assert_array_equal(decoded, values)
    assert decoded.dtype == stored_dtype(pixels) == np.dtype(kind)
    assert decoded.shape == stored_shape(pixels)


@pytest.mark.parametrize(
    ("kind", "sample"), [("f4", SampleKind.FLOAT), ("f8", SampleKind.DOUBLE)]
)
def test_floats_are_read_with_what_is_no_number(kind: str, sample: SampleKind) -> None:
    values = np.array([[1.5, np.nan, -np.inf], [0, 1e30, -1e-30]], dtype=kind)

    decoded = decode_frame(values.tobytes(), native(values, kind=sample))

    np.testing.assert_array_equal(decoded, values)
    assert decoded.dtype == np.dtype(kind)


def test_colour_by_plane_is_read_as_colour_by_pixel() -> None:
    values = np.arange(24, dtype=np.uint8).reshape(2, 4, 3)
    by_plane = values.transpose(2, 0, 1).tobytes()

    decoded = decode_frame(by_plane, native(values, planar=True))

    np.testing.assert_array_equal(decoded, values)


def test_bits_that_are_not_stored_are_cleared_and_the_sign_is_extended() -> None:
    cells = np.array([[0xF7FF, 0x0800, 0x7FFF]], dtype=np.uint16)
    stored = {"bits_stored": 12, "high_bit": 11}

    unsigned = decode_frame(cells.tobytes(), native(cells, **stored))
    signed = decode_frame(cells.tobytes(), native(cells, signed=True, **stored))

    assert unsigned.tolist() == [[0x7FF, 0x800, 0xFFF]]
    assert signed.tolist() == [[0x7FF, -0x800, -1]]


def test_a_sample_that_does_not_begin_at_bit_zero_is_shifted_down() -> None:
    cells = np.array([[0xABCF, 0x0010, 0x7FF0]], dtype=np.uint16)
    pixels = native(cells, bits_stored=12, high_bit=15)

    unsigned = decode_frame(cells.tobytes(), pixels)
    signed = decode_frame(cells.tobytes(), replace(pixels, signed=True))

    assert unsigned.tolist() == [[0xABC, 0x001, 0x7FF]]
    assert signed.tolist() == [[0xABC - 0x1000, 0x001, 0x7FF]]


def test_bytes_in_big_endian_words_are_put_right() -> None:
    values = np.arange(9, dtype=np.uint8).reshape(3, 3)
    words = bytes([1, 0, 3, 2, 5, 4, 7, 6, 0, 8])
    pixels = native(values, transfer_syntax_uid=BIG_ENDIAN, word_swapped=True)

    np.testing.assert_array_equal(decode_frame(words, pixels), values)


def test_shared_colours_are_given_to_both_pixels() -> None:
    pixels = native(np.zeros((1, 4, 3), np.uint8), photometric="YBR_FULL_422")

    decoded = decode_frame(bytes([10, 11, 90, 200, 12, 13, 91, 201]), pixels)

    assert decoded.tolist() == [
        [[10, 90, 200], [11, 90, 200], [12, 91, 201], [13, 91, 201]]
    ]
    assert decoded_photometric(pixels) == "YBR_FULL"


def test_colours_that_are_not_shared_although_the_file_says_so_are_left() -> None:
    values = np.arange(12, dtype=np.uint8).reshape(1, 4, 3)
    pixels = native(values, photometric="YBR_FULL_422")

    np.testing.assert_array_equal(decode_frame(values.tobytes(), pixels), values)


@pytest.mark.parametrize("photometric", ["MONOCHROME2", "YBR_FULL_422"])
def test_a_frame_that_is_too_short_is_refused_not_filled(photometric: str) -> None:
    shape = (4, 4) if photometric == "MONOCHROME2" else (4, 4, 3)
    values = np.zeros(shape, dtype=np.uint8)
    pixels = native(values, photometric=photometric)
    needed = 16 if values.ndim == 2 else 32

    decode_frame(bytes(needed), pixels)
    with pytest.raises(PixelError, match="holds less"):
        decode_frame(bytes(needed - 1), pixels)


@pytest.mark.parametrize(
    "facts",
    [
        {"rows": 0},
        {"columns": -1},
        {"samples": 2},
        {"bits_allocated": 12},
        {"bits_allocated": 0},
        {"bits_allocated": 1, "samples": 3},
        {"rows": 65535, "columns": 65535},
    ],
)
def test_a_size_that_cannot_be_true_is_refused(facts: dict[str, int]) -> None:
    pixels = native(np.zeros((2, 2), np.uint8), **facts)

    with pytest.raises(PixelError):
        decode_frame(b"\0" * 16, pixels)


def test_a_frame_that_does_not_exist_is_refused_with_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "frames"
    path.write_bytes(bytes(8))
    pixels = native(np.zeros((2, 2), np.uint8), frames=3)
    image = Image(pixels, FrameIndex((((0, 4),), ((4, 4),))))

    assert read_frame(path, image, 2).shape == (2, 2)
    for number in (0, -1, 4):
        with pytest.raises(PixelError, match=f"There is no frame {number}: .* 3"):
            read_frame(path, image, number)
    with pytest.raises(PixelError, match="ends before frame 3 of 3"):
        read_frame(path, image, 3)
    with pytest.raises(UnreadableError):
        read_frame(tmp_path / "gone", image, 1)


def test_a_frame_without_a_place_says_why() -> None:
    image = Image(
        native(np.zeros((2, 2), np.uint8)), FrameIndex(reason="It is a video.")
    )
    with pytest.raises(PixelError, match="video"):
        read_frame("nowhere", image, 1)
