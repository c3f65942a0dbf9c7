"""The walk through a data set that makes another one of it, of what may leave.

The new one is built from nothing: an attribute is in it because a rule put it there.
"""

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from viewer.core.deidentification import Option, Policy
from viewer.core.pseudonyms import Pseudonyms
from viewer.dicom.deidentification import dates
from viewer.dicom.deidentification.beyond_table import rule_for
from viewer.dicom.deidentification.codes import Decided
from viewer.dicom.deidentification.descriptors import cleaned_value
from viewer.dicom.deidentification.dummies import dummy, empty, resolved
from viewer.dicom.deidentification.identifying import Identifying
from viewer.dicom.deidentification.item_changes import VANISHING, ItemChanges
from viewer.dicom.deidentification.ledger import Ledger
from viewer.dicom.deidentification.legality import NUMBERS, TEXTS, is_legal
from viewer.dicom.deidentification.object_types import OPTIONAL, type_of
from viewer.dicom.deidentification.person import Person
from viewer.dicom.deidentification.private import is_creator, is_private, safe_vr
from viewer.dicom.deidentification.structured import Content
from viewer.dicom.deidentification.table import Rule
from viewer.dicom.deidentification.terms import uncommon
from viewer.dicom.deidentification.tree import (
    UNPARSED,
    Entry,
    Item,
    bytes_of,
    entries,
    item_of,
    items_of,
    raw,
    sequence,
    vr_of,
)
from viewer.dicom.text import CharacterSet

_PATIENT_NAME, _PATIENT_ID, _AGE = 0x00100010, 0x00100020, 0x00101010
_CHARACTER_SET, _CODING_SCHEME_UID = 0x00080005, 0x0008010C
_NUMBERED: Final = {
    0x00080050: "accession",
    0x00200010: "study",
    0x00120040: "subject",
    0x00400512: "container",
    0x00400551: "specimen",
}
"""Identifiers whose pseudonym tells what belongs together."""

_NEEDED: Final = {"1": "D", "2": "Z", "2C": "Z"}
_WHOLE_MODULES: Final = frozenset({0x0040B020, 0x00700001})
"""Annotations of waveforms and images: their modules may be absent as a whole."""

_REFERENCES: Final = frozenset({0x00081111})
"""Referenced Performed Procedure Step Sequence, which has nothing but UIDs."""

_CODE_SYSTEM: Final = re.compile(rb"2\.16\.840\.1\.113883\.6\.\d{1,4}[ \0]*")
"""UIDs of public terminologies, such as SNOMED CT and UCUM; PS3.16 8."""

_CODE_MEANING: Final = 0x00080104
_OLDEST: Final = b"090Y"
_SEARCHED: Final = TEXTS | {"CS", "AE", "IS", "DS"}
_CHARACTERS: Final = _SEARCHED | {"AS", "DA", "DT", "TM", "UI"}
_STREAMS: Final = frozenset({"OB", "OW", "OF", "OD", "OL", "OV", "UN"})
_TIMEZONE: Final = re.compile(rb"[+-](?:0\d|1[0-4])[0-5]\d *")
_KIN: Final = frozenset(
    frozenset(pair.split()) for pair in ("US SS", "OB OW", "US OW", "SS OW")
)
"""VRs that mean the same bytes."""

_UNDECIDED: Final[Decided] = {}
_AS_ITEMS: Final = "content and codes are cleaned item by item (PS3.15 E.3.4)"


