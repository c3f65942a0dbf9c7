"""What was done to each attribute, told in words: for the table before an export."""

import struct
from typing import Final

from pydicom import datadict

from viewer.core.deidentification import Change
from viewer.dicom.attributes import BINARY_FORMATS
from viewer.dicom.deidentification.pixel_outcome import PixelOutcome
from viewer.dicom.deidentification.private import is_private
from viewer.dicom.deidentification.tree import Entry, items_of
from viewer.dicom.encoding import UNDEFINED
from viewer.dicom.text import CharacterSet

_LONGEST: Final = 200


class Ledger:
    """Collects changes, if somebody wants them.

    Parameters
    ----------
    wanted : bool
    character_set : CharacterSet
        Of the source.
    """

    def __init__(self, character_set: CharacterSet, *, wanted: bool) -> None:
        self.wanted = wanted
        self._changes: dict[str, Change] = {}
        self._character_set = character_set

    @property
    def changes(self) -> tuple[Change, ...]:
        """By their place in the data set."""
        return tuple(self._changes[path] for path in sorted(self._changes))

    def note(
        self,
        path: str,
        before: Entry | None,
        after: Entry | None,
        action: str,
        why: str,
    ) -> None:
        """Note what became of an attribute; what is noted last of it counts.

        Parameters
        ----------
        path : str
            Of what it stands in, ending with a point, or empty.
        before, after : RawDataElement or DataElement or None
            None is not there.
        action : str
            One of ``D Z X K C U``.
        why : str
        """
        element = before or after
        if not self.wanted or element is None:
            return
        tag = int(element.tag)
        self._changes[f"{path}{tag:08X}"] = Change(
            f"{path}{tag:08X}",
            datadict.keyword_for_tag(tag),
            _name(tag),
            str((after or element).VR),
            action,
            why,
            self._told(before),
            self._told(after),
        )

    def note_item(self, place: str, tag: int, why: str) -> None:
        """Note that an item of a sequence goes with all that is in it.

        Parameters
        ----------
        place : str
            Of the item: ``0040A730[2]``.
        tag : int
            The sequence.
        why : str
        """
        if self.wanted:
            keyword, name = datadict.keyword_for_tag(tag), f"{_name(tag)}, an item"
            change = Change(place, keyword, name, "SQ", "X", why, "1 item", "")
            self._changes[place] = change

    def note_pixels(self, pixels: PixelOutcome, length: int) -> None:
        """Note what became of the pixels, which are no part of a tree.

        Parameters
        ----------
        pixels : PixelOutcome
        length : int
            Bytes they had; `UNDEFINED` for fragments.
        """
        if not self.wanted:
            return
        tag = pixels.tag
        why = "boxes were burned black" if pixels.burned else "only stored values stay"
        before, after = _bytes_told(length), _bytes_told(pixels.length)
        name, action = _name(tag), "C" if pixels.burned else "K"
        keyword = datadict.keyword_for_tag(tag)
        path = f"{tag:08X}"
        self._changes[path] = Change(
            path, keyword, name, pixels.vr, action, why, before, after
        )

    def _told(self, element: Entry | None) -> str:
        if element is None:
            return ""
        if element.VR == "SQ":
            count = len(items_of(element))
            return f"{count} item{'' if count == 1 else 's'}"
        value = element.value
        if not isinstance(value, bytes):
            return str(value or "")[:_LONGEST]
        form = BINARY_FORMATS.get(str(element.VR))
        if form is not None:
            return _numbers(value, form)
        if element.VR in ("OB", "OW", "OF", "OD", "OL", "OV", "UN", "AT"):
            return f"{len(value):,} bytes" if value else ""
        return self._character_set.decode(value[: 4 * _LONGEST])[0].strip(" \0")[
            :_LONGEST
        ]


def _bytes_told(length: int | None) -> str:
    return "fragments" if length in (None, UNDEFINED) else f"{length:,} bytes"


def _numbers(value: bytes, form: str) -> str:
    count = min(len(value) // struct.calcsize("<" + form), 20)
    return "\\".join(f"{n:g}" for n in struct.unpack_from(f"<{count}{form}", value))


def _name(tag: int) -> str:
    if is_private(tag):
        return "Private attribute"
    try:
        return str(datadict.dictionary_description(tag))
    except KeyError:
        return "Unknown attribute"
