"""What is written on an image, and what goes first when there is no room."""

from dataclasses import replace
from datetime import date, time
from itertools import pairwise

import pytest

from viewer.core.corners import Showing, TextLevel, corners, plain, voi_text
from viewer.core.facts import ImageFacts
from viewer.core.grayscale import LookupTable, Window
from viewer.core.identity import SeriesUID, SOPInstanceUID, StudyUID
from viewer.core.image import Frame, Image, PixelFormat, Spacing, SpacingKind
from viewer.core.records import (
    FileRecord,
    InstanceRecord,
    PatientRecord,
    SeriesRecord,
    StudyRecord,
    Technique,
)
from viewer.core.ultrasound import UltrasoundRegion

RECORD = FileRecord(
    PatientRecord("Demo^Erika", "D-1", "", date(1961, 2, 3), "F"),
    StudyRecord(
        StudyUID("1"),
        date(2026, 11, 19),
        time(9, 5),
        "A77",
        "CT Thorax",
        "Hill Hospital",
        patient_age="065Y",
    ),
    SeriesRecord(SeriesUID("1.2"), "CT", 3, "Lung 1 mm", laterality="L"),
    InstanceRecord(
        SOPInstanceUID("1.3"),
        "",
        "",
        technique=Technique(
            contrast_agent="Iodine",
            kvp=120,
            tube_current_ma=87.5,
            echo_time_ms=12,
            repetition_time_ms=500,
            sequence="fl3d",
        ),
        image=Image(
            PixelFormat("", 512, 512, frames=4),
            frames=(
                Frame(
                    spacing=Spacing(0.7, 0.7, SpacingKind.PATIENT),
                    thickness_mm=1.25,
                    location_mm=-12.5,
                ),
            ),
            lossy="lossy 10.2:1 JPEG",
        ),
    ),
)
FACTS = ImageFacts.of_file(RECORD, 2)
SHOWING = Showing(Window(40, 400), 1.5, 12, 120, "−40 HU  (12, 30)")


def test_the_four_corners_say_what_radiologists_expect_there() -> None:
    text = corners(FACTS, SHOWING)
    assert text.top_left == ("Demo, Erika", "D-1", "1961-02-03  F  65y")
    assert text.top_right == (
        "Hill Hospital",
        "CT Thorax",
        "A77",
        "2026-11-19  09:05:00",
    )
    assert text.bottom_left == (
        "−40 HU  (12, 30)",
        "W 400 L 40",
        "Zoom 150%",
        "Frame 2 of 4",
    )
    assert text.bottom_right == (
        "3  Lung 1 mm",
        "L",
        "Iodine",
        "fl3d",
        "120 kVp  87.5 mA  TE 12 ms  TR 500 ms",
        "T 1.25 mm  Loc −12.5 mm",
        "Image 12 of 120",
    )
    assert text.marks == ("lossy 10.2:1 JPEG",)


@pytest.mark.parametrize("level", list(TextLevel))
@pytest.mark.parametrize("size", [(900, 700), (300, 200), (300, 30)])
def test_marks_cannot_be_hidden(level: TextLevel, size: tuple[int, int]) -> None:
    text = corners(FACTS, SHOWING, level, size, ("gap after image 3: 1 image missing",))
    assert text.marks == ("gap after image 3: 1 image missing", "lossy 10.2:1 JPEG")


@pytest.mark.parametrize("level", list(TextLevel))
def test_marks_without_room_are_said_shorter(level: TextLevel) -> None:
    text = corners(FACTS, SHOWING, level, (160, 90), ("images of 3 orientations",))
    assert text.marks == ("3 orientations", "lossy 10.2:1 JPEG")


def test_little_text_keeps_who_when_window_side_and_number() -> None:
    text = corners(FACTS, SHOWING, TextLevel.LITTLE)
    assert text.top_left == ("Demo, Erika",)
    assert text.top_right == ("2026-11-19  09:05:00",)
    assert text.bottom_left == ("W 400 L 40",)
    assert text.bottom_right == ("L", "Image 12 of 120")


def test_the_space_bar_goes_round() -> None:
    levels = [TextLevel.ALL, TextLevel.LITTLE, TextLevel.NONE, TextLevel.ALL]
    assert [level.next for level in levels[:3]] == levels[1:]


