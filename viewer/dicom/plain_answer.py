"""An ordinary answer of a peer, cut in one pass; ten thousand of them come at once.

Ordinary is what needs no tolerance: known value representations in ascending order,
lengths that fit, no sequence. At the first other thing there is no answer, and
`identifier_reading` reads it as a file is read.
"""

import datetime as dt
from struct import Struct
from struct import error as OutOfBytes  # noqa: N812 - it says what happened
from typing import Final, Self

from viewer.dicom import tag as tags
from viewer.dicom.encoding import SHORT_VRS, Encoding
from viewer.dicom.text import CharacterSet

_EXPLICIT_HEAD: Final = Struct("<HH2sH").unpack_from
_IMPLICIT_HEAD: Final = Struct("<HHL").unpack_from
_BLANK: Final = " \0\r\n\t"
_LONGEST: Final = 1 << 12  # bytes of a value nobody has to think about


class OddError(Exception):
    """Something is not ordinary; whoever reads everything shall look at it."""


class PlainAnswer:
    """The attributes of an ordinary answer, asked for as those of a file are.

    Raises
    ------
    OddError
        From every method, where a value is not ordinary.
    """

    __slots__ = ("_character_set", "_values")

    def __init__(self, values: dict[int, bytes]) -> None:
        self._values = values
        terms = values.get(tags.SPECIFIC_CHARACTER_SET, b"")
        self._character_set = CharacterSet.from_terms(terms)

    @classmethod
    def cut(cls, raw: bytes, encoding: Encoding) -> Self:
        """Cut the attributes of `raw`."""
        values: dict[int, bytes] = {}
        position, last, size = 0, -1, len(raw)
        implicit = encoding.implicit
        try:
            while position < size:
                if implicit:
                    group, number, length = _IMPLICIT_HEAD(raw, position)
                else:
                    group, number, vr, length = _EXPLICIT_HEAD(raw, position)
                    if vr not in SHORT_VRS:
                        raise OddError
                tag = group << 16 | number
                start = position + 8
                position = start + length
                if tag <= last or position > size or length > _LONGEST:
                    raise OddError
                values[tag] = raw[start:position]
                last = tag
        except OutOfBytes as cause:
            raise OddError from cause
        if not encoding.little or 0 in values:
            raise OddError
        return cls(values)

    def decoded(self, tag: int) -> str:
        """The whole value as text."""
        raw = self._values.get(tag)
        if not raw:
            return ""
        text, tolerated = self._character_set.decode(raw)
        if tolerated:
            raise OddError
        return text

    def texts(self, tag: int) -> tuple[str, ...]:
        """Every value as text, trimmed."""
        text = self.decoded(tag)
        if not text:
            return ()
        return tuple(value.strip(_BLANK) for value in text.split("\\"))

    def text(self, tag: int) -> str:
        """The value as text, trimmed; empty if there is none."""
        text = self.decoded(tag)
        if "\\" in text:
            raise OddError
        return text.strip(_BLANK)

    def date(self, tag: int) -> dt.date | None:
        """A date, eight digits."""
        text = self.text(tag)
        if not text:
            return None
        if len(text) != 8 or not (text.isascii() and text.isdigit()):
            raise OddError
        try:
            return dt.date(int(text[:4]), int(text[4:6]), int(text[6:]))
        except ValueError as cause:
            raise OddError from cause

    def time(self, tag: int) -> dt.time | None:
        """A time of day, six digits and perhaps a fraction."""
        text = self.text(tag)
        if not text:
            return None
        whole, _, fraction = text.partition(".")
        digits = whole + fraction
        if len(whole) != 6 or len(fraction) > 6 or not digits.isdecimal():
            raise OddError
        micros = int(fraction.ljust(6, "0")) if fraction else 0
        try:
            return dt.time(int(whole[:2]), int(whole[2:4]), int(whole[4:]), micros)
        except ValueError as cause:
            raise OddError from cause

    def integer(self, tag: int) -> int | None:
        """A whole number in decimals."""
        text = self.text(tag)
        if not text:
            return None
        if not (text.isascii() and text.isdigit()) or len(text) > 12:
            raise OddError
        return int(text)
