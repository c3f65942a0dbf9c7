"""Values that stand for what was taken: valid for their VR, and the same for everybody.

PS3.15 E.2, actions D and Z.
"""

from typing import Final

from viewer.dicom.deidentification.object_types import (
    required_in,
)
from viewer.dicom.deidentification.tree import (
    Entry,
    Item,
    item_of,
    raw,
    sequence,
    vr_of,
)

WORD: Final = b"ANONYMIZED"

_BY_VR: Final = {
    **dict.fromkeys(("AE", "LO", "LT", "SH", "ST", "UC", "UT"), WORD),
    "CS": b"OTHER",
    "PN": b"Anonymous",
    "DA": b"19000101",
    "TM": b"000000",
    "DT": b"19000101000000",
    "AS": b"000Y",
    "UR": b"urn:anonymized",
    "OB": bytes(2),
}
_CODE: Final = {
    0x00080100: ("SH", WORD),
    0x00080102: ("SH", b"99LIGHTBOX"),
    0x00080104: ("LO", WORD),
}
"""A code that means nothing: value, scheme and meaning; PS3.3 8.1."""

_DEEPEST: Final = 4


def dummy(tag: int, vr: str) -> Entry | None:
    """A value that says nothing; None where there is none for such a VR."""
    if vr == "SQ":
        return sequence(tag, [_dummy_item(tag, 0)])
    value = _BY_VR.get(vr)
    return raw(tag, vr, value) if value is not None else None


def empty(tag: int, vr: str) -> Entry:
    """No value."""
    return sequence(tag, []) if vr == "SQ" else raw(tag, vr, b"")


def _dummy_item(parent: int, depth: int) -> Item:
    """An item with all that one must have, and nothing in it."""
    required = required_in(parent)
    if 0x00080100 in required:
        return item_of([raw(tag, vr, value) for tag, (vr, value) in _CODE.items()])
    found: list[Entry] = []
    for tag, kind in required.items():
        vr = vr_of(tag)
        if kind == "2" or (kind == "1" and vr == "SQ" and depth >= _DEEPEST):
            found.append(empty(tag, vr))
        elif kind == "1":
            inner = sequence(tag, [_dummy_item(tag, depth + 1)]) if vr == "SQ" else None
            found.append(inner or dummy(tag, vr) or empty(tag, vr))
    return item_of(found)
