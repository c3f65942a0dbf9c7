"""Millimetres, letters and statistics other viewers have shown wrong, and what is true.

Beside each report stands what it must be, worked out from the standard's own words.
"""

import math
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from pydicom.dataset import Dataset, FileDataset

from tests.golden import reference
from tests.golden.phantoms import grey_image, image_of, saved, shown
from viewer.core.annotation import Annotation, Shape
from viewer.core.grayscale import Window, WindowFunction
from viewer.core.identity import SOPInstanceUID
from viewer.core.measurement import Measurement
from viewer.core.measuring import measured
from viewer.core.orientation import SideLetters, side_letters
from viewer.core.view import View
from viewer.core.window_drag import to_dragged
from viewer.dicom.frames import read_frame
from viewer.services.rendering import Wish

RAMP = np.arange(4096, dtype=np.int16).reshape(64, 64)
Points = tuple[tuple[float, float], ...]


def measure(path: Path, shape: Shape, points: Points) -> Measurement:
    image, stored = image_of(path), read_frame(path, image_of(path), 1)
    drawing = Annotation("one", SOPInstanceUID("2.25.3"), 1, shape, points)
    return measured(drawing, image, stored, "MONOCHROME2")


def millimetres(path: Path, points: Points) -> tuple[float, str]:
    length = measure(path, Shape.LENGTH, points).quantity("length")
    assert length is not None
    return float(length.value), length.unit


def projection(modality: str, **attributes: object) -> FileDataset:
    ds = grey_image(RAMP)
    ds.Modality = modality
    for keyword, value in attributes.items():
        setattr(ds, keyword, value)
    return ds


def ultrasound(*regions: tuple[int, int, int, int, float]) -> FileDataset:
    """Tissue in regions of left, top, right, bottom and centimetres a pixel."""
    ds = projection("US")
    ds.SequenceOfUltrasoundRegions = []
    for left, top, right, bottom, delta in regions:
        item = Dataset()
        item.RegionSpatialFormat, item.RegionDataType, item.RegionFlags = 1, 1, 0
        item.RegionLocationMinX0, item.RegionLocationMinY0 = left, top
        item.RegionLocationMaxX1, item.RegionLocationMaxY1 = right, bottom
        item.PhysicalUnitsXDirection = item.PhysicalUnitsYDirection = 3
        item.PhysicalDeltaX = item.PhysicalDeltaY = delta
        ds.SequenceOfUltrasoundRegions.append(item)
    return ds


ACROSS: Points = ((2.0, 10.0), (52.0, 10.0))  # fifty steps along a row


@pytest.mark.parametrize(
    ("reported", "build", "true_mm"),
    [
        (
            "cornerstone3D 2387 - a mammogram by its detector and magnification factor",
            lambda: projection(
                "MG",
                ImagerPixelSpacing=["0.094", "0.094"],
                EstimatedRadiographicMagnificationFactor="1.25",
            ),
            50 * 0.094 / 1.25,
        ),
        (
            "Weasis 465 - by the two distances where no factor is stated",
            lambda: projection(
                "DX",
                ImagerPixelSpacing=["0.2", "0.2"],
                DistanceSourceToDetector="1500",
                DistanceSourceToPatient="1200",
            ),
            50 * 0.2 * 1200 / 1500,
        ),
        (
            "Weasis 465 - by the factor alone where both are stated",
            lambda: projection(
                "DX",
                ImagerPixelSpacing=["0.2", "0.2"],
                EstimatedRadiographicMagnificationFactor="1.6",
                DistanceSourceToDetector="1500",
                DistanceSourceToPatient="1200",
            ),
            50 * 0.2 / 1.6,
        ),
        (
            "OHIF 5216 - inside a region by the region, whatever Pixel Spacing says",
            lambda: ultrasound((0, 0, 63, 63, 0.0482)),
            50 * 0.482,
        ),
        (
            "OHIF 5216 - by the region the line lies in, not by the first one",
            lambda: ultrasound((0, 40, 63, 63, 0.011), (0, 0, 63, 39, 0.0482)),
            50 * 0.482,
        ),
    ],
)
def test_a_length_is_what_the_file_says(
    reported: str, build: Callable[[], FileDataset], true_mm: float, tmp_path: Path
) -> None:
    ds = build()
    if "5216" in reported:
        ds.PixelSpacing = ["0.137", "0.137"]
    found, unit = millimetres(saved(ds, tmp_path), ACROSS)
    assert unit == "mm"
    assert found == pytest.approx(true_mm, rel=1e-9)


def test_ohif_5556_each_image_of_a_series_has_the_scale_of_its_own_zoom(
    tmp_path: Path,
) -> None:
    deltas = (0.0191, 0.0382, 0.0096)
    for number, delta in enumerate(deltas):
        folder = tmp_path / str(number)
        folder.mkdir()
        path = saved(ultrasound((0, 0, 63, 63, delta)), folder)
        found, unit = millimetres(path, ACROSS)
        assert found == pytest.approx(500 * delta, rel=1e-9)
        assert unit == "mm"


