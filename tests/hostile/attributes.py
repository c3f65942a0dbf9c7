"""Attributes too many, too long, twice, or of another type than theirs."""

import struct
from random import Random

from tests.dicom.written_files import (
    SECONDARY_CAPTURE,
    UNDEFINED,
    element,
    image_elements,
    meta,
)
from tests.hostile.family import Ending, Families

FAMILIES = Families()
_ROWS = 0x00280010


def _with(*extra: tuple[int, str, str | bytes | float | tuple[float, ...]]) -> bytes:
    return meta() + image_elements(extra)


def _replaced(tag: int, raw: bytes) -> bytes:
    """The image with the attribute `tag` written as `raw`."""
    whole = image_elements()
    head = struct.pack("<HH", tag >> 16, tag & 0xFFFF)
    at = whole.index(head)
    return meta() + whole[:at] + raw + whole[at + 10 :]


@FAMILIES.file("more attributes than a data set can have", Ending.REFUSED)
def _too_many(dice: Random) -> bytes:
    one = element(0x00091001 + dice.randrange(64), "SH", b"")
    return meta() + one * 2_000_100 + image_elements()


@FAMILIES.file("an attribute over and over", Ending.TOLERATED)
def _twice(dice: Random) -> bytes:
    names = b"".join(
        element(0x00080090, "PN", f"Name{n}") for n in range(dice.randint(2, 2000))
    )
    return meta() + names + image_elements()


@FAMILIES.file("attributes in no order", Ending.ANSWERED)
def _shuffled(dice: Random) -> bytes:
    parts = [element(0x00100010 + n, "LO", f"v{n}") for n in range(40)]
    dice.shuffle(parts)
    return meta() + b"".join(parts) + image_elements()


@FAMILIES.file("a value longer than the file", Ending.REFUSED)
def _too_long(dice: Random) -> bytes:
    length = dice.randint(1 << 20, UNDEFINED - 1)
    claim = element(0x00291010, "OB", b"abc", length=length)
    return meta() + image_elements(pixels=None) + claim


@FAMILIES.file("a text of undefined length", Ending.REFUSED)
def _open_text(dice: Random) -> bytes:
    claim = element(0x00080081, "UT", bytes(dice.randint(1, 99)), length=UNDEFINED)
    return meta() + claim + image_elements()


@FAMILIES.file("a representation that does not exist", Ending.TOLERATED)
def _no_such_vr(dice: Random) -> bytes:
    vr = bytes([ord("X"), dice.randint(65, 90)])
    head = struct.pack("<HH", 0x0009, 0x1001)
    whole = _with((0x00091001, "SH", "oddness!"))
    return whole.replace(head + b"SH", head + vr)


@FAMILIES.file("Rows written as UL", Ending.ANSWERED)
def _rows_as_ul(dice: Random) -> bytes:
    return _replaced(_ROWS, element(_ROWS, "UL", dice.choice([2, 0x10002, 1 << 31])))


@FAMILIES.file("Rows written as a decimal text", Ending.ANSWERED)
def _rows_as_text(dice: Random) -> bytes:
    text = dice.choice(["2", "2e0", "1e308", "-2", "nan", "inf", "two", "0x2"])
    return _replaced(_ROWS, element(_ROWS, "DS", text))


@FAMILIES.file("Rows with no value, or with many", Ending.ANSWERED)
def _rows_many(dice: Random) -> bytes:
    values = tuple(
        float(dice.randint(0, 65535)) for _ in range(dice.choice([0, 2, 99]))
    )
    return _replaced(_ROWS, element(_ROWS, "US", values))


@FAMILIES.file("a name of megabytes", Ending.ANSWERED)
def _long_name(dice: Random) -> bytes:
    text = b"A^" * dice.randint(1 << 20, 8 << 20)
    claim = element(0x00100010, "UT", text)
    comment = element(0x00104000, "UT", text)
    return meta() + claim + comment + image_elements()


@FAMILIES.file("terms by the million", Ending.ANSWERED)
def _many_terms(dice: Random) -> bytes:
    terms = b"SE\\" * dice.randint(1 << 17, 1 << 20)
    return _with(
        (0x00080008, "UT", terms),
        (0x00180020, "UT", terms),
        (0x00282110, "CS", "01"),
        (0x00282112, "UT", b"1\\" * (1 << 18)),
        (0x00282114, "UT", terms),
    )


@FAMILIES.file("numbers that are none", Ending.ANSWERED)
def _no_numbers(dice: Random) -> bytes:
    odd = ["nan", "inf", "-inf", "1e999", "--1", "", "1,5", "9" * 4400, "１２", "1_000"]
    return _with(
        (0x00280030, "UT", f"{dice.choice(odd)}\\{dice.choice(odd)}"),
        (0x00281050, "UT", dice.choice(odd)),
        (0x00281051, "UT", dice.choice(odd)),
        (0x00281052, "UT", dice.choice(odd)),
        (0x00281053, "UT", dice.choice(odd)),
        (0x00200013, "UT", dice.choice(odd)),
        (0x00200032, "UT", "\\".join(dice.choices(odd, k=3))),
        (0x00200037, "UT", "\\".join(dice.choices(odd, k=6))),
    )


@FAMILIES.file("a character set that does not exist", Ending.ANSWERED)
def _character_set(dice: Random) -> bytes:
    named = ["ISO_IR 999", "rot13", "zlib_codec", "\\ISO 2022 IR 87", "idna", "GB18030"]
    return _with(
        (0x00080005, "CS", dice.choice(named)),
        (0x00100010, "PN", dice.randbytes(60)),
        (0x0008103E, "LO", b"\x1b$B" + dice.randbytes(40) + b"\x1b"),
    )


@FAMILIES.file("identifiers that are paths, or commands", Ending.ANSWERED)
def _paths(dice: Random) -> bytes:
    odd = [
        "../../../etc/passwd",
        "/dev/null",
        "C:\\x",
        "$(id)",
        "a\0b",
        "'; --",
        "%n%s",
    ]
    return _with(
        (0x00080018, "UI", dice.choice(odd)),
        (0x0020000D, "UI", dice.choice(odd)),
        (0x0020000E, "UI", dice.choice(odd)),
        (0x00100020, "LO", dice.choice(odd)),
        (0x00080060, "CS", dice.choice(odd)),
    )


@FAMILIES.file("a transfer syntax it is not written in", Ending.ANSWERED)
def _other_syntax(dice: Random) -> bytes:
    named = [
        ".1",
        ".2",
        "",
        ".1.99",
        ".4.50",
        ".4.201",
        ".4.110",
        ".5",
        ".8.1",
        ".1.98",
    ]
    syntax = "1.2.840.10008.1.2" + dice.choice(named)
    return meta(syntax, SECONDARY_CAPTURE) + image_elements(
        implicit=dice.random() < 0.5, order=dice.choice("<>")
    )


@FAMILIES.file("times and ages beyond every calendar", Ending.ANSWERED)
def _times(dice: Random) -> bytes:
    odd = ["99999999", "00000000", "20230229", "-1", "2023-13-45", "20240101" * 9]
    return _with(
        (0x00080020, "DA", dice.choice(odd)),
        (0x00080030, "TM", dice.choice(odd)),
        (0x00100030, "DA", dice.choice(odd)),
        (0x00101010, "AS", dice.choice(["999Y", "-01Y", "Y", "1e9D", "01 Y"])),
    )
