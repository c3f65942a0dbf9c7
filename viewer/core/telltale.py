"""Values that tell who somebody is, and every form in which they could have leaked.

A proof looks for all of these in all that was written. What one form misses, another
one finds: names in each order and alphabet's bytes, dates as people write them.
"""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import permutations
from typing import Final

from viewer.core.folding import folded

LEAST_BYTES: Final = 6
"""Shorter forms are sought in decoded text only: pixels match them by chance."""

LEAST_LETTERS: Final = 3
"""Shorter words of an alphabet are nobody's name alone."""


class Kind(StrEnum):
    """What a value says of somebody."""

    NAME = "name"
    NUMBER = "number"
    DATE = "date"
    PLACE = "place"
    UID = "uid"


@dataclass(frozen=True, slots=True, order=True)
class Telltale:
    """One identifying value, as the source has it.

    Attributes
    ----------
    kind : Kind
    text : str
        Decoded; one value, no padding.
    """

    kind: Kind
    text: str


_SEPARATORS: Final = ("^", " ", ", ", ",", "_", "-", ".", "", "; ", "=")
_MOST_PARTS: Final = 4
_CODECS: Final = (
    *("utf-8", "utf-16-le", "utf-16-be", "latin_1", "iso8859_2", "iso8859_3"),
    *("iso8859_4", "iso8859_5", "iso8859_6", "iso8859_7", "iso8859_8", "iso8859_9"),
    *("iso8859_15", "tis_620", "shift_jis", "euc_jp", "euc_kr", "gb18030", "big5"),
    *("cp1250", "cp1251", "cp1252", "cp1253", "koi8_r"),
)
_JIS: Final = ("iso2022_jp", "iso2022_jp_2")
_ESCAPE: Final = re.compile(rb"\x1b\$?[()]?[A-Z@]")
_AS_TYPED: Final = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "å": "aa"}
)
"""How names are typed where the keys are missing."""

_MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June", "July", "August"),
    *("September", "October", "November", "December"),
)


def texts(value: Telltale) -> frozenset[str]:
    """Every way to write the value, in letters and digits as they are."""
    if value.kind is Kind.NAME:
        return frozenset(name for name in _names(value.text) if name)
    if value.kind is Kind.DATE:
        return frozenset(_dates(value.text))
    if value.kind is Kind.NUMBER:
        return frozenset(_numbers(value.text))
    return frozenset({value.text})


def forms(value: Telltale) -> Iterator[bytes]:
    """The bytes of every way to write it, in every encoding, in small letters.

    A searcher makes letters of ASCII small on both sides; see `byte_search`. Zeros
    within a form do not count: dark pixels of 16 bits are full of them.
    """
    for text in texts(value):
        for variant in {text, text.upper(), text.lower(), text.title()}:
            for raw in encoded(variant):
                if len(raw) - raw.count(0) >= LEAST_BYTES:
                    yield raw.lower()


def encoded(text: str) -> frozenset[bytes]:
    """A text in every encoding that has its letters."""
    if text.isascii():
        codecs: tuple[str, ...] = _CODECS[:3]
    else:
        codecs = (*_CODECS, *_JIS)
    found = set[bytes]()
    for codec in codecs:
        try:
            found.add(_ESCAPE.sub(b"", text.encode(codec)))
        except UnicodeEncodeError:
            continue  # another alphabet
    return frozenset(found)


def words(value: Telltale) -> frozenset[str]:
    """What is sought in decoded text, folded: whole words of names, whole values.

    Also short ones; words of an alphabet have `LEAST_LETTERS`.
    """
    if value.kind is Kind.UID:
        return frozenset()
    found = {folded(text) for text in texts(value)}
    return frozenset(word for word in found if _tells(word))


def _tells(word: str) -> bool:
    least = LEAST_LETTERS if word[:1] < "\u0250" else 2
    return len(word) >= least


def _names(text: str) -> Iterator[str]:
    """Each part of each writing of it; short parts together, in each order."""
    for group in text.split("="):
        parts = [part for part in re.split(r"[\^\s,;]+", group) if part]
        for part in parts:
            for piece in (part, *re.split(r"[-_.']", part)):
                yield from (piece, folded(piece), piece.lower().translate(_AS_TYPED))
        for some in permutations(parts[:_MOST_PARTS], min(len(parts), 2)):
            if len(some) == 2:
                yield from (sign.join(some) for sign in _SEPARATORS)


def _numbers(text: str) -> Iterator[str]:
    yield text
    yield re.sub(r"[\s\-_./()+#:]+", "", text)
    for part in (text.lstrip("0"), re.sub(r"\D+", "", text)):
        if len(part) >= LEAST_BYTES:
            yield part


def _dates(text: str) -> Iterator[str]:
    try:
        day = dt.date(int(text[:4]), int(text[4:6]), int(text[6:8]))
    except ValueError:
        return
    year, month, number = f"{day.year:04d}", f"{day.month:02d}", f"{day.day:02d}"
    orders = (
        (year, month, number),
        (number, month, year),
        (month, number, year),
        (str(day.day), str(day.month), year),
        (str(day.month), str(day.day), year),
        (number, month, year[2:]),
        (month, number, year[2:]),
    )
    for sign in ("-", ".", "/", " "):
        yield from (sign.join(order) for order in orders)
    for order in orders[:3]:
        yield "".join(order)
    for name in (_MONTHS[day.month - 1], _MONTHS[day.month - 1][:3]):
        for digits in {number, str(day.day)}:
            for sign in (" ", "-", ""):
                yield sign.join((digits, name, year))
            yield f"{name} {digits}, {year}"
            yield f"{name} {digits} {year}"
            yield f"{digits}. {name} {year}"
