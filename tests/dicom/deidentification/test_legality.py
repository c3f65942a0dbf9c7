"""Text in disguise: names in numbers, dates and codes are not taken for values."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewer.dicom.deidentification.legality import is_legal
from viewer.dicom.text import CharacterSet

ASCII = CharacterSet()
LATIN = CharacterSet.from_terms(b"ISO_IR 100")
WINDOW, KVP, ROWS, SPACING, REGION = (
    0x00281050,
    0x00180060,
    0x00280010,
    0x00280030,
    0x0018602C,
)


@pytest.mark.parametrize(
    ("tag", "vr", "value"),
    [
        (SPACING, "DS", b"0.5\\0.5 "),
        (SPACING, "DS", b" -1.5e-3\\.25 "),
        (WINDOW, "DS", b"40\\"),
        (0x00200013, "IS", b"+12 "),
        (0x00080060, "CS", b"CT"),
        (0x00080008, "CS", b"ORIGINAL\\PRIMARY\\CT_SOM5 SPI "),
        (0x00080020, "DA", b"20240229"),
        (0x00080030, "TM", b"235959.999 "),
        (0x00080030, "TM", b"23:59:59"),
        (0x0008002A, "DT", b"20240229101530.5+0100 "),
        (0x00101010, "AS", b"045Y"),
        (0x00080018, "UI", b"1.2.3\0"),
        (ROWS, "US", struct.pack("<H", 512)),
        (REGION, "FD", struct.pack("<d", 0.0077)),
        (0x00081090, "LO", "Größe".encode("latin_1")),
        (0x00080054, "AE", b"STORE_1 "),
    ],
)
def test_ordinary_values_are_legal(tag: int, vr: str, value: bytes) -> None:
    assert is_legal(tag, vr, value, LATIN)


@pytest.mark.parametrize(
    ("tag", "vr", "value"),
    [
        (SPACING, "DS", b"Kern\\Otto "),
        (SPACING, "DS", b"1_000"),
        (SPACING, "DS", b"nan "),
        (0x00200013, "IS", b"12 Kern "),
        (0x00200013, "IS", b"1" * 14),
        (0x00080060, "CS", b"Kern^Otto "),
        (0x00080060, "CS", b"X" * 18),
        (0x00080020, "DA", b"20241301"),
        (0x00080020, "DA", b"Kern"),
        (0x00080030, "TM", b"9999"),
        (0x00080030, "TM", b"Kern"),
        (0x0008002A, "DT", b"2024KERN"),
        (0x00101010, "AS", b"KERN"),
        (0x00080018, "UI", b"1.2.KERN"),
        (0x00080018, "UI", b"1." * 40),
        (ROWS, "US", b"Kern, Otto"),
        (ROWS, "US", b"\1"),
        (REGION, "FD", b"KERNOTTO"),
        (REGION, "FD", b"12345678"),
        (0x00081090, "LO", b"a" * 66),
        (0x00080050, "SH", b"a" * 18),
        (0x00081090, "LO", b"Kern\0hidden"),
        (0x00081090, "LO", b"one\ntwo "),
        (0x00081090, "LO", b"\xff\xfe"),
        (0x00080054, "AE", b"A" * 18),
        (0x00281201, "OW", b"odd"),
    ],
)
def test_what_is_no_value_of_its_vr_is_not_legal(
    tag: int, vr: str, value: bytes
) -> None:
    assert not is_legal(tag, vr, value, ASCII)


@given(st.floats(-1e5, 1e5, allow_nan=False).filter(lambda x: abs(x) > 1e-5 or x == 0))
def test_no_length_or_time_is_ever_taken_for_text(number: float) -> None:
    assert is_legal(REGION, "FD", struct.pack("<d", number), ASCII)
    assert is_legal(0x00189087, "FD", struct.pack("<d", number), ASCII)


@given(st.lists(st.integers(0, 4095), max_size=3))
def test_no_few_whole_numbers_are_taken_for_text(numbers: list[int]) -> None:
    descriptor = 0x00281101
    value = b"".join(struct.pack("<H", one) for one in numbers)
    assert is_legal(descriptor, "US", value, ASCII)
