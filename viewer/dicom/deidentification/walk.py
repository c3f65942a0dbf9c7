"""The walk through a data set that makes another one of it, of what may leave.

The new one is built from nothing: an attribute is in it because a rule put it there.
"""

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final, NamedTuple

from pydicom.dataelem import RawDataElement

from viewer.core.deidentification import Option, Policy
from viewer.dicom.deidentification.actions import action_of, otherwise
from viewer.dicom.deidentification.beyond_table import rule_for
from viewer.dicom.deidentification.codes import Decided
from viewer.dicom.deidentification.dummies import dummy, empty
from viewer.dicom.deidentification.item_changes import VANISHING, ItemChanges
from viewer.dicom.deidentification.leaves import Leaves
from viewer.dicom.deidentification.ledger import Ledger
from viewer.dicom.deidentification.object_types import type_of
from viewer.dicom.deidentification.private import is_creator, is_private, safe_vr
from viewer.dicom.deidentification.structured import Content
from viewer.dicom.deidentification.table import Rule
from viewer.dicom.deidentification.tree import (
    CHARACTER_SET,
    Entry,
    Item,
    entries,
    item_of,
    items_of,
    raw_of,
    sequence,
    vr_of,
)
from viewer.dicom.text import CharacterSet

_UNDECIDED: Final[Decided] = {}
_AS_ITEMS: Final = "content and codes are cleaned item by item (PS3.15 E.3.4)"
_TELLING: Final = "; its value may tell who it is"
_BY_ITEMS: Final = (
    Option.CLEAN_STRUCTURED_CONTENT,
    Option.CLEAN_GRAPHICS,
    Option.CLEAN_DESCRIPTORS,
)
_GRAPHICS: Final = Rule("X", "X", None, "Basic Profile: X (PS3.15 E.1-1)")
_LONGEST_REMEMBERED: Final = 256
_MOST_REMEMBERED: Final = 20_000


class Outcome(NamedTuple):
    """What became of a value: what is there now, by which action, and why."""

    after: Entry | None
    action: str
    why: str


Memory = dict[tuple[int, int, str | None, bytes | None], Outcome]
"""Outcomes by sequence, tag, VR and value, for instances with the same `Leaves`."""


