"""One attribute of a file: its tag, its VR and where its value lies."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from viewer.core.errors import UnreadableError
from viewer.dicom.encoding import Encoding

ITEM: Final = 0xFFFEE000
ITEM_END: Final = 0xFFFEE00D
SEQUENCE_END: Final = 0xFFFEE0DD
PIXELS: Final = frozenset({0x7FE00008, 0x7FE00009, 0x7FE00010})


class UnboundedError(UnreadableError):
    """The data set is nested too deeply, or has too many attributes."""


class Element(NamedTuple):
    """One attribute: where its value lies.

    Attributes
    ----------
    tag : int
    vr : str
        As written; empty where implicit.
    offset, length : int
        Of the value in the source; the length is `UNDEFINED` where it was so.
    encoding : Encoding
    items : tuple of mapping
        The items of a sequence of undefined length; others are cut when asked for.
    """

    tag: int
    vr: str
    offset: int
    length: int
    encoding: Encoding
    items: "tuple[Elements, ...]" = ()


Elements = Mapping[int, Element]
"""The attributes of a data set or an item, by tag."""


def cut_short(element: Element | None) -> UnreadableError:
    """The file ends before the attribute does."""
    part = "pixel data" if element and element.tag in PIXELS else "data set"
    return UnreadableError(
        f"The file ends in the middle of its {part}.",
        hint="It may be only partly copied; fetch it again.",
    )
