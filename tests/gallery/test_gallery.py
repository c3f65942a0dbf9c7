"""The gallery shows what is there, says what is not, and tells nobody's name."""

import csv
import warnings
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image as Pictures
from pydicom import dcmread
from pydicom.data import get_testdata_file

from tests.gallery.__main__ import main
from tests.gallery.sheet import PLACES, place_of
from tests.gallery.tile import SIDE, tiles_of
from viewer.services.rendering import Wish, read_one, render

NAME = "Zauberflote"
WITHOUT_A_PICTURE = {
    "JPEG2000-embedded-sequence-delimiter.dcm": "The compressed image is damaged: its "
    "own header cannot be read.",
    "MR_truncated.dcm": "The file ends in the middle of its pixel data.",
    "meta_missing_tsyntax.dcm": "The file holds no image.",  # pixels without Rows
    "nested_priv_SQ.dcm": "The file holds no image.",  # as above
    "video_h264_ffmpeg.dcm": "The image is a video, which this version does not play.",
}


def bundled(name: str) -> Path:
    return Path(str(get_testdata_file(name, download=False)))


def kept(folder: Path, name: str, source: str) -> Path:
    path = folder / name
    path.write_bytes(bundled(source).read_bytes())
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An image, two frames, one without pixels, one cut off, and a text."""
    folder = tmp_path / "in"
    folder.mkdir()
    kept(folder, "1.dcm", "CT_small.dcm")
    kept(folder, "2.dcm", "SC_rgb_rle_2frame.dcm")
    kept(folder, "3.dcm", "rtplan.dcm")
    kept(folder, "4.dcm", "MR_truncated.dcm")
    (folder / "5.txt").write_text("Nothing of DICOM.", "utf-8")
    return folder


def picture_on(page: Path, position: int) -> npt.NDArray[np.uint8]:
    left, top = place_of(position)
    whole = np.asarray(Pictures.open(page))
    return whole[top : top + SIDE, left : left + SIDE]


def test_every_file_is_a_picture_or_a_reason(folder: Path) -> None:
    tiles = list(tiles_of(sorted(folder.iterdir())))
    assert [tile.path.name for tile in tiles] == [
        "1.dcm",
        "2.dcm",
        "2.dcm",
        "3.dcm",
        "4.dcm",
        "5.txt",
    ]
    assert [bool(tile.reason) for tile in tiles] == [False] * 3 + [True] * 3
    for tile in tiles:
        assert (tile.picture is None) == bool(tile.reason)


def test_the_picture_on_the_sheet_is_the_one_of_the_program(
    folder: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    assert main(["--folder", str(folder), "--out", str(out)]) == 0
    record, stored, parts = read_one(folder / "2.dcm", 2)
    meant = render(record, 2, stored, Wish(size=(SIDE, SIDE)), parts).pixels
    assert np.array_equal(picture_on(out / "sheet-001.png", 2), meant)


def test_the_index_leads_through_all_sheets_and_names_each_reason(
    tmp_path: Path, folder: Path
) -> None:
    for number in range(PLACES):
        kept(folder, f"more{number}.dcm", "MR_small.dcm")
    out = tmp_path / "out"
    main(["--folder", str(folder), "--out", str(out)])
    text = (out / "index.html").read_text("utf-8")
    assert sorted(page.name for page in out.glob("*.png")) == [
        "sheet-001.png",
        "sheet-002.png",
    ]
    assert text.count("<img ") == 2
    assert f"{PLACES + 5} files, {PLACES + 3} pictures; 3 files without one" in text
    assert "RT Plan Storage" in text
    assert "The file ends in the middle of its pixel data." in text


def test_a_smaller_gallery_leaves_nothing_of_a_larger_one(
    tmp_path: Path, folder: Path
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "sheet-002.png").write_bytes(b"old")
    main(["--folder", str(folder), "--out", str(out)])
    assert [page.name for page in out.glob("*.png")] == ["sheet-001.png"]


def test_who_lies_in_the_scanner_is_not_told(tmp_path: Path) -> None:
    folder, out = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    ds = dcmread(bundled("CT_small.dcm"))
    ds.PatientName = ds.StudyDescription = NAME
    ds.WindowCenter, ds.WindowWidth = 40, 400
    ds.WindowCenterWidthExplanation = NAME
    with warnings.catch_warnings(action="ignore"):  # the file's own flaws, by pydicom
        ds.save_as(folder / f"{NAME}.dcm")
    main(["--folder", str(folder), "--out", str(out)])
    text = (out / "index.html").read_text("utf-8")
    assert "C 40 W 400 of the file" in text
    assert "file 1" in text
    assert NAME not in text


def test_test_data_bears_its_names(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIGHTBOX_TEST_DATA", str(folder))
    main(["--out", str(tmp_path / "out")])
    assert "2.dcm" in (tmp_path / "out" / "index.html").read_text("utf-8")


def test_without_a_folder_there_is_no_gallery(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LIGHTBOX_TEST_DATA", raising=False)
    with pytest.raises(SystemExit):
        main(["--out", str(tmp_path / "out")])
    assert not (tmp_path / "out").exists()


def test_every_real_image_is_a_picture_but_five(real_data: Path) -> None:
    with (real_data / "MANIFEST.csv").open(encoding="utf-8") as table:
        rows = list(csv.DictReader(table))
    images = {real_data / row["path"] for row in rows if row["has_pixel"] == "yes"}
    missing = {
        tile.path.name: tile.reason
        for tile in tiles_of(sorted(images))
        if tile.reason and tile.path in images
    }
    assert missing == WITHOUT_A_PICTURE
    assert len(images) > 550
