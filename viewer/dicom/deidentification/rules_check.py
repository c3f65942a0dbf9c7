"""Does every attribute of a written file keep its rule? Asked of the file alone.

What the engine did is not looked at: only what is there, against the table of PS3.15
Annex E, at every depth.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from viewer.core.deidentification import Option
from viewer.core.proof import Fault
from viewer.core.pseudonyms import is_of_the_standard
from viewer.core.resources import resource
from viewer.dicom.attributes import Attributes
from viewer.dicom.deidentification.beyond_table import rule_for
from viewer.dicom.deidentification.dummies import dummy
from viewer.dicom.deidentification.legality import is_legal
from viewer.dicom.deidentification.markers import CODES_TAG, METHOD_TAG
from viewer.dicom.deidentification.object_types import (
    EMPTY_ALLOWED,
    REQUIRED,
    type_of,
)
from viewer.dicom.deidentification.private import is_creator, is_private
from viewer.dicom.deidentification.tree import vr_of
from viewer.dicom.element import PIXELS, Element
from viewer.dicom.encoding import UNDEFINED

_PSEUDONYM: Final = re.compile(rb"[A-Z2-7]{16} ?")
_PERSON: Final = re.compile(rb"(?:[A-Z2-7]{16}\^)?Anonymous ?")
_NEW_UID: Final = re.compile(r"2\.25\.[1-9]\d{30,38}")
_TERMINOLOGY: Final = re.compile(r"2\.16\.840\.1\.113883\.6\.\d{1,4}")
_MARKERS: Final = frozenset({METHOD_TAG, CODES_TAG})
_STREAMS: Final = frozenset({"OB", "OW", "OF", "OD", "OL", "OV", "UN"})
_RULES: Final = {
    Fault.UNKNOWN: "attributes the dictionary does not know go",
    Fault.PRIVATE: "private attributes go but for those known to be safe",
    Fault.FORM: "a value is what its value representation says; PS3.5 6.2",
}


@dataclass(frozen=True, slots=True)
class Broken:
    """A rule that an attribute breaks.

    Attributes
    ----------
    fault : Fault
    path : str
        ``(0008,1140)[2].(0008,1155)``, items counted from 1.
    rule : str
    """

    fault: Fault
    path: str
    rule: str


@dataclass(frozen=True, slots=True)
class RulesCheck:
    """Holds files against the rules of one set of options.

    Attributes
    ----------
    options : frozenset of Option
    sop_class_uid : str
        Of the object, which decides what it cannot be without.
    """

    options: frozenset[Option]
    sop_class_uid: str

    def broken(self, data_set: Attributes, path: str = "") -> Iterator[Broken]:
        """Every rule that a data set, or an item, breaks."""
        for element in data_set:
            tag = element.tag
            place = f"{path}({tag >> 16:04X},{tag & 0xFFFF:04X})"
            if tag in PIXELS and not path:
                continue
            if is_private(tag):
                yield from self._private(data_set, element, place)
            elif not vr_of(tag):
                yield Broken(Fault.UNKNOWN, place, _RULES[Fault.UNKNOWN])
            elif tag >> 24 in (0x50, 0x60):
                yield from self._graphics(element, place)
            else:
                yield from self._public(data_set, element, place)

    def _private(
        self, data_set: Attributes, element: Element, place: str
    ) -> Iterator[Broken]:
        """Only what the table of safe ones names, and the creators it needs."""
        tag = element.tag
        safe = Option.RETAIN_SAFE_PRIVATE in self.options
        if not safe or not _is_safe(data_set, tag):
            yield Broken(Fault.PRIVATE, place, _RULES[Fault.PRIVATE])
        elif not is_creator(tag) and not self._is_formed(data_set, element):
            yield Broken(Fault.FORM, place, _RULES[Fault.FORM])
        for number, item in enumerate(data_set.items(tag) if element.items else (), 1):
            yield from self.broken(item, f"{place}[{number}].")

    def _graphics(self, element: Element, place: str) -> Iterator[Broken]:
        """Curves go, and overlays unless graphics are cleaned."""
        if element.tag >> 24 == 0x50 or Option.CLEAN_GRAPHICS not in self.options:
            yield Broken(Fault.RULE, place, "Basic Profile: X (PS3.15 E.1-1)")

    def _public(
        self, data_set: Attributes, element: Element, place: str
    ) -> Iterator[Broken]:
        rule = rule_for(element.tag, self.options)
        letters = set(rule.action) | (set(rule.basic) if rule.action in "KC" else set())
        letters |= self._must_be(element.tag, place)
        if vr_of(element.tag) == "SQ" or element.items:
            if letters <= {"X", "/"}:
                yield Broken(Fault.RULE, place, rule.why)
            for number, item in enumerate(data_set.items(element.tag), 1):
                yield from self.broken(item, f"{place}[{number}].")
            return
        if element.tag in _MARKERS or not element.length:
            if letters <= {"X", "/"}:
                yield Broken(Fault.RULE, place, rule.why)
            return
        if not self._is_formed(data_set, element):
            yield Broken(Fault.FORM, place, _RULES[Fault.FORM])
        elif not self._keeps(data_set.raw(element.tag), element, letters):
            yield Broken(Fault.RULE, place, rule.why)

    def _must_be(self, tag: int, place: str) -> set[str]:
        """What has to stand there if the object is none without the attribute."""
        above = re.findall(r"\(([0-9A-F]{4}),([0-9A-F]{4})\)", place)[:-1]
        parent = int("".join(above[-1]), 16) if above else 0
        kind = type_of(self.sop_class_uid, parent, tag)
        if kind in REQUIRED:
            return {"D", "Z"}
        return {"Z"} if kind in EMPTY_ALLOWED else set()

    def _is_formed(self, data_set: Attributes, element: Element) -> bool:
        if element.length == UNDEFINED:
            return False
        raw = data_set.raw(element.tag)
        return element.vr in _STREAMS or is_legal(
            element.tag, element.vr, raw, data_set.character_set
        )

    def _keeps(self, raw: bytes, element: Element, letters: set[str]) -> bool:
        """Whether the value is one that an action could have left."""
        if letters & {"K", "C"}:
            return True
        if element.vr == "UI":
            return letters & {"U", "D", "Z"} != set() and are_new(raw)
        return letters & {"D", "Z"} != set() and _stands_for_nobody(raw, element)


def _is_safe(data_set: Attributes, tag: int) -> bool:
    """Whether the table of safe private attributes names it, or a block it is in."""
    group, block = tag >> 16, tag & 0xFF if is_creator(tag) else tag >> 8 & 0xFF
    creator = data_set.text(group << 16 | block)
    elements = _safe_elements().get((creator, group), frozenset())
    return bool(elements) if is_creator(tag) else tag & 0xFF in elements


@lru_cache(maxsize=1)
def _safe_elements() -> dict[tuple[str, int], frozenset[int]]:
    """The last two digits of each safe attribute, by creator and group; E.3.10-1."""
    path = resource("deidentification/safe_private.json")
    found: dict[tuple[str, int], set[int]] = {}
    for creator, group, element, _ in json.loads(path.read_text("utf-8"))["rows"]:
        found.setdefault((creator, int(group, 16)), set()).add(int(element, 16))
    return {key: frozenset(elements) for key, elements in found.items()}


def are_new(raw: bytes) -> bool:
    """Whether each UID is one that the program made, or the standard's own."""
    values = raw.decode("latin_1").strip(" \0").split("\\")
    return all(
        not value
        or is_of_the_standard(value)
        or _NEW_UID.fullmatch(value)
        or _TERMINOLOGY.fullmatch(value)
        for value in values
    )


def _stands_for_nobody(raw: bytes, element: Element) -> bool:
    stands = dummy(element.tag, element.vr)
    value = stands.value if stands is not None else b""
    if isinstance(value, bytes) and raw.rstrip(b" \0") == value.rstrip(b" \0"):
        return True
    pattern = _PERSON if element.vr == "PN" else _PSEUDONYM
    return pattern.fullmatch(raw) is not None
