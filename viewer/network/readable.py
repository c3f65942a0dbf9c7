"""What of a peer's first words pynetdicom gets to read; PS3.8 9.3.2 and 9.3.3.

It takes any item anywhere, however deep, trips over those it does not know, though
they are to be passed over, and has pydicom warn of odd UIDs with their values. So it is
given the items we use, in their places and in bounds, without what pads them.
"""

import re
import struct
from collections.abc import Iterator
from typing import Final

from viewer.network.negotiation import MOST_CONTEXTS, Garbled

MOST_ITEMS: Final = MOST_CONTEXTS * 64
"""Every class in every transfer syntax there is takes fewer."""

_FIXED: Final = 68  # version, titles and what is reserved
_ITEM: Final = struct.Struct(">BxH")
_LONGEST, _ROLE, _VERSION = 0x51, 0x54, 0x55
_INSIDE: Final = {  # item: what it begins with, and the items in it
    0x20: (4, {0x30, 0x40}),
    0x21: (4, {0x40}),
    0x50: (0, {_LONGEST, _ROLE, _VERSION}),
}
_TOP: Final = {0x10, *_INSIDE}
_UIDS: Final = {0x10, 0x30, 0x40}
_UID: Final = re.compile(rb"(?=.{1,64}\Z)(0|[1-9]\d*)(\.(0|[1-9]\d*))*")
_NAME: Final = re.compile(rb"[ -\[\]-~]{1,16}")


def is_uid(text: str) -> bool:
    """Whether `text` is a UID; PS3.5 9.1."""
    return text.isascii() and _UID.fullmatch(text.encode("ascii")) is not None


def readable(kind: int, body: bytes) -> bytes:
    """An A-ASSOCIATE-RQ or -AC, as far as we read it.

    Parameters
    ----------
    kind : int
        Of the PDU.
    body : bytes
        All that follows its length.

    Raises
    ------
    Garbled
        If it is none, or an item in it is longer than what there is.
    """
    if len(body) < _FIXED:
        raise Garbled
    left = iter(range(MOST_ITEMS))
    items = b"".join(_kept(body[_FIXED:], _TOP, left))
    fixed = body[:4] + body[4:36].replace(b"\0", b" ") + body[36:_FIXED]
    return struct.pack(">BxI", kind, len(fixed) + len(items)) + fixed + items


def _kept(raw: bytes, wanted: set[int], left: Iterator[int]) -> Iterator[bytes]:
    for kind, item in _items_in(raw):
        if next(left, None) is None:
            raise Garbled
        if kind not in wanted:
            continue
        if kind in _INSIDE:
            head, inside = _INSIDE[kind]
            if len(item) < head:
                raise Garbled
            kept = item[:head] + b"".join(_kept(item[head:], inside, left))
        else:
            kept = _plain(kind, item)
        if kept:
            yield _ITEM.pack(kind, len(kept)) + kept


def _items_in(raw: bytes) -> Iterator[tuple[int, bytes]]:
    position = 0
    while position + _ITEM.size <= len(raw):
        kind, length = _ITEM.unpack_from(raw, position)
        position += _ITEM.size
        if position + length > len(raw):
            raise Garbled
        yield kind, raw[position : position + length]
        position += length


def _plain(kind: int, item: bytes) -> bytes:
    """An item without items in it; empty if it says nothing."""
    if kind == _LONGEST:
        return item if len(item) == 4 else b""
    if kind == _ROLE:
        return _role(item)
    text = item.strip(b" \0")
    return text if (_UID if kind in _UIDS else _NAME).fullmatch(text) else b""


def _role(item: bytes) -> bytes:
    if len(item) < 4 or len(item) != 4 + int.from_bytes(item[:2], "big"):
        raise Garbled
    uid = item[2:-2].strip(b" \0")
    if not _UID.fullmatch(uid):
        return b""
    return struct.pack(">H", len(uid)) + uid + bytes(map(bool, item[-2:]))
