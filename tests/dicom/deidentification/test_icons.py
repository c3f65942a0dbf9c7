"""The icon of an image is made of the pixels that leave, and of nothing else."""

from io import BytesIO
from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
import numpy.typing as npt
import pydicom
import pytest
from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset

from tests.dicom.code_streams import pixel_format, slope
from tests.dicom.deidentification.leaving_images import fragments, image_file
from viewer.core.boxes import Box
from viewer.core.deidentification import PROFILES, Recipe, Written
from viewer.core.image import PixelFormat
from viewer.core.review import Review, Verdict
from viewer.dicom.deidentification.engine import deidentify
from viewer.dicom.deidentification.file_proof import prove
from viewer.dicom.deidentification.icons import icon, is_its_own
from viewer.dicom.deidentification.survivors import Sought
from viewer.dicom.part10 import open_dicom

SECRET = b"GARFUNKEL^ARTHUR"
Samples = npt.NDArray[Any]


def with_icon(path: Path, *, nested: bool = False) -> Path:
    """The same file with an icon in whose pixels a name stands."""
    ds = pydicom.dcmread(path)
    item = Dataset()
    item.SamplesPerPixel, item.PhotometricInterpretation = 1, "MONOCHROME2"
    item.Rows = item.Columns = 4
    item.BitsAllocated, item.BitsStored, item.HighBit = 8, 8, 7
    item.PixelRepresentation, item.PixelData = 0, SECRET
    item["PixelData"].VR = "OB"
    ds.IconImageSequence = [item]
    if nested:
        ds.ReferencedImageSequence = [Dataset()]
        ds.ReferencedImageSequence[0].IconImageSequence = [item]
    ds.save_as(path)
    return path


def exported(path: Path, *boxes: Box) -> tuple[Path, Dataset]:
    ds = pydicom.dcmread(path)
    review = Review(ds.Columns, ds.Rows, boxes, Verdict.REVIEWED)
    out = BytesIO()
    result = deidentify(path, Recipe(PROFILES[0], bytes(32), review), out)
    assert isinstance(result, Written)
    assert SECRET not in out.getvalue()
    left = path.with_name("left.dcm")
    left.write_bytes(out.getvalue())
    return left, pydicom.dcmread(left)


def large() -> Samples:
    row, column = np.mgrid[:96, :120]
    return np.asarray((row * 20 + column * 9) % 3000 + 500, np.uint16)


def a_file(folder: Path, values: Samples, pixels: PixelFormat) -> Path:
    return with_icon(image_file(folder / "image.dcm", pixels, values.tobytes()))


def test_an_icon_is_made_anew_with_what_is_burned_black(tmp_path: Path) -> None:
    values = large()
    path = a_file(tmp_path, values, pixel_format(values, ".1", 12))
    left, ds = exported(path, Box(0, 0, 60, 48))
    (item,) = ds.IconImageSequence
    assert (item.Rows, item.Columns) == (48, 60)
    shown = np.frombuffer(item.PixelData, np.uint8).reshape(48, 60)
    assert not shown[:24, :30].any()
    assert shown[24:].mean() > 60
    with open_dicom(left) as opened:
        assert is_its_own(opened)


def test_the_proof_takes_that_icon_and_no_other(tmp_path: Path) -> None:
    values = large()
    path = a_file(tmp_path, values, pixel_format(values, ".1", 12))
    left, ds = exported(path)
    assert not prove(left, Sought(frozenset(), frozenset()), b"key", None).findings
    pixels = bytearray(ds.IconImageSequence[0].PixelData)
    pixels[700] ^= 1
    whole = left.read_bytes().replace(ds.IconImageSequence[0].PixelData, bytes(pixels))
    left.write_bytes(whole)
    found = prove(left, Sought(frozenset(), frozenset()), b"key", None).findings
    assert any("0088,0200" in one.place for one in found)


def test_an_icon_within_a_sequence_goes(tmp_path: Path) -> None:
    values = large()
    path = a_file(tmp_path, values, pixel_format(values, ".1", 12))
    _, ds = exported(with_icon(path, nested=True))
    assert "IconImageSequence" in ds
    items = ds.get("ReferencedImageSequence", [])
    assert not any("IconImageSequence" in item for item in items)


def test_pixels_within_a_sequence_go(tmp_path: Path) -> None:
    values = large()
    path = a_file(tmp_path, values, pixel_format(values, ".1", 12))
    ds = pydicom.dcmread(path)
    inner = Dataset()
    inner.add_new(0x7FE00010, "OW", SECRET)
    inner.add_new(0x7FE00001, "OV", SECRET)
    inner.add_new(0x7FE00008, "OF", SECRET)
    ds.SourceImageSequence = [inner]
    ds.save_as(path)
    left, _ = exported(path)
    assert not prove(left, Sought(frozenset(), frozenset()), b"key", None).findings


def test_no_image_gets_an_icon_that_had_none(tmp_path: Path) -> None:
    values = large()
    pixels = pixel_format(values, ".1", 12)
    path = image_file(tmp_path / "image.dcm", pixels, values.tobytes())
    assert "IconImageSequence" not in exported(path)[1]


@pytest.mark.parametrize("photometric", ["MONOCHROME1", "RGB", "YBR_FULL", "JPEG"])
def test_icons_are_greys_whatever_the_image_is(
    photometric: str, tmp_path: Path
) -> None:
    samples = 1 if photometric == "MONOCHROME1" else 3
    values = slope(8, samples=samples)
    if photometric == "JPEG":
        stream = bytes(imagecodecs.jpeg8_encode(values))
        pixels = pixel_format(values, ".4.50", 8, "YBR_FULL_422")
        path = image_file(tmp_path / "image.dcm", pixels, fragments([stream]))
    else:
        path = a_file(tmp_path, values, pixel_format(values, ".1", 8, photometric))
    with open_dicom(path) as opened:
        made = icon(opened, [Box(0, 0, 9, 9)])
    assert made is not None
    item: Dataset = DataElement(made.tag, "SQ", made.value).value[0]
    shown = np.frombuffer(item.PixelData, np.uint8)[: item.Rows * item.Columns]
    shown = shown.reshape(item.Rows, item.Columns)
    assert item.PhotometricInterpretation == "MONOCHROME2"
    assert not shown[:9, :9].any()
    assert np.ptp(shown[9:]) > 100


def test_pixels_that_cannot_be_decoded_make_no_icon(tmp_path: Path) -> None:
    values = slope(8)
    pixels = pixel_format(values, ".4.80", 8)
    path = image_file(tmp_path / "image.dcm", pixels, fragments([SECRET]))
    with open_dicom(path) as opened:
        assert icon(opened) is None
