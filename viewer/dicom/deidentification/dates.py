"""Dates that move by whole days: intervals stay, the calendar goes; PS3.15 E.3.6."""

import datetime as dt
import re
from typing import Final

_DATE: Final = re.compile(r"(\d{4})(\.?)(\d{2})\2(\d{2})")
_DATE_TIME: Final = re.compile(
    r"(\d{4})(\d{2})?(\d{2})?((?:\d\d){0,3}(?:\.\d{1,6})?(?:[+-]\d{4})?)"
)


def moved(vr: str, text: str, shift: dt.timedelta) -> str | None:
    """The values of an attribute, so many days away.

    A time of day stays what it is, because only whole days are moved. What is known
    to the month or year only moves from its first day, and stays so vague.

    Parameters
    ----------
    vr : str
        ``DA``, ``DT`` or ``TM``.
    text : str
        One value or several, with a backslash between them.
    shift : timedelta
        Whole days.

    Returns
    -------
    str or None
        None if one of them is no date that can be moved.
    """
    if vr == "TM":
        return text
    one_moved = _date if vr == "DA" else _date_time
    found = [one_moved(one.strip(" \0"), shift) for one in text.split("\\")]
    values = [one for one in found if one is not None]
    return "\\".join(values) if len(values) == len(found) else None


def _date(text: str, shift: dt.timedelta) -> str | None:
    if not text:
        return ""
    match = _DATE.fullmatch(text)
    day = _day(match[1], match[3], match[4], shift) if match else None
    if match is None or day is None:
        return None
    return f"{day.year:04d}{match[2]}{day.month:02d}{match[2]}{day.day:02d}"


def _date_time(text: str, shift: dt.timedelta) -> str | None:
    if not text:
        return ""
    match = _DATE_TIME.fullmatch(text)
    if match is None:
        return None
    year, month, day_of_month, rest = match.groups()
    day = _day(year, month or "01", day_of_month or "01", shift)
    if day is None:
        return None
    date = f"{day.year:04d}{day.month:02d}{day.day:02d}"
    return date[: len(year + (month or "") + (day_of_month or ""))] + rest


def _day(year: str, month: str, day: str, shift: dt.timedelta) -> dt.date | None:
    try:
        return dt.date(int(year), int(month), int(day)) + shift
    except (ValueError, OverflowError):
        return None
