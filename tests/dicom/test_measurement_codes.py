"""Every measure has a code, and no unit is claimed that is not the file's."""

import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewer.core.measurement import Quantity
from viewer.dicom.measurement_codes import coded_measure, value_unit


@pytest.mark.parametrize(
    ("quantity", "name", "unit"),
    [
        (Quantity("length", 1.0, "mm"), "410668003", "mm"),
        (Quantity("length", 1.0, "px"), "410668003", "{pixels}"),
        (Quantity("width", 1.0, "mm"), "103355008", "mm"),
        (Quantity("height", 1.0, "px"), "121207", "{pixels}"),
        (Quantity("area", 1.0, "mm²"), "42798000", "mm2"),
        (Quantity("area", 1.0, "px²"), "42798000", "{pixels}"),
        (Quantity("angle", 1.0, "°"), "1483009", "deg"),
        (Quantity("pixels", 1), "PIXELS", "{pixels}"),
        (Quantity("left_out", 1), "PIXELS_LEFT_OUT", "{pixels}"),
        (Quantity("mean", 1.0, "HU"), "112031", "[hnsf'U]"),
        (Quantity("mean", 1.0), "PIXEL_VALUE", "1"),
        (Quantity("value", 1.0, "OD"), "PIXEL_VALUE", "10*-3{OD}"),
    ],
)
def test_each_quantity_has_its_code_and_unit(
    quantity: Quantity, name: str, unit: str
) -> None:
    code = coded_measure(quantity, "CT")
    assert (code.name.value, code.unit.value) == (name, unit)


@pytest.mark.parametrize(
    ("statistic", "derivation"),
    [
        ("mean", "373098007"),
        ("sd", "386136009"),
        ("min", "255605001"),
        ("max", "56851009"),
        ("sum", "255619001"),
    ],
)
def test_a_statistic_says_how_it_was_derived(statistic: str, derivation: str) -> None:
    code = coded_measure(Quantity(statistic, 1.0, "HU"), "CT")
    assert code.derivation is not None
    assert code.derivation.value == derivation


def test_a_single_pixel_is_derived_from_nothing() -> None:
    assert coded_measure(Quantity("value", 1.0, "HU"), "CT").derivation is None


def test_only_a_ct_has_an_attenuation() -> None:
    assert coded_measure(Quantity("mean", 1.0, "HU"), "MR").name.value == "PIXEL_VALUE"


@given(st.text(min_size=1))
def test_any_unit_gives_a_code_that_can_be_written(unit: str) -> None:
    code = value_unit(unit)
    assert re.fullmatch(r"[\x21-\x7e]{1,16}", code.value)
    assert 1 <= len(code.meaning) <= 64


@given(st.text(string.ascii_letters + string.digits + "_", min_size=1, max_size=14))
def test_a_unit_nobody_knows_is_an_annotation_without_meaning(unit: str) -> None:
    code = value_unit(f"x{unit}"[:14])
    assert code.value == f"{{{f'x{unit}'[:14]}}}"
