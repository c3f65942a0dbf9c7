"""Names written into pictures: they are burned or stay here, all else is as it was."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import Any

import cv2
import imagecodecs
import numpy as np
import numpy.typing as npt
import pydicom
import pytest

from tests.dicom.code_streams import pixel_format, without_sign
from tests.dicom.deidentification.leaving_images import (
    Extra,
    fragments,
    frames_of,
    image_file,
)
from viewer.core.boxes import Box
from viewer.core.deidentification import PROFILES, Recipe, Withheld, Written
from viewer.core.review import Review, Verdict
from viewer.core.withholding import Reason
from viewer.dicom.deidentification import run_length_streams
from viewer.dicom.deidentification.engine import deidentify

Samples = npt.NDArray[Any]

ROWS, COLUMNS = 120, 200
CLASSES = {
    "US": "1.2.840.10008.5.1.4.1.1.6.1",
    "SC": "1.2.840.10008.5.1.4.1.1.7",
    "DX": "1.2.840.10008.5.1.4.1.1.1.1",
}
FACES = (
    cv2.FONT_HERSHEY_SIMPLEX,
    cv2.FONT_HERSHEY_PLAIN,
    cv2.FONT_HERSHEY_COMPLEX,
    cv2.FONT_HERSHEY_SCRIPT_SIMPLEX,
)
NAMES = ("GARFUNKEL ARTHUR", "Simon, Paul", "geb. 13.10.1941", "ID 4711-0815")
PALETTE: Extra = tuple(
    entry
    for channel, shift in enumerate((0, 3, 5))
    for entry in (
        (0x00281101 + channel, "US", (256, 0, 16)),
        (
            0x00281201 + channel,
            "OW",
            (np.arange(256, dtype="<u2") * (256 - shift)).tobytes(),
        ),
    )
)


@dataclass(frozen=True)
class Kind:
    """How a picture is stored."""

    syntax: str
    bits: int
    photometric: str
    encode: Callable[[Samples], Any] | None = None
    signed: bool = False
    planar: bool = False
    lossy: bool = False

    @property
    def samples(self) -> int:
        """Of a pixel."""
        return 3 if self.photometric in ("RGB", "YBR_FULL", "YBR_FULL_422") else 1


def _lossless(bits: int) -> Callable[[Samples], Any]:
    return lambda v: imagecodecs.jpeg8_encode(
        without_sign(v, bits), lossless=True, predictor=1, bitspersample=bits
    )


def _jpeg_2000(values: Samples) -> Any:
    return imagecodecs.jpeg2k_encode(values, codecformat="j2k", level=0, mct=False)


KINDS = {
    "8 bits": Kind(".1", 8, "MONOCHROME2"),
    "12 bits": Kind(".1", 12, "MONOCHROME2"),
    "12 bits, white is low": Kind(".1", 12, "MONOCHROME1"),
    "JPEG lossless, white is low": Kind(".4.70", 12, "MONOCHROME1", _lossless(12)),
    "RLE, signed": Kind(
        ".5", 12, "MONOCHROME2", run_length_streams.encoded, signed=True
    ),
    "HTJ2K": Kind(".4.201", 16, "MONOCHROME2", imagecodecs.htj2k_encode),
    "palette": Kind(".1", 8, "PALETTE COLOR"),
    "palette, RLE": Kind(".5", 8, "PALETTE COLOR", run_length_streams.encoded),
    "RGB": Kind(".1", 8, "RGB"),
    "RGB by plane": Kind(".1", 8, "RGB", planar=True),
    "RGB, RLE": Kind(".5", 8, "RGB", run_length_streams.encoded),
    "RGB, JPEG-LS": Kind(".4.80", 8, "RGB", imagecodecs.jpegls_encode),
    "RGB, JPEG 2000": Kind(".4.90", 8, "RGB", _jpeg_2000),
    "YBR": Kind(".1", 8, "YBR_FULL"),
    "JPEG": Kind(".4.50", 8, "MONOCHROME2", imagecodecs.jpeg8_encode, lossy=True),
    "JPEG in colours": Kind(
        ".4.50", 8, "YBR_FULL_422", imagecodecs.jpeg8_encode, lossy=True
    ),
}


def written(kind: Kind, seed: int) -> tuple[Samples, Box]:
    """A noisy picture with a name somewhere in it, and the box around the name."""
    dice = np.random.default_rng(seed)
    top = 1 << kind.bits
    row, column = np.mgrid[:ROWS, :COLUMNS]
    picture = (row + column) * (top // 500 + 1) % (top * 3 // 4)
    picture = picture + dice.integers(0, top // 8, (ROWS, COLUMNS))
    ink = np.zeros((ROWS, COLUMNS), np.uint8)
    place = (int(dice.integers(0, 60)), int(dice.integers(25, ROWS - 12)))
    face, scale = FACES[seed % len(FACES)], float(dice.uniform(0.5, 1.0))
    name = NAMES[seed // len(FACES) % len(NAMES)]
    cv2.putText(ink, name, place, face, scale, 1, int(dice.integers(1, 3)))
    rows, columns = np.nonzero(ink)
    left, upper = max(int(columns.min()) - 2, 0), max(int(rows.min()) - 2, 0)
    width = min(int(columns.max()) + 3, COLUMNS) - left
    height = min(int(rows.max()) + 3, ROWS) - upper
    colour = dice.integers(0, 2, kind.samples) * (top - 1)
    values = np.stack([picture] * kind.samples, axis=-1)
    values[ink > 0] = colour
    values = values[..., 0] if kind.samples == 1 else values
    if kind.signed:
        values = values - top // 2
    form = f"{'i' if kind.signed else 'u'}{1 if kind.bits <= 8 else 2}"
    return values.astype(form), Box(left, upper, width, height)


def stored(kind: Kind, modality: str, values: Samples, folder: Path) -> Path:
    pixels = pixel_format(values, kind.syntax, kind.bits, kind.photometric)
    pixels = replace(pixels, planar=kind.planar)
    if kind.encode is not None:
        value = fragments([bytes(kind.encode(values))])
    elif kind.planar:
        value = np.ascontiguousarray(values.transpose(2, 0, 1)).tobytes()
    else:
        value = values.tobytes()
    extra: list[Any] = [
        (0x00080016, "UI", CLASSES[modality]),
        (0x00080060, "CS", "OT" if modality == "SC" else modality),
    ]
    extra += PALETTE if kind.photometric == "PALETTE COLOR" else ()
    return image_file(folder / "image.dcm", pixels, value, extra)


@pytest.mark.parametrize("modality", CLASSES)
@pytest.mark.parametrize("name", KINDS)
def test_a_name_in_a_picture_is_burned_or_stays_here(
    name: str, modality: str, tmp_path: Path
) -> None:
    kind = KINDS[name]
    seed = 3 * list(KINDS).index(name) + list(CLASSES).index(modality)
    values, box = written(kind, seed)
    path = stored(kind, modality, values, tmp_path)
    (before,) = frames_of(path)
    unseen = deidentify(path, Recipe(PROFILES[0], bytes(32)), BytesIO())
    assert unseen == Withheld(Reason.NOT_REVIEWED)
    out = BytesIO()
    review = Review(COLUMNS, ROWS, (box,), Verdict.REVIEWED)
    assert isinstance(
        deidentify(path, Recipe(PROFILES[0], bytes(32), review), out), Written
    )
    left = tmp_path / "left.dcm"
    left.write_bytes(out.getvalue())
    (after,) = frames_of(left)
    inside = np.zeros((ROWS, COLUMNS), bool)
    inside[box.row : box.bottom, box.column : box.right] = True
    assert len(np.unique(after[inside].reshape(-1, kind.samples), axis=0)) == 1
    assert np.array_equal(after[~inside], before[~inside])
    ds = pydicom.dcmread(left)
    assert ds.BurnedInAnnotation == "NO"
    assert ("LossyImageCompression" in ds) is kind.lossy
    if not kind.lossy:
        assert np.array_equal(before, values)
