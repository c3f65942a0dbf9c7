"""`lightbox export --format` writes pictures, or says why not."""

from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.cli.test_export import Shell
from tests.services.export_shop import write_study
from viewer.cli.program import DONE, REFUSED


@pytest.fixture
def shell(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(tmp_path, capsys)


def refusal(shell: Shell, *words: str) -> dict[str, Any]:
    status, said = shell.export("1.2.3", *words)
    assert status == REFUSED
    assert not (shell.folder / "out").exists()
    refused: dict[str, Any] = said
    return refused


def test_pictures_are_counted_and_lie_where_they_were_wanted(shell: Shell) -> None:
    study = write_study(shell.folder / "in", 1, images=2)
    shell.take_in()
    status, said = shell.export(study, "--format", "tiff", "--bits", "16")
    assert status == DONE
    assert (said["wanted"], said["exported"], said["files"]) == (2, 2, 2)
    pictures = sorted((shell.folder / "out").rglob("*.tif"))
    values = []
    for path in pictures:
        with Image.open(path) as picture:
            values.append(picture.getpixel((0, 0)))
    assert values == [1, 2]


def test_what_has_no_pixels_is_listed_with_the_reason(shell: Shell) -> None:
    study = write_study(shell.folder / "in", 1, images=2, series=2)
    plan: dict[str, Any] = {
        "SOPClassUID": "1.2.840.10008.5.1.4.1.1.481.5",
        "SOPInstanceUID": f"{study}.9.1",
        "SeriesInstanceUID": f"{study}.9",
        "Modality": "RTPLAN",
    }
    write_study(shell.folder / "in", 1, 1, without="PixelData", **plan)
    shell.take_in()
    status, said = shell.export(study, "--format", "png")
    assert status == REFUSED
    (stayed,) = said["withheld"]
    assert (said["wanted"], said["exported"]) == (4, 3)
    assert stayed["sop_instance_uids"] == [f"{study}.9.1"]
    assert stayed["sentence"] == "The file holds no image."


def test_pictures_are_not_anonymized_by_half(shell: Shell) -> None:
    told = refusal(shell, "--anonymize", "--project", "livers", "--format", "png")
    assert told["error"] == "Only DICOM can be exported anonymized."
    assert "Export DICOM anonymized" in told["hint"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--format", "gif"), "There is no such format."),
        (("--format", "jpeg", "--bits", "16"), "cannot have 16 bits"),
        (("--format", "jpeg", "--quality", "0"), "quality of a JPEG"),
        (("--format", "png", "--stored"), "Stored values have 16 bits."),
        (("--annotations",), "Annotations are drawn on pictures"),
        (("--format", "png", "--dicomdir"), "nor listed in a DICOMDIR"),
    ],
)
def test_what_a_format_cannot_be_is_refused(
    shell: Shell, words: tuple[str, ...], message: str
) -> None:
    assert message in refusal(shell, *words)["error"]
