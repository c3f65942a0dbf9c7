"""What a drawing is called in reports, and what is made of a typed name."""

import re
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewer.core.measured_report import derived_uid, to_person_name, tracking_uid


@given(st.uuids())
def test_a_drawing_is_tracked_by_its_own_number(drawn: uuid.UUID) -> None:
    assert tracking_uid(drawn.hex) == f"2.25.{drawn.int}"


@given(st.text(), st.text())
def test_any_drawing_has_one_uid_and_shares_it_with_no_other(a: str, b: str) -> None:
    assert re.fullmatch(r"2\.25\.(0|[1-9][0-9]{0,38})", tracking_uid(a))
    assert tracking_uid(a) == tracking_uid(a)
    is_number = re.fullmatch(
        r"\W*[0-9a-fA-F\W]*", a + b
    )  # a number written in two ways
    assert a == b or is_number or tracking_uid(a) != tracking_uid(b)


def test_derived_uids_follow_from_their_names() -> None:
    assert derived_uid("report", "2.25.1", "1") == derived_uid("report", "2.25.1", "1")
    assert derived_uid("report", "2.25.1", "1") != derived_uid("report", "2.25.1", "2")
    assert len(derived_uid("report")) <= 64


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Roe, Jane", "Roe^Jane"),
        ("Roe^Jane^^Dr", "Roe^Jane^^Dr"),
        ("  Jane   Roe ", "Jane Roe^"),
        ("Σωκράτης, Άννα", "Σωκράτης^Άννα"),
        ("Roe\\Jane=x", "Roe Jane x^"),
        ("", ""),
        ("  ", ""),
    ],
)
def test_a_typed_name_becomes_a_name_of_the_standard(typed: str, name: str) -> None:
    assert to_person_name(typed) == name
