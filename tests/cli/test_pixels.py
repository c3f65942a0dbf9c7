"""`lightbox pixels`: values a script can trust, or a sentence."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pydicom
import pytest
from pydicom.dataset import FileDataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, generate_uid

from viewer.cli.program import run
from viewer.services.opening import WindowRequest

BUNDLED = Path(pydicom.__file__).parent / "data" / "test_files"


def no_window(_: WindowRequest) -> int:
    pytest.fail("the window was opened")


def lightbox(*words: str | Path) -> int:
    return run([str(word) for word in words], no_window)


def ct(folder: Path, values: npt.NDArray[Any], **attributes: Any) -> Path:
    """A small CT of these stored values ``(frames, rows, columns)``."""
    meta = FileMetaDataset()
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    meta.MediaStorageSOPClassUID = pydicom.uid.CTImageStorage
    meta.MediaStorageSOPInstanceUID = generate_uid()
    path = folder / "ct.dcm"
    dataset = FileDataset(str(path), {}, file_meta=meta, preamble=b"\0" * 128)
    dataset.SOPClassUID = meta.MediaStorageSOPClassUID
    dataset.SOPInstanceUID = meta.MediaStorageSOPInstanceUID
    dataset.StudyInstanceUID, dataset.SeriesInstanceUID = generate_uid(), generate_uid()
    dataset.Modality = "CT"
    dataset.NumberOfFrames, dataset.Rows, dataset.Columns = values.shape
    dataset.SamplesPerPixel, dataset.PhotometricInterpretation = 1, "MONOCHROME2"
    dataset.BitsAllocated = dataset.BitsStored = 8 * values.dtype.itemsize
    dataset.HighBit = dataset.BitsStored - 1
    dataset.PixelRepresentation = int(values.dtype.kind == "i")
    for keyword, value in attributes.items():
        setattr(dataset, keyword, value)
    dataset.PixelData = values.tobytes()
    dataset.save_as(path, enforce_file_format=True)
    return path


VALUES = np.arange(24, dtype=np.uint8).reshape(2, 3, 4)


def test_stored_values_are_written_as_they_are(tmp_path: Path) -> None:
    path = ct(tmp_path, VALUES, RescaleSlope=2, RescaleIntercept=-1000)
    out = tmp_path / "stored.npy"

    assert lightbox("pixels", path, "--frame", "2", "--stored", "--out", out) == 0

    stored = np.load(out)
    np.testing.assert_array_equal(stored, VALUES[1])
    assert stored.dtype == np.uint8


@pytest.mark.parametrize(
    ("slope", "intercept", "kind"),
    [(2, -1000, "int16"), (1, 100_000, "int32"), (0.5, 0, "float64")],
)
def test_modality_values_come_in_the_smallest_type_that_is_exact(
    tmp_path: Path, slope: float, intercept: float, kind: str
) -> None:
    path = ct(
        tmp_path,
        VALUES,
        RescaleSlope=slope,
        RescaleIntercept=intercept,
        RescaleType="HU",
    )
    out = tmp_path / "values.npy"

    assert lightbox("pixels", path, "--out", out) == 0

    values = np.load(out)
    assert values.dtype == np.dtype(kind)
    np.testing.assert_array_equal(values, VALUES[0] * float(slope) + intercept)


def test_json_says_what_the_values_are(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = ct(
        tmp_path, VALUES, RescaleSlope=2, RescaleIntercept=-1000, RescaleType="HU"
    )

    assert lightbox("pixels", path, "--json") == 0

    printed = capsys.readouterr()
    assert json.loads(printed.out) == {
        "frame": 1,
        "frames": 2,
        "values": "modality",
        "shape": [3, 4],
        "dtype": "int16",
        "min": -1000,
        "max": -978,
        "unit": "HU",
        "photometric_interpretation": "MONOCHROME2",
        "transfer_syntax_uid": "1.2.840.10008.1.2.1",
        "transfer_syntax": "Explicit VR Little Endian",
        "decoder": "built in",
    }
    assert not printed.err


def test_people_read_the_same_facts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert lightbox("pixels", ct(tmp_path, VALUES)) == 0
    printed = capsys.readouterr().out
    assert "shape                       3 × 4\n" in printed
    assert "max                         11\n" in printed


@pytest.mark.parametrize("frame", ["0", "3", "-1"])
def test_a_frame_that_does_not_exist_is_one_clear_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], frame: str
) -> None:
    path = ct(tmp_path, VALUES)

    assert lightbox("pixels", path, "--frame", frame) == 1

    assert capsys.readouterr().err == f"There is no frame {frame}: the image has 2.\n"


def test_what_has_no_pixels_or_is_no_image_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = tmp_path / "text"
    text.write_text("a letter, not an image, and long enough to be looked at closely")

    for source in (BUNDLED / "rtplan.dcm", text, tmp_path / "gone"):
        assert lightbox("pixels", source) == 1

    said = capsys.readouterr()
    assert said.err.startswith("The file holds no image.\n")
    assert "Traceback" not in said.err
    assert not said.out


def test_a_place_that_cannot_be_written_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "no folder" / "values.npy"
    assert lightbox("pixels", ct(tmp_path, VALUES), "--out", out) == 1
    assert "cannot be written" in capsys.readouterr().err


def test_a_compressed_colour_image_comes_as_rgb(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = BUNDLED / "SC_rgb_jpeg_dcmtk.dcm"
    out = tmp_path / "colour.npy"

    assert lightbox("pixels", path, "--out", out, "--json") == 0

    said = json.loads(capsys.readouterr().out)
    assert said["photometric_interpretation"] == "RGB"
    assert said["shape"] == [100, 100, 3]
    assert "libjpeg-turbo" in said["decoder"]
    assert said["unit"] is None
    assert np.load(out).shape == (100, 100, 3)


def test_values_are_only_written_as_a_numpy_array(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "values.txt"
    assert lightbox("pixels", ct(tmp_path, VALUES), "--out", out) == 2
    assert not out.exists()
    assert "--out values.npy" in capsys.readouterr().err
