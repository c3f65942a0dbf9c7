"""How old a patient was when a study was made."""

from datetime import date

from viewer.core.listing import Age

_UNITS = frozenset("DWMY")


def to_age(stated: str, born: date | None, on: date | None) -> Age | None:
    """The age the file states, else the one its dates give; None if neither does.

    Parameters
    ----------
    stated : str
        Patient's Age (0010,1010), VR AS: ``065Y``.
    born, on : date or None
        Birth date and study date. Under two years the answer is in months, under
        two months in days.
    """
    number, unit = stated[:-1], stated[-1:].upper()
    if unit in _UNITS and number.isascii() and number.isdigit():
        return Age(int(number), unit)
    if born is None or on is None or on < born:
        return None
    years = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
    if years >= 2:
        return Age(years, "Y")
    months = (on.year - born.year) * 12 + on.month - born.month - (on.day < born.day)
    return Age(months, "M") if months >= 2 else Age((on - born).days, "D")
