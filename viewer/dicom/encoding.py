"""How the attributes of a data set are written, found out rather than believed.

Transfer syntaxes lie: implicit data under an explicit syntax, little endian under a
big one. Before a data set is read its first attributes are tried in the declared
encoding and then in the others; the first that makes sense is taken.
"""

import struct
from dataclasses import dataclass
from typing import Final

from viewer.dicom.source import Source

UNDEFINED: Final = 0xFFFFFFFF

LONG_VRS: Final = frozenset(
    {
        *(b"OB", b"OD", b"OF", b"OL", b"OV", b"OW", b"SQ"),
        *(b"SV", b"UC", b"UN", b"UR", b"UT", b"UV"),
    }
)
"""Value representations with a 32-bit length; PS3.5 7.1.2."""

SHORT_VRS: Final = frozenset(
    {
        *(b"AE", b"AS", b"AT", b"CS", b"DA", b"DS", b"DT", b"FD", b"FL", b"IS"),
        *(b"LO", b"LT", b"PN", b"SH", b"SL", b"SS", b"ST", b"TM", b"UI", b"UL"),
        b"US",
    }
)
"""Value representations with a 16-bit length."""

_TRIED = 4  # attributes that must make sense


@dataclass(frozen=True, slots=True)
class Encoding:
    """Implicit or explicit VR, little or big endian."""

    implicit: bool
    little: bool = True

    @property
    def order(self) -> str:
        """The sign `struct` knows the byte order by."""
        return "<" if self.little else ">"


IMPLICIT: Final = Encoding(implicit=True)
EXPLICIT: Final = Encoding(implicit=False)
BIG: Final = Encoding(implicit=False, little=False)

IMPLICIT_UID: Final = "1.2.840.10008.1.2"
EXPLICIT_UID: Final = "1.2.840.10008.1.2.1"
BIG_UID: Final = "1.2.840.10008.1.2.2"
DEFLATED_UID: Final = "1.2.840.10008.1.2.1.99"
_GE_PRIVATE_UID: Final = "1.2.840.113619.5.2"  # implicit, with big endian pixels

UID_OF: Final = {IMPLICIT: IMPLICIT_UID, EXPLICIT: EXPLICIT_UID, BIG: BIG_UID}
NATIVE_UIDS: Final = frozenset(UID_OF.values())


def declared_encoding(transfer_syntax_uid: str) -> Encoding:
    """Encoding a transfer syntax asks for; all but a few are explicit little endian."""
    if transfer_syntax_uid in (IMPLICIT_UID, _GE_PRIVATE_UID):
        return IMPLICIT
    return BIG if transfer_syntax_uid == BIG_UID else EXPLICIT


def found_encoding(
    source: Source, position: int, end: int, declared: Encoding | None
) -> Encoding | None:
    """Encoding in which the attributes at `position` make sense.

    Parameters
    ----------
    position, end : int
        Offsets into `source`; the first attribute, and the end of the data set.
    declared : Encoding or None
        What the file says; tried first.

    Returns
    -------
    Encoding or None
        None if nothing makes sense, or there is nothing.
    """
    first_group = 0x0010 if declared is None else 0x7FE0
    for encoding in (declared, EXPLICIT, IMPLICIT, BIG):
        if encoding and _makes_sense(source, position, end, encoding, _TRIED):
            (group,) = struct.unpack(encoding.order + "H", source.read(position, 2))
            if group <= first_group:
                return encoding
    if declared and _makes_sense(source, position, end, declared, 1):
        return declared  # out of order, or damaged further on
    return None


def _makes_sense(
    source: Source, position: int, end: int, encoding: Encoding, count: int
) -> bool:
    """Whether `count` attributes in ascending order fit between the two offsets."""
    last_tag = -1
    for tried in range(count):
        if tried and position == end:
            return True
        head = source.read(position, 12)
        length_at = _length(head, encoding) if len(head) >= 8 else None
        if length_at is None:
            return False
        group, number = struct.unpack_from(encoding.order + "HH", head)
        tag = group << 16 | number
        if tag <= last_tag or group > 0x7FE0:
            return tried > 1 and group > 0x7FE0  # a sequence's end, a trailing pad
        start, length = length_at
        if length == UNDEFINED:
            return source.read(position + start, 4) in _items_begin(encoding)
        position += start + length
        if position > end or group == 0x7FE0:
            return bool(group == 0x7FE0)
        last_tag = tag
    return True


def _items_begin(encoding: Encoding) -> tuple[bytes, bytes]:
    """What a value of undefined length begins with: an item, or its delimiter."""
    order = encoding.order + "HH"
    return struct.pack(order, 0xFFFE, 0xE000), struct.pack(order, 0xFFFE, 0xE0DD)


def _length(head: bytes, encoding: Encoding) -> tuple[int, int] | None:
    """Where the value starts after `head`, and its length; None for an unknown VR."""
    if encoding.implicit:
        # A known VR where the length should be is no length.
        if head[4:6] in LONG_VRS or (head[4:6] in SHORT_VRS and head[7] == 0):
            return None
        return 8, int(struct.unpack_from(encoding.order + "L", head, 4)[0])
    vr = head[4:6]
    if vr in SHORT_VRS:
        return 8, int(struct.unpack_from(encoding.order + "H", head, 6)[0])
    if vr in LONG_VRS and len(head) == 12:
        return 12, int(struct.unpack_from(encoding.order + "L", head, 8)[0])
    return None
