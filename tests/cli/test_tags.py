"""`lightbox tags` tells everything a file says."""

import json
from pathlib import Path

import pydicom
import pytest
from pydicom.data import get_testdata_file
from pydicom.dataset import Dataset

from tests.dicom.written_files import (
    UNDEFINED,
    Value,
    element,
    image_elements,
    item,
    meta,
)
from viewer.cli.program import DONE, REFUSED, run


def no_window(_: object) -> int:
    raise AssertionError("no window was asked for")


def bundled(name: str) -> Path:
    path = get_testdata_file(name, download=False)
    assert path is not None
    return Path(path)


def tags(data_dir: Path, *words: str | Path) -> int:
    return run(["tags", *map(str, words), "--data-dir", str(data_dir)], no_window)


def test_json_is_the_dicom_json_model(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert tags(tmp_path, bundled("CT_small.dcm"), "--json") == DONE
    model = json.loads(capsys.readouterr().out)
    assert model["00100010"] == {
        "vr": "PN",
        "Value": [{"Alphabetic": "CompressedSamples^CT1"}],
    }
    assert model["00280010"] == {"vr": "US", "Value": [128]}
    assert model["00020010"]["Value"] == ["1.2.840.10008.1.2.1"]
    place = model["7FE00010"]["BulkDataURI"]
    assert place.startswith("#7FE00010?offset=")
    assert place.endswith("&length=32768")
    body = {tag: value for tag, value in model.items() if not tag.startswith("0002")}
    again = Dataset.from_json(body, lambda *_: b"")
    assert again.PatientID == pydicom.dcmread(bundled("CT_small.dcm")).PatientID


def test_people_get_a_table_with_sequences_below_their_names(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert tags(tmp_path, bundled("reportsi.dcm")) == DONE
    lines = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    assert "(0010,0010) PN Patient's Name Last Name^First Name" in lines
    at = lines.index("(0040,A043) SQ Concept Name Code Sequence 1 item")
    assert lines[at + 1] == "(FFFE,E000) Item 1"
    assert lines[at + 2].startswith("(0008,0100) SH Code Value")


def test_broken_values_are_shown_as_far_as_they_go(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken: list[tuple[int, str, Value]] = [
        (0x00200013, "IS", "seven"),
        (0x00280030, "DS", "1.5\\x\\"),
        (0x00280120, "US", b"\1"),
        (0x00189087, "FD", float("inf")),
        (0x00081030, "LO", b"\xff\xfe\x80"),
    ]
    path = tmp_path / "broken.dcm"
    path.write_bytes(meta() + image_elements(broken))
    assert tags(tmp_path, path, "--json") == DONE
    model = json.loads(capsys.readouterr().out)
    assert model["00200013"] == {"vr": "IS", "Value": ["seven"]}
    assert model["00280030"] == {"vr": "DS", "Value": [1.5, "x", None]}
    assert model["00280120"] == {"vr": "US"}
    assert model["00189087"] == {"vr": "FD", "Value": ["inf"]}
    assert tags(tmp_path, path) == DONE
    assert "seven" in capsys.readouterr().out


def test_what_follows_compressed_pixels_is_listed_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    frame = item(b"") + item(b"\xff\xd8\xff\xd9") + b"\xfe\xff\xdd\xe0\0\0\0\0"
    pixels = element(0x7FE00010, "OB", frame, length=UNDEFINED)
    path = tmp_path / "padded.dcm"
    path.write_bytes(
        meta("1.2.840.10008.1.2.4.50")
        + image_elements(pixels=None)
        + pixels
        + element(0xFFFCFFFC, "OB", b"\0\0")
    )
    assert tags(tmp_path, path, "--json") == DONE
    model = json.loads(capsys.readouterr().out)
    assert model["FFFCFFFC"] == {"vr": "OB", "InlineBinary": "AAA="}
    assert model["7FE00010"]["BulkDataURI"].endswith("length=undefined")


@pytest.mark.parametrize("content", [b"", b"no DICOM at all", bytes(128) + b"DICM"])
def test_what_cannot_be_read_is_refused_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes
) -> None:
    path = tmp_path / "other"
    path.write_bytes(content)
    assert tags(tmp_path, path) == REFUSED
    said = capsys.readouterr()
    assert not said.out
    assert said.err.count("\n") <= 2
    assert "Traceback" not in said.err


def test_a_name_nobody_knows_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert tags(tmp_path, "2.25.999") == REFUSED
    assert "There is no file" in capsys.readouterr().err
