"""An ultrasound image is measured region by region, or in pixels.

What is true stands in the table, worked out by hand from PS3.3 C.8.5.5.
"""

import math
from pathlib import Path

import pytest

from tests.dicom.written_files import Value, element, image_file, item
from viewer.core.calibration import NO_REGION, SEVERAL_REGIONS, Calibration, spacing_for
from viewer.core.image import Image
from viewer.core.view import proportion
from viewer.dicom.read import read_file

Region = tuple[tuple[int, int, int, int], int, int, int, float, float, int]
"""Left, top, right, bottom; format, units across and down, deltas in cm, flags."""

TISSUE: Region = ((10, 10, 99, 89), 1, 3, 3, 0.05, 0.02, 0)
MIRRORED: Region = ((10, 10, 99, 89), 1, 3, 3, -0.05, -0.02, 0)
RIGHT: Region = ((100, 10, 199, 89), 1, 3, 3, 0.04, 0.04, 0)
BELOW_M_MODE: Region = ((10, 90, 199, 149), 2, 4, 3, 0.01, 0.05, 0)
SPECTRAL: Region = ((10, 90, 199, 149), 3, 4, 7, 0.01, 2.0, 0)
INSET: Region = ((40, 40, 59, 59), 1, 3, 3, 0.1, 0.1, 0)
LOW_INSET: Region = ((40, 40, 59, 59), 1, 3, 3, 0.1, 0.1, 1)
BAR_INSET: Region = ((40, 40, 59, 59), 5, 0, 0, 0.0, 0.0, 0)
LOW_TISSUE: Region = ((10, 10, 99, 89), 1, 3, 3, 0.05, 0.02, 1)
TWIN_INSET: Region = ((40, 40, 59, 59), 1, 3, 3, 0.05, 0.02, 0)
WHOLE_LOW: Region = ((0, 0, 255, 255), 1, 3, 3, 0.05, 0.02, 1)

SIZE: list[tuple[int, str, Value]] = [
    (0x00280010, "US", 256),
    (0x00280011, "US", 256),
]
PIXELS = bytes(2 * 256 * 256)
Line = list[tuple[float, float]]
ACROSS: Line = [(20, 20), (60, 20)]
DOWN: Line = [(20, 20), (20, 80)]
THROUGH: Line = [(20, 50), (80, 50)]
BESIDE: Line = [(20, 30), (80, 30)]
INSIDE: Line = [(45, 45), (55, 55)]
NO_MM = "The ultrasound region has no millimetres: "

