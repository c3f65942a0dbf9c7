"""What a file says of people and visits, to be looked for in every text it keeps."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final

from viewer.core.deidentification import Option
from viewer.core.folding import folded
from viewer.dicom.deidentification.tree import Found, Item, every_attribute
from viewer.dicom.text import CharacterSet

NUMBERS: Final = frozenset(
    {
        *(0x00080050, 0x00100020, 0x00101000, 0x00101090, 0x00102154, 0x00102155),
        *(0x00200010, 0x00380010, 0x00380060, 0x00400009, 0x00400253, 0x00401001),
        *(0x00402016, 0x00402017, 0x00101050, 0x00120040, 0x00120042, 0x00402010),
        *(0x00080094, 0x00401103, 0x00401104, 0x0040050A, 0x00400512, 0x00400551),
        *(0x00181000, 0x00102295, 0x00321064),
    }
)
"""Identifiers of patients, visits, orders, specimens and devices."""

PLACES: Final = frozenset(
    {
        *(0x00101040, 0x00102150, 0x00102152, 0x00102299, 0x00080080, 0x00080081),
        *(0x00081040, 0x00081010, 0x00080092, 0x00401102, 0x00380300, 0x00380400),
        *(0x00321033, 0x00400242, 0x00400243, 0x00400010, 0x00101081),
    }
)
"""Addresses, institutions, wards and stations: looked for as a whole."""

DATES: Final = frozenset(
    {0x00100030, 0x00080020, 0x00080021, 0x00080022, 0x00080023, 0x001021D0}
)

_TELLING: Final = NUMBERS | PLACES | DATES

_OPEN: Final = {
    Option.RETAIN_FULL_DATES: DATES - {0x00100030},
    Option.RETAIN_INSTITUTION_IDENTITY: frozenset({0x00080080, 0x00080081, 0x00081040}),
    Option.RETAIN_DEVICE_IDENTITY: frozenset(
        {0x00181000, 0x00081010, 0x00400242, 0x00400010}
    ),
}
"""What an option lets stay."""

_DATE: Final = re.compile(r"(\d{4})[.\-/]?(\d{2})[.\-/]?(\d{2})")
_TERMS: Final = frozenset(
    {
        *("original", "primary", "secondary", "derived", "axial", "localizer"),
        *("monochrome1", "monochrome2", "palette", "color", "other", "image"),
        *("yes", "anonymous", "anonymized", "unknown", "none", "volume", "head"),
    }
)
"""Words of the standard that are nobody's name alone."""

_LETTERS: Final = "\u2e7f"
"""Scripts beyond it write a name with a sign or two."""

_FORMED: Final = re.compile(
    r"(?<![\d.])\d(?:[\d]*\.\d+){5,}(?![\d.])"  # a UID
    r"|[\w.+\-]+@[\w\-]+\.\w"  # an address for mail
)
"""What identifies by its form alone."""

_MOST: Final = 4000
_MONTHS: Final = (
    *("jan", "feb", "mar", "apr", "may", "jun"),
    *("jul", "aug", "sep", "oct", "nov", "dec"),
)


@dataclass(frozen=True)
class Identifying:
    """The values that tell who it is.

    Attributes
    ----------
    words : frozenset of str
        Parts of names, folded (`core.folding.folded`); from three letters on, of
        scripts without an alphabet from one.
    phrases : frozenset of str
        Identifiers, addresses and dates, folded.
    """

    words: frozenset[str] = frozenset()
    phrases: frozenset[str] = frozenset()

    def found_in(self, text: str) -> bool:
        """Whether any of them occurs in a text, or a UID or a mail address.

        What is short (up to four letters or five digits) must stand alone there.
        """
        pattern = self._pattern
        if pattern is not None and pattern.search(folded(text)) is not None:
            return True
        return _FORMED.search(text) is not None

    def is_number(self, text: str) -> bool:
        """Whether one of the values of an attribute that measures is an identifier.

        Only as a whole, and from six digits on: lengths and times must not vanish
        because a patient's ID is as short as they are.
        """
        values = (one.strip(" \0") for one in text.split("\\"))
        return any(len(one) > 5 and one in self.phrases for one in values)

    def found_in_stream(self, value: bytes) -> bool:
        """Whether one of five letters or more lies in bytes that are no text."""
        lower = value.lower()
        every = (one for one in self.words | self.phrases if len(one) > 4)
        return any(one.encode("utf-8") in lower for one in every)

    @cached_property
    def _pattern(self) -> re.Pattern[str] | None:
        return _pattern(self.words | self.phrases)


