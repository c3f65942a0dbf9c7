"""The values of a data set, asked for by what they should be.

Whatever the file wrote instead (another VR, nothing, several values, letters for a
number), the answer has the type asked for, or is None or empty; what was tolerated is
noted without the value.
"""

import datetime as dt
import math
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from viewer.core.errors import UnreadableError
from viewer.dicom import tag as tags
from viewer.dicom.element import Element, Elements
from viewer.dicom.elements import Cutter
from viewer.dicom.encoding import UNDEFINED
from viewer.dicom.text import CharacterSet

BINARY_FORMATS: Final = {
    "US": "H",
    "SS": "h",
    "UL": "L",
    "SL": "l",
    "UV": "Q",
    "SV": "q",
    "FL": "f",
    "FD": "d",
}
_NUMERIC: Final = {**BINARY_FORMATS, "OF": "f", "OD": "d", "OL": "L", "OW": "H"}
_LONGEST_TEXT: Final = 1 << 20
_LONGEST_VALUE: Final = 10_240
"""Characters: what PS3.5 6.2 gives LT, the longest text that is no document."""
_MOST_TERMS: Final = 32
_DATE: Final = re.compile(r"(\d{4})[.\-/]?(\d{2})[.\-/]?(\d{2})")
_TIME: Final = re.compile(r"(\d{2}):?(\d{2})?:?(\d{2})?(?:\.(\d{1,6}))?")

BAD_NUMBER: Final = "a number that cannot be read"
BAD_DATE: Final = "a date or time that cannot be read"
BAD_SEQUENCE: Final = "a sequence that cannot be read"
SEVERAL: Final = "several values where one is expected"
TOO_LONG: Final = "a text longer than any may be"


