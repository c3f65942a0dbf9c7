"""An answer in the DICOM JSON model, asked for as those of a C-FIND are; PS3.18 F."""

import datetime as dt
import math
from collections.abc import Mapping
from typing import Any, Final

from viewer.dicom.attributes import to_date, to_time

_BLANK: Final = " \0\r\n\t"
_LONGEST: Final = 1 << 12  # characters of a value anybody would read
_GROUPS: Final = ("Alphabetic", "Ideographic", "Phonetic")


class JsonAnswer:
    """The attributes of one answer; what is not as it should be is not known."""

    __slots__ = ("_document",)

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document

    def texts(self, tag: int) -> tuple[str, ...]:
        """Every value as text, trimmed."""
        attribute = self._document.get(f"{tag:08X}")
        found = attribute.get("Value") if isinstance(attribute, dict) else None
        if not isinstance(found, list):
            return ()
        return tuple(_text(value).strip(_BLANK)[:_LONGEST] for value in found)

    def decoded(self, tag: int) -> str:
        """The whole value as text."""
        return "\\".join(self.texts(tag))

    def text(self, tag: int) -> str:
        """The first value that is not empty; empty if there is none."""
        return next(filter(None, self.texts(tag)), "")

    def date(self, tag: int) -> dt.date | None:
        """A date."""
        return to_date(self.text(tag))

    def time(self, tag: int) -> dt.time | None:
        """A time of day; minutes and seconds may be missing."""
        return to_time(self.text(tag))

    def integer(self, tag: int) -> int | None:
        """A whole number, also where it is written as text."""
        try:
            value = float(self.text(tag))
        except ValueError:
            return None
        return int(value) if math.isfinite(value) and value.is_integer() else None


def _text(value: object) -> str:
    match value:
        case str():
            return value
        case bool() | None:
            return ""
        case int() | float():
            return str(value)
        case dict():
            groups = [value.get(name) for name in _GROUPS]
            parts = [part if isinstance(part, str) else "" for part in groups]
            return "=".join(parts).rstrip("=")
    return ""
