"""What the cursor reads: real world values with their unit."""

from pathlib import Path

import numpy as np
import pytest
from pydicom.dataset import Dataset, FileDataset

from tests.golden.phantoms import grey_image, image_of, saved, sequence
from viewer.core.probing import to_probe
from viewer.dicom.frames import read_frame

VALUES = np.arange(-8, 8, dtype=np.int16).reshape(4, 4)


def mapping(  # noqa: PLR0913 - what a map consists of
    first: int,
    last: int,
    slope: float | None = 0.5,
    intercept: float | None = 10,
    *,
    unit: str = "mm2/s",
    label: str = "ADC",
    table: list[float] | None = None,
    double: bool = False,
) -> Dataset:
    item, code = Dataset(), Dataset()
    if double:
        item.DoubleFloatRealWorldValueFirstValueMapped = float(first)
        item.DoubleFloatRealWorldValueLastValueMapped = float(last)
    else:
        item.add_new(0x00409216, "SS", first)
        item.add_new(0x00409211, "SS", last)
    if slope is not None:
        item.RealWorldValueSlope, item.RealWorldValueIntercept = slope, intercept
    if table is not None:
        item.RealWorldValueLUTData = table
    item.LUTLabel, item.LUTExplanation = label, label
    code.CodeValue, code.CodingSchemeDesignator = unit, "UCUM"
    code.CodeMeaning = unit
    item.MeasurementUnitsCodeSequence = [code]
    return item


def read(ds: FileDataset, folder: Path, column: int, number: int = 1) -> str:
    """What the cursor says of a pixel of the first row."""
    path = saved(ds, folder)
    image = image_of(path)
    stored = read_frame(path, image, number)
    return to_probe(stored, image, number, "MONOCHROME2", (column, 0)).value


@pytest.mark.parametrize(
    ("maps", "said"),
    [
        ([mapping(-100, 100)], "−6  ADC 7 mm2/s"),
        ([mapping(-100, 100, 0.25, 0)], "−6  ADC −1.5 mm2/s"),
        ([mapping(-6, -6)], "−6  ADC 7 mm2/s"),
        ([mapping(-5, 100)], "−6"),
        ([mapping(-100, -7)], "−6"),
        ([mapping(-100, 100, double=True)], "−6  ADC 7 mm2/s"),
        ([mapping(-100, 100, unit="1")], "−6  ADC 7"),
        ([mapping(-8, -5, None, table=[1, 2, 3.5, 4])], "−6  ADC 3.5 mm2/s"),
        ([mapping(-8, -5, None, table=[1, 2])], "−6"),
        ([mapping(-8, -5, None)], "−6"),
        (
            [mapping(-100, 100), mapping(-100, 100, 2, 0, unit="ml", label="V")],
            "−6  ADC 7 mm2/s  V −12 ml",
        ),
        ([mapping(-100, -7), mapping(-6, 100, 1, 0, label="B")], "−6  B −6 mm2/s"),
        ([mapping(-100, 100, 1, 0, unit="1", label="")], "−6"),  # says it once
    ],
    ids=range(13),
)
def test_a_stored_value_is_read_in_its_unit(
    maps: list[Dataset], said: str, tmp_path: Path
) -> None:
    ds = grey_image(VALUES)
    ds.RealWorldValueMappingSequence = sequence(*maps)
    assert read(ds, tmp_path, 2) == said


def test_a_map_goes_from_stored_values_not_rescaled_ones(tmp_path: Path) -> None:
    ds = grey_image(VALUES)
    ds.RescaleSlope, ds.RescaleIntercept, ds.RescaleType = "2", "-1000", "HU"
    ds.RealWorldValueMappingSequence = sequence(mapping(-100, 100))
    assert read(ds, tmp_path, 0) == "−1016 HU  ADC 6 mm2/s"


def test_padding_has_no_real_world_value(tmp_path: Path) -> None:
    ds = grey_image(VALUES)
    ds.add_new(0x00280120, "SS", -8)
    ds.RealWorldValueMappingSequence = sequence(mapping(-100, 100))
    assert read(ds, tmp_path, 0) == "padding"


def test_hounsfield_units_are_not_said_twice(tmp_path: Path) -> None:
    ds = grey_image(VALUES)
    ds.RescaleSlope, ds.RescaleIntercept, ds.RescaleType = "1", "-1000", "HU"
    unit = mapping(-100, 100, 1, -1000, unit="[hnsf'U]", label="")
    ds.RealWorldValueMappingSequence = sequence(unit)
    assert read(ds, tmp_path, 0) == "−1008 HU"


def test_each_frame_has_its_own_map(tmp_path: Path) -> None:
    ds = grey_image(np.stack([VALUES, VALUES]), frames=2)
    frames = []
    for slope in (1, 3):
        frame = Dataset()
        frame.RealWorldValueMappingSequence = [mapping(-100, 100, slope, 0)]
        frames.append(frame)
    ds.PerFrameFunctionalGroupsSequence = frames
    assert read(ds, tmp_path, 0, number=1) == "−8  ADC −8 mm2/s"
    assert read(ds, tmp_path, 0, number=2) == "−8  ADC −24 mm2/s"
