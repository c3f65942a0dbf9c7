"""A DICOMDIR lists its files, and only those of its own folder."""

from pathlib import Path

import pydicom
import pytest

from tests.dicom.written_files import element, image_elements, item, meta, written
from viewer.core.errors import NotDicomError
from viewer.dicom.dicomdir import may_be_dicomdir, referenced_files
from viewer.dicom.read import read_file

BUNDLED = Path(pydicom.__file__).parent / "data" / "test_files" / "dicomdirtests"
DIRECTORY = "1.2.840.10008.1.3.10"
ACTIVE, INACTIVE = 0xFFFF, 0


def dicomdir(path: Path, *files: str, in_use: int = ACTIVE) -> Path:
    """A DICOMDIR that lists `files`."""
    records = b"".join(
        item(element(0x00041410, "US", in_use) + element(0x00041500, "CS", file))
        for file in files
    )
    content = meta(sop_class=DIRECTORY) + element(0x00041220, "SQ", records)
    return written(path / "DICOMDIR", content)


@pytest.mark.parametrize(
    "name", ["DICOMDIR", "DICOMDIR-bigEnd", "DICOMDIR-implicit", "DICOMDIR-nooffset"]
)
def test_a_dicomdir_lists_the_files_of_its_disc(name: str) -> None:
    found = referenced_files(BUNDLED / name)
    assert found is not None
    assert len(found) == 31
    assert all(path.is_file() for path in found)


def test_a_dicomdir_is_no_image_and_says_so() -> None:
    with pytest.raises(NotDicomError, match="index of a disc"):
        read_file(BUNDLED / "DICOMDIR")
    assert may_be_dicomdir(BUNDLED / "DICOMDIR")
    assert not may_be_dicomdir(pydicom.__file__)


def test_what_is_only_called_so_is_no_dicomdir(tmp_path: Path) -> None:
    text, image = tmp_path / "DICOMDIR", tmp_path / "dicomdir.dcm"
    text.write_text("a shopping list")
    image.write_bytes(meta() + image_elements())
    for path in (text, image):
        assert may_be_dicomdir(path)
        assert referenced_files(path) is None


def test_names_are_found_in_either_case(tmp_path: Path) -> None:
    (tmp_path / "images").mkdir()
    (tmp_path / "images" / "im1").touch()
    found = referenced_files(dicomdir(tmp_path, "IMAGES\\IM1"))
    assert found == (tmp_path / "images" / "im1",)


def test_a_missing_file_is_listed_all_the_same(tmp_path: Path) -> None:
    assert referenced_files(dicomdir(tmp_path, "A\\B")) == (tmp_path / "A" / "B",)


@pytest.mark.parametrize(
    "name", ["..\\SECRET", "A\\..\\..\\B", "/etc/passwd", "A\\", ""]
)
def test_a_name_that_leads_out_of_the_disc_is_left_out(
    tmp_path: Path, name: str
) -> None:
    assert referenced_files(dicomdir(tmp_path, name)) == ()


def test_what_is_no_longer_in_use_is_left_out(tmp_path: Path) -> None:
    assert referenced_files(dicomdir(tmp_path, "A", in_use=INACTIVE)) == ()


def test_a_file_listed_twice_is_one_file(tmp_path: Path) -> None:
    assert referenced_files(dicomdir(tmp_path, "A", "A")) == (tmp_path / "A",)
