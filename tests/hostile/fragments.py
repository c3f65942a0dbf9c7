"""Encapsulated pixels whose fragments and offset tables lie; PS3.5 A.4."""

import struct
from random import Random

from tests.dicom.written_files import (
    UNDEFINED,
    element,
    image_elements,
    item,
    meta,
    sequence_end,
)
from tests.hostile.family import Ending, Families

FAMILIES = Families()
_RLE = "1.2.840.10008.1.2.5"
_EIGHT_BITS = (
    (0x00280100, "US", 8.0),
    (0x00280101, "US", 8.0),
    (0x00280102, "US", 7.0),
)
FRAME = struct.pack("<16L", 1, 64, *[0] * 14) + bytes([3, 1, 2, 3, 4])


def encapsulated(value: bytes, frames: int = 1, syntax: str = _RLE) -> bytes:
    """A 2 × 2 image of 8 bits whose pixel data have this value."""
    head = image_elements([*_EIGHT_BITS, (0x00280008, "IS", str(frames))], None)
    return meta(syntax) + head + element(0x7FE00010, "OB", value, length=UNDEFINED)


def _table(*offsets: int) -> bytes:
    return item(struct.pack(f"<{len(offsets)}L", *offsets))


@FAMILIES.file("a basic offset table that lies", Ending.SHOWN)
def _basic_table(dice: Random) -> bytes:
    offsets = [dice.choice([0, 8, 77, 1 << 31, UNDEFINED]) for _ in range(3)]
    value = _table(*offsets) + item(FRAME) * 3 + sequence_end()
    return encapsulated(value, 3)


@FAMILIES.file("a basic offset table of megabytes", Ending.ANSWERED)
def _long_table(dice: Random) -> bytes:
    value = item(bytes(4 * dice.randint(1 << 20, 3 << 20))) + item(FRAME)
    return encapsulated(value + sequence_end())


@FAMILIES.file("an extended offset table that lies", Ending.ANSWERED)
def _extended_table(dice: Random) -> bytes:
    offsets = struct.pack("<3Q", *(dice.randrange(1 << 64) for _ in range(3)))
    head = image_elements([*_EIGHT_BITS, (0x00280008, "IS", "3")], None)
    tables = element(0x7FE00001, "OV", offsets) + element(0x7FE00002, "OV", offsets)
    value = item(b"") + item(FRAME) * 4 + sequence_end()
    pixels = element(0x7FE00010, "OB", value, length=UNDEFINED)
    return meta(_RLE) + head + tables + pixels


@FAMILIES.file("endless empty fragments", Ending.ANSWERED)
def _empty_fragments(dice: Random) -> bytes:
    return encapsulated(item(b"") * dice.randint(70_000, 400_000) + sequence_end())


@FAMILIES.file("a fragment that reaches past the end", Ending.ANSWERED)
def _long_fragment(dice: Random) -> bytes:
    lie = struct.pack("<HHL", 0xFFFE, 0xE000, dice.randint(100, UNDEFINED))
    return encapsulated(item(b"") + lie + FRAME)


@FAMILIES.file("fragments of undefined length", Ending.ANSWERED)
def _open_fragment(dice: Random) -> bytes:
    inner = item(FRAME, open_end=True) * dice.randint(1, 5)
    return encapsulated(item(b"") + inner + sequence_end())


@FAMILIES.file("fragments without delimiter, and more behind them", Ending.ANSWERED)
def _no_delimiter(dice: Random) -> bytes:
    behind = element(0xFFFCFFFC, "OB", dice.randbytes(40))
    return encapsulated(item(b"") + item(FRAME) + behind)


@FAMILIES.file("no fragments at all", Ending.NO_PICTURE)
def _no_fragments(dice: Random) -> bytes:
    return encapsulated(item(b"") * dice.randint(0, 1) + sequence_end())


@FAMILIES.file("fewer fragments than frames", Ending.ANSWERED)
def _fewer(dice: Random) -> bytes:
    value = item(b"") + item(FRAME) * dice.randint(1, 3) + sequence_end()
    return encapsulated(value, dice.choice([5, 1000, 2**31 - 1]))


@FAMILIES.file("fragments where the syntax has none", Ending.ANSWERED)
def _native_fragments(dice: Random) -> bytes:
    value = item(b"") + item(dice.randbytes(4)) + sequence_end()
    return encapsulated(value, 1, "1.2.840.10008.1.2.1")


@FAMILIES.file("plain pixels where the syntax has fragments", Ending.TOLERATED)
def _plain(dice: Random) -> bytes:
    pixels = dice.randbytes(4)
    return meta(_RLE) + image_elements(_EIGHT_BITS, pixels)