def test_ohif_5216_a_line_out_of_every_region_has_no_millimetres(
    tmp_path: Path,
) -> None:
    path = saved(ultrasound((0, 20, 63, 63, 0.0482)), tmp_path)
    assert millimetres(path, ACROSS) == (50.0, "px")


def test_weasis_858_statistics_are_those_of_hounsfield_units(tmp_path: Path) -> None:
    ds = grey_image(RAMP)
    ds.Modality, ds.PixelPaddingValue = "CT", 0
    ds.RescaleSlope, ds.RescaleIntercept, ds.RescaleType = "1", "-1024", "HU"
    path = saved(ds, tmp_path)
    found = measure(path, Shape.RECTANGLE, ((0.0, 0.0), (9.0, 4.0)))
    values = [64 * row + column - 1024 for row in range(5) for column in range(10)]
    del values[0]  # the padding
    mean = Fraction(sum(values), len(values))
    spread = sum((value - mean) ** 2 for value in values) / len(values)
    wanted = {
        "pixels": 49,
        "min": min(values),
        "max": max(values),
        "mean": float(mean),
        "sd": math.sqrt(spread),
    }
    for name, value in wanted.items():
        quantity = found.quantity(name)
        assert quantity is not None
        assert float(quantity.value) == pytest.approx(value, rel=1e-12)
        assert quantity.unit == ("" if name == "pixels" else "HU")


@pytest.mark.parametrize(
    ("orientation", "letters"),
    [
        ([1, 0, 0, 0, 1, 0], SideLetters("R", "A", "L", "P")),
        ([-1, 0, 0, 0, -1, 0], SideLetters("L", "P", "R", "A")),
        ([-1, 0, 0, 0, 1, 0], SideLetters("L", "A", "R", "P")),
        ([0, 1, 0, 1, 0, 0], SideLetters("A", "R", "P", "L")),
        ([0, -1, 0, 1, 0, 0], SideLetters("P", "R", "A", "L")),
    ],
)
def test_ohif_4089_a_picture_stays_as_it_is_stored_and_says_how_it_lies(
    orientation: list[int], letters: SideLetters, tmp_path: Path
) -> None:
    ds = grey_image(RAMP)
    ds.Modality, ds.PixelSpacing = "CT", [1, 1]
    ds.ImagePositionPatient, ds.ImageOrientationPatient = [0, 0, 0], orientation
    ds.WindowCenter, ds.WindowWidth = "2048", "4096"
    path = saved(ds, tmp_path)
    level = [
        reference.rounded(reference.linear(int(v), Fraction(2048), Fraction(4096)))
        for v in RAMP.ravel()
    ]
    assert shown(path).ravel().tolist() == level
    assert side_letters(image_of(path).frame(1), View()) == letters


def test_horos_380_frames_of_an_enhanced_sagittal_mr_keep_their_own_place(
    tmp_path: Path,
) -> None:
    ds = grey_image(np.stack([RAMP] * 3), frames=3)
    ds.Modality = "MR"
    shared, measures = Dataset(), Dataset()
    measures.PixelSpacing, measures.SliceThickness = ["0.8", "0.5"], "3"
    shared.PixelMeasuresSequence = [measures]
    ds.SharedFunctionalGroupsSequence = [shared]
    groups = []
    for number in range(3):
        group, place, way = Dataset(), Dataset(), Dataset()
        place.ImagePositionPatient = [-10 + 3 * number, -120, 130]
        way.ImageOrientationPatient = [0, 1, 0, 0, 0, -1]
        group.PlanePositionSequence, group.PlaneOrientationSequence = [place], [way]
        groups.append(group)
    ds.PerFrameFunctionalGroupsSequence = groups
    image = image_of(saved(ds, tmp_path))
    for number in (1, 2, 3):
        frame = image.frame(number)
        assert side_letters(frame, View()) == SideLetters("A", "H", "P", "F")
        assert frame.plane is not None
        # PS3.3 C.7.6.2.1.1: column 20 is 20 × 0.5 mm back, row 10 is 10 × 0.8 mm down
        wanted = (-10 + 3 * (number - 1), -120 + 20 * 0.5, 130 - 10 * 0.8)
        assert frame.plane.to_patient(np.array([20.0, 10.0])) == pytest.approx(wanted)


def test_ohif_5057_a_sigmoid_window_is_dragged_like_any_other(tmp_path: Path) -> None:
    ds = grey_image(RAMP)
    ds.WindowCenter, ds.WindowWidth, ds.VOILUTFunction = "2000", "800", "SIGMOID"
    path = saved(ds, tmp_path)
    (start,) = image_of(path).display(1).windows
    assert start == Window(2000, 800, WindowFunction.SIGMOID)
    dragged = to_dragged(start, right=40, down=-20)
    assert dragged == Window(2200, 1200, WindowFunction.SIGMOID)
    picture = shown(path, Wish(window=(dragged.center, dragged.width)))
    for value, grey in zip(
        RAMP.ravel().tolist(), picture.ravel().tolist(), strict=True
    ):
        level = 255 / (1 + math.exp(-4 * (value - 2200) / 1200))
        assert grey == math.floor(level + 0.5)