@dataclass(frozen=True)
class Walk:
    """All that a walk needs to know.

    Attributes
    ----------
    policy : Policy
    pseudonyms : Pseudonyms
    person : Person
    sop_class_uid : str
    character_set : CharacterSet
        Of the source, and so of every text that stays.
    known : Identifying
        What must not be in any of them.
    ledger : Ledger
    signed : bool
        Whether stored values are, which decides between US and SS.
    uids : dict
        Every UID that was replaced, with what replaced it.
    """

    policy: Policy
    pseudonyms: Pseudonyms
    person: Person
    sop_class_uid: str
    character_set: CharacterSet
    known: Identifying
    ledger: Ledger
    signed: bool = False
    uids: dict[str, str] = field(default_factory=dict)

    @cached_property
    def items(self) -> ItemChanges:
        """Judges the items of its sequences."""
        options, pseudonyms = self.policy.options, self.pseudonyms
        return ItemChanges(Content(options, pseudonyms, self.character_set, self.known))

    def through(
        self,
        item: Item,
        parent: int = 0,
        path: str = "",
        decided: Decided = _UNDECIDED,
    ) -> Item:
        """What of a data set, or of an item of the sequence `parent`, may leave.

        `decided` says of some attributes what becomes of them.
        """
        found: list[Entry] = []
        creators: set[int] = set()
        for element in entries(item):
            tag = int(element.tag)
            if tag in decided:
                kept = decided[tag]
                action = "C" if kept else "X"
                self.ledger.note(path, element, kept, action, _AS_ITEMS)
            elif is_private(tag):
                kept = self._private(item, element, path)
                creators |= {tag & 0xFFFF0000 | tag >> 8 & 0xFF} if kept else set()
            else:
                kept = self._public(element, parent, path)
            if kept is not None and not _has_vanished(element, kept):
                found.append(kept)
        there = {int(one.tag) for one in entries(item)}
        found += [one for tag, one in decided.items() if one and tag not in there]
        found += [one for one in entries(item) if int(one.tag) in creators]
        return item_of(found)

    def _public(self, element: Entry, parent: int, path: str) -> Entry | None:
        tag = int(element.tag)
        rule = rule_for(tag, self.policy.options)
        if tag & 0xFF000000 in (0x50000000, 0x60000000):
            rule = _GRAPHICS
        kind = type_of(self.sop_class_uid, parent, tag)
        action = _action(rule, kind, tag)
        why = rule.why
        after = self._done(element, action, rule, path)
        if after is None and action in "KCU":
            basic = "X/Z/D" if rule.basic == "K" else rule.basic
            action = resolved(basic, kind)
            if str(element.VR) in NUMBERS or vr_of(tag) in NUMBERS:
                action = "X" if kind == OPTIONAL else "Z"  # a dummy would be a lie
            elif tag == _CODE_MEANING:
                action = "D"
            why = f"{why}; its value may tell who it is"
            after = self._done(element, action, rule, path)
        self.ledger.note(path, element, after, action if after else "X", why)
        return after

    def _done(self, element: Entry, action: str, rule: Rule, path: str) -> Entry | None:
        """The attribute after an action; None if it goes, or the action cannot be."""
        tag = int(element.tag)
        if action == "X":
            return None
        vr = vr_of(tag, signed=self.signed) or str(element.VR)
        if tag in (_PATIENT_NAME, _PATIENT_ID):
            person = self.person
            new = person.new_name if tag == _PATIENT_NAME else person.new_id
            return raw(tag, vr, new.encode())
        if action in ("Z", "D"):
            return self._replaced(element, vr, action)
        if action == "U" and vr == "UI":
            return self._mapped(element)
        if action == "C":
            return self._cleaned(element, vr, rule, path)
        return self._kept(element, vr, path)

    def _replaced(self, element: Entry, vr: str, action: str) -> Entry | None:
        tag = int(element.tag)
        kind = _NUMBERED.get(tag)
        if not element.value:
            return empty(tag, vr)
        if kind is not None:
            new = self.pseudonyms.identifier(kind, self._text(element))
            return raw(tag, vr, new.encode())
        if action == "D":
            if vr == "UI":
                return self._mapped(element)
            return dummy(tag, vr) or empty(tag, vr)
        return empty(tag, vr)

    def _mapped(self, element: Entry) -> Entry | None:
        tag, value = int(element.tag), bytes_of(element)
        if element.VR == "SQ" or not is_legal(tag, "UI", value, self.character_set):
            return None
        if tag == _CODING_SCHEME_UID and _CODE_SYSTEM.fullmatch(value):
            return raw(tag, "UI", value)
        old = [one.strip(" \0") for one in value.decode("ascii").split("\\")]
        new = [self.pseudonyms.uid(one) for one in old]
        self.uids.update((a, b) for a, b in zip(old, new, strict=True) if a != b)
        return raw(tag, "UI", "\\".join(new).encode())

    def _cleaned(self, element: Entry, vr: str, rule: Rule, path: str) -> Entry | None:
        tag = int(element.tag)
        if vr == "SQ" == element.VR and rule.option in _BY_ITEMS:
            return self.inner(element, path)
        if rule.option is Option.RETAIN_MODIFIED_DATES:
            return self._moved(element, vr)
        if rule.option is Option.RETAIN_DEVICE_IDENTITY and vr == "AE":
            new = self.pseudonyms.identifier("title", self._text(element))
            return raw(tag, vr, new.encode())
        if rule.option in _WORDED and vr in TEXTS and element.VR in TEXTS:
            value = bytes_of(element)
            left = cleaned_value(value, vr, self.character_set, self.known)
            return raw(tag, vr, left) if left else None
        return None

    def _moved(self, element: Entry, vr: str) -> Entry | None:
        tag, value = int(element.tag), bytes_of(element)
        if element.VR == "SQ":
            return None
        if vr == "SH":  # Timezone Offset From UTC stays: only days are moved
            return raw(tag, vr, value) if _TIMEZONE.fullmatch(value) else None
        if not is_legal(tag, vr, value, self.character_set):
            return None
        if vr not in ("DA", "DT", "TM"):
            return None
        new = dates.moved(vr, value.decode("ascii").strip(" \0"), self.person.shift)
        return None if new is None else raw(tag, vr, new.encode())

    def _kept(self, element: Entry, vr: str, path: str) -> Entry | None:
        tag, written = int(element.tag), str(element.VR)
        if (written == "SQ") is not (vr == "SQ") or written == UNPARSED:
            return None
        if vr == "SQ":
            return self.inner(element, path)
        if written not in (vr, "UN"):
            if frozenset({vr, written}) in _KIN:
                vr = written
            elif vr not in _CHARACTERS or written not in _CHARACTERS:
                return None  # the same bytes would be another number
        value = bytes_of(element)
        if tag == _AGE:
            value = _capped(value)
        if not self._may_stay(tag, vr, value):
            return None
        if value is element.value and vr == written:
            return element
        return raw(tag, vr, value)

    def inner(self, element: Entry, path: str) -> Entry:
        """A sequence, each of its items walked through."""
        tag = int(element.tag)
        items: list[Item] = []
        for number, one in enumerate(items_of(element), 1):
            place = f"{path}{tag:08X}[{number}]"
            decided = self.items.of(tag, one)
            if decided is None:
                self.ledger.note_item(place, tag, _AS_ITEMS)
            else:
                items.append(self.through(one, tag, f"{place}.", decided))
        return sequence(tag, items)

    def _may_stay(self, tag: int, vr: str, value: bytes) -> bool:
        if tag == _CHARACTER_SET:
            return self.character_set.known and is_legal(
                tag, vr, value, self.character_set
            )
        if not is_legal(tag, vr, value, self.character_set):
            return False
        if vr in _STREAMS:
            return not self.known.found_in_stream(value)
        if vr not in _SEARCHED:
            return True
        text = self.character_set.decode(value)[0]
        if not self.known.found_in(text):
            return True
        is_term = vr == "CS" or tag == _CODE_MEANING
        return is_term and not self.known.found_in(uncommon(text))

    def _private(self, item: Item, element: Entry, path: str) -> Entry | None:
        tag = int(element.tag)
        after = None
        safe = Option.RETAIN_SAFE_PRIVATE in self.policy.options
        if safe and not is_creator(tag):
            after = self._safe(item, element, path)
        why = (
            "Retain Safe Private: C (PS3.15 E.3.10)" if after else "private attributes"
        )
        self.ledger.note(path, element, after, "K" if after else "X", why)
        return after

    def _safe(self, item: Item, element: Entry, path: str) -> Entry | None:
        tag = int(element.tag)
        vr = safe_vr(item, tag, str(element.VR))
        if not vr:
            return None
        if vr == "UI":
            return self._mapped(element)
        return self._kept(element, vr, path)

    def _text(self, element: Entry) -> str:
        return self.character_set.decode(bytes_of(element))[0].strip(" \0")


