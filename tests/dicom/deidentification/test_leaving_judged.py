"""Other programs find in pixels that left what was in them, or black."""

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import imagecodecs
import jpeg_ls
import numpy as np
import numpy.typing as npt
import pydicom
import pytest

from tests.dicom.code_streams import COLUMNS, ROWS, pixel_format, slope, without_sign
from tests.dicom.deidentification.leaving_images import (
    fragments,
    frames_of,
    image_file,
    left,
)
from viewer.core.boxes import Box
from viewer.core.errors import ViewerError
from viewer.dicom.deidentification import run_length_streams
from viewer.dicom.read import read_file

Samples = npt.NDArray[Any]

BOX = Box(7, 5, 20, 9, first_frame=2, last_frame=2)
INSIDE = np.zeros((ROWS, COLUMNS), bool)
INSIDE[5:14, 7:27] = True
_MOST = 1 << 21  # pixels of a file that is looked at: this is about kinds

TOOLS = {".4.57": "dcmdjpeg", ".4.70": "dcmdjpeg", ".4.80": "dcmdjpls", ".5": "dcmdrle"}
ENCODE: dict[str, Any] = {
    ".4.57": lambda v, b: imagecodecs.jpeg8_encode(
        v, lossless=True, predictor=6, bitspersample=b
    ),
    ".4.70": lambda v, b: imagecodecs.jpeg8_encode(
        v, lossless=True, predictor=1, bitspersample=b
    ),
    ".4.80": lambda v, b: jpeg_ls.encode_buffer(v.tobytes(), ROWS, COLUMNS, 1, b, 0, 0),
    ".4.90": lambda v, b: imagecodecs.jpeg2k_encode(
        v, codecformat="j2k", level=0, reversible=True, bitspersample=b
    ),
    ".5": lambda v, _: run_length_streams.encoded(v),
}


def coded(folder: Path, syntax: str, *, signed: bool) -> tuple[Path, list[Samples]]:
    frames: list[Samples] = [
        np.roll(slope(12, signed=signed), 3 * n, axis=1) for n in range(3)
    ]
    streams = []
    for frame in frames:
        given = (
            frame if syntax in (".4.90", ".4.201", ".5") else without_sign(frame, 12)
        )
        streams.append(bytes(ENCODE[syntax](given, 12)))
    pixels = replace(pixel_format(frames[0], syntax, 12), frames=3)
    return image_file(folder / "image.dcm", pixels, fragments(streams)), frames


def check(found: Samples, frames: list[Samples], black: int) -> None:
    assert np.array_equal(found[0], frames[0])
    assert np.array_equal(found[2], frames[2])
    assert np.array_equal(found[1][~INSIDE], frames[1][~INSIDE])
    assert np.unique(found[1][INSIDE]).tolist() == [black]


@pytest.mark.parametrize("signed", [False, True])
@pytest.mark.parametrize("syntax", TOOLS)
def test_dcmtk_decodes_what_was_burned(
    syntax: str, tmp_path: Path, *, signed: bool
) -> None:
    tool = shutil.which(TOOLS[syntax], path="/usr/bin:/usr/local/bin")
    if tool is None:
        pytest.skip("DCMTK is not installed")
    path, frames = coded(tmp_path, syntax, signed=signed)
    out = tmp_path / "decoded.dcm"
    subprocess.run([tool, left(path, [BOX]), out], check=True, capture_output=True)
    check(pydicom.dcmread(out).pixel_array, frames, -2048 if signed else 0)


@pytest.mark.parametrize("signed", [False, True])
@pytest.mark.parametrize("syntax", [".4.80", ".4.90", ".5"])
def test_pydicom_decodes_what_was_burned(
    syntax: str, tmp_path: Path, *, signed: bool
) -> None:
    path, frames = coded(tmp_path, syntax, signed=signed)
    found = pydicom.dcmread(left(path, [BOX])).pixel_array
    check(found, frames, -2048 if signed else 0)


def one_of_each(folder: Path) -> list[Path]:
    """A real file of each kind of pixels that there is."""
    kinds: dict[tuple[object, ...], Path] = {}
    for path in sorted(folder.rglob("*")):
        try:
            image = read_file(path).instance.image if path.is_file() else None
        except ViewerError:
            continue
        if image is None:
            continue
        pixels = image.pixels
        if pixels.frame_pixels > 16 and pixels.frame_pixels * pixels.frames < _MOST:
            stated = replace(pixels, rows=1, columns=1, frames=1)
            kinds.setdefault((stated, pixels.frames > 1), path)
    return list(kinds.values())


def test_real_pixels_of_every_kind_leave_to_the_bit_and_burn_black(
    real_data: Path, tmp_path: Path
) -> None:
    checked = 0
    for number, path in enumerate(one_of_each(real_data)):
        copy = tmp_path / f"{number}.dcm"
        copy.write_bytes(path.read_bytes())
        try:
            before = frames_of(copy)
        except ViewerError:
            continue  # nobody here can read its pixels
        for one, other in zip(before, frames_of(left(copy)), strict=True):
            assert one.dtype == other.dtype, number
            assert np.array_equal(one, other, equal_nan=one.dtype.kind == "f"), number
        rows, columns = before[0].shape[:2]
        box = Box(columns // 4 * 2, rows // 3, max(columns // 4 * 2, 1), rows // 3)
        inside = np.zeros((rows, columns), bool)
        inside[box.row : box.bottom, box.column : box.right] = True
        after = frames_of(left(copy, [box]))
        samples = before[0].shape[2] if before[0].ndim == 3 else 1
        for frame in after:
            assert len(np.unique(frame[inside].reshape(-1, samples), axis=0)) == 1
        checked += 1
    assert checked > 60
