"""Millimetres and places are given where the file gives them, and nowhere else."""

from pathlib import Path

import pytest

from tests.dicom.written_files import Value, image_file
from viewer.core.geometry import ImagePlane
from viewer.core.image import Frame
from viewer.core.records import FileRecord
from viewer.dicom.read import read_file

Extra = list[tuple[int, str, Value]]
SPACING: tuple[int, str, Value] = (0x00280030, "DS", "0.5\\0.25")
POSITION: tuple[int, str, Value] = (0x00200032, "DS", "1\\2\\3")
ORIENTATION: tuple[int, str, Value] = (0x00200037, "DS", "1\\0\\0\\0\\1\\0")


def modality(name: str) -> tuple[int, str, Value]:
    return 0x00080060, "CS", name


def frame_of(record: FileRecord) -> Frame:
    assert record.instance.image is not None
    return record.instance.image.frame(1)


def test_a_plane_is_built_from_position_orientation_and_spacing(
    tmp_path: Path,
) -> None:
    extra: Extra = [modality("CT"), SPACING, POSITION, ORIENTATION]
    record = read_file(image_file(tmp_path, extra))
    # Pixel Spacing has rows first: 0.5 mm to the next row, 0.25 to the next column.
    assert frame_of(record).plane == ImagePlane(
        (1, 2, 3), (1, 0, 0), (0, 1, 0), 0.25, 0.5
    )
    assert not record.tolerated


@pytest.mark.parametrize(
    ("extra", "tolerated"),
    [
        ([SPACING, POSITION], ()),
        ([POSITION, ORIENTATION], ()),
        (
            [SPACING, POSITION, (0x00200037, "DS", "1\\0\\0\\1\\0\\0")],
            ("a position in the patient that cannot be right",),
        ),
        (
            [SPACING, POSITION, (0x00200037, "DS", "0\\0\\0\\0\\0\\0")],
            ("a position in the patient that cannot be right",),
        ),
        (
            [SPACING, ORIENTATION, (0x00200032, "DS", "1\\2")],
            ("a number that cannot be read",),
        ),
    ],
)
def test_a_place_that_is_not_certain_is_none(
    tmp_path: Path, extra: Extra, tolerated: tuple[str, ...]
) -> None:
    record = read_file(image_file(tmp_path, [modality("MR"), *extra]))
    assert frame_of(record).plane is None
    assert record.tolerated == tolerated


def test_an_orientation_of_few_digits_is_made_exact(tmp_path: Path) -> None:
    rounded: Value = "0.707\\0.707\\0\\-0.707\\0.707\\0"
    extra: Extra = [modality("MR"), SPACING, POSITION, (0x00200037, "DS", rounded)]
    record = read_file(image_file(tmp_path, extra))
    plane = frame_of(record).plane
    assert plane is not None
    assert plane.along_row == pytest.approx((0.5**0.5, 0.5**0.5, 0), abs=1e-12)
    assert record.tolerated == ("an orientation written with too few digits",)


@pytest.mark.parametrize(
    ("raw", "aspect"), [("2\\1", (2, 1)), ("", (1, 1)), ("1", (1, 1)), ("0\\0", (1, 1))]
)
def test_the_shape_of_a_pixel_is_read(
    tmp_path: Path, raw: str, aspect: tuple[int, int]
) -> None:
    record = read_file(image_file(tmp_path, [(0x00280034, "IS", raw)]))
    assert frame_of(record).aspect == aspect


@pytest.mark.parametrize(
    ("raw", "letters"), [("L\\F", ("L", "F")), ("", None), ("L", None), ("L\\", None)]
)
def test_a_radiograph_says_where_its_rows_run(
    tmp_path: Path, raw: str, letters: tuple[str, str] | None
) -> None:
    record = read_file(image_file(tmp_path, [(0x00200020, "CS", raw)]))
    assert frame_of(record).patient_orientation == letters
