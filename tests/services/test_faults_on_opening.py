"""Faults of a series reach who opens it, from the catalog, by path and in `show`."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.services.import_files import DirectReader, write_image, write_series
from viewer.cli.program import run
from viewer.core.opened import OpenStudy
from viewer.services.importing import Importing, ImportRequest
from viewer.services.library import Library
from viewer.services.reading_stacks import ReadingStacks

FAULTS: dict[str, Callable[[Path], object]] = {
    "gap after image 3: 1 image missing": lambda at: (at / "0004.dcm").unlink(),
    "images 3, 4 lie in the same place": lambda at: write_image(
        at / "x.dcm", 9, ImagePositionPatient=[0, 0, 3]
    ),
    "unequal spacing: 0.60 to 1.40 mm": lambda at: write_image(
        at / "0004.dcm", 4, ImagePositionPatient=[0, 0, 4.4]
    ),
    "image 4 lies 7.0 mm beside the row": lambda at: write_image(
        at / "0004.dcm", 4, ImagePositionPatient=[0, 7, 4]
    ),
    "images of 2 orientations": lambda at: write_image(
        at / "x.dcm", 9, ImageOrientationPatient=[0, 1, 0, 0, 0, -1]
    ),
    "images of 2 sizes": lambda at: write_image(at / "x.dcm", 9, PixelSpacing=[2, 2]),
    "1 of 7 images has no position": lambda at: write_image(
        at / "x.dcm", 9, without="ImagePositionPatient"
    ),
    "2 frames of reference: places do not compare": lambda at: [
        write_image(at / f"{n:04d}.dcm", n, FrameOfReferenceUID=f"1.2.{n // 4}")
        for n in range(1, 7)
    ],
    "6 of 9 images": lambda at: [
        write_image(at / f"{n:04d}.dcm", n, ImagesInAcquisition=9) for n in range(1, 7)
    ],
    "6 of 8 images": lambda at: [
        write_image(at / f"{n:04d}.dcm", n, NumberOfSeriesRelatedInstances=8)
        for n in range(1, 7)
    ],
    "6 of 12 images": lambda at: [
        write_image(
            at / f"{n:04d}.dcm",
            n,
            SeriesType=["DYNAMIC", "IMAGE"],
            NumberOfSlices=4,
            NumberOfTimeSlices=3,
        )
        for n in range(1, 7)
    ],
    "1 file of this series holds no pixel data": lambda at: write_image(
        at / "z.dcm", 9, without="PixelData"
    ),
    "1 file of this series names another patient": lambda at: write_image(
        at / "z.dcm", 9, PatientName="Beispiel^Berta", PatientID="P2"
    ),
}


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library(tmp_path / "data", DirectReader()) as opened:
        yield opened


def told(study: OpenStudy) -> set[str]:
    return {
        fault.sentence
        for series in study.series
        for stack in series.stacks
        for fault in stack.faults
    }


@pytest.mark.parametrize("sentence", FAULTS)
def test_a_fault_is_told_however_the_series_is_opened(
    library: Library, tmp_path: Path, sentence: str
) -> None:
    folder = write_series(tmp_path / "in", 6)
    FAULTS[sentence](folder)
    by_path = library.open_files([folder])
    assert sentence in set.union(*map(told, by_path))
    Importing(library).run(ImportRequest((folder,)))
    assert sentence in told(library.open_study("1.2.3"))


def test_a_sound_series_has_no_fault_however_it_is_opened(
    library: Library, tmp_path: Path
) -> None:
    folder = write_series(tmp_path / "in", 6)
    for number in range(1, 7):
        write_image(
            folder / f"{number:04d}.dcm",
            number,
            FrameOfReferenceUID="1.2.9",
            ImagesInAcquisition=6,
        )
    (by_path,) = library.open_files([folder])
    Importing(library).run(ImportRequest((folder,)))
    assert told(by_path) == told(library.open_study("1.2.3")) == set()


def test_each_patient_of_one_series_is_told_of_the_other(
    library: Library, tmp_path: Path
) -> None:
    folder = write_series(tmp_path / "in", 3)
    FAULTS["1 file of this series names another patient"](folder)
    studies = library.open_files([folder])
    said = {study.summary.patient_id: told(study) for study in studies}
    assert said == {
        "P1": {"1 file of this series names another patient"},
        "P2": {"3 files of this series name another patient"},
    }


def test_show_tells_the_faults_of_a_series(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_series(tmp_path / "in", 6)
    for plant in ("images of 2 orientations", "6 of 9 images"):
        FAULTS[plant](folder)
    data = ["--data-dir", str(tmp_path / "data")]
    run([*data, "import", str(folder)], lambda *_: 3)
    capsys.readouterr()
    assert run([*data, "show", "1.2.3", "--json"], lambda *_: 3) == 0
    (series,) = json.loads(capsys.readouterr().out)["series"]
    kinds = {fault["kind"] for stack in series["stacks"] for fault in stack["faults"]}
    assert kinds == {"mixed orientation", "incomplete"}
    run([*data, "show", "1.2.3"], lambda *_: 3)
    assert "! images of 2 orientations" in capsys.readouterr().out


@pytest.mark.parametrize("spoilt", [False, True])
def test_show_gives_the_grid_of_a_stack_or_says_why_there_is_none(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    spoilt: bool,  # noqa: FBT001 - pytest names its arguments
) -> None:
    folder = write_series(tmp_path / "in", 6)
    if spoilt:
        FAULTS["gap after image 3: 1 image missing"](folder)
    data = ["--data-dir", str(tmp_path / "data")]
    run([*data, "import", str(folder)], lambda *_: 3)
    capsys.readouterr()
    run([*data, "show", "1.2.3", "--json"], lambda *_: 3)
    (series,) = json.loads(capsys.readouterr().out)["series"]
    (stack,) = series["stacks"]
    if spoilt:
        reason = "The slices make no volume: gap after image 3: 1 image missing."
        assert stack["volume"] == {"reason": reason}
        return
    assert stack["volume"] == {
        "shape": [16, 16, 6],
        "spacing_mm": [1.0, 1.0, 1.0],
        "axes": ["L", "P", "H"],
        "affine": [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 1], [0, 0, 0, 1]],
    }


def test_a_series_of_headers_alone_says_so_everywhere(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write_image(tmp_path / "a.dcm", without="PixelData")
    data = ["--data-dir", str(tmp_path / "data")]
    reason = "There is no pixel data in this file."
    assert run([*data, "import", str(path)], lambda *_: 3) == 0
    capsys.readouterr()
    assert run([*data, "show", "1.2.3", "--json"], lambda *_: 3) == 0
    (series,) = json.loads(capsys.readouterr().out)["series"]
    assert [one["lacks_pixels"] for one in series["instances"]] == [True]
    assert run([*data, "show", "1.2.3"], lambda *_: 3) == 0
    assert "! 1 file of this series holds no pixel data" in capsys.readouterr().out
    asked = {"out.png": ["render", str(path)], "out.npy": ["pixels", "1.2.3.1.1"]}
    for name, words in asked.items():
        out = str(tmp_path / name)
        assert run([*data, *words, "--out", out], lambda *_: 3) == 1
        assert reason in capsys.readouterr().err
    with Library(tmp_path / "data", DirectReader()) as library:
        stacks = ReadingStacks([library.open_study("1.2.3")])
        assert stacks.why_empty == reason


def test_a_file_cut_just_before_its_pixels_is_marked(
    library: Library, tmp_path: Path
) -> None:
    whole = write_series(tmp_path / "in", 3) / "0002.dcm"
    content = whole.read_bytes()
    whole.write_bytes(content[: content.rindex(b"\xe0\x7f\x10\x00OW")])
    Importing(library).run(ImportRequest((tmp_path / "in",)))
    study = library.open_study("1.2.3")
    assert "1 file of this series holds no pixel data" in told(study)
    assert study.series[0].headers_alone == ("1.2.3.1.2",)
