"""`lightbox measure`: the window's numbers for scripts, or a sentence."""

import json
from pathlib import Path

import numpy as np
import pytest

from tests.cli.test_pixels import ct, lightbox

VALUES = np.arange(2 * 20 * 30, dtype=np.int16).reshape(2, 20, 30)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return ct(
        tmp_path,
        VALUES,
        RescaleSlope=2,
        RescaleIntercept=-1000,
        RescaleType="HU",
        PixelSpacing=[2, 0.5],
    )


def answer(capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    document = json.loads(capsys.readouterr().out)
    assert isinstance(document, dict)
    return document


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (("length", "--points", "0,0", "6,2"), ("length", 5.0, "mm")),
        (("angle", "--points", "8,0", "--points", "0,0", "0,5"), ("angle", 90, "°")),
        (("rectangle", "--points", "0,0", "3,1"), ("area", 3.0, "mm²")),
        (("ellipse", "--points", "0,0", "8,4"), ("area", np.pi * 8, "mm²")),
        (("probe", "--points", "3.4,1.5"), ("value", 2 * (600 + 63) - 1000, "HU")),
    ],
)
def test_each_shape_answers_with_value_and_unit(
    file: Path,
    capsys: pytest.CaptureFixture[str],
    words: tuple[str, ...],
    wanted: tuple[str, float, str],
) -> None:
    (shape, *points), (name, value, unit) = words, wanted
    options = ("--frame", "2", "--json")
    assert lightbox("measure", shape, file, *options, *points) == 0
    found = answer(capsys)
    assert (found["shape"], found["frame"]) == (shape, 2)
    values = found["values"]
    assert isinstance(values, dict)
    assert values[name]["value"] == pytest.approx(value)
    assert values[name]["unit"] == unit


def test_statistics_are_those_of_the_frame_that_was_asked_for(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("--points", "2,3", "5,6", "--frame", "2", "--json")
    assert lightbox("measure", "rectangle", file, *words) == 0
    values = answer(capsys)["values"]
    assert isinstance(values, dict)
    inside = VALUES[1, 3:7, 2:6].astype(float) * 2 - 1000
    said = [values[name]["value"] for name in ("pixels", "sum", "mean", "sd")]
    assert said == pytest.approx([16, inside.sum(), inside.mean(), inside.std()])


def test_people_read_the_value_and_why(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert lightbox("measure", "length", file, "--points", "0,0", "6,2") == 0
    said = capsys.readouterr().out
    assert said.startswith("Length: 5.0 mm\n")
    assert "PixelSpacing (0028,0030)" in said
    assert "= 5 mm" in said


@pytest.mark.parametrize(
    "words",
    [
        ("length", "--points", "0,0"),
        ("length", "--points", "0,0", "1,1", "2,2"),
        ("length", "--points", "0;0", "1,1"),
        ("spiral", "--points", "0,0", "1,1"),
        ("length",),
    ],
)
def test_what_is_typed_wrongly_is_misuse(
    file: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    shape, *rest = words
    assert lightbox("measure", shape, file, *rest) == 2
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize(
    ("points", "frame"),
    [(("1,1", "1,1"), "1"), (("1,1", "1,nan"), "1"), (("0,0", "1,1"), "3")],
)
def test_what_cannot_be_measured_is_refused_with_a_sentence(
    file: Path, capsys: pytest.CaptureFixture[str], points: tuple[str, ...], frame: str
) -> None:
    words = ("--points", *points, "--frame", frame, "--json")
    assert lightbox("measure", "length", file, *words) == 1
    assert answer(capsys)["error"]
