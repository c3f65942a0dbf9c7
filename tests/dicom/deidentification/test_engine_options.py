"""Each option lets stay what it names, and nothing else."""

import datetime as dt
import struct
from pathlib import Path

import pytest
from pydicom.datadict import dictionary_VR

from tests.dicom.deidentification.cleaning import (
    CT,
    Cleaned,
    cleaned,
    object_bytes,
    options,
    sequence,
)
from viewer.core.deidentification import Option
from viewer.dicom.deidentification.identifying import NUMBERS, PLACES
from viewer.dicom.deidentification.table import Row, table

_NAMED = ("SOP Instance UID", "Patient's Name", "Patient ID")
_LEGAL: dict[str, str | bytes] = {
    **dict.fromkeys(("LO", "LT", "SH", "ST", "UC", "UT"), "Abdomen"),
    "AE": "STORE",
    "AS": "045Y",
    "CS": "YES",
    "DA": "20240105",
    "DS": "1.5",
    "DT": "20240105101530",
    "IS": "7",
    "PN": "Brandauer^Ute",
    "TM": "101530",
    "UI": "1.2.3.4.99",
    "UR": "http://example.org",
    "US": struct.pack("<H", 7),
}


def leaf_rows() -> list[Row]:
    """Rows whose attribute has one value of characters or numbers."""
    found = []
    for row in table().rows:
        try:
            vr = dictionary_VR(int(row.tag, 16))
        except (ValueError, KeyError):
            continue
        if vr in _LEGAL and int(row.tag[:4], 16) not in (
            0x0000,
            0x0002,
            0x0004,
            0x0400,
        ):
            found.append(row)
    return found


@pytest.fixture(scope="module", params=[None, *Option])
def flown(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Option | None, Cleaned, Cleaned]:
    """An object with every attribute of the table, cleaned at top level and nested."""
    option: Option | None = request.param
    stated = [
        (int(row.tag, 16), _vr(row), _value(row))
        for row in leaf_rows()
        if row.name not in _NAMED
    ]
    policy = options(*([option] if option else []))
    top, deep = object_bytes(*stated), object_bytes(sequence(0x00081250, stated))
    folders = [tmp_path_factory.mktemp("flown") for _ in range(2)]
    return (
        option,
        cleaned(folders[0], top, policy),
        cleaned(folders[1], deep, policy),
    )


def _vr(row: Row) -> str:
    return str(dictionary_VR(int(row.tag, 16)))


def _value(row: Row) -> str | bytes:
    """Each identifier is one of its own: else it would be found in all others."""
    if int(row.tag, 16) in NUMBERS | PLACES:
        return f"V{row.tag}"
    return _LEGAL[_vr(row)]


def test_every_row_of_the_table_is_followed_at_top_level_and_nested(
    flown: tuple[Option | None, Cleaned, Cleaned],
) -> None:
    option, top, deep = flown
    broken = []
    for row in leaf_rows():
        if row.name in _NAMED:
            continue
        tag = int(row.tag, 16)
        action = row.options.get(option, row.basic) if option else row.basic
        for found, path in ((top, (tag,)), (deep, (0x00081250, tag))):
            if not _is_right(action, row, found.text(*path)):
                broken.append((row.tag, row.name, action, found.text(*path)))
    assert not broken


def _is_right(action: str, row: Row, found: str | None) -> bool:
    """Whether a value is what an action may leave, compound or not."""
    value = _value(row)
    before = (value.decode() if isinstance(value, bytes) else value).strip(" \0")
    if action == "K":
        return found == before
    if action == "U":
        return str(found).startswith("2.25.")
    if action == "C" and _is_cleaned(_vr(row), before, found):
        return True
    return found is None or found != before


def _is_cleaned(vr: str, before: str, found: str | None) -> bool:
    if vr in ("DA", "DT"):
        return found is not None and found != before and len(found) == len(before)
    return found == before  # a time of day, and words that are everybody's


def test_dates_of_a_patient_move_together_over_files(tmp_path: Path) -> None:
    policy = options(Option.RETAIN_MODIFIED_DATES)
    days = []
    for day in ("20240105", "20240301"):
        found = cleaned(tmp_path, object_bytes((0x00080020, "DA", day)), policy)
        days.append(str(found.text(0x00080020)))
        assert found.text(0x00280303) == "MODIFIED"
    first, second = (day_number(day) for day in days)
    assert second - first == day_number("20240301") - day_number("20240105")


def day_number(text: str) -> int:
    """Days since the beginning of the calendar."""
    return dt.date(int(text[:4]), int(text[4:6]), int(text[6:])).toordinal()


@pytest.mark.parametrize(
    ("age", "left"),
    [("045Y", "045Y"), ("089Y", "089Y"), ("090Y", "090Y"), ("103Y", "090Y")],
)
def test_ages_beyond_ninety_are_told_as_ninety(
    tmp_path: Path, age: str, left: str
) -> None:
    policy = options(Option.RETAIN_PATIENT_CHARACTERISTICS)
    found = cleaned(tmp_path, object_bytes((0x00101010, "AS", age)), policy)
    assert found.text(0x00101010) == left


def test_safe_private_attributes_stay_with_their_creator(tmp_path: Path) -> None:
    stated = [
        (0x00190010, "LO", "GEMS_ACQU_01"),
        (0x00190011, "LO", "ACME"),
        (0x00191023, "DS", "27.5"),
        (0x00191024, "DS", "Kern"),
        (0x00191055, "LO", "planted"),
        (0x00191123, "DS", "27.5"),
        (0x0019109E, "LO", "for Kowalski"),
    ]
    policy = options(Option.RETAIN_SAFE_PRIVATE)
    found = cleaned(tmp_path, object_bytes(*stated, sop_class=CT), policy)
    assert found.text(0x00190010) == "GEMS_ACQU_01"
    assert found.text(0x00191023) == "27.5"
    gone = (0x00190011, 0x00191024, 0x00191055, 0x00191123, 0x0019109E)
    assert [found.value(tag) for tag in gone] == [None] * 5


def test_a_creator_without_safe_attributes_goes(tmp_path: Path) -> None:
    policy = options(Option.RETAIN_SAFE_PRIVATE)
    stated = [(0x00190010, "LO", "GEMS_ACQU_01"), (0x00191055, "LO", "planted")]
    found = cleaned(tmp_path, object_bytes(*stated), policy)
    assert b"GEMS" not in found.content


def test_titles_of_devices_become_pseudonyms(tmp_path: Path) -> None:
    policy = options(Option.RETAIN_DEVICE_IDENTITY)
    found = cleaned(tmp_path, object_bytes((0x00080054, "AE", "KERN_CT")), policy)
    title = found.text(0x00080054)
    assert title is not None
    assert title != "KERN_CT"
    assert len(title) == 16


def test_what_must_be_there_is_replaced_by_what_says_nothing(tmp_path: Path) -> None:
    enhanced = "1.2.840.10008.5.1.4.1.1.2.1"
    stated = [
        (0x0008002A, "DT", "20240105101530"),
        (0x00181000, "LO", "SN-99120"),
        sequence(0x0040A073, [(0x0040A075, "PN", "Brandauer^Ute")]),
    ]
    found = cleaned(tmp_path, object_bytes(*stated, sop_class=enhanced))
    assert found.text(0x0008002A) == "19000101000000"
    assert found.text(0x00181000) == "ANONYMIZED"
    assert found.text(0x0040A073, 0x0040A075) == "Anonymous"
    assert (
        found.text(0x0040A073, 0x0040A088) is None or b"Brandauer" not in found.content
    )
