"""Boxes are burned black in every frame, and nothing beside them changes."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
import numpy.typing as npt
import pydicom
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.dicom.code_streams import COLUMNS, ROWS, pixel_format, slope, without_sign
from tests.dicom.deidentification.leaving_images import (
    Extra,
    fragments,
    frames_of,
    image_file,
    left,
    left_header,
    outcome_of,
)
from viewer.core.boxes import Box
from viewer.core.errors import PixelError
from viewer.core.image import PixelFormat
from viewer.dicom.deidentification import run_length_streams

Samples = npt.NDArray[Any]

BOX = Box(7, 5, 20, 9)
INSIDE = np.zeros((ROWS, COLUMNS), bool)
INSIDE[5:14, 7:27] = True


def burned(path: Path, *boxes: Box) -> list[Samples]:
    return frames_of(left(path, boxes or (BOX,)))


def plain_file(
    folder: Path, values: Samples, pixels: PixelFormat, extra: Extra = ()
) -> Path:
    return image_file(folder / "image.dcm", pixels, values.tobytes(), extra)


FALLING: Extra = ((0x00281052, "DS", "4095"), (0x00281053, "DS", "-1"))
GREYS: dict[str, tuple[str, bool, Extra, int]] = {
    "MONOCHROME2": ("MONOCHROME2", False, (), 0),
    "MONOCHROME1": ("MONOCHROME1", False, (), 4095),
    "signed": ("MONOCHROME2", True, (), -2048),
    "signed MONOCHROME1": ("MONOCHROME1", True, (), 2047),
    "falling": (
        "MONOCHROME2", False, FALLING, 4095
    ),
    "falling MONOCHROME1": (
        "MONOCHROME1", False, FALLING, 0
    ),
    "Hounsfield": (
        "MONOCHROME2", False, ((0x00281052, "DS", "-1024"), (0x00281053, "DS", "1")), 0
    ),
    "inverse": ("MONOCHROME2", False, ((0x20500020, "CS", "INVERSE"),), 4095),
    "MONOCHROME1 and inverse": (
        "MONOCHROME1", False, ((0x20500020, "CS", "INVERSE"),), 4095
    ),
    "padding": (
        "MONOCHROME2", True, ((0x00280120, "SS", -2000),), -2048
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", GREYS)
def test_the_darkest_stored_value_is_burned_in_greys(kind: str, tmp_path: Path) -> None:
    photometric, signed, extra, black = GREYS[kind]
    values = slope(12, signed=signed)
    pixels = pixel_format(values, ".1", 12, photometric)
    (after,) = burned(plain_file(tmp_path, values, pixels, extra))
    assert np.unique(after[INSIDE]).tolist() == [black]
    assert np.array_equal(after[~INSIDE], values[~INSIDE])


@pytest.mark.parametrize("stored", [9, 16])
def test_only_what_the_pixel_cells_hold_is_touched_where_bits_lie_below(
    stored: int, tmp_path: Path
) -> None:
    values: Samples = slope(stored, signed=True)
    low = 16 - stored
    pixels = replace(pixel_format(values, ".1", stored), high_bit=15)
    path = plain_file(tmp_path, values << low, pixels)
    (after,) = burned(path)
    assert np.unique(after[INSIDE]).tolist() == [-(1 << stored - 1)]
    assert np.array_equal(after[~INSIDE], values[~INSIDE])


COLOURS = {
    "RGB": (0, 0, 0),
    "YBR_FULL": (0, 128, 128),
    "HSV": (0, 0, 0),
}


@pytest.mark.parametrize("planar", [False, True])
@pytest.mark.parametrize("photometric", COLOURS)
def test_black_is_burned_in_colours(
    photometric: str, tmp_path: Path, *, planar: bool
) -> None:
    values = slope(8, samples=3)
    pixels = replace(pixel_format(values, ".1", 8, photometric), planar=planar)
    stored = np.ascontiguousarray(values.transpose(2, 0, 1)) if planar else values
    (after,) = burned(plain_file(tmp_path, stored, pixels))
    assert {tuple(pixel) for pixel in after[INSIDE].tolist()} == {COLOURS[photometric]}
    assert np.array_equal(after[~INSIDE], values[~INSIDE])


def test_pixels_that_share_their_colour_go_in_pairs(tmp_path: Path) -> None:
    quads = np.random.default_rng(4).integers(0, 256, (ROWS, 26, 4), np.uint8)
    pixels = replace(
        pixel_format(slope(8, samples=3), ".1", 8, "YBR_FULL_422"), columns=52
    )
    path = plain_file(tmp_path, quads, pixels)
    before, after = frames_of(path)[0], burned(path)[0]
    inside = np.zeros((ROWS, 52), bool)
    inside[5:14, 6:28] = True
    assert {tuple(pixel) for pixel in after[inside].tolist()} == {(0, 128, 128)}
    assert np.array_equal(after[~inside], before[~inside])


def palette(*colours: tuple[int, int, int]) -> Extra:
    tables = np.array(colours, "<u2").T << 8
    extra: list[tuple[int, str, Any]] = []
    for channel in range(3):
        extra.append((0x00281101 + channel, "US", (len(colours), 0, 16)))
        extra.append((0x00281201 + channel, "OW", tables[channel].tobytes()))
    return extra


def test_the_darkest_colour_of_a_palette_is_burned(tmp_path: Path) -> None:
    values = slope(8) % 4
    pixels = pixel_format(values, ".1", 8, "PALETTE COLOR")
    extra = palette((90, 9, 9), (9, 90, 90), (9, 5, 0), (255, 255, 255))
    (after,) = burned(plain_file(tmp_path, values, pixels, extra))
    assert np.unique(after[INSIDE]).tolist() == [2]
    assert np.array_equal(after[~INSIDE], values[~INSIDE])


def test_colours_nobody_knows_are_not_burned(tmp_path: Path) -> None:
    values = slope(8, samples=3)
    path = plain_file(tmp_path, values, pixel_format(values, ".1", 8, "CIELAB"))
    with pytest.raises(PixelError):
        outcome_of(path, [BOX])
    grey = slope(8)
    path = plain_file(tmp_path, grey, pixel_format(grey, ".1", 8, "PALETTE COLOR"))
    with pytest.raises(PixelError):
        outcome_of(path, [BOX])


def test_floats_get_the_lowest_of_their_frame(tmp_path: Path) -> None:
    values = slope(12, signed=True).astype("<f4") / 7
    values[0, 0] = np.nan
    path = plain_file(tmp_path, slope(12), pixel_format(slope(12), ".1", 12))
    ds = pydicom.dcmread(path)
    del ds.PixelData
    ds.BitsAllocated = 32
    ds.FloatPixelData = values.tobytes()
    ds.save_as(path)
    (after,) = burned(path)
    assert np.unique(after[INSIDE]).tolist() == [np.nanmin(values)]
    assert np.array_equal(after[~INSIDE], values[~INSIDE], equal_nan=True)


def test_one_bit_a_pixel_is_burned_across_bytes(tmp_path: Path) -> None:
    frames = np.ones((3, ROWS, COLUMNS), np.uint8)
    packed = np.packbits(frames, bitorder="little").tobytes()
    pixels = replace(
        pixel_format(frames[0], ".1", 1), bits_allocated=1, frames=3, high_bit=0
    )
    path = image_file(tmp_path / "image.dcm", pixels, packed)
    first, second, third = burned(path, replace(BOX, first_frame=2, last_frame=2))
    assert first.all()
    assert third.all()
    assert not second[INSIDE].any()
    assert second[~INSIDE].all()


LOSSLESS: dict[str, Any] = {
    ".4.57": lambda v, b: imagecodecs.jpeg8_encode(
        without_sign(v, b), lossless=True, predictor=4, bitspersample=max(b, 2)
    ),
    ".4.70": lambda v, b: imagecodecs.jpeg8_encode(
        without_sign(v, b), lossless=True, predictor=1, bitspersample=max(b, 2)
    ),
    ".4.80": lambda v, b: imagecodecs.jpegls_encode(without_sign(v, b)),
    ".4.90": lambda v, b: imagecodecs.jpeg2k_encode(
        v, codecformat="j2k", level=0, reversible=True, bitspersample=b
    ),
    ".4.201": lambda v, _: imagecodecs.htj2k_encode(v, reversible=True),
    ".4.110": lambda v, b: imagecodecs.jpegxl_encode(without_sign(v, b), lossless=True),
    ".5": lambda v, _: run_length_streams.encoded(v),
    ".1.98": lambda v, _: v.tobytes(),
}


@pytest.mark.parametrize("signed", [False, True])
@pytest.mark.parametrize("bits", [8, 12, 16])
@pytest.mark.parametrize("syntax", LOSSLESS)
def test_what_was_compressed_without_loss_stays_so(
    syntax: str, bits: int, tmp_path: Path, *, signed: bool
) -> None:
    frames = [np.roll(slope(bits, signed=signed), 3 * n, axis=1) for n in range(3)]
    pixels = replace(pixel_format(frames[0], syntax, bits), frames=3)
    streams = [bytes(LOSSLESS[syntax](frame, bits)) for frame in frames]
    path = image_file(tmp_path / "image.dcm", pixels, fragments(streams))
    second = replace(BOX, first_frame=2, last_frame=2)
    outcome, _ = outcome_of(path, [second])
    assert outcome.transfer_syntax_uid == pixels.transfer_syntax_uid
    after = burned(path, second)
    black = -(1 << bits - 1) if signed else 0
    assert np.unique(after[1][INSIDE]).tolist() == [black]
    assert np.array_equal(after[1][~INSIDE], frames[1][~INSIDE])
    assert np.array_equal(after[0], frames[0])
    assert np.array_equal(after[2], frames[2])


@pytest.mark.parametrize("syntax", [".4.70", ".4.80", ".4.90", ".4.201", ".5"])
def test_colours_compressed_without_loss_stay_so(syntax: str, tmp_path: Path) -> None:
    values = slope(8, samples=3)
    encode: dict[str, Any] = {
        ".4.70": lambda v: imagecodecs.jpeg8_encode(
            v, lossless=True, predictor=1, colorspace="RGB", outcolorspace="RGB"
        ),
        ".4.80": imagecodecs.jpegls_encode,
        ".4.90": lambda v: imagecodecs.jpeg2k_encode(v, codecformat="j2k", level=0),
        ".4.201": lambda v: imagecodecs.htj2k_encode(v, reversible=True),
        ".5": run_length_streams.encoded,
    }
    photometric = "YBR_RCT" if syntax in (".4.90", ".4.201") else "RGB"
    pixels = pixel_format(values, syntax, 8, photometric)
    stream = bytes(encode[syntax](values))
    path = image_file(tmp_path / "image.dcm", pixels, fragments([stream]))
    outcome, _ = outcome_of(path, [BOX])
    assert outcome.transfer_syntax_uid == pixels.transfer_syntax_uid
    (after,) = burned(path)
    assert not after[INSIDE].any()
    assert np.array_equal(after[~INSIDE], values[~INSIDE])
    header = left_header(path, outcome)
    assert header.PhotometricInterpretation == (
        "YBR_RCT" if syntax == ".4.90" else "RGB"
    )


@pytest.mark.parametrize("samples", [1, 3])
def test_what_was_lossy_is_stored_as_it_was_decoded_and_marked(
    samples: int, tmp_path: Path
) -> None:
    frames = [np.roll(slope(8, samples=samples), n, axis=0) for n in range(3)]
    colours = "YBR_FULL_422" if samples == 3 else "MONOCHROME2"
    pixels = replace(pixel_format(frames[0], ".4.50", 8, colours), frames=3)
    streams = [bytes(imagecodecs.jpeg8_encode(frame, level=80)) for frame in frames]
    path = image_file(tmp_path / "image.dcm", pixels, fragments(streams))
    before = frames_of(path)
    outcome, value = outcome_of(path, [replace(BOX, last_frame=1)])
    header = left_header(path, outcome)
    assert outcome.transfer_syntax_uid == "1.2.840.10008.1.2.1"
    assert header.LossyImageCompression == "01"
    assert header.LossyImageCompressionMethod == "ISO_10918_1"
    assert header.PhotometricInterpretation == (
        "RGB" if samples == 3 else "MONOCHROME2"
    )
    assert len(value) == 3 * frames[0].size + frames[0].size % 2
    after = burned(path, replace(BOX, last_frame=1))
    assert not after[0][INSIDE].any()
    assert np.array_equal(after[0][~INSIDE], before[0][~INSIDE])
    assert np.array_equal(after[1], before[1])


@pytest.mark.parametrize(("syntax", "new"), [(".4.81", ".4.80"), (".4.91", ".4.90")])
def test_a_lossy_coding_with_a_lossless_sister_goes_over_to_it(
    syntax: str, new: str, tmp_path: Path
) -> None:
    values = slope(8)
    if syntax == ".4.81":
        stream = imagecodecs.jpegls_encode(values, level=3)
    else:
        stream = imagecodecs.jpeg2k_encode(values, codecformat="j2k", level=35)
    pixels = pixel_format(values, syntax, 8)
    path = image_file(tmp_path / "image.dcm", pixels, fragments([bytes(stream)]))
    (before,), (after,) = frames_of(path), burned(path)
    outcome, _ = outcome_of(path, [BOX])
    assert outcome.transfer_syntax_uid == "1.2.840.10008.1.2" + new
    assert left_header(path, outcome).LossyImageCompression == "01"
    assert np.array_equal(after[~INSIDE], before[~INSIDE])
    assert not after[INSIDE].any()


def test_statistics_of_the_pixels_as_they_were_go_only_if_something_is_burned(
    tmp_path: Path,
) -> None:
    values = slope(12)
    extra = ((0x00280106, "US", 3), (0x00280107, "US", 4000))
    path = plain_file(tmp_path, values, pixel_format(values, ".1", 12), extra)
    assert "SmallestImagePixelValue" in left_header(path, outcome_of(path)[0])
    header = left_header(path, outcome_of(path, [BOX])[0])
    assert "SmallestImagePixelValue" not in header
    assert "LargestImagePixelValue" not in header


boxes = st.builds(
    Box,
    st.integers(0, COLUMNS + 3),
    st.integers(0, ROWS + 3),
    st.integers(1, COLUMNS + 9),
    st.integers(1, ROWS + 9),
)


@settings(max_examples=40)
@given(st.lists(boxes, min_size=1, max_size=4), st.sampled_from([".1", ".5", ".4.80"]))
def test_any_boxes_are_black_and_all_else_is_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, burning: list[Box], syntax: str
) -> None:
    values: Samples = slope(12)
    values |= 1
    pixels = pixel_format(values, syntax, 12)
    stream = LOSSLESS.get(syntax, lambda v, _: v.tobytes())(values, 12)
    value = fragments([bytes(stream)]) if syntax != ".1" else values.tobytes()
    folder = tmp_path_factory.mktemp("burned")
    (after,) = burned(image_file(folder / "image.dcm", pixels, value), *burning)
    inside = np.zeros_like(INSIDE)
    for box in burning:
        inside[box.row : box.bottom, box.column : box.right] = True
    assert np.array_equal(after == 0, inside)
    assert np.array_equal(after[~inside], values[~inside])
