"""What the source of an export says of people: what must be nowhere in the export."""

from collections.abc import Iterator
from typing import Final

from viewer.core.deidentification import Option
from viewer.core.pseudonyms import is_of_the_standard
from viewer.core.telltale import Kind, Telltale
from viewer.dicom.attributes import Attributes
from viewer.dicom.deidentification.beyond_table import rule_for
from viewer.dicom.deidentification.identifying import NUMBERS, PLACES
from viewer.dicom.deidentification.tree import vr_of
from viewer.dicom.element import PIXELS, Element

_LONGEST: Final = 512
_LEAST: Final = {Kind.NAME: 2, Kind.NUMBER: 4, Kind.PLACE: 4, Kind.DATE: 8, Kind.UID: 6}
_TERMS: Final = frozenset({"none", "unknown", "anonymous", "n/a", "0000", "00000000"})
_TITLES: Final = frozenset({"AE"})


def telltales(
    data_set: Attributes, options: frozenset[Option]
) -> tuple[set[Telltale], set[Telltale]]:
    """The values that tell of somebody, and those of them that may stay.

    Parameters
    ----------
    data_set : Attributes
    options : frozenset of Option
        What an option retains may be found in the export.
    """
    gone: set[Telltale] = set()
    kept: set[Telltale] = set()
    for item, element in leaves(data_set):
        kind = _kind(element)
        if kind is None:
            continue
        stays = rule_for(element.tag, options).action == "K"
        (kept if stays else gone).update(_values(item, element, kind))
    return gone - kept, kept


def leaves(data_set: Attributes) -> Iterator[tuple[Attributes, Element]]:
    """Every attribute that is no sequence, with the item it stands in."""
    for element in data_set:
        if element.tag in PIXELS:
            continue
        if element.items or element.vr == "SQ" or vr_of(element.tag) == "SQ":
            for item in data_set.items(element.tag):
                yield from leaves(item)
        elif element.length:
            yield data_set, element


def _kind(element: Element) -> Kind | None:
    tag = element.tag
    vr = element.vr if element.vr not in ("", "UN") else vr_of(tag)
    if vr == "PN":
        return Kind.NAME
    if vr in ("DA", "DT"):
        return Kind.DATE
    if vr == "UI":
        return Kind.UID
    if tag in NUMBERS:
        return Kind.NUMBER
    return Kind.PLACE if tag in PLACES or vr in _TITLES else None


def _values(item: Attributes, element: Element, kind: Kind) -> Iterator[Telltale]:
    if element.length > _LONGEST:
        return
    for value in item.decoded(element.tag).split("\\"):
        text = value.strip(" \0\r\n\t")
        if kind is Kind.DATE:
            text = text.replace(".", "")[:8]
        if len(text) < _LEAST[kind] or text.lower() in _TERMS:
            continue
        if kind is Kind.UID and is_of_the_standard(text):
            continue
        yield Telltale(kind, text)
