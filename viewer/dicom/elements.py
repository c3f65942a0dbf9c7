"""A data set cut into its attributes, without looking into their values.

The header is cut by a reader of ours rather than by pydicom's: nothing is allocated
that the file does not hold, depth and number of attributes are bounded, and no warning
can print a value. pydicom stays the judge in the tests.
"""

import struct
from collections.abc import Container, Iterator
from typing import Final

from viewer.dicom.element import (
    ITEM,
    ITEM_END,
    PIXELS,
    SEQUENCE_END,
    Element,
    Elements,
    UnboundedError,
    cut_short,
)
from viewer.dicom.encoding import (
    EXPLICIT,
    IMPLICIT,
    LONG_VRS,
    SHORT_VRS,
    UNDEFINED,
    Encoding,
)
from viewer.dicom.source import Source

MAX_DEPTH: Final = 64
MAX_ELEMENTS: Final = 1_200_000  # an enhanced object of 20,000 frames has a million

_LONG: Final = {vr: vr.decode() for vr in LONG_VRS}
_SHORT: Final = {vr: vr.decode() for vr in SHORT_VRS}

# By whether the byte order is little endian
_TAGS: Final = {True: struct.Struct("<HH"), False: struct.Struct(">HH")}
_LENGTHS: Final = {True: struct.Struct("<L"), False: struct.Struct(">L")}
_SHORT_LENGTHS: Final = {True: struct.Struct("<H"), False: struct.Struct(">H")}