CASES: list[tuple[str, list[Region], Line, tuple[float, float] | str]] = [
    ("the deltas are cm", [TISSUE], ACROSS, (0.2, 0.5)),
    ("whichever way", [TISSUE], DOWN, (0.2, 0.5)),
    ("a negative delta says only which way", [MIRRORED], ACROSS, (0.2, 0.5)),
    ("one point", [TISSUE], [(20, 20)], (0.2, 0.5)),
    ("its first pixel", [TISSUE], [(10, 10), (11, 11)], (0.2, 0.5)),
    ("its last pixel", [TISSUE], [(99, 89), (98, 88)], (0.2, 0.5)),
    ("the far edge of its last pixel", [TISSUE], [(99.4, 89.4)], (0.2, 0.5)),
    ("the pixel after it", [TISSUE], [(99.6, 20)], NO_REGION),
    ("the pixel before it", [TISSUE], [(9.4, 20)], NO_REGION),
    ("beside every region", [TISSUE], [(5, 5), (6, 6)], NO_REGION),
    ("in and out", [TISSUE], [(5, 20), (20, 20)], SEVERAL_REGIONS),
    ("each its own", [TISSUE, RIGHT], [(110, 20), (120, 20)], (0.4, 0.4)),
    ("in either order", [RIGHT, TISSUE], [(110, 20), (120, 20)], (0.4, 0.4)),
    ("first of two", [TISSUE, RIGHT], ACROSS, (0.2, 0.5)),
    ("from one to the other", [TISSUE, RIGHT], [(90, 20), (110, 20)], SEVERAL_REGIONS),
    (
        "from one to its like",
        [TISSUE, ((100, 10, 199, 89), 1, 3, 3, 0.05, 0.02, 0)],
        [(90, 20), (110, 20)],
        SEVERAL_REGIONS,
    ),
    ("M-mode", [TISSUE, BELOW_M_MODE], [(20, 100), (30, 110)], NO_MM + "M-mode."),
    (
        "spectral Doppler",
        [TISSUE, SPECTRAL],
        [(20, 100), (20, 140)],
        NO_MM + "spectral Doppler.",
    ),
    ("into the M-mode", [TISSUE, BELOW_M_MODE], [(20, 80), (20, 100)], SEVERAL_REGIONS),
    (
        "a waveform",
        [((10, 10, 99, 89), 4, 4, 0, 0.01, 1.0, 0)],
        ACROSS,
        NO_MM + "a waveform.",
    ),
    (
        "graphics",
        [((10, 10, 99, 89), 5, 3, 3, 0.01, 0.01, 0)],
        ACROSS,
        NO_MM + "graphics.",
    ),
    (
        "no format",
        [((10, 10, 99, 89), 0, 3, 3, 0.01, 0.01, 0)],
        ACROSS,
        NO_MM + "it says no format.",
    ),
    (
        "seconds across",
        [((10, 10, 99, 89), 1, 4, 3, 0.01, 0.01, 0)],
        ACROSS,
        NO_MM + "its units are not centimetres.",
    ),
    (
        "percent down",
        [((10, 10, 99, 89), 1, 3, 1, 0.01, 0.01, 0)],
        ACROSS,
        NO_MM + "its units are not centimetres.",
    ),
    (
        "no delta",
        [((10, 10, 99, 89), 1, 3, 3, 0.0, 0.02, 0)],
        ACROSS,
        NO_MM + "its pixels have no size.",
    ),
    (
        "beyond the image, as of another one",
        [((10, 10, 300, 89), 1, 3, 3, 0.05, 0.02, 0)],
        ACROSS,
        NO_MM + "it reaches beyond the image.",
    ),
    (
        "the first pixel after it told as the last",
        [((10, 10, 256, 256), 1, 3, 3, 0.05, 0.02, 0)],
        ACROSS,
        (0.2, 0.5),
    ),
    (
        "deltas of nothing",
        [((10, 10, 99, 89), 1, 3, 3, 1e-300, 1e-300, 0)],
        ACROSS,
        NO_MM + "its pixels have no size.",
    ),
    (
        "more regions than a picture can have",
        [TISSUE] * 101,
        ACROSS,
        NO_MM + "it has too many regions.",
    ),
    ("an inset on the way", [TISSUE, INSET], THROUGH, SEVERAL_REGIONS),
    ("beside the inset", [TISSUE, INSET], BESIDE, (0.2, 0.5)),
    ("in the inset, two own it", [TISSUE, INSET], INSIDE, SEVERAL_REGIONS),
    ("in the inset of low tissue", [LOW_TISSUE, INSET], INSIDE, (1.0, 1.0)),
    ("the low inset yields", [TISSUE, LOW_INSET], INSIDE, (0.2, 0.5)),
    ("through the low inset", [TISSUE, LOW_INSET], THROUGH, (0.2, 0.5)),
    ("through an inset of low tissue", [LOW_TISSUE, INSET], THROUGH, SEVERAL_REGIONS),
    ("both low", [LOW_TISSUE, LOW_INSET], INSIDE, SEVERAL_REGIONS),
    ("a bar in the tissue", [TISSUE, BAR_INSET], THROUGH, SEVERAL_REGIONS),
    (
        "on the bar of low tissue",
        [LOW_TISSUE, BAR_INSET],
        INSIDE,
        NO_MM + "graphics.",
    ),
    ("two own it but agree", [TISSUE, TWIN_INSET], INSIDE, (0.2, 0.5)),
    ("told twice", [TISSUE, TISSUE], ACROSS, (0.2, 0.5)),
    ("the whole picture below", [WHOLE_LOW, RIGHT], ACROSS, (0.2, 0.5)),
    ("flags beyond the first bit", [(*TISSUE[:6], 0b1110)], ACROSS, (0.2, 0.5)),
    (
        "a bend in the other region",
        [TISSUE, INSET],
        [(20, 20), (50, 50), (80, 20)],
        SEVERAL_REGIONS,
    ),
]


def sequence(regions: list[Region]) -> bytes:
    return b"".join(
        item(
            element(0x00186012, "US", form)
            + element(0x00186014, "US", 1)
            + element(0x00186016, "UL", flags)
            + element(0x00186018, "UL", left)
            + element(0x0018601A, "UL", top)
            + element(0x0018601C, "UL", right)
            + element(0x0018601E, "UL", bottom)
            + element(0x00186024, "US", across)
            + element(0x00186026, "US", down)
            + element(0x0018602C, "FD", delta_x)
            + element(0x0018602E, "FD", delta_y)
        )
        for (left, top, right, bottom), form, across, down, delta_x, delta_y, flags in (
            regions
        )
    )


def read(folder: Path, regions: list[Region]) -> Image:
    extra: list[tuple[int, str, Value]] = [
        (0x00080060, "CS", "US"),
        (0x00280030, "DS", "9\\9"),
        (0x00186011, "SQ", sequence(regions)),
        *SIZE,
    ]
    image = read_file(image_file(folder, extra, PIXELS)).instance.image
    assert image is not None
    return image


