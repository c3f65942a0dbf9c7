"""What becomes of items whose attributes mean something only together.

Content items, codes, texts drawn on images, annotations of waveforms: here it is
decided which of them stay, and what of their attributes no table can decide.
"""

from dataclasses import dataclass
from typing import Final

from viewer.dicom.deidentification.codes import (
    SCHEME,
    Decided,
    code_changes,
    is_public_scheme,
)
from viewer.dicom.deidentification.descriptors import is_clean
from viewer.dicom.deidentification.structured import CONTENT, Content
from viewer.dicom.deidentification.tree import Item, entries, raw, raw_of, text_of

VANISHING: Final = frozenset(
    {0x0040A730, 0x00700008, 0x00400440, 0x00400441, 0x00080110, 0x0040B020}
)
"""Sequences that must have an item where they are: without one, they go."""

_TEXT_OBJECTS, _WAVEFORM_NOTES, _SCHEMES = 0x00700008, 0x0040B020, 0x00080110
_TEXT: Final = 0x00700006
_OF_SCHEMES: Final = frozenset({SCHEME, 0x0008010C, 0x00080112})


@dataclass(frozen=True, slots=True)
class ItemChanges:
    """Judges the items of one instance.

    Attributes
    ----------
    content : Content
        What is known of it.
    """

    content: Content

    def of(self, parent: int, item: Item) -> Decided | None:
        """What becomes of attributes of an item of the sequence `parent`.

        Returns
        -------
        dict or None
            None: the item goes as a whole. What is not in the dictionary is decided by
            the table.
        """
        if parent == _SCHEMES:
            return _scheme_changes(item)
        if parent in (_TEXT_OBJECTS, _WAVEFORM_NOTES):
            return self._text_changes(item)
        if parent in CONTENT:
            return self.content.changes(item)
        return code_changes(item, self.content.character_set, self.content.known)

    def _text_changes(self, item: Item) -> Decided | None:
        """A drawn text stays whole, or goes with its box and its place."""
        codes = code_changes(item, self.content.character_set, self.content.known)
        value = raw_of(item, _TEXT)
        if not value:
            return codes
        text = self.content.character_set.decode(value)[0].strip(" \0")
        if not is_clean(text, self.content.known):
            return None
        return codes | {_TEXT: raw(_TEXT, "ST", value)}


def _scheme_changes(item: Item) -> Decided | None:
    """Of a description of a coding scheme its designator and UID; PS3.3 C.12.1."""
    if not is_public_scheme(text_of(item, SCHEME)):
        return None
    tags = (int(element.tag) for element in entries(item))
    return {tag: None for tag in tags if tag not in _OF_SCHEMES}
