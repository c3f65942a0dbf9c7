"""Structured content, item by item: reports, key objects, acquisition context.

Clean Structured Content, PS3.15 E.3.4. Numbers, public codes, coordinates and
references stay; names, numbers of people and things, and free text go. What is left of
an item is walked through like everything else, which maps its UIDs and moves its dates.
"""

import re
from dataclasses import dataclass
from typing import Final

from viewer.core.deidentification import Option
from viewer.core.pseudonyms import Pseudonyms
from viewer.dicom.deidentification import content_concepts as concepts
from viewer.dicom.deidentification.codes import Code, Decided, code_of
from viewer.dicom.deidentification.descriptors import cleaned, encoded, is_clean
from viewer.dicom.deidentification.identifying import Identifying
from viewer.dicom.deidentification.tree import (
    Item,
    base,
    entries,
    items_of,
    raw,
    raw_of,
    text_of,
)
from viewer.dicom.text import CharacterSet

CONTENT: Final = frozenset({0x0040A730, 0x00400555, 0x00400612, 0x00400440, 0x00400441})
"""Sequences of content items: of reports, Acquisition Context, steps of the preparation
of a specimen, Protocol Context and its modifiers."""

_VALUE_TYPE, _CONCEPT_NAME, _CODE, _TEXT = (
    0x0040A040,
    0x0040A043,
    0x0040A168,
    0x0040A160,
)
_BY_REFERENCE, _MEASURED, _NUMBER = 0x0040DB73, 0x0040A300, 0x0040A30A
_DATE_TIME, _DATE, _TIME, _NAME, _UID = (
    *(0x0040A120, 0x0040A121, 0x0040A122, 0x0040A123),
    0x0040A124,
)
_REFERENCE, _DATES_OF_CURVE, _UNITS = 0x00081199, 0x0040A13A, 0x004008EA

_ALWAYS: Final = frozenset(
    {_VALUE_TYPE, _CONCEPT_NAME, 0x0040A010, 0x0040A730, 0x0040A032, 0x0040A171}
    | {0x00400441}
)
"""Relationship, children, Observation DateTime and UID, modifiers."""

_NUMERIC: Final = frozenset(
    {_MEASURED, _NUMBER, 0x0040A301, _UNITS, 0x0040A161, 0x0040A162, 0x0040A163}
)
_COORDINATES: Final = frozenset({0x00700022, 0x00700023, 0x00480301, 0x0070031A})
_OF_TYPE: Final[dict[str, frozenset[int]]] = {
    "TEXT": frozenset({_TEXT}),
    "NUM": _NUMERIC,
    "NUMERIC": _NUMERIC,
    "CODE": frozenset({_CODE}),
    "DATETIME": frozenset({_DATE_TIME}),
    "DATE": frozenset({_DATE}),
    "TIME": frozenset({_TIME}),
    "UIDREF": frozenset({_UID}),
    "PNAME": frozenset({_NAME}),
    "COMPOSITE": frozenset({_REFERENCE}),
    "IMAGE": frozenset({_REFERENCE, 0x0040A136}),
    "WAVEFORM": frozenset({_REFERENCE}),
    "SCOORD": _COORDINATES,
    "SCOORD3D": _COORDINATES | {0x30060024},
    "TCOORD": frozenset({0x0040A130, 0x0040A132, 0x0040A138, _DATES_OF_CURVE}),
    "CONTAINER": frozenset({0x0040A050, 0x0040A504}),
}
"""Which attributes an item has besides, by Value Type; PS3.3 C.17.3."""

_WITHOUT_TYPE: Final = {
    _NUMBER: "NUMERIC",
    _CODE: "CODE",
    _TEXT: "TEXT",
    _DATE: "DATE",
    _TIME: "TIME",
    _NAME: "PNAME",
}
"""Acquisition Context had no Value Type once; PS3.3 C.7.6.14."""

