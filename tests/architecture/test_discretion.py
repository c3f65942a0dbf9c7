"""Who lies in the scanner stays between the file and its reader."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pydicom
import pytest
from pydicom.dataset import FileDataset, FileMetaDataset
from pydicom.tag import Tag
from pydicom.uid import ExplicitVRLittleEndian, SecondaryCaptureImageStorage

from viewer.services.places import log_file

ROOT = Path(__file__).parents[2]
NAME = "Zauberflöte"
MARKS = (NAME, "Zauberfl", "ZQX771", "Geheimstrasse", "19330713")
BROKEN_NUMBERS = (
    "PixelSpacing",
    "WindowCenter",
    "RescaleSlope",
    "ImagePositionPatient",
)


def planted(path: Path, number: int = 1) -> Path:
    """A file whose broken values hold what must not be told."""
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = SecondaryCaptureImageStorage
    meta.MediaStorageSOPInstanceUID = pydicom.uid.UID(f"2.25.7.{number}")
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    ds = FileDataset("", {}, file_meta=meta, preamble=b"\0" * 128)
    ds.SpecificCharacterSet = "ISO_IR 192"
    ds.SOPClassUID = meta.MediaStorageSOPClassUID
    ds.SOPInstanceUID = meta.MediaStorageSOPInstanceUID
    ds.StudyInstanceUID, ds.SeriesInstanceUID = "2.25.7", "2.25.8"
    ds.PatientName, ds.PatientID = f"{NAME}^Pamina", "ZQX771"
    ds.PatientAddress, ds.PatientBirthDate = "Geheimstrasse 3", "19330713"
    ds.Modality, ds.Rows, ds.Columns = "OT", 2, 2
    ds.SamplesPerPixel, ds.PhotometricInterpretation = 1, "MONOCHROME2"
    ds.BitsAllocated = ds.BitsStored = 8
    ds.HighBit, ds.PixelRepresentation = 7, 0
    ds.PixelData = b"\0\1\2\3"
    for keyword in BROKEN_NUMBERS:
        tag = Tag(pydicom.datadict.tag_for_keyword(keyword) or 0)
        value = f"{NAME}\\ZQX771".encode()
        ds[tag] = pydicom.dataelem.RawDataElement(
            tag=tag,
            VR="DS",
            length=len(value),
            value=value,
            value_tell=0,
            is_implicit_VR=False,
            is_little_endian=True,
        )
    ds.save_as(path, enforce_file_format=True)
    return path


def run(data_dir: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "main.py", *words, "--data-dir", str(data_dir)],
        cwd=ROOT,
        env={**os.environ, "PYTHONWARNINGS": "always"},
        capture_output=True,
        text=True,
        check=False,
    )


def told(data_dir: Path, done: subprocess.CompletedProcess[str]) -> str:
    """Everything that was said, but the answer, and the whole log."""
    log = log_file(data_dir)
    return done.stderr + (log.read_text("utf-8") if log.exists() else "")


def assert_discreet(text: str) -> None:
    assert not [mark for mark in MARKS if mark in text]


def names_of_files(folder: Path) -> str:
    return "\n".join(str(path.relative_to(folder)) for path in folder.rglob("*"))


def test_an_import_of_broken_values_tells_none_of_them(tmp_path: Path) -> None:
    source, data_dir = tmp_path / "source", tmp_path / "data"
    source.mkdir()
    planted(source / "1.dcm")
    truncated = planted(source / "2.dcm", 2)
    truncated.write_bytes(truncated.read_bytes()[:400])
    done = run(data_dir, "import", str(source), "--json")
    report = json.loads(done.stdout)
    assert report["seen"] == 2
    assert report["imported"] >= 1
    assert_discreet(done.stdout + told(data_dir, done))
    assert_discreet(names_of_files(data_dir))


@pytest.mark.parametrize(
    "command", [["render", "--out", "OUT.png"], ["pixels", "--out", "OUT.npy"]]
)
def test_a_command_on_broken_values_tells_none_of_them(
    command: list[str], tmp_path: Path
) -> None:
    path = planted(tmp_path / "1.dcm")
    name, *rest = [word.replace("OUT", str(tmp_path / "out")) for word in command]
    done = run(tmp_path / "data", name, str(path), *rest)
    assert_discreet(done.stdout + told(tmp_path / "data", done))
    assert "Traceback" not in done.stderr


def test_what_is_asked_for_is_told(tmp_path: Path) -> None:
    """The marks would be found: the attributes of the file hold them."""
    done = run(tmp_path / "data", "tags", str(planted(tmp_path / "1.dcm")), "--json")
    assert NAME in done.stdout
    assert_discreet(told(tmp_path / "data", done))