def measured(folder: Path, regions: list[Region], points: Line) -> Calibration:
    return spacing_for(read(folder, regions), 1, points)


@pytest.mark.parametrize(
    ("regions", "points", "true"),
    [case[1:] for case in CASES],
    ids=[case[0] for case in CASES],
)
def test_an_ultrasound_is_measured_in_its_regions(
    tmp_path: Path,
    regions: list[Region],
    points: Line,
    true: tuple[float, float] | str,
) -> None:
    found = measured(tmp_path, regions, points)
    if isinstance(true, str):
        assert (found.reason, found.unit, found.spacing) == (true, "px", None)
        return
    assert found.steps == pytest.approx(true)
    assert (found.unit, found.reason) == ("mm", "")
    assert found.kind is not None
    assert found.kind.value == "ultrasound region"


def test_an_area_must_not_enclose_another_region(tmp_path: Path) -> None:
    image = read(tmp_path, [TISSUE, INSET])
    around: Line = [(30, 30), (70, 30), (70, 70), (30, 70), (30, 30)]
    assert spacing_for(image, 1, around).unit == "mm"  # the outline alone
    assert spacing_for(image, 1, around, filled=True).reason == SEVERAL_REGIONS
    beside: Line = [(12, 12), (38, 38)]
    assert spacing_for(image, 1, beside, filled=True).unit == "mm"


def test_a_region_can_say_why(tmp_path: Path) -> None:
    found = measured(tmp_path, [TISSUE], ACROSS)
    assert found.attribute == "PhysicalDeltaX (0018,602C), PhysicalDeltaY (0018,602E)"
    assert found.formula == "|0.02 cm × 0.05 cm| × 10 = 0.2 mm × 0.5 mm"


@pytest.mark.parametrize(
    "place", [(20, 20, 10, 30), (20, 20, 30, 10), (-1, 0, 10, 10), (0, -1, 10, 10)]
)
def test_a_region_that_cannot_be_is_left_out(
    tmp_path: Path, place: tuple[int, int, int, int]
) -> None:
    bad = bytearray(sequence([TISSUE]))
    for tag, value in zip((0x6018, 0x601A, 0x601C, 0x601E), place, strict=True):
        at = bad.find(b"\x18\0" + tag.to_bytes(2, "little") + b"UL")
        assert at > 0
        bad[at + 8 : at + 12] = (value & 0xFFFFFFFF).to_bytes(4, "little")
    extra: list[tuple[int, str, Value]] = [
        (0x00080060, "CS", "US"),
        (0x00186011, "SQ", bytes(bad) + sequence([RIGHT])),
        *SIZE,
    ]
    record = read_file(image_file(tmp_path, extra, PIXELS))
    assert record.instance.image is not None
    kept = [(one.left, one.top) for one in record.instance.image.regions]
    if min(place) >= 0:
        assert kept == [(100, 10)]
        assert record.tolerated == ("an ultrasound region that cannot be right",)
    else:  # an unsigned number this large is an edge beyond every image
        assert (100, 10) in kept
        assert spacing_for(record.instance.image, 1, ACROSS).reason == NO_REGION


@pytest.mark.parametrize(
    ("regions", "shape"),
    [
        ([TISSUE], 0.4),
        ([TISSUE, BELOW_M_MODE], 0.4),
        ([RIGHT], 1.0),
        ([TISSUE, RIGHT], 1.0),  # no one shape holds for both
        ([((0, 0, 9, 9), 1, 3, 3, 0.0200, 0.0201, 0)], 1.0),  # a rounding
        ([BELOW_M_MODE], 1.0),
    ],
)
def test_pixels_that_are_not_square_are_drawn_in_proportion(
    tmp_path: Path, regions: list[Region], shape: float
) -> None:
    assert proportion(read(tmp_path, regions).frame(1)) == pytest.approx(shape)


def test_the_calliper_that_the_scanner_drew_measures_the_same(real_data: Path) -> None:
    """The picture itself says 1.06 cm between two crosses, drawn on whole pixels."""
    (path,) = real_data.glob("pydicom-data-git/data_store/data/OBX*1A.dcm")
    image = read_file(path).instance.image
    assert image is not None
    crosses: Line = [(459.8, 291.5), (499.3, 302.5)]
    row_mm, column_mm = spacing_for(image, 1, crosses).steps
    (x0, y0), (x1, y1) = crosses
    length = math.hypot((x1 - x0) * column_mm, (y1 - y0) * row_mm)
    assert length == pytest.approx(10.6, abs=row_mm)
