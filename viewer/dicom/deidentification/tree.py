"""A file as a tree of attributes whose values are bytes: what is walked and cleaned.

Cut by the program's own reader, which is bounded; pydicom is the container, so that
parts that need values can ask it for them. Whatever was not cut is not in the tree,
and what is not in the tree is never written.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple, cast

import numpy as np
from pydicom import datadict
from pydicom.dataelem import DataElement, RawDataElement
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.tag import BaseTag

from viewer.dicom.attributes import Attributes
from viewer.dicom.element import PIXELS, Element, Elements
from viewer.dicom.encoding import UNDEFINED

if TYPE_CHECKING:
    from viewer.dicom.part10 import OpenFile

Item = Dataset
"""A data set or an item of a sequence."""

Entry = RawDataElement | DataElement
"""A value as bytes, or a sequence; what another part made may have any value."""

CHARACTER_SET: Final = 0x00080005

_MANY: Final = 16

UNPARSED: Final = "??"
"""VR of fragments within an item, which are not taken apart."""

_WORDS: Final = {
    vr: width
    for width, vrs in {
        2: "US SS AT OW",
        4: "UL SL FL OF OL",
        8: "FD OD OV UV SV",
    }.items()
    for vr in vrs.split()
}
"""Bytes of the words whose order matters; AT is two of them."""
_CHOICES: Final = {
    frozenset({"US", "SS"}): ("US", "SS"),
    frozenset({"US", "SS", "OW"}): ("OW", "OW"),
    frozenset({"US", "OW"}): ("OW", "OW"),
    frozenset({"OB", "OW"}): ("OW", "OW"),
}
"""VR where the dictionary names several, for unsigned and for signed pixels."""


def tree_of(opened: "OpenFile", *, private: bool = True) -> Item:
    """All of a file but its pixels.

    Parameters
    ----------
    opened : OpenFile
    private : bool
        Whether to look into private attributes: without it they are there, and empty.

    Raises
    ------
    UnreadableError
        If it cannot be cut to its end, or is nested too deeply.
    """
    whole = opened.whole()
    signed = whole.integer(0x00280103) == 1
    return _Planter(whole, signed=signed, private=private).item(whole.elements, 0)


def entries(item: Item) -> list[Entry]:
    """The attributes of an item, none of them converted."""
    return list(item.values())


def copy_of(item: Item) -> Item:
    """The same attributes for somebody who asks for their values.

    pydicom converts what is asked for in place; this one stays as it lies. Sequences
    of many items are left out: nobody asks for those of functional groups.
    """
    found: list[Entry] = []
    for element in entries(item):
        if element.VR != "SQ":
            found.append(element)
        elif len(items_of(element)) < _MANY:
            inner = [copy_of(one) for one in items_of(element)]
            found.append(sequence(int(element.tag), inner))
    return item_of(found)


class Found(NamedTuple):
    """An attribute somewhere in a tree.

    Attributes
    ----------
    tag : int
    vr : str
    value : bytes
    terms : bytes
        Specific Character Set (0008,0005) that holds there.
    """

    tag: int
    vr: str
    value: bytes
    terms: bytes


def every_attribute(item: Item, terms: bytes = b"") -> Iterator[Found]:
    """Every attribute that is no sequence and not empty, at every depth."""
    terms = raw_of(item, CHARACTER_SET) or terms
    for element in entries(item):
        if element.VR == "SQ":
            for inner in items_of(element):
                yield from every_attribute(inner, terms)
        elif isinstance(element, RawDataElement) and element.value:
            yield Found(int(element.tag), str(element.VR), element.value, terms)


def bytes_of(element: Entry) -> bytes:
    """The value as it lies.

    Raises
    ------
    TypeError
        If somebody has converted it: then the tree is no more what the file says.
    """
    if not isinstance(element, RawDataElement):
        raise TypeError("a value of a tree is bytes")
    return element.value or b""


def items_of(element: Entry) -> list[Item]:
    """Items of a sequence of the tree."""
    return list(cast("Sequence", element.value or ()))


def entry_of(item: Item, tag: int) -> Entry | None:
    """An attribute as it lies; None if it is not there."""
    return cast("Entry | None", item.get_item(base(tag)))


def raw_of(item: Item, tag: int) -> bytes:
    """The bytes of an attribute; empty if it is not there or has no bytes."""
    element = entry_of(item, tag)
    if isinstance(element, RawDataElement):
        return element.value or b""
    return b""


def text_of(item: Item, tag: int) -> str:
    """An attribute whose text needs no character set, such as a UID or a code."""
    return raw_of(item, tag).decode("latin_1").strip(" \0")


def raw(tag: int, vr: str, value: bytes) -> RawDataElement:
    """An attribute with these bytes, little endian."""
    return RawDataElement(base(tag), vr, len(value), value, 0, False, True)  # noqa: FBT003 - pydicom's order


def sequence(tag: int, items: list[Item]) -> DataElement:
    """A sequence with these items."""
    return DataElement(base(tag), "SQ", Sequence(items))


def item_of(found: Iterable[Entry]) -> Item:
    """An item with these attributes."""
    return Dataset({base(int(one.tag)): one for one in found})


@lru_cache(maxsize=16384)
def base(tag: int) -> BaseTag:
    """The tag as pydicom wants it; making one is slow."""
    return BaseTag(tag)


@lru_cache(maxsize=16384)
def vr_of(tag: int, *, signed: bool = False) -> str:
    """VR by the dictionary of the standard; empty for what it does not know."""
    if tag >> 16 & 1:
        return ""
    try:
        known = datadict.dictionary_VR(tag)
    except KeyError:
        return ""
    choices = _CHOICES.get(frozenset(known.split(" or ")))
    return choices[signed] if choices else str(known)


@dataclass(frozen=True, slots=True)
class _Planter:
    """Makes items of what was cut."""

    source: Attributes
    signed: bool
    private: bool

    def item(self, elements: Elements, depth: int) -> Item:
        found: dict[BaseTag, Entry] = {}
        for tag in sorted(elements):
            if depth or tag not in PIXELS:
                found[base(tag)] = self._entry(elements[tag], depth)
        return Dataset(found)

    def _entry(self, element: Element, depth: int) -> Entry:
        tag = element.tag
        vr = _vr(element, signed=self.signed)
        if tag >> 16 & 1 and not self.private:
            return raw(tag, "UN", b"")
        if vr == "SQ" or element.items:
            inner = element.items or self.source.cutter.items(element, depth + 1)
            return sequence(tag, [self.item(one, depth + 1) for one in inner])
        if element.length == UNDEFINED:
            return raw(tag, UNPARSED if vr else "UN", b"")
        return raw(tag, vr or "UN", _value(self.source, element, vr))


def _vr(element: Element, *, signed: bool) -> str:
    """As the file says it; where it does not, as the dictionary does."""
    if element.vr and element.vr != "UN":
        return element.vr
    return vr_of(element.tag, signed=signed)


def _value(source: Attributes, element: Element, vr: str) -> bytes:
    value = source.cutter.source.read(element.offset, element.length)
    word = 1 if element.encoding.little else _WORDS.get(vr, 1)
    if word > 1 and len(value) % word == 0:
        return np.frombuffer(value, f"u{word}").byteswap().tobytes()
    return value
