"""Colour profiles that say how colours are meant, and nothing else.

Vendors write their names, devices, dates and free text into them. What a transformation
needs is kept to the bit; the two texts that must be there are always the same.

References
----------
ICC.1:2022 (ISO 15076-1), 7.2 header, 7.3 tag table, 9 tags, 10 types.
"""

from collections.abc import Iterator
from struct import error as struct_error
from struct import pack, unpack_from
from typing import Final

_HEADER: Final = 128
_MOST_TAGS: Final = 100
_TRANSFORMS: Final = frozenset(
    {
        *(b"A2B0", b"A2B1", b"A2B2", b"B2A0", b"B2A1", b"B2A2"),
        *(b"D2B0", b"D2B1", b"D2B2", b"D2B3", b"B2D0", b"B2D1", b"B2D2", b"B2D3"),
        *(b"rXYZ", b"gXYZ", b"bXYZ", b"rTRC", b"gTRC", b"bTRC", b"kTRC"),
        *(b"wtpt", b"bkpt", b"chad", b"lumi", b"gamt"),
    }
)
"""Tags a transformation of colours is made of."""

_NUMBERS: Final = frozenset(
    {b"XYZ ", b"curv", b"para", b"sf32", b"mft1", b"mft2", b"mAB ", b"mBA ", b"mpet"}
)
"""Types that hold numbers alone."""

_PARAMETERS: Final = (1, 3, 4, 5, 7)  # of each function of a parametric curve
_TEXT: Final = "Colour profile"
_DATE: Final = pack(">6H", 2000, 1, 1, 0, 0, 0)
_DATE_AT: Final = slice(24, 36)
_SIGNED_BY: Final = (slice(4, 8), slice(48, 64), slice(80, 128))
"""Preferred engine, device, creator, checksum, and what is reserved."""


def cleaned(profile: bytes) -> bytes | None:
    """The profile with its colours alone; None if it cannot be told what they are."""
    try:
        size, version = unpack_from(">I4xB", profile)
        if profile[36:40] != b"acsp" or not _HEADER < size <= len(profile):
            return None
        tags = dict(_kept(profile[:size]))
    except struct_error:
        return None
    if not tags:
        return None
    tags[b"desc"] = _described() if version < 4 else _localised()
    tags[b"cprt"] = b"text" + bytes(4) + _ascii() if version < 4 else _localised()
    return _joined(_anonymous(profile[:_HEADER]), tags)


def _kept(profile: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Signature and value of each tag that stays.

    Raises
    ------
    struct.error
        If the table or a value does not lie in the profile.
    """
    (count,) = unpack_from(">I", profile, _HEADER)
    if count > _MOST_TAGS:
        raise struct_error
    for number in range(count):
        signature, start, length = unpack_from(
            ">4sII", profile, _HEADER + 4 + 12 * number
        )
        if signature not in _TRANSFORMS:
            continue
        value = profile[start : start + length]
        if len(value) < max(length, 12) or value[:4] not in _NUMBERS:
            raise struct_error
        yield signature, value[: _needed(value)]


def _needed(value: bytes) -> int:
    """Bytes of a value that are numbers of its type; what follows is none."""
    kind = value[:4]
    if kind == b"curv":
        return 12 + 2 * int(unpack_from(">I", value, 8)[0])
    if kind == b"para":
        function = min(int(unpack_from(">H", value, 8)[0]), 4)
        return 12 + 4 * _PARAMETERS[function]
    if kind == b"XYZ ":
        return 20
    if kind == b"sf32":
        return 8 + 4 * 9  # chromatic adaptation: a matrix of 3 by 3
    if kind in (b"mft1", b"mft2"):
        return _table_bytes(value)
    return len(value)


def _table_bytes(value: bytes) -> int:
    """Of a table of 8 or 16 bits between curves for its inputs and its outputs."""
    inputs, outputs, points = (int(one) for one in value[8:11])
    nodes: int = points ** min(inputs, 15) * outputs
    if value[:4] == b"mft1":
        return 48 + 256 * (inputs + outputs) + nodes
    before, after = unpack_from(">HH", value, 48)
    return 52 + 2 * int(before * inputs + nodes + after * outputs)


def _anonymous(header: bytes) -> bytes:
    plain = bytearray(header)
    plain[_DATE_AT] = _DATE
    for place in _SIGNED_BY:
        plain[place] = bytes(len(plain[place]))
    return bytes(plain)


def _joined(header: bytes, tags: dict[bytes, bytes]) -> bytes:
    position = _HEADER + 4 + 12 * len(tags)
    table, values, places = [], [], dict[bytes, int]()
    for signature, value in tags.items():
        if value not in places:
            places[value] = position
            padded = value + bytes(-len(value) % 4)
            values.append(padded)
            position += len(padded)
        table.append(pack(">4sII", signature, places[value], len(value)))
    whole = b"".join([pack(">I", len(tags)), *table, *values])
    return pack(">I", position) + header[4:] + whole


def _ascii() -> bytes:
    return _TEXT.encode("ascii") + b"\0"


def _described() -> bytes:
    """Text description of version 2: ASCII, then Unicode and Mac names, both empty."""
    text = _ascii()
    return b"desc" + bytes(4) + pack(">I", len(text)) + text + bytes(8 + 3 + 67)


def _localised() -> bytes:
    """Text of version 4, in one language."""
    text = _TEXT.encode("utf-16-be")
    return (
        b"mluc"
        + bytes(4)
        + pack(">II2s2sII", 1, 12, b"en", b"US", len(text), 28)
        + text
    )
