"""Command sets: what a message asks or answers, apart from its data set; PS3.7 6.3, E.

Always implicit little endian, and short: a table says it all. Reading is bounded by
the caller, and whatever is not in the table is passed over.
"""

import struct
from dataclasses import dataclass, fields
from enum import IntEnum
from typing import Final


class CommandField(IntEnum):
    """What kind of message it is; PS3.7 E.1."""

    C_STORE_RQ = 0x0001
    C_STORE_RSP = 0x8001
    C_GET_RQ = 0x0010
    C_GET_RSP = 0x8010
    C_FIND_RQ = 0x0020
    C_FIND_RSP = 0x8020
    C_MOVE_RQ = 0x0021
    C_MOVE_RSP = 0x8021
    C_ECHO_RQ = 0x0030
    C_ECHO_RSP = 0x8030
    N_EVENT_REPORT_RQ = 0x0100
    N_EVENT_REPORT_RSP = 0x8100
    N_ACTION_RQ = 0x0130
    N_ACTION_RSP = 0x8130
    C_CANCEL_RQ = 0x0FFF


_NO_DATA_SET: Final = 0x0101
_DATA_SET: Final = 0x0001
LONGEST: Final = 1 << 14
"""No honest command set comes near this, in bytes."""


@dataclass(frozen=True, slots=True)
class CommandSet:
    """One command set; None is an element that is absent.

    Attributes
    ----------
    field : int
        A `CommandField`, or what the peer made up.
    has_data : bool
        Whether a data set follows.
    message_id, responds_to : int or None
    sop_class, sop_instance : str
        Affected, or else requested; empty if absent.
    status : int or None
    remaining, completed, failed, warnings : int or None
        Sub-operations of a C-GET or C-MOVE.
    priority : int or None
        0 medium, 1 high, 2 low.
    destination : str
        Where a C-MOVE sends to.
    originator : str
    originator_id : int or None
        Whose C-MOVE it is that brings this C-STORE.
    event_type, action_type : int or None
    """

    field: int
    has_data: bool = False
    message_id: int | None = None
    responds_to: int | None = None
    sop_class: str = ""
    sop_instance: str = ""
    status: int | None = None
    remaining: int | None = None
    completed: int | None = None
    failed: int | None = None
    warnings: int | None = None
    priority: int | None = None
    destination: str = ""
    originator: str = ""
    originator_id: int | None = None
    event_type: int | None = None
    action_type: int | None = None


_ELEMENTS: Final = {  # element of group 0000: field, in the order of their tags
    0x0002: "sop_class",
    0x0100: "field",
    0x0110: "message_id",
    0x0120: "responds_to",
    0x0600: "destination",
    0x0700: "priority",
    0x0900: "status",
    0x1000: "sop_instance",
    0x1002: "event_type",
    0x1008: "action_type",
    0x1020: "remaining",
    0x1021: "completed",
    0x1022: "failed",
    0x1023: "warnings",
    0x1030: "originator",
    0x1031: "originator_id",
}
_REQUESTED: Final = {0x0003: "sop_class", 0x1001: "sop_instance"}
_UIDS: Final = {"sop_class", "sop_instance"}
_TEXTS: Final = {field.name for field in fields(CommandSet) if field.type is str}
_DATA_SET_TYPE: Final = 0x0800
_HEADER: Final = struct.Struct("<HHI")
_NUMBER: Final = struct.Struct("<HHIH")


def encoded(command: CommandSet) -> bytes:
    """The bytes of a command set, with its group length.

    N-ACTION names what is *requested*, everything else what is affected.
    """
    elements = dict(_ELEMENTS)
    if command.field == CommandField.N_ACTION_RQ:
        elements = {
            tag: name for tag, name in elements.items() if name not in _UIDS
        } | _REQUESTED
    parts: dict[int, bytes] = {
        _DATA_SET_TYPE: _number(
            _DATA_SET_TYPE, _DATA_SET if command.has_data else _NO_DATA_SET
        )
    }
    for tag, name in elements.items():
        value = getattr(command, name)
        if name in _TEXTS:
            if value:
                parts[tag] = _text(tag, value, b"\0" if name in _UIDS else b" ")
        elif value is not None:
            parts[tag] = _number(tag, value)
    body = b"".join(parts[tag] for tag in sorted(parts))
    return struct.pack("<HHII", 0, 0, 4, len(body)) + body


def decoded(raw: bytes) -> CommandSet:
    """The command set in these bytes.

    Raises
    ------
    ValueError
        If it is none.
    """
    values: dict[str, int | str] = {}
    position, names = 0, _ELEMENTS | _REQUESTED
    has_data = False
    while position < len(raw):
        if position + _HEADER.size > len(raw):
            raise ValueError("a command set ends in the middle of an element")
        group, element, length = _HEADER.unpack_from(raw, position)
        start = position + _HEADER.size
        position = start + length
        if group and "field" in values:
            break  # DCMTK puts what failed of a C-GET behind it, against the standard
        if group or position > len(raw):
            raise ValueError("a command set holds something else")
        name = names.get(element, "")
        if element == _DATA_SET_TYPE and length == 2:
            has_data = raw[start:position] != _NO_DATA_SET.to_bytes(2, "little")
        elif name in _TEXTS:
            values[name] = raw[start:position].decode("latin-1").strip(" \0")
        elif name and length == 2:
            values[name] = int.from_bytes(raw[start:position], "little")
    if "field" not in values:
        raise ValueError("a command set does not say what it is")
    return CommandSet(has_data=has_data, **values)  # type: ignore[arg-type] # the table's


def _number(tag: int, value: int) -> bytes:
    return _NUMBER.pack(0, tag, 2, value)


def _text(tag: int, value: str, padding: bytes) -> bytes:
    raw = value.encode("latin-1")  # an answer repeats whatever the peer wrote
    raw += padding * (len(raw) % 2)
    return _HEADER.pack(0, tag, len(raw)) + raw
