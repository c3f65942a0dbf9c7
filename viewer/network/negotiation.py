"""The first words of an association: what we propose and what the peer accepts.

PS3.8 9.3.2 to 9.3.4 and 9.3.8, PS3.7 annex D. What a peer sends is cut with bounds; no
length in it is believed.
"""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from viewer.core.peers import TITLE_LENGTH

IMPLEMENTATION_CLASS: Final = "2.25.172286912874362431834287146583620115422"
IMPLEMENTATION_VERSION: Final = "LIGHTBOX"
MOST_CONTEXTS: Final = 128
LONGEST_ANSWER: Final = 1 << 17
"""No honest answer comes near this, in bytes."""

ACCEPT, REJECT, ABORT = 2, 3, 7

_REQUEST: Final = 1
APPLICATION_CONTEXT: Final = "1.2.840.10008.3.1.1.1"
_ITEM: Final = struct.Struct(">BxH")


class Garbled(Exception):  # noqa: N818 - what the peer did
    """The peer's answer is none."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A presentation context we ask for.

    Attributes
    ----------
    abstract : str
        UID of the SOP class.
    syntaxes : tuple of str
        Transfer syntaxes, of which the peer chooses one.
    as_scp : bool
        Whether we also, or only, receive objects of this class (C-GET, storage
        commitment): role selection, PS3.7 D.3.3.4.
    as_scu : bool
    """

    abstract: str
    syntaxes: tuple[str, ...]
    as_scp: bool = False
    as_scu: bool = True


@dataclass(frozen=True, slots=True)
class Accepted:
    """A presentation context the peer agreed to.

    Attributes
    ----------
    id : int
        Odd, 1 to 255; what messages name it by.
    abstract, syntax : str
        UIDs.
    scu, scp : bool
        Which of the two we may be in it.
    """

    id: int
    abstract: str
    syntax: str
    scu: bool = True
    scp: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What the peer said to our proposals.

    Attributes
    ----------
    contexts : tuple of Accepted
    longest_pdu : int
        What it takes in one PDU, in bytes; 0 is without a bound.
    implementation : str
        How its software calls itself; empty if it does not.
    """

    contexts: tuple[Accepted, ...] = ()
    longest_pdu: int = 0
    implementation: str = ""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who we are for the peer; PS3.7 D.3.3.7."""

    user: str
    passcode: str = ""


def request(
    calling: str,
    called: str,
    proposals: Sequence[Proposal],
    *,
    longest_pdu: int,
    identity: Identity | None = None,
) -> bytes:
    """The A-ASSOCIATE-RQ PDU with these proposals.

    Raises
    ------
    ValueError
        If there are more than one association can carry.
    """
    if not 0 < len(proposals) <= MOST_CONTEXTS:
        raise ValueError("an association carries 1 to 128 presentation contexts")
    body = b"".join(
        (
            struct.pack(">HH", 1, 0),
            called.encode("ascii").ljust(TITLE_LENGTH),
            calling.encode("ascii").ljust(TITLE_LENGTH),
            bytes(32),
            to_item(0x10, APPLICATION_CONTEXT.encode()),
            *(_proposal(id_, p) for id_, p in zip(_ids(), proposals, strict=False)),
            to_item(0x50, b"".join(_user_items(proposals, longest_pdu, identity))),
        )
    )
    return struct.pack(">BxI", _REQUEST, len(body)) + body


def answer(body: bytes, proposals: Sequence[Proposal]) -> Answer:
    """What the body of an A-ASSOCIATE-AC says to `proposals`.

    Raises
    ------
    Garbled
        If it is no answer to them.
    """
    result = Answer()
    asked = dict(zip(_ids(), proposals, strict=False))
    contexts: list[Accepted] = []
    roles: dict[str, tuple[bool, bool]] = {}
    for kind, item in items_in(body[68:]):
        if kind == 0x21:
            contexts += _accepted(item, asked)
        elif kind == 0x50:
            for user_kind, part in items_in(item):
                if user_kind == 0x51 and len(part) == 4:
                    (longest,) = struct.unpack(">I", part)
                    result = replace(result, longest_pdu=longest)
                elif user_kind == 0x55:
                    result = replace(result, implementation=to_text(part))
                elif user_kind == 0x54:
                    roles |= _role(part)
    given = (_in_role(c, asked[c.id], roles.get(c.abstract)) for c in contexts)
    return replace(result, contexts=tuple(given))


