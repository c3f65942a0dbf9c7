"""Lookup tables of a file: modality, VOI and palette; PS3.3 C.11.1.1.1, C.7.6.3.1.5."""

from typing import Final

import numpy as np

from viewer.core.grayscale import LookupTable
from viewer.dicom import tag as tags
from viewer.dicom.attributes import Attributes

BAD_TABLE: Final = "a lookup table that cannot be read"
_LARGEST: Final = 1 << 16


def to_lookup_table(
    item: Attributes,
    *,
    signed: bool,
    highest: float = _LARGEST,
    explanation_tag: int = tags.LUT_EXPLANATION,
) -> LookupTable | None:
    """Table of an item of a Modality or VOI LUT Sequence; None if it is broken.

    Parameters
    ----------
    signed : bool
        Whether the table's input can be negative, so that its first value mapped is.
    highest : float
        The highest input there can be: a table that would begin above it begins below
        0 instead, as some write it that reaches beyond the data at both ends.
    """
    descriptor = to_descriptor(
        item, tags.LUT_DESCRIPTOR, signed=signed, highest=highest
    )
    if descriptor is None:
        return None
    count, first, bits = descriptor
    raw = item.raw(tags.LUT_DATA, 4 * _LARGEST)
    entries = to_entries(item, raw, count, tags.LUT_DATA)
    if entries is None:
        return None
    return LookupTable(first, bits, entries, item.text(explanation_tag))


def to_descriptor(
    item: Attributes, tag: int, *, signed: bool, highest: float = _LARGEST
) -> tuple[int, int, int] | None:
    """Number of entries, first value mapped, bits of an entry; None if broken.

    0 entries stand for 65536. The second value is signed or not as the input of the
    table is, whatever VR the file gave it; the other two are never negative.
    """
    values = item.vector(tag, 3)
    if values is None:
        return None
    count, first, bits = (int(value) & 0xFFFF for value in values)
    if first > 0x7FFF and (signed or first > highest):
        first -= 0x10000
    if not 0 < bits <= 16:
        item.note(BAD_TABLE)
        return None
    return count or _LARGEST, first, bits


def to_entries(item: Attributes, raw: bytes, count: int, tag: int) -> bytes | None:
    """Entries as 16-bit little endian, whatever width they were written in.

    Entries of 8 bits may be packed two to a word, or stand in a word each, of either
    size whatever the descriptor says: only the length of the data tells.
    """
    element = item.elements.get(tag)
    swapped = element is not None and not element.encoding.little
    if len(raw) >= 2 * count:
        order = ">u2" if swapped else "<u2"
        return np.frombuffer(raw, order, count).astype("<u2").tobytes()
    if count <= len(raw) <= count + 1:
        if swapped and element is not None and element.vr != "OB":
            words = np.frombuffer(raw + b"\0"[: len(raw) % 2], ">u2")
            raw = words.astype("<u2").tobytes()
        return np.frombuffer(raw, "u1", count).astype("<u2").tobytes()
    item.note(BAD_TABLE)
    return None
