"""What a written file has from its own source, and so from nobody else.

Patients are exported together, and every value of each is sought in every file. Where
one of them is called Test, or another's clinic like the maker of scanners, a word that
a file may keep by the rules would count as theirs. It does not where the file's own
source says the same in the same attribute. What tells of its own patient always counts.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final, NamedTuple

from viewer.core.folding import folded
from viewer.core.telltale import Kind, Telltale
from viewer.dicom.deidentification.beyond_table import rule_for
from viewer.dicom.deidentification.hits import Hit, Leaf
from viewer.dicom.deidentification.source_values import leaves
from viewer.dicom.deidentification.survivors import Sought
from viewer.dicom.deidentification.tree import vr_of
from viewer.dicom.deidentification.words import is_everybodys
from viewer.dicom.element import Element
from viewer.dicom.encoding import UNDEFINED
from viewer.dicom.part10 import OpenFile

_WORD: Final = re.compile(r"[^\W_]+")
_NOBODY: Final = frozenset[str]()
_BINARY: Final = frozenset(
    {"OB", "OW", "OD", "OF", "OL", "OV", "US", "SS", "UL", "SL", "FL", "FD", "UN", "AT"}
)
_MOST: Final = 1 << 20
"""Longer values are no word and no table."""


class Origin(NamedTuple):
    """Which file of the source a written one was made of.

    Attributes
    ----------
    path : Path
    values : frozenset of Telltale
        What tells of its patient, in any file of the source.
    """

    path: Path
    values: frozenset[Telltale]


@dataclass(frozen=True)
class OwnSource:
    """A file of the source, beside what was made of it.

    Attributes
    ----------
    source, written : OpenFile
    patient : Sought
        What tells of the patient of both.
    """

    source: OpenFile
    written: OpenFile
    patient: Sought

    def explains(self, hit: Hit) -> bool:
        """Whether a value of somebody else is there because the source has it.

        An attribute that the rules keep has the value it had. Of one whose text is
        cleaned, words are left that stood there before and are everybody's. The
        pixels are those of the source. UIDs are never explained: each has one owner.
        """
        if hit.kind is Kind.UID or self._is_own(hit.form):
            return False
        if hit.leaf is None:
            return self._in_pixels(hit)
        action = rule_for(hit.leaf.element.tag, self.patient.options).action
        if action not in ("K", "C"):
            return False
        if _value(hit.leaf) in self._values(hit.leaf.element.tag):
            return True
        return action == "C" and self._is_left_over(hit)

    def _is_own(self, form: bytes) -> bool:
        """Whether it tells of the file's own patient as well."""
        if form in self.patient.kinds:
            return True
        return form.decode("utf-8", "ignore") in self.patient.words

    def _values(self, tag: int) -> Iterator[bytes | str]:
        """What the source has in attributes of a tag, at any depth."""
        return (_value(leaf) for leaf in self._leaves if leaf.element.tag == tag)

    def _is_left_over(self, hit: Hit) -> bool:
        words = hit.form.decode("utf-8", "ignore").split()
        if not all(_is_common(word) for word in words):
            return False
        tag = hit.leaf.element.tag if hit.leaf else 0
        said = " ".join(words)
        texts = (_WORD.findall(folded(str(value))) for value in self._values(tag))
        return any(f" {said} " in f" {' '.join(text)} " for text in texts)

    @cached_property
    def _leaves(self) -> tuple[Leaf, ...]:
        return tuple(Leaf(*each) for each in leaves(self.source.whole()))

    def _in_pixels(self, hit: Hit) -> bool:
        """Whether the same bytes lie at the same place of the source's pixels.

        Coded frames may have moved: their headers are written anew.
        """
        here, there = self.written.pixels, self.source.pixels
        if here is None or there is None or not _lies_in(hit, here):
            return False
        source = self.source.data_set.cutter.source
        if UNDEFINED not in (here.length, there.length):
            offset = there.offset + hit.start - here.offset
            if offset + len(hit.form) > there.offset + there.length:
                return False
            return source.read(offset, len(hit.form)).lower() == hit.form
        if here.length != there.length:
            return False
        cutter, encoding = self.source.data_set.cutter, self.source.encoding
        return any(
            hit.form in source.read(offset, length).lower()
            for offset, length in cutter.fragments(there.offset, encoding)
        )


def _lies_in(hit: Hit, pixels: Element) -> bool:
    if hit.start < pixels.offset:
        return False
    end = hit.start + len(hit.form)
    return pixels.length == UNDEFINED or end <= pixels.offset + pixels.length


def _is_common(word: str) -> bool:
    return _WORD.fullmatch(word) is not None and is_everybodys(word, _NOBODY)


def _value(leaf: Leaf) -> bytes | str:
    """A value as two files can be compared: text decoded and trimmed."""
    item, element = leaf
    vr = element.vr if element.vr not in ("", "UN") else vr_of(element.tag)
    if vr in _BINARY or element.length > _MOST:
        return item.raw(element.tag, min(element.length, _MOST))
    return item.decoded(element.tag).strip(" \0")