def identifying(
    data_set: Item, options: frozenset[Option] = frozenset()
) -> Identifying:
    """What a data set tells of people, at every depth.

    Dates, institutions and devices are no secret where an option lets them stay.
    """
    open_tags = _open(options)
    found = tuple(
        one
        for one in every_attribute(data_set)
        if one.vr == "PN" or (one.tag in _TELLING and one.tag not in open_tags)
    )
    return _identifying(found)


@lru_cache(maxsize=64)
def _identifying(found: tuple[Found, ...]) -> Identifying:
    """The same for all files of a series, mostly."""
    words: dict[str, None] = {}
    phrases: dict[str, None] = {}
    for tag, vr, value, terms in found:
        text = CharacterSet.from_terms(terms).decode(value)[0]
        if vr == "PN":
            words.update(dict.fromkeys(_words(text)))
        elif tag in NUMBERS:
            phrases.update(dict.fromkeys(_numbers(text)))
        elif tag in PLACES:
            phrases.update(dict.fromkeys(_places(text)))
        else:
            phrases.update(dict.fromkeys(_dates(text)))
        if len(words) + len(phrases) > _MOST:
            break
    return Identifying(frozenset(words), frozenset(phrases))


@lru_cache(maxsize=64)
def _open(options: frozenset[Option]) -> frozenset[int]:
    found = (_OPEN.get(option, frozenset()) for option in options)
    return frozenset[int]().union(*found)


def _words(text: str) -> Iterator[str]:
    """Parts of names, each hand's writing of them."""
    for part in re.split(r"[\s.,;:/()_\-]+", folded(text.replace("\\", " "))):
        if part not in _TERMS and (len(part) > 2 or (part and part[0] > _LETTERS)):
            yield part
    for name in text.split("\\"):
        whole = folded(name)
        if len(whole) > 4 and whole not in _TERMS:
            yield whole


def _numbers(text: str) -> Iterator[str]:
    for value in text.split("\\"):
        whole = folded(value.strip(" \0"))
        bare = re.sub(r"[\W_]+", "", whole)
        if len(bare) > 3 and whole not in _TERMS:
            yield whole
            yield bare


def _places(text: str) -> Iterator[str]:
    for value in re.split(r"[\\\r\n]", text):
        whole = folded(value.strip(" \0"))
        if len(whole) > 3 and whole not in _TERMS:
            yield whole


def _dates(text: str) -> Iterator[str]:
    """A date as people write it."""
    for year, month, day in _DATE.findall(text):
        if not 1 <= int(month) <= 12:
            continue
        name = _MONTHS[int(month) - 1]
        for sign in ("", "-", ".", "/", " "):
            yield f"{year}{sign}{month}{sign}{day}"
            yield f"{day}{sign}{month}{sign}{year}"
            yield f"{month}{sign}{day}{sign}{year}"
        for sign in ".-/":
            yield f"{int(day)}{sign}{int(month)}{sign}{year}"
            yield f"{int(month)}{sign}{int(day)}{sign}{year}"
            yield f"{day}{sign}{month}{sign}{year[2:]}"
        for sign in ("-", " ", ""):
            yield f"{day}{sign}{name}{sign}{year}"
            yield f"{int(day)}{sign}{name}{sign}{year}"


@lru_cache(maxsize=256)
def _pattern(values: frozenset[str]) -> re.Pattern[str] | None:
    kinds = sorted(_guarded(values), key=len, reverse=True)
    return re.compile("|".join(kinds)) if kinds else None


def _guarded(values: Iterable[str]) -> Iterator[str]:
    for value in values:
        escaped = re.escape(value)
        short = len(value) < (6 if value.isdigit() else 5)
        if short and value.isascii():
            yield rf"(?<![a-z0-9]){escaped}(?![a-z0-9])"
        else:
            yield escaped
