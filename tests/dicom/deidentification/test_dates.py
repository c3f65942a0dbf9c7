"""Dates that move keep their distance, to the day and to the second."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewer.dicom.deidentification.dates import moved

days = st.dates(dt.date(1900, 1, 1), dt.date(2100, 1, 1))
shifts = st.integers(-4000, -1).map(lambda n: dt.timedelta(days=n))


@given(days, days, shifts)
def test_intervals_between_dates_stay_exact_to_the_day(
    first: dt.date, second: dt.date, shift: dt.timedelta
) -> None:
    found = [moved("DA", f"{day:%Y%m%d}", shift) for day in (first, second)]
    there = [dt.datetime.strptime(f"{one}", "%Y%m%d").date() for one in found]  # noqa: DTZ007 - a day
    assert there[1] - there[0] == second - first
    assert there[0] - first == shift


@given(
    days,
    shifts,
    st.sampled_from(["", "1015", "101530", "101530.123456", "101530+0100"]),
)
def test_the_time_of_a_date_time_stays(
    day: dt.date, shift: dt.timedelta, clock: str
) -> None:
    found = moved("DT", f"{day:%Y%m%d}{clock}", shift)
    assert found == f"{moved('DA', f'{day:%Y%m%d}', shift)}{clock}"


def test_a_time_of_day_is_not_moved() -> None:
    assert moved("TM", "101530.5", dt.timedelta(days=-90)) == "101530.5"


@pytest.mark.parametrize(
    ("vr", "text", "expected"),
    [
        ("DA", "2024.03.01", "2024.02.29"),
        ("DA", "20240301\\20240302", "20240229\\20240301"),
        ("DA", "", ""),
        ("DT", "202403", "202402"),
        ("DT", "2024", "2023"),
        ("DT", "2024+0100", "2023+0100"),
    ],
)
def test_dates_keep_the_form_and_the_vagueness_they_have(
    vr: str, text: str, expected: str
) -> None:
    assert moved(vr, text, dt.timedelta(days=-1)) == expected


@pytest.mark.parametrize("text", ["20241301", "Kern", "20240230", "2024-03-01", "0001"])
@pytest.mark.parametrize("vr", ["DA", "DT"])
def test_what_is_no_date_is_not_moved_but_told(vr: str, text: str) -> None:
    assert moved(vr, text, dt.timedelta(days=-4000)) is None
