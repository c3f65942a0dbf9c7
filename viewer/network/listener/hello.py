"""What a caller proposes, and what we answer; PS3.8 9.3.2 to 9.3.4, PS3.7 annex D.

No length in it is believed, and there is never more of it than `LONGEST_HELLO`.
"""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from viewer.network.negotiation import (
    APPLICATION_CONTEXT,
    IMPLEMENTATION_CLASS,
    IMPLEMENTATION_VERSION,
    Garbled,
    items_in,
    to_item,
    to_text,
)

ASSOCIATE: Final = 1
LONGEST_HELLO: Final = 1 << 18
"""128 contexts with every transfer syntax there is take half of it, in bytes."""

_ACCEPT, _REJECT = 2, 3
_FIXED: Final = 68  # version, titles and what is reserved

GRANTED, NO_SUCH_CLASS, NO_SUCH_SYNTAX = 0, 3, 4
"""What is said to a wish; PS3.8 table 9-18."""

Roles = dict[str, tuple[bool, bool]]
"""SOP class: whether the caller is its SCU, its SCP."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A presentation context as it was proposed."""

    id: int
    abstract: str
    syntaxes: tuple[str, ...]


Said = tuple[Wish, str, int]
"""An answer to a wish: the syntax, or why there is none."""


@dataclass(frozen=True, slots=True)
class Hello:
    """What a caller wants.

    Attributes
    ----------
    called, calling : str
        AE titles.
    wishes : tuple of Wish
    longest_pdu : int
        What the caller takes in one PDU, in bytes; 0 is without a bound.
    roles : dict
        Those the caller wants.
    fixed : bytes
        What an answer has to repeat.
    """

    called: str
    calling: str
    wishes: tuple[Wish, ...]
    longest_pdu: int = 0
    roles: Roles = field(default_factory=dict)
    fixed: bytes = b""


def heard(body: bytes) -> Hello:
    """What the body of an A-ASSOCIATE-RQ asks for.

    Raises
    ------
    Garbled
        If it is none.
    """
    if len(body) < _FIXED or not body[1] & 1:  # protocol version 1
        raise Garbled
    wishes: list[Wish] = []
    longest, application = 0, ""
    roles: Roles = {}
    for kind, item in items_in(body[_FIXED:]):
        if kind == 0x10:
            application = to_text(item)
        elif kind == 0x20:
            wishes.append(_wish(item))
        elif kind == 0x50:
            for user_kind, part in items_in(item):
                if user_kind == 0x51 and len(part) == 4:
                    (longest,) = struct.unpack(">I", part)
                elif user_kind == 0x54:
                    roles |= _role(part)
    ids = {wish.id for wish in wishes}
    if application != APPLICATION_CONTEXT or len(ids) != len(wishes):
        raise Garbled
    titles = to_text(body[4:20]), to_text(body[20:36])
    return Hello(*titles, tuple(wishes), longest, roles, body[4:68])


def acceptance(
    hello: Hello, said: Sequence[Said], roles: Roles, longest_pdu: int
) -> bytes:
    """The A-ASSOCIATE-AC PDU: an answer to each wish, and who may be what."""
    body = b"".join(
        (
            struct.pack(">HH", 1, 0),
            hello.fixed,
            to_item(0x10, APPLICATION_CONTEXT.encode()),
            *(_answer(*each) for each in said),
            to_item(0x50, b"".join(_user_items(roles, longest_pdu))),
        )
    )
    return struct.pack(">BxI", _ACCEPT, len(body)) + body


def rejection(result: int, source: int, reason: int) -> bytes:
    """The A-ASSOCIATE-RJ PDU; PS3.8 table 9-21."""
    return struct.pack(">BxIxBBB", _REJECT, 4, result, source, reason)


def _wish(item: bytes) -> Wish:
    if len(item) < 4:
        raise Garbled
    parts = list(items_in(item[4:]))
    abstract = next((to_text(part) for kind, part in parts if kind == 0x30), "")
    syntaxes = (to_text(part) for kind, part in parts if kind == 0x40)
    return Wish(item[0], abstract, tuple(syntaxes))


def _role(part: bytes) -> Roles:
    if len(part) < 4 or len(part) != 4 + int.from_bytes(part[:2], "big"):
        raise Garbled
    return {to_text(part[2:-2]): (bool(part[-2]), bool(part[-1]))}


def _answer(wish: Wish, syntax: str, refusal: int) -> bytes:
    # A refused context names a syntax as well, of which nobody takes notice.
    named = syntax or next(iter(wish.syntaxes), "") or "1.2.840.10008.1.2"
    head = struct.pack(">BxBx", wish.id, refusal)
    return to_item(0x21, head + to_item(0x40, named.encode("ascii", "replace")))


def _user_items(roles: Roles, longest_pdu: int) -> Iterator[bytes]:
    yield to_item(0x51, struct.pack(">I", longest_pdu))
    yield to_item(0x52, IMPLEMENTATION_CLASS.encode())
    for uid, (scu, scp) in roles.items():
        raw = uid.encode("ascii", "replace")
        yield to_item(0x54, struct.pack(">H", len(raw)) + raw + bytes((scu, scp)))
    yield to_item(0x55, IMPLEMENTATION_VERSION.encode())
