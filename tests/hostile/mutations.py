"""Ways to spoil a good file, from blind to knowing what an attribute is."""

import struct
from collections.abc import Callable
from random import Random

Spoil = Callable[[bytearray, bytes, Random], None]
"""Changes a file; the second one is another good file."""

_VRS = b"AEASATCSDADSDTFLFDISLOLTOBODOFOLOWPNSHSLSQSSSTTMUCUIULUNURUSUTUV"
_LONG = {b"OB", b"OD", b"OF", b"OL", b"OV", b"OW", b"SQ", b"UC", b"UN", b"UR", b"UT"}
_LENGTHS = (0, 1, 2, 7, 255, 65534, 65535, 1 << 20, 0x7FFFFFFF, 0xFFFFFFFE, 0xFFFFFFFF)
_NUMBERS = (0, 1, 2, 3, 7, 8, 15, 16, 17, 32, 255, 256, 1024, 32768, 65535)
_OF_PIXELS = (
    (0x0028, 0x0002),
    (0x0028, 0x0006),
    (0x0028, 0x0010),
    (0x0028, 0x0011),
    (0x0028, 0x0100),
    (0x0028, 0x0101),
    (0x0028, 0x0102),
    (0x0028, 0x0103),
    (0x0028, 0x1101),
    (0x0028, 0x3002),
    (0x0028, 0x0034),
)
_TEXTS = ((0x0028, 0x0004), (0x0028, 0x0008), (0x0028, 0x0030), (0x0028, 0x1050))
_ITEM = b"\xfe\xff\x00\xe0"


def mutated(good: bytes, other: bytes, dice: Random) -> bytes:
    """The file, spoiled in one to three ways."""
    spoiled = bytearray(good)
    for _ in range(dice.choice((1, 1, 1, 2, 3))):
        dice.choice(_WAYS)(spoiled, other, dice)
    return bytes(spoiled)


def _flip(spoiled: bytearray, _other: bytes, dice: Random) -> None:
    for _ in range(dice.choice((1, 2, 8, 64))):
        if spoiled:
            spoiled[dice.randrange(len(spoiled))] ^= 1 << dice.randrange(8)


def _flip_head(spoiled: bytearray, _other: bytes, dice: Random) -> None:
    """Bytes where the attributes are rather than the pixels."""
    for _ in range(dice.choice((1, 4, 16))):
        if len(spoiled) > 132:
            spoiled[dice.randrange(128, min(len(spoiled), 2500))] = dice.randrange(256)


def _cut(spoiled: bytearray, _: bytes, dice: Random) -> None:
    del spoiled[dice.randrange(len(spoiled) + 1) :]


def _remove(spoiled: bytearray, _: bytes, dice: Random) -> None:
    start = dice.randrange(len(spoiled) + 1)
    del spoiled[start : start + dice.choice((1, 2, 4, 100, 5000))]


def _repeat(spoiled: bytearray, _: bytes, dice: Random) -> None:
    start = dice.randrange(len(spoiled) + 1)
    part = spoiled[start : start + dice.choice((2, 8, 100, 2000))]
    spoiled[start:start] = part * dice.choice((1, 2, 50))


def _splice(spoiled: bytearray, other: bytes, dice: Random) -> None:
    start = dice.randrange(len(spoiled) + 1)
    spoiled[start:] = other[dice.randrange(len(other) + 1) :]


def _insert(spoiled: bytearray, other: bytes, dice: Random) -> None:
    start = dice.randrange(len(other) + 1)
    at = dice.randrange(len(spoiled) + 1)
    spoiled[at:at] = other[start : start + dice.choice((4, 60, 4000))]


def _length(spoiled: bytearray, _: bytes, dice: Random) -> None:
    """The length of some explicit attribute."""
    start = dice.randrange(len(spoiled) + 1)
    for at in range(start, min(start + 4000, len(spoiled) - 12)):
        vr = bytes(spoiled[at + 4 : at + 6])
        if vr.isalpha() and vr in _VRS:
            lie = dice.choice(_LENGTHS)
            if vr in _LONG:
                struct.pack_into("<L", spoiled, at + 8, lie)
            else:
                struct.pack_into("<H", spoiled, at + 6, lie & 0xFFFF)
            return


def _item_length(spoiled: bytearray, _: bytes, dice: Random) -> None:
    """The length of some item or fragment."""
    at = spoiled.find(_ITEM, dice.randrange(len(spoiled) + 1))
    if 0 <= at <= len(spoiled) - 8:
        struct.pack_into("<L", spoiled, at + 4, dice.choice(_LENGTHS))


def _fact(spoiled: bytearray, _: bytes, dice: Random) -> None:
    """A number that says what the pixels are."""
    at = _value_of(spoiled, dice.choice(_OF_PIXELS))
    if at:
        struct.pack_into("<H", spoiled, at, dice.choice(_NUMBERS))


def _text(spoiled: bytearray, _: bytes, dice: Random) -> None:
    """A text that says what the pixels are."""
    at = _value_of(spoiled, dice.choice(_TEXTS))
    if at:
        texts = (b"RGB ", b"9999", b"-1\\0", b"1e99", b"nan ", b"\0\0\0\0", b"PALE")
        spoiled[at : at + 4] = dice.choice(texts)


def _value_of(spoiled: bytearray, tag: tuple[int, int]) -> int:
    """Where the value of a short attribute lies; 0 if there is none."""
    at = spoiled.find(struct.pack("<HH", *tag))
    return at + 8 if 0 <= at <= len(spoiled) - 12 else 0


def _representation(spoiled: bytearray, _: bytes, dice: Random) -> None:
    """The representation of some fact about pixels."""
    at = _value_of(spoiled, dice.choice(_OF_PIXELS + _TEXTS))
    if at:
        start = 2 * dice.randrange(len(_VRS) // 2)
        spoiled[at - 4 : at - 2] = _VRS[start : start + 2]


_WAYS: tuple[Spoil, ...] = (
    _flip,
    _flip_head,
    _cut,
    _remove,
    _repeat,
    _splice,
    _insert,
    _length,
    _item_length,
    _fact,
    _text,
    _representation,
)