@dataclass(frozen=True, slots=True)
class Attributes:
    """One data set or item of a sequence.

    Attributes
    ----------
    elements : mapping
    cutter : Cutter
        Reads values and cuts sequences.
    notes : dict
        What was tolerated, in order; shared by the items.
    character_set : CharacterSet
    depth : int
        How many sequences lie around it.
    """

    elements: Elements
    cutter: Cutter
    notes: dict[str, None]
    character_set: CharacterSet = field(default=CharacterSet())
    depth: int = 0

    def __contains__(self, tag: int) -> bool:
        """Whether the attribute is there and not empty."""
        element = self.elements.get(tag)
        return element is not None and element.length != 0

    def __iter__(self) -> Iterator[Element]:
        """Every attribute in the order of tags."""
        return iter(sorted(self.elements.values(), key=lambda element: element.tag))

    def raw(self, tag: int, limit: int = _LONGEST_TEXT) -> bytes:
        """Bytes of the value, at most `limit`; empty if there is none."""
        element = self.elements.get(tag)
        if element is None or element.length == UNDEFINED:
            return b""
        return self.cutter.source.read(element.offset, min(element.length, limit))

    def decoded(self, tag: int) -> str:
        """The whole value as text."""
        text, tolerated = self.character_set.decode(self.raw(tag))
        if tolerated:
            self.note(tolerated)
        return text

    def texts(self, tag: int) -> tuple[str, ...]:
        """Every value as text, trimmed."""
        text = self.decoded(tag)
        if not text:
            return ()
        values = tuple(value.strip(" \0\r\n\t") for value in text.split("\\"))
        if len(text) > _LONGEST_VALUE:
            return self._bounded(values)
        return values

    def text(self, tag: int) -> str:
        """The first value that is not empty, as text; empty if there is none."""
        values = [value for value in self.texts(tag) if value]
        if len(values) > 1:
            self.note(SEVERAL)
        return values[0] if values else ""

    def terms(self, tag: int) -> tuple[str, ...]:
        """The first values as text: no more than anybody would read."""
        return self.texts(tag)[:_MOST_TERMS]

    def _bounded(self, values: tuple[str, ...]) -> tuple[str, ...]:
        """The same, each no longer than whoever sorts, indexes or shows it can bear."""
        if max(map(len, values)) > _LONGEST_VALUE:
            self.note(TOO_LONG)
        return tuple(value[:_LONGEST_VALUE] for value in values)

    def numbers(self, tag: int, vr: str = "") -> tuple[float | None, ...]:
        """Every value as a finite number; None where it is empty or no number.

        Parameters
        ----------
        vr : str
            What a file that does not say it means; the standard's if empty.
        """
        element = self.elements.get(tag)
        if element is None or not element.length:
            return ()
        if element.vr not in ("", "UN", "OB"):
            vr = element.vr
        vr = vr or tags.BINARY.get(tag, "")
        if vr in _NUMERIC:
            return self._binary(element, _NUMERIC[vr])
        return tuple(self._decimal(value) for value in self.texts(tag))

    def number(self, tag: int) -> float | None:
        """The first value as a finite number."""
        return next(iter(self.numbers(tag)), None)

    def integer(self, tag: int) -> int | None:
        """The first value as a whole number."""
        value = self.number(tag)
        if value is None or value.is_integer():
            return None if value is None else int(value)
        self.note(BAD_NUMBER)
        return None

    def vector(self, tag: int, count: int) -> tuple[float, ...] | None:
        """Exactly `count` numbers, or None."""
        values = tuple(value for value in self.numbers(tag) if value is not None)
        if len(values) == count:
            return values
        if tag in self:
            self.note(BAD_NUMBER)
        return None

    def private_number(
        self, group: int, element: int, creator: str, vr: str
    ) -> float | None:
        """First number of a private attribute, by its creator; PS3.5 7.8.1.

        Parameters
        ----------
        element : int
            Its last two digits.
        vr : str
            Its VR, for files that do not say.
        """
        for block in range(0x10, 0x100):
            if group << 16 | block not in self.elements:
                return None
            if self.text(group << 16 | block) == creator:
                tag = group << 16 | block << 8 | element
                return next(iter(self.numbers(tag, vr)), None)
        return None

    def date(self, tag: int) -> dt.date | None:
        """A date, also as ACR-NEMA wrote it (``2004.01.19``)."""
        value = self.text(tag)
        found = to_date(value)
        if found is None:
            self._note_unless_empty(value)
        return found

    def time(self, tag: int) -> dt.time | None:
        """A time of day; minutes and seconds may be missing."""
        return self._time(self.text(tag))

    def date_time(self, tag: int) -> tuple[dt.date | None, dt.time | None]:
        """Date and time of a DT value, its zone left aside."""
        value = self.text(tag)
        day = self.date(tag)
        return day, self._time(value[8:].split("+")[0].split("-")[0]) if day else None

    def items(self, tag: int) -> tuple["Attributes", ...]:
        """The items of a sequence; empty if there are none or it cannot be read."""
        element = self.elements.get(tag)
        if element is None or not element.length:
            return ()
        try:
            cut = self.cutter.items(element, self.depth + 1)
        except UnreadableError:
            self.note(BAD_SEQUENCE)
            return ()
        return tuple(self.item(elements) for elements in cut)

    def first(self, tag: int) -> "Attributes | None":
        """The first item of a sequence."""
        return next(iter(self.items(tag)), None)

    def item(self, elements: Elements) -> "Attributes":
        """An item: its own character set, or that of the data set around it."""
        item = Attributes(
            elements, self.cutter, self.notes, self.character_set, self.depth + 1
        )
        if tags.SPECIFIC_CHARACTER_SET not in elements:
            return item
        return item.with_character_set()

    def with_character_set(self) -> "Attributes":
        """These, read in the character set they declare."""
        declared = CharacterSet.from_terms(self.raw(tags.SPECIFIC_CHARACTER_SET))
        return Attributes(self.elements, self.cutter, self.notes, declared, self.depth)

    def note(self, tolerance: str) -> None:
        """Remember what had to be tolerated, once."""
        self.notes.setdefault(tolerance)

    def _binary(self, element: Element, form: str) -> tuple[float | None, ...]:
        raw = self.raw(element.tag)
        size = struct.calcsize("=" + form)
        if len(raw) % size:
            self.note(BAD_NUMBER)
        count = len(raw) // size
        values = struct.unpack_from(f"{element.encoding.order}{count}{form}", raw)
        return tuple(float(v) if math.isfinite(v) else None for v in values)

    def _decimal(self, text: str) -> float | None:
        try:
            value = float(text) if text and "_" not in text else math.nan
        except ValueError:
            value = math.nan
        if math.isfinite(value):
            return value
        if text:
            self.note(BAD_NUMBER)
        return None

    def _time(self, value: str) -> dt.time | None:
        found = to_time(value)
        if found is None:
            self._note_unless_empty(value)
        return found

    def _note_unless_empty(self, value: str) -> None:
        if value:
            self.note(BAD_DATE)


def to_date(value: str) -> dt.date | None:
    """The day that a DA value begins with; None also for the 31st of February."""
    found = _DATE.match(value)
    try:
        return dt.date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def to_time(value: str) -> dt.time | None:
    """The time of day that a TM value begins with."""
    found = _TIME.match(value)
    if found:
        hour, minute, second, fraction = found.groups("0")
        micros = int(fraction.ljust(6, "0"))
        if int(hour) < 24 and int(minute) < 60:  # a leap second is second 60
            return dt.time(int(hour), int(minute), min(int(second), 59), micros)
    return None