class Cutter:
    """Cuts the data sets of one source, and notes what was wrong with them.

    Raises
    ------
    UnreadableError
        From every method, when a value reaches past the end of the source, and when
        the data set is nested deeper or longer than the bounds allow.
    """

    def __init__(self, source: Source, notes: dict[str, None]) -> None:
        self.source = source
        self._notes = notes
        self._left = MAX_ELEMENTS

    def data_set(
        self, position: int, encoding: Encoding, *, only: Container[int] | None = None
    ) -> tuple[Elements, int]:
        """Cut the top level from `position` on.

        Parameters
        ----------
        only : container of int, optional
            Groups that belong to it; the first other one ends it.

        Returns
        -------
        Elements
            Pixel data of undefined length is the last one, its value not looked at.
        int
            Where the next byte lies.
        """
        return self._cut(position, self.source.size, encoding, 0, only)

    def items(self, element: Element, depth: int = 1) -> tuple[Elements, ...]:
        """Cut the items of a sequence; empty if it has none or is none."""
        if element.length == UNDEFINED:
            return element.items
        end = element.offset + element.length
        return self._items(element.offset, end, element, depth)[0]

    def fragments(self, position: int, encoding: Encoding) -> Iterator[tuple[int, int]]:
        """Offset and length of each item of encapsulated pixel data.

        Stops at the delimiter, or at the first thing that is no item.
        """
        while True:
            self._count()
            tag, length = self._item_head(position, encoding)
            if tag != ITEM or position + 8 + length > self.source.size:
                return
            yield position + 8, length
            position += 8 + length

    def _cut(
        self,
        position: int,
        end: int,
        encoding: Encoding,
        depth: int,
        only: Container[int] | None = None,
    ) -> tuple[Elements, int]:
        if depth > MAX_DEPTH:
            raise UnboundedError("The data set is nested too deeply.")
        found: dict[int, Element] = {}
        read, tag_of = self.source.read, _TAGS[encoding.little].unpack_from
        past_pixels = False
        while position + 8 <= end:
            self._count()
            head = read(position, 12)
            group, number = tag_of(head)
            tag = group << 16 | number
            if only is not None and group not in only:
                return found, position
            if tag == 0 or (past_pixels and not _has_vr(head, encoding)):
                break
            element = self._element(tag, position, head, encoding)
            if tag in (ITEM_END, SEQUENCE_END):
                return found, element.offset
            if depth == 0 and tag in PIXELS and element.length == UNDEFINED:
                found.setdefault(tag, element)
                return found, element.offset
            if self._is_tail(element, found, end):
                break
            element, position = self._behind(element, end, depth)
            if found.setdefault(tag, element) is not element:
                self._note("an attribute that occurs twice")
            past_pixels = past_pixels or (depth == 0 and tag in PIXELS)
        if position < end:
            self._leave_rest(position, end, found)
        return found, end

    def _leave_rest(self, position: int, end: int, found: Elements) -> None:
        """Pass over what lies between the last attribute and the end.

        Raises
        ------
        UnreadableError
            If it is the beginning of one more attribute.
        """
        if end == self.source.size and self._is_stump(position, found):
            raise cut_short(None)
        self._note("bytes after the end of the data set")

    def _is_stump(self, position: int, found: Elements) -> bool:
        """Whether the file ends within the head of an attribute before the pixels."""
        rest = self.source.read(position, 8)
        return len(rest) < 8 and any(rest) and PIXELS.isdisjoint(found)

    def _behind(self, element: Element, end: int, depth: int) -> tuple[Element, int]:
        """The attribute, its items cut if its end is open, and where the next begins.

        Raises
        ------
        UnreadableError
            If the data set or item ends before the attribute does.
        """
        if element.length == UNDEFINED:
            return self._open_ended(element, end, depth)
        position = element.offset + element.length
        if position > end:
            raise cut_short(element)
        return element, position

    def _is_tail(self, element: Element, found: Elements, end: int) -> bool:
        """Whether what reaches past the end is no attribute but a tail of bytes."""
        if element.offset + element.length <= end or not found:
            return False
        group = element.tag >> 16
        misplaced = group > 0x7FE0 and group not in (0xFFFA, 0xFFFC)
        if element.length == UNDEFINED:
            return misplaced
        return (
            misplaced
            or end < self.source.size  # an item whose length is wrong
            or element.tag < max(found)
            or not PIXELS.isdisjoint(found)
        )

    def _element(
        self, tag: int, position: int, head: bytes, encoding: Encoding
    ) -> Element:
        """The attribute whose first bytes are `head`."""
        if encoding.implicit or tag >> 16 == 0xFFFE:
            length = _LENGTHS[encoding.little].unpack_from(head, 4)[0]
            return Element(tag, "", position + 8, length, encoding)
        vr = _SHORT.get(head[4:6])
        if vr is not None:
            length = _SHORT_LENGTHS[encoding.little].unpack_from(head, 6)[0]
            return Element(tag, vr, position + 8, length, encoding)
        vr = _LONG.get(head[4:6])
        if vr is None:
            return self._odd_vr(tag, position, head, encoding)
        if len(head) < 12:
            raise cut_short(None)
        length = _LENGTHS[encoding.little].unpack_from(head, 8)[0]
        return Element(tag, vr, position + 12, length, encoding)

    def _odd_vr(
        self, tag: int, position: int, head: bytes, encoding: Encoding
    ) -> Element:
        """An attribute whose VR is unknown, or that is implicit among explicit ones."""
        if head[4:6].isalpha() and head[4:6].isupper():
            self._note("unknown value representation")
            # PS3.5 6.2.2 note: those to come have two reserved bytes and 32 bits.
            if head[6:8] == b"\0\0" and len(head) == 12:
                (length,) = struct.unpack_from(encoding.order + "L", head, 8)
                if position + 12 + length <= self.source.size:
                    return Element(tag, "UN", position + 12, length, encoding)
            (length,) = struct.unpack_from(encoding.order + "H", head, 6)
            return Element(tag, "UN", position + 8, length, encoding)
        self._note("implicit attributes in an explicit data set")
        (length,) = struct.unpack_from(encoding.order + "L", head, 4)
        return Element(tag, "", position + 8, length, encoding)

    def _open_ended(
        self, element: Element, end: int, depth: int
    ) -> tuple[Element, int]:
        """Follow a value of undefined length to its delimiter."""
        if element.tag in PIXELS or element.vr in ("OB", "OW"):
            position = element.offset
            for offset, length in self.fragments(position, element.encoding):
                position = offset + length
            if self._item_head(position, element.encoding)[0] != SEQUENCE_END:
                raise cut_short(element)
            return element, position + 8
        items, position = self._items(element.offset, end, element, depth + 1)
        return element._replace(items=items), position

    def _items(
        self, position: int, end: int, element: Element, depth: int
    ) -> tuple[tuple[Elements, ...], int]:
        items: list[Elements] = []
        while position + 8 <= end:
            self._count()
            tag, length = self._item_head(position, element.encoding)
            if tag != ITEM:
                if tag == SEQUENCE_END:
                    position += 8
                else:
                    self._note("a sequence that does not end properly")
                return tuple(items), position
            position += 8
            item_end = end if length == UNDEFINED else position + length
            if item_end > end:
                self._note("a sequence that does not end properly")
                item_end = end
            encoding = self._item_encoding(position, item_end, element)
            item, after = self._cut(position, item_end, encoding, depth)
            position = after if length == UNDEFINED else item_end
            items.append(item)
        if element.length == UNDEFINED:
            raise cut_short(element)
        return tuple(items), position

    def _item_head(self, position: int, encoding: Encoding) -> tuple[int, int]:
        head = self.source.read(position, 8)
        if len(head) < 8:
            return 0, 0
        group, number, length = struct.unpack(encoding.order + "HHL", head)
        return group << 16 | number, length

    def _item_encoding(self, position: int, end: int, sequence: Element) -> Encoding:
        """Encoding of an item: that of its sequence, unless its first VR denies it.

        What lies inside a UN is implicit little endian; PS3.5 6.2.2 note 5.
        """
        head = self.source.read(position, 8)
        if (
            len(head) < 8
            or end - position < 8
            or head[:2] in (b"\xfe\xff", b"\xff\xfe")
        ):
            return sequence.encoding
        has_vr = head[4:6].isalpha() and head[4:6].isupper()
        if has_vr is not sequence.encoding.implicit:
            return sequence.encoding
        if not has_vr:
            return IMPLICIT if sequence.encoding.little else sequence.encoding
        (length,) = struct.unpack_from("<L", head, 4)
        return EXPLICIT if position + 8 + length > end else IMPLICIT

    def _count(self) -> None:
        self._left -= 1
        if self._left < 0:
            raise UnboundedError("The data set has too many attributes.")

    def _note(self, tolerance: str) -> None:
        self._notes.setdefault(tolerance)


def _has_vr(head: bytes, encoding: Encoding) -> bool:
    """Whether `head` could begin an attribute at all."""
    return encoding.implicit or head[4:6] in _SHORT or head[4:6] in _LONG
