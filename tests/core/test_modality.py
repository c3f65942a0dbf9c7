"""Stored values to modality values, and what kind they come in."""

import numpy as np
import pytest

from viewer.core.grayscale import GrayscaleDisplay, LookupTable, Rescale
from viewer.core.modality import look_up, modality_values


def values(stored: object, kind: str, slope: float, intercept: float) -> np.ndarray:
    display = GrayscaleDisplay(Rescale(slope, intercept))
    return modality_values(np.array(stored, dtype=kind), display)


@pytest.mark.parametrize(
    ("kind", "slope", "intercept", "expected"),
    [
        ("u1", 1, -100, "i2"),
        ("i2", 1, 0, "i2"),
        ("i2", 1, -1024, "i4"),
        ("u2", 1, -1024, "i4"),
        ("u2", 0.5, 0, "f8"),
        ("i4", 1, 0, "i4"),
        ("u4", 1, 0, "f8"),
        ("f4", 1, 0, "f4"),
        ("f4", 2, 0, "f8"),
        ("u2", 1e30, 0, "f8"),
    ],
)
def test_the_kind_is_the_smallest_that_is_always_exact(
    kind: str, slope: float, intercept: float, expected: str
) -> None:
    stored = [0, 1, 100]
    found = values(stored, kind, slope, intercept)
    assert found.dtype == np.dtype(expected)
    assert found.tolist() == [slope * value + intercept for value in stored]


def test_the_ends_of_the_stored_range_do_not_wrap() -> None:
    assert values([-32768, 32767], "i2", 1, -1024).tolist() == [-33792, 31743]
    assert values([-32768, 32767], "i2", -1, 0).tolist() == [32768, -32767]
    assert values([0, 65535], "u2", -1, 0).tolist() == [0, -65535]
    assert values([0, 4294967295], "u4", 1, 1).tolist() == [1, 4294967296]


def test_a_table_holds_beyond_its_ends() -> None:
    table = LookupTable(-2, 16, np.array([7, 8, 65535], "<u2").tobytes())
    stored = np.array([-32768, -3, -2, -1, 0, 1, 32767], dtype=np.int16)
    assert look_up(stored, table).tolist() == [7, 7, 7, 8, 65535, 65535, 65535]
    display = GrayscaleDisplay(Rescale(9, 9), modality_lut=table)
    assert modality_values(stored, display).tolist() == look_up(stored, table).tolist()
