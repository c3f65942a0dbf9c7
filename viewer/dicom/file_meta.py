"""The beginning of a file around a data set that came without one; PS3.10 7.1."""

import struct
from typing import Final

_PREAMBLE: Final = bytes(128) + b"DICM"
_GROUP_LENGTH: Final = struct.pack("<HH2sHI", 0x0002, 0x0000, b"UL", 4, 0)[:-4]
_IMPLEMENTATION: Final = "2.25.172286912874362431834287146583620115422"
_VERSION_NAME: Final = "LIGHTBOX"
LONGEST_UID: Final = 64


def file_meta(sop_class_uid: str, sop_instance_uid: str, syntax_uid: str) -> bytes:
    """Preamble and file meta information of a data set in this transfer syntax.

    The same object gives the same bytes whoever sent it and whenever, so that what
    comes twice is known by its hash; therefore no titles and no dates are in it.

    Raises
    ------
    ValueError
        If one of them cannot be a UID.
    """
    elements = b"".join(
        (
            struct.pack("<HH2sHIH", 0x0002, 0x0001, b"OB", 0, 2, 0x0100),
            _text(0x0002, sop_class_uid, b"UI"),
            _text(0x0003, sop_instance_uid, b"UI"),
            _text(0x0010, syntax_uid, b"UI"),
            _text(0x0012, _IMPLEMENTATION, b"UI"),
            _text(0x0013, _VERSION_NAME, b"SH"),
        )
    )
    return _PREAMBLE + _GROUP_LENGTH + struct.pack("<I", len(elements)) + elements


def declared_syntax(meta: bytes) -> bytes:
    """The transfer syntax that file meta information names, as it is written there."""
    _, found, rest = meta.partition(b"\x02\x00\x10\x00UI")
    length = int.from_bytes(rest[:2], "little")
    return rest[2 : 2 + length].rstrip(b"\0 ") if found else b""


def data_set_offset(head: bytes) -> int | None:
    """Where the data set begins in a file that begins with `head`, 144 bytes of it.

    None if the file does not say how long its meta information is.
    """
    if head[:132][128:] != _PREAMBLE[128:] or head[132:140] != _GROUP_LENGTH:
        return None
    return 144 + int.from_bytes(head[140:144], "little") if len(head) == 144 else None


def _text(element: int, value: str, vr: bytes) -> bytes:
    raw = value.encode("ascii", "strict")
    if not raw or len(raw) > LONGEST_UID or not value.isprintable():
        raise ValueError("no UID")
    raw += (b" " if vr == b"SH" else b"\0") * (len(raw) % 2)
    return struct.pack("<HH2sH", 0x0002, element, vr, len(raw)) + raw