_TEMPORAL: Final = frozenset({"DATE", "TIME", "DATETIME"})
_DATES_STAY: Final = {Option.RETAIN_FULL_DATES, Option.RETAIN_MODIFIED_DATES}


@dataclass(frozen=True, slots=True)
class Content:
    """What cleaning the content of one instance needs to know.

    Attributes
    ----------
    options : frozenset of Option
    pseudonyms : Pseudonyms
    character_set : CharacterSet
    known : Identifying
    """

    options: frozenset[Option]
    pseudonyms: Pseudonyms
    character_set: CharacterSet
    known: Identifying

    def changes(self, item: Item) -> Decided | None:
        """What becomes of an item's own attributes; None if it goes, and all below it.

        An item goes that names a person, a place or a device, whose concept is of
        nobody's terminology, whose text has a word that is not everybody's, or that
        points to another by its place, which may be another place now.
        """
        kind = _value_type(item)
        if kind not in _OF_TYPE or base(_BY_REFERENCE) in item:
            return None
        concept = _code_in(item, _CONCEPT_NAME)
        if concept is not None and not concept.is_public:
            return None
        if concept is not None and not self._may_be_told(concept, item):
            return None
        fits = _ALWAYS | _OF_TYPE[kind]
        gone: Decided = {int(e.tag): None for e in entries(item)}
        gone = {tag: None for tag in gone if tag not in fits}
        if kind == "TEXT":
            left = self._text(item, concept)
            return gone | {_TEXT: raw(_TEXT, "UT", left)} if left else None
        return gone if self._value_stays(item, kind) else None

    def _may_be_told(self, concept: Code, item: Item) -> bool:
        needed = concepts.option_for(concept)
        if needed is concepts.NEVER or (needed and needed not in self.options):
            return False
        return concept not in concepts.AGES or _years(item) < concepts.OLDEST

    def _value_stays(self, item: Item, kind: str) -> bool:
        if kind == "CODE":
            code = _code_in(item, _CODE)
            return code is not None and code.is_public
        if kind in _TEMPORAL or base(_DATES_OF_CURVE) in item:
            return not _DATES_STAY.isdisjoint(self.options)
        return True

    def _text(self, item: Item, concept: Code | None) -> bytes:
        """The text that may stay; empty if none does."""
        raw_text = raw_of(item, _TEXT)
        text = self.character_set.decode(raw_text)[0].strip(" \0")
        if concept in concepts.TRACKERS:
            return self.pseudonyms.identifier("tracking", text).encode()
        if concept is not None and concepts.option_for(concept) is not None:
            return b"" if self.known.found_in(text) else raw_text
        if concept in concepts.DESCRIPTIONS:
            return encoded(cleaned(text, self.known), self.character_set)
        if concepts.identifies(concept):
            return b""
        return raw_text if text and is_clean(text, self.known) else b""


def _value_type(item: Item) -> str:
    stated = text_of(item, _VALUE_TYPE)
    if stated:
        return stated
    found = (kind for tag, kind in _WITHOUT_TYPE.items() if base(tag) in item)
    return next(found, "")


def _first_in(item: Item, tag: int) -> Item | None:
    """The first item of a sequence, if it is one and has one."""
    found = (one for one in entries(item) if int(one.tag) == tag and one.VR == "SQ")
    element = next(found, None)
    inner = [] if element is None else items_of(element)
    return inner[0] if inner else None


def _code_in(item: Item, tag: int) -> Code | None:
    inner = _first_in(item, tag)
    return None if inner is None else code_of(inner)


def _years(item: Item) -> float:
    """An age in years, in whatever unit; without end if it is no number."""
    measured = _first_in(item, _MEASURED) or item
    stated = text_of(measured, _NUMBER)
    if not re.fullmatch(r"\d{1,5}(?:\.\d*)?", stated):
        return float("inf")
    unit = _code_in(measured, _UNITS)
    parts = {"mo": 12, "wk": 52, "d": 365, "h": 8760}
    return float(stated) / parts.get(unit.value if unit else "", 1)