_BY_ITEMS: Final = (
    Option.CLEAN_STRUCTURED_CONTENT,
    Option.CLEAN_GRAPHICS,
    Option.CLEAN_DESCRIPTORS,
)
_WORDED: Final = (Option.CLEAN_DESCRIPTORS, Option.RETAIN_PATIENT_CHARACTERISTICS)


def _action(rule: Rule, kind: str, tag: int) -> str:
    """The one action of a rule for an attribute of this kind.

    What must have a value, but is to go, gets one that says nothing: the object
    stays one. References that must be there are replaced like all others.
    """
    if tag in _WHOLE_MODULES and rule.action != "C":
        return "X"
    if tag in _REFERENCES and rule.action == "X/Z/D":
        return "U"
    if rule.action == "X" and kind in _NEEDED and vr_of(tag) != "SQ":
        return _NEEDED[kind]
    return resolved(rule.action, kind)


def _has_vanished(before: Entry, after: Entry) -> bool:
    """Whether a sequence lost all of its items, and is none without them."""
    if after.VR != "SQ" or int(after.tag) not in VANISHING:
        return False
    return bool(items_of(before)) and not items_of(after)


_GRAPHICS: Final = Rule("X", "X", None, "Basic Profile: X (PS3.15 E.1-1)")


def _capped(value: bytes) -> bytes:
    """An age that is not told beyond 90 years, as HIPAA wants (45 CFR 164.514)."""
    text = value.strip(b" \0")
    years = text[:-1]
    if text.endswith(b"Y") and years.isdigit() and int(years) >= 90:
        return _OLDEST
    return value