@dataclass(frozen=True)
class Walk:
    """All that a walk needs to know.

    Attributes
    ----------
    policy : Policy
    sop_class_uid : str
    leaves : Leaves
        Changes its values.
    ledger : Ledger
    memory : dict
        What became of values before: most files of a series say mostly the same.
    """

    policy: Policy
    sop_class_uid: str
    leaves: Leaves
    ledger: Ledger
    memory: Memory = field(default_factory=dict)

    @cached_property
    def items(self) -> ItemChanges:
        """Judges the items of its sequences."""
        leaves, options = self.leaves, self.policy.options
        content = Content(
            options, leaves.pseudonyms, leaves.character_set, leaves.known
        )
        return ItemChanges(content)

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
            elif isinstance(element, RawDataElement):
                kept = self._leaf(element, parent, path)
            else:
                kept = self._sequence(element, parent, path)
            if kept is not None:
                found.append(kept)
        if decided:
            there = {int(one.tag) for one in entries(item)}
            found += [one for tag, one in decided.items() if one and tag not in there]
        if creators:
            found += [one for one in entries(item) if int(one.tag) in creators]
        return item_of(found)

    def _leaf(self, element: RawDataElement, parent: int, path: str) -> Entry | None:
        value = element.value
        outcome = None
        key = parent, int(element.tag), element.VR, value
        if value is None or len(value) <= _LONGEST_REMEMBERED:
            outcome = self.memory.get(key)
        if outcome is None:
            outcome = self._outcome(element, parent)
            if outcome.action != "U" and len(value or b"") <= _LONGEST_REMEMBERED:
                if len(self.memory) > _MOST_REMEMBERED:
                    self.memory.clear()
                self.memory[key] = outcome
        self.ledger.note(path, element, outcome.after, outcome.action, outcome.why)
        return outcome.after

    def _outcome(self, element: RawDataElement, parent: int) -> Outcome:
        tag = int(element.tag)
        rule = self._rule(tag)
        kind = type_of(self.sop_class_uid, parent, tag)
        action, why = action_of(rule, kind, tag), rule.why
        after = self.leaves.after(element, action, rule.option)
        if after is None and action in ("K", "C", "U"):
            action = otherwise(rule, kind, tag, str(element.VR))
            why += _TELLING
            after = self.leaves.after(element, action, rule.option)
        return Outcome(after, action if after else "X", why)

    def _sequence(self, element: Entry, parent: int, path: str) -> Entry | None:
        tag = int(element.tag)
        rule = self._rule(tag)
        kind = type_of(self.sop_class_uid, parent, tag)
        action, why = action_of(rule, kind, tag), rule.why
        after = self._after(element, action, rule, path)
        vanished = tag in VANISHING and bool(items_of(element))
        if after is None and action in ("K", "C", "U") and not vanished:
            action = otherwise(rule, kind, tag, "SQ")
            after = self._after(element, action, rule, path)
        self.ledger.note(path, element, after, action if after else "X", why)
        return after

    def _after(
        self, element: Entry, action: str, rule: Rule, path: str
    ) -> Entry | None:
        """A sequence after an action; None if it goes, or the action cannot be."""
        tag = int(element.tag)
        if action == "X" or vr_of(tag) not in ("SQ", ""):
            return None
        if action == "C" and rule.option not in _BY_ITEMS:
            return None
        if action == "Z" or not items_of(element):
            return empty(tag, "SQ")
        if action == "D":
            return dummy(tag, "SQ")
        after = self.inner(element, path)
        vanished = tag in VANISHING and not items_of(after)
        return None if vanished else after

    def inner(self, element: Entry, path: str) -> Entry:
        """A sequence, each of its items walked through."""
        tag = int(element.tag)
        items: list[Item] = []
        for number, one in enumerate(items_of(element), 1):
            place = f"{path}{tag:08X}[{number}]"
            walk = self._within(one)
            decided = walk.items.of(tag, one)
            if decided is None:
                self.ledger.note_item(place, tag, _AS_ITEMS)
            else:
                items.append(walk.through(one, tag, f"{place}.", decided))
        return sequence(tag, items)

    def _within(self, item: Item) -> "Walk":
        """The walk through an item, which may have a character set of its own."""
        terms = raw_of(item, CHARACTER_SET)
        character_set = CharacterSet.from_terms(terms)
        if not terms or character_set == self.leaves.character_set:
            return self
        leaves = replace(self.leaves, character_set=character_set)
        return replace(self, leaves=leaves, memory={})

    def _rule(self, tag: int) -> Rule:
        if tag & 0xFF000000 in (0x50000000, 0x60000000):
            return _GRAPHICS
        return rule_for(tag, self.policy.options)

    def _private(self, item: Item, element: Entry, path: str) -> Entry | None:
        after = None
        safe = Option.RETAIN_SAFE_PRIVATE in self.policy.options
        if safe and not is_creator(int(element.tag)):
            after = self._safe(item, element, path)
        why = "private attributes: X (PS3.15 E.1-1)"
        if after is not None:
            why = "Retain Safe Private: C (PS3.15 E.3.10)"
        self.ledger.note(path, element, after, "C" if after else "X", why)
        return after

    def _safe(self, item: Item, element: Entry, path: str) -> Entry | None:
        vr = safe_vr(item, int(element.tag), str(element.VR))
        if not vr:
            return None
        if (vr == "SQ") is not (element.VR == "SQ"):
            return None
        if vr == "SQ":
            return self.inner(element, path)
        return (
            self.leaves.mapped(element) if vr == "UI" else self.leaves.kept(element, vr)
        )
