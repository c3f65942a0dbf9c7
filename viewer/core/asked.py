"""What another workstation asks of ours, and whether a row is meant; PS3.4 C."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final

from viewer.core.folding import folded


class Rung(StrEnum):
    """The level of a question; Query/Retrieve Level (0008,0052)."""

    PATIENT = "PATIENT"
    STUDY = "STUDY"
    SERIES = "SERIES"
    IMAGE = "IMAGE"


Row = Mapping[str, str]
"""Facts by name, as DICOM writes them: ``YYYYMMDD``, values joined by a backslash."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question.

    Attributes
    ----------
    rung : Rung
    keys : mapping
        By name as in `Row`: a value, a pattern, a range or a list; empty is any, and
        wants the value told.
    """

    rung: Rung
    keys: Mapping[str, str]

    def key(self, name: str) -> str:
        """A key; empty if it was not asked."""
        return self.keys.get(name, "")

    def listed(self, name: str) -> tuple[str, ...]:
        """The values of a key that is a list of UIDs or codes."""
        return tuple(one for one in self.key(name).split("\\") if one)

    def is_meant(self, row: Row) -> bool:
        """Whether all keys for which the row has a fact agree with it."""
        return all(
            _agrees(name, asked, row[name])
            for name, asked in self.keys.items()
            if asked and name in row
        )


_RANGES: Final = {"study_date", "patient_birth_date", "study_time"}
_LISTS: Final = {"study_uid", "series_uid", "sop_instance_uid", "sop_class_uid"}
_SEVERAL: Final = {"modalities"}
_COUNTS: Final = {"series", "instances", "series_instances", "frames"}


def _agrees(name: str, asked: str, told: str) -> bool:
    if name in _COUNTS:
        return True  # asked to be told, never to be matched
    if name in _LISTS:
        return told in asked.split("\\")
    if name in _RANGES:
        return _lies_in(asked, told)
    values = told.split("\\") if name in _SEVERAL else [told]
    pattern = _pattern(asked)
    return any(pattern.fullmatch(folded(value)) for value in values)


def _lies_in(asked: str, told: str) -> bool:
    first, dash, last = asked.partition("-")
    if not dash:
        return told.startswith(asked) if asked else True
    return bool(told) and (
        (not first or told >= first) and (not last or told[: len(last)] <= last)
    )


@lru_cache(maxsize=256)
def _pattern(asked: str) -> re.Pattern[str]:
    """A value with ``*`` and ``?``; case and accents do not count, lists mean any."""
    ways = (
        "".join({"*": ".*", "?": "."}.get(c, re.escape(c)) for c in folded(one))
        for one in asked.split("\\")
    )
    return re.compile("|".join(ways), re.DOTALL)


def literal(asked: str) -> str:
    """The longest part of a pattern that must occur as it is."""
    if "\\" in asked:
        return ""
    return max(re.split(r"[*?^=]", asked), key=len)