def _ids() -> range:
    return range(1, 2 * MOST_CONTEXTS, 2)


def to_item(kind: int, body: bytes) -> bytes:
    """An item, or a sub-item of the user's."""
    return _ITEM.pack(kind, len(body)) + body


def _proposal(id_: int, proposal: Proposal) -> bytes:
    syntaxes = (to_item(0x40, uid.encode("ascii")) for uid in proposal.syntaxes)
    abstract = to_item(0x30, proposal.abstract.encode("ascii"))
    return to_item(0x20, struct.pack(">B3x", id_) + abstract + b"".join(syntaxes))


def _user_items(
    proposals: Sequence[Proposal], longest_pdu: int, identity: Identity | None
) -> Iterator[bytes]:
    yield to_item(0x51, struct.pack(">I", longest_pdu))
    yield to_item(0x52, IMPLEMENTATION_CLASS.encode())
    for uid, (scu, scp) in _roles_asked(proposals).items():
        raw = uid.encode("ascii")
        yield to_item(0x54, struct.pack(">H", len(raw)) + raw + bytes((scu, scp)))
    yield to_item(0x55, IMPLEMENTATION_VERSION.encode())
    if identity is not None:
        user, code = identity.user.encode("utf-8"), identity.passcode.encode("utf-8")
        kind = 2 if code else 1
        head = struct.pack(">BBH", kind, 0, len(user))
        yield to_item(0x58, head + user + struct.pack(">H", len(code)) + code)


def _roles_asked(proposals: Sequence[Proposal]) -> dict[str, tuple[bool, bool]]:
    """Roles of the classes for which we want another one than the usual."""
    return {p.abstract: (p.as_scu, p.as_scp) for p in proposals if p.as_scp}


def items_in(raw: bytes) -> Iterator[tuple[int, bytes]]:
    """The items that follow each other in `raw`.

    Raises
    ------
    Garbled
        If one is longer than what there is.
    """
    position = 0
    while position + _ITEM.size <= len(raw):
        kind, length = _ITEM.unpack_from(raw, position)
        position += _ITEM.size
        if position + length > len(raw):
            raise Garbled
        yield kind, raw[position : position + length]
        position += length


def _accepted(item: bytes, asked: dict[int, Proposal]) -> Iterator[Accepted]:
    if len(item) < 4:
        raise Garbled
    proposal = asked.get(item[0])
    if proposal is None or item[2] != 0:  # refused, or nothing we asked for
        return
    syntax = next(
        (to_text(part) for kind, part in items_in(item[4:]) if kind == 0x40), ""
    )
    if syntax not in proposal.syntaxes:
        raise Garbled
    yield Accepted(item[0], proposal.abstract, syntax)


def _role(part: bytes) -> dict[str, tuple[bool, bool]]:
    if len(part) < 4 or len(part) != 4 + int.from_bytes(part[:2], "big"):
        raise Garbled
    return {to_text(part[2:-2]): (bool(part[-2]), bool(part[-1]))}


def _in_role(
    context: Accepted, proposal: Proposal, role: tuple[bool, bool] | None
) -> Accepted:
    """The context in the roles both sides agreed to; without a word in the usual."""
    if not proposal.as_scp or role is None:
        return context
    return replace(context, scu=proposal.as_scu and role[0], scp=role[1])


def to_text(raw: bytes) -> str:
    """A title or UID without what pads it."""
    return raw.decode("ascii", "replace").strip(" \0")
