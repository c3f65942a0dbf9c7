"""The standard's table, and what it comes to for an attribute of an object."""

import pytest

from viewer.core.deidentification import Option
from viewer.dicom.deidentification.actions import action_of, otherwise, resolved
from viewer.dicom.deidentification.beyond_table import rule_for
from viewer.dicom.deidentification.object_types import (
    is_known,
    required_in,
    type_of,
)
from viewer.dicom.deidentification.table import Rule, rule_of, rules, table

CT = "1.2.840.10008.5.1.4.1.1.2"
ENHANCED_CT = "1.2.840.10008.5.1.4.1.1.2.1"
NONE = frozenset[Option]()


def test_the_table_has_every_row_of_2024b_and_those_added_since() -> None:
    assert len(table().rows) == 621 + 35
    assert len(rules(NONE)) == 621 + 35 - 4  # the four patterns have no tag of theirs


def test_every_action_of_the_table_is_one_of_the_standard() -> None:
    basic = {row.basic for row in table().rows}
    assert basic == {"X", "D", "Z", "U", "X/D", "X/Z", "Z/D", "X/Z/D", "X/Z/U*"}
    assert {a for row in table().rows for a in row.options.values()} == {"K", "C"}


def test_every_option_but_clean_pixels_is_named_by_some_row() -> None:
    named = {option for row in table().rows for option in row.options}
    assert named == set(Option) - {Option.CLEAN_PIXELS}


def test_an_option_decides_only_where_its_row_names_it() -> None:
    for option in Option:
        chosen = frozenset({option})
        for row in table().rows:
            rule = rule_of(row, chosen)
            expected = row.options.get(option)
            assert rule.action == (expected or row.basic)
            assert rule.option is (option if expected else None)


def test_dates_move_rather_than_stay_where_two_options_disagree() -> None:
    last_calibration = 0x00181200
    both = frozenset({Option.RETAIN_DEVICE_IDENTITY, Option.RETAIN_MODIFIED_DATES})
    assert rules(both)[last_calibration].action == "C"
    assert (
        rules(frozenset({Option.RETAIN_DEVICE_IDENTITY}))[last_calibration].action
        == "K"
    )


@pytest.mark.parametrize(
    ("action", "by_type"),
    [
        ("X/Z", {"1": "Z", "2": "Z", "2C": "Z", "3": "X"}),
        ("X/D", {"1": "D", "1C": "D", "2": "D", "3": "X"}),
        ("Z/D", {"1": "D", "1C": "D", "2": "Z", "3": "Z"}),
        ("X/Z/D", {"1": "D", "1C": "D", "2": "Z", "2C": "Z", "3": "X"}),
        ("X/Z/U*", {"1": "U", "2": "U", "3": "U"}),
        ("K", {"1": "K", "3": "K"}),
    ],
)
def test_a_compound_action_is_decided_by_the_type_of_the_attribute(
    action: str, by_type: dict[str, str]
) -> None:
    assert {kind: resolved(action, kind) for kind in by_type} == by_type


def test_what_an_object_must_have_is_replaced_where_the_table_removes_it() -> None:
    removed = Rule("X", "X", None, "")
    creation_date = 0x00700082
    assert [action_of(removed, kind, creation_date) for kind in ("1", "2", "3")] == [
        "D",
        "Z",
        "X",
    ]


def test_a_number_that_may_not_stay_is_never_another_number() -> None:
    kept = Rule("K", "X/Z/D", None, "")
    assert otherwise(kept, "1", 0x00280030, "DS") == "Z"
    assert otherwise(kept, "3", 0x00280030, "DS") == "X"
    assert otherwise(kept, "1", 0x00080060, "CS") == "D"


def test_types_come_from_the_modules_of_the_object() -> None:
    acquisition_date_time = 0x0008002A
    assert is_known(CT)
    assert type_of(CT, 0, acquisition_date_time) == "3"
    assert type_of(ENHANCED_CT, 0, acquisition_date_time) == "1C"
    assert type_of(CT, 0x00081140, 0x00081155) == "1"
    assert 0x0040A075 in required_in(0x0040A073)


def test_a_retired_class_needs_what_all_objects_need() -> None:
    retired = "1.2.840.10008.5.1.4.1.1.6"
    assert not is_known(retired)
    assert type_of(retired, 0, 0x00100010) == "2"
    assert type_of(retired, 0, 0x0020000D) == "1"


@pytest.mark.parametrize(
    ("tag", "action"),
    [
        (0x00091001 & 0xFFFE1001, "X"),  # nobody knows it
        (0x00080000, "X"),  # the length of a group
        (0x00041500, "X"),
        (0x04000500, "X"),  # encrypted attributes
        (0x00100033, "X/Z/D"),  # a birth date in another calendar
        (0x00081150, "U"),
        (0x00140104, "X/Z/D"),  # a reviewer's name
        (0x00141020, "X/Z/D"),  # a date
        (0x00620006, "X/Z/D"),  # a description somebody typed
        (0x00401006, "X/Z/D"),  # an order's number, retired
        (0x00181803, "X/Z/D"),  # the address of a server
        (0x30020020, "X/Z/D"),  # what a house calls its machine
        (0x40101054, "X/Z/D"),  # somebody's journey
        (0x00181210, "K"),  # a convolution kernel
        (0x00280030, "K"),
        (0x00189445, "X"),  # bytes nobody can read
    ],
)
def test_attributes_without_a_row_are_treated_by_their_kind(
    tag: int, action: str
) -> None:
    assert rule_for(tag, NONE).action == action


def test_options_hold_beyond_the_table_too() -> None:
    device = frozenset({Option.RETAIN_DEVICE_IDENTITY})
    assert rule_for(0x30020020, device).action == "K"
    assert rule_for(0x00141020, frozenset({Option.RETAIN_MODIFIED_DATES})).action == "C"
    assert rule_for(0x00141020, frozenset({Option.RETAIN_FULL_DATES})).action == "K"
    assert rule_for(0x00620006, frozenset({Option.CLEAN_DESCRIPTORS})).action == "C"
    assert rule_for(0x0040A021, frozenset({Option.RETAIN_UIDS})).action == "K"
