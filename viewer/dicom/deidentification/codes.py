"""Codes whose meaning is everybody's, and the rest that may be anybody's text.

A coded concept is kept if it is one of a public terminology (PS3.16 8). Its meaning
stays if all of its words are everybody's, and is the dictionary's otherwise: Code
Meaning (0008,0104) is free text.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, cast

from viewer.dicom.deidentification.code_checks import (
    is_loinc,
    is_snomed,
    is_unit,
)
from viewer.dicom.deidentification.descriptors import encoded, is_clean
from viewer.dicom.deidentification.identifying import Identifying
from viewer.dicom.deidentification.tree import Entry, Item, base, raw, raw_of, text_of
from viewer.dicom.text import CharacterSet

Decided = dict[int, Entry | None]
"""What becomes of some attributes of an item; None goes."""

VALUE, SCHEME, MEANING = 0x00080100, 0x00080102, 0x00080104
_FURTHER: Final = (
    *(0x00080103, 0x00080105, 0x00080106, 0x00080107, 0x0008010B, 0x0008010D),
    *(0x0008010F, 0x00080117, 0x00080118, 0x00080119, 0x00080120, 0x00080121),
    *(0x00080122, 0x00080123, 0x00080124),
)
"""Versions, context groups, long values and equivalent codes; PS3.3 8."""

_MARKS: Final = (VALUE, MEANING, 0x00080119, 0x00080120)
"""What only a code has: a value, short, long or as URN, or a meaning."""

_REMOVED: Final = "Meaning removed"
_VERSION: Final = 0x00080103
_VERSION_FORM: Final = re.compile(r"\d{1,2}(?:\.\d{1,2}){1,2}")
_UNKNOWN: Final = ("261665006", "SCT", "Unknown")

_Concepts = dict[str, dict[str, dict[str, tuple[str, list[int]]]]]


def _like(pattern: str) -> Callable[[str], bool]:
    compiled = re.compile(pattern)
    return lambda value: compiled.fullmatch(value) is not None


_PUBLIC: Final[dict[str, Callable[[str], bool]]] = {
    "DCM": _like(r"13[0-2]\d{3}"),
    "SCT": is_snomed,
    "SRT": _like(r"[A-Z]\d?-[0-9A-F]{5}|[A-Z]-[0-9A-F]{4}"),
    "SNM3": _like(r"[A-Z]\d?-[0-9A-F]{5}"),
    "LN": is_loinc,
    "UCUM": is_unit,
    "FMA": _like(r"\d{4,5}"),
    "RADLEX": _like(r"RID\d{1,5}"),
    "NCIt": _like(r"C\d{4,5}"),
    "SCPECG": _like(r"5\.\d{1,2}(?:\.\d{1,2})?(?:-\d{1,3}){1,2}"),
    "I10": _like(r"[A-Z]\d\d(?:\.\d{1,2})?"),
    "RFC5646": _like(r"[a-z]{2,3}(?:-[A-Z]{2})?"),
    "RFC3066": _like(r"[a-z]{2,3}(?:-[A-Z]{2})?"),
    "ISO639_1": _like(r"[a-z]{2}"),
    "ISO639_2": _like(r"[a-z]{3}"),
    "ISO3166_1": _like(r"[A-Z]{2,3}"),
}
"""What codes look like that our dictionary does not have; others are not kept."""


@dataclass(frozen=True, slots=True)
class Code:
    """A coded concept.

    Attributes
    ----------
    scheme, value : str
        Coding Scheme Designator and Code Value.
    """

    scheme: str
    value: str

    @property
    def meaning(self) -> str:
        """By the dictionary; empty if it does not know the code."""
        scheme, value = self.scheme, self.value
        if scheme in ("SRT", "SNM3", "99SDM"):
            scheme, value = "SCT", _from_srt().get(self.value, "")
        return _dictionary().get((scheme, value), "")

    @property
    def is_public(self) -> bool:
        """Whether it is, or can only be, a code of a public terminology."""
        known = _PUBLIC.get(self.scheme)
        return bool(self.meaning) or (known is not None and known(self.value))


def is_public_scheme(designator: str) -> bool:
    """Whether a Coding Scheme Designator is that of a public terminology."""
    return designator in _PUBLIC or designator in {
        scheme for scheme, _ in _dictionary()
    }


def code_of(item: Item) -> Code | None:
    """The code an item is; None if it is none."""
    if not any(base(tag) in item for tag in _MARKS):
        return None
    return Code(text_of(item, SCHEME), text_of(item, VALUE))


def code_changes(
    item: Item, character_set: CharacterSet, known: Identifying
) -> Decided:
    """What becomes of the attributes that make an item a code.

    A code of nobody's terminology becomes "Unknown", so that the sequence is still one.
    """
    code = code_of(item)
    if code is None:
        return _lone_meaning(item)
    gone: Decided = {tag: None for tag in _FURTHER if base(tag) in item}
    if not code.is_public:
        value, scheme, meaning = _UNKNOWN
        return gone | {
            VALUE: raw(VALUE, "SH", value.encode()),
            SCHEME: raw(SCHEME, "SH", scheme.encode()),
            MEANING: raw(MEANING, "LO", meaning.encode()),
        }
    if _VERSION_FORM.fullmatch(text_of(item, _VERSION)):
        gone.pop(_VERSION, None)
    stated = character_set.decode(raw_of(item, MEANING))[0].strip(" \0")
    if stated and is_clean(stated, known):
        return gone
    meaning = code.meaning or _REMOVED  # some of its words could mean the contrary
    written = encoded(meaning[:64], character_set)
    if written == raw_of(item, MEANING).strip(b" \0"):
        return gone
    return gone | {MEANING: raw(MEANING, "LO", written)}


def _lone_meaning(item: Item) -> Decided:
    """A meaning without a code is a text: anything may be in it."""
    if base(MEANING) not in item:
        return {}
    return {MEANING: raw(MEANING, "LO", _REMOVED.encode())}


@lru_cache(maxsize=1)
def _dictionary() -> dict[tuple[str, str], str]:
    """Meanings by scheme and value, of all context groups of PS3.16."""
    from pydicom.sr import _concepts_dict  # noqa: PLC0415 - large

    concepts = cast("_Concepts", _concepts_dict.concepts)
    found: dict[tuple[str, str], str] = {}
    for scheme, words in concepts.items():
        for codes in words.values():
            for value, (stated, _) in codes.items():
                meaning = re.sub(r" \([a-z ]+\)$| structure$", "", stated)
                before = found.get((scheme, value), meaning)
                found[scheme, value] = min(before, meaning, key=len)
    return {code: meaning for code, meaning in found.items() if code[1]}


@lru_cache(maxsize=1)
def _from_srt() -> dict[str, str]:
    """SNOMED CT identifiers of the older alphanumeric codes; PS3.16 8."""
    from pydicom.sr._snomed_dict import mapping  # noqa: PLC0415 - large

    return dict(mapping["SRT"])