def test_small_viewports_lose_the_least_important_lines_first() -> None:
    seen = [corners(FACTS, SHOWING, size=(900, side)) for side in range(0, 600, 4)]
    for smaller, larger in pairwise(seen):
        assert set(smaller.bottom_right) <= set(larger.bottom_right)
    one_line = next(text for text in seen if len(text.bottom_right) == 1)
    assert one_line.bottom_right == ("L",)
    assert seen[0].top_left == ()


def test_narrow_viewports_shorten_words_but_never_numbers() -> None:
    text = corners(FACTS, SHOWING, size=(178, 700))
    assert text.top_left[0] == "Demo, E…"
    for line in text.bottom_right + text.bottom_left:
        assert len(line) <= 8
        assert "…" not in line or line == "3  Lung…"


def test_what_is_not_known_takes_no_line() -> None:
    empty = FileRecord(
        PatientRecord(),
        StudyRecord(StudyUID("")),
        SeriesRecord(SeriesUID("")),
        InstanceRecord(SOPInstanceUID(""), "", "", image=Image(PixelFormat("", 2, 2))),
    )
    text = corners(ImageFacts.of_file(empty), Showing(None, 1.0))
    assert text.top_left == text.top_right == ()
    assert text.bottom_left == ("Zoom 100%",)
    assert text.bottom_right == ("Image 1 of 1",)
    assert text.marks == ("not calibrated",)


@pytest.mark.parametrize(
    ("kind", "marks"),
    [
        (SpacingKind.PATIENT, ()),
        (SpacingKind.FIDUCIAL, ()),
        (SpacingKind.GEOMETRY, ()),
        (SpacingKind.DETECTOR, ("mm in the detector plane",)),
        (SpacingKind.MAGNIFIED, ("mm by an estimated magnification",)),
        (SpacingKind.OBJECT_PLANE, ("mm in the stated object plane only",)),
        (SpacingKind.SCANNED, ("mm of the scanned film",)),
        (SpacingKind.UNKNOWN, ("mm of unknown calibration",)),
        (SpacingKind.CALIBRATED, ("mm calibrated, the file does not say how",)),
    ],
)
def test_millimetres_that_are_not_the_patients_are_marked(
    kind: SpacingKind, marks: tuple[str, ...]
) -> None:
    image = Image(
        PixelFormat("", 2, 2), frames=(Frame(spacing=Spacing(0.1, 0.1, kind)),)
    )
    facts = replace(FACTS, instance=replace(RECORD.instance, image=image), number=1)
    assert corners(facts, SHOWING).marks == marks


@pytest.mark.parametrize(
    ("region", "marks"),
    [
        (UltrasoundRegion(0, 0, 1, 1, 0.1, 0.1), ()),
        (UltrasoundRegion(0, 0, 1, 1, content="M-mode"), ("not calibrated",)),
    ],
)
def test_an_ultrasound_is_calibrated_by_its_regions(
    region: UltrasoundRegion, marks: tuple[str, ...]
) -> None:
    image = Image(PixelFormat("", 2, 2), regions=(region,))
    facts = replace(FACTS, instance=replace(RECORD.instance, image=image), number=1)
    assert corners(facts, SHOWING).marks == marks


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (400, "400"),
        (-600.0, "−600"),
        (0.05, "0.05"),
        (-0.0, "0"),
        (12345.6, "12346"),
        (100.0, "100"),
        (0.123456, "0.1235"),
    ],
)
def test_numbers_read_naturally(number: float, text: str) -> None:
    assert plain(number) == text


def test_a_window_is_named_width_first_and_a_lut_by_its_explanation() -> None:
    lung = Window(-600, 1500, explanation="Lung")
    assert voi_text(lung) == "W 1500 L −600  Lung"
    assert voi_text(LookupTable(0, 8, b"\0\0", "NORMAL")) == "VOI LUT  NORMAL"


def test_corner_texts_leave_the_middle_to_the_letters_of_the_sides() -> None:
    text = corners(FACTS, SHOWING, size=(300, 700))
    widest = max(map(len, (*text.top_left, *text.top_right, *text.bottom_right)))
    assert 8 + 8 * widest <= 300 / 2 - 16
    assert text.top_right[-1] == "2026-11-19"
