"""Private attributes known to be safe; PS3.15 E.3.10."""

import json
from functools import lru_cache
from typing import Final

from viewer.core.resources import resource
from viewer.dicom.deidentification.tree import Item, raw_of

_WITHHELD: Final = frozenset({"OB", "UN", "LT"})
"""Safe by the table, but nobody can look into them."""


def is_private(tag: int) -> bool:
    """Whether the group is odd."""
    return bool(tag >> 16 & 1)


def is_creator(tag: int) -> bool:
    """Whether it reserves a block for a manufacturer; PS3.5 7.8.1."""
    return 0x10 <= tag & 0xFFFF <= 0xFF


def safe_vr(item: Item, tag: int, written: str) -> str:
    """VR of a private attribute that is known to be safe; empty for any other.

    Parameters
    ----------
    item : Dataset
        What it stands in, with the creator of its block.
    tag : int
    written : str
        VR as the file has it, ``UN`` where it has none.
    """
    block = tag >> 8 & 0xFF
    if block < 0x10 or (tag >> 16, tag & 0xFF) not in _places():
        return ""
    creator = raw_of(item, tag & 0xFFFF0000 | block).strip(b" \0")
    known = _safe().get((creator, tag >> 16, tag & 0xFF), "")
    if known in _WITHHELD or written not in (known, "UN"):
        return ""
    return known


@lru_cache(maxsize=1)
def _safe() -> dict[tuple[bytes, int, int], str]:
    path = resource("deidentification/safe_private.json")
    rows = json.loads(path.read_text("utf-8"))["rows"]
    return {
        (creator.encode("ascii"), int(group, 16), int(element, 16)): vr
        for creator, group, element, vr in rows
    }


@lru_cache(maxsize=1)
def _places() -> frozenset[tuple[int, int]]:
    """Groups and elements of all of them: most private attributes are none."""
    return frozenset((group, element) for _, group, element in _safe())
