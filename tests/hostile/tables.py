"""Palettes, lookup tables, windows, overlays, shutters and profiles that lie."""

import struct
from random import Random

from tests.dicom.written_files import Value, element, image_elements, item, meta
from tests.hostile.family import Ending, Families

FAMILIES = Families()
_PALETTE = (0x00280004, "CS", "PALETTE COLOR")
_WIDTHS = [0, 1, 2, 255, 256, 32768, 65535]
_ODD = ["nan", "inf", "-1e308", "1e308", "0", "-1", "1e-320", "x", ""]


def _with(*extra: tuple[int, str, Value]) -> bytes:
    return meta() + image_elements(extra)


def _sequence(tag: int, *content: bytes) -> tuple[int, str, bytes]:
    return tag, "SQ", b"".join(map(item, content))


@FAMILIES.file("a palette shorter or longer than stated", Ending.ANSWERED)
def _palette(dice: Random) -> bytes:
    descriptors = [
        (
            tag,
            "US",
            (float(dice.choice(_WIDTHS)), 0.0, float(dice.choice([0, 8, 16, 99]))),
        )
        for tag in (0x00281101, 0x00281102, 0x00281103)
    ]
    tables = [
        (tag, "OW", bytes(dice.choice([0, 2, 510, 512, 131_072, 1 << 21])))
        for tag in (0x00281201, 0x00281202, 0x00281203)
    ]
    return _with(_PALETTE, *descriptors, *tables)


@FAMILIES.file("a segmented palette that copies nothing without end", Ending.TOLERATED)
def _indirect(dice: Random) -> bytes:
    nothing = struct.pack("<2H", 0, 0) * 32_000
    storm = struct.pack("<4H", 2, 32_000, 0, 0) * dice.randint(5_000, 16_000)
    return _segmented(nothing + storm)


@FAMILIES.file("a segmented palette that is noise", Ending.ANSWERED)
def _segments(dice: Random) -> bytes:
    words = [dice.choice([0, 1, 2, 3, 255, 65535]) for _ in range(dice.randint(0, 900))]
    return _segmented(struct.pack(f"<{len(words)}H", *words))


def _segmented(words: bytes) -> bytes:
    descriptors = [
        (tag, "US", (0.0, 0.0, 16.0)) for tag in (0x00281101, 0x00281102, 0x00281103)
    ]
    tables = [(tag, "OW", words) for tag in (0x00281221, 0x00281222, 0x00281223)]
    return _with(_PALETTE, *descriptors, *tables)


@FAMILIES.file("a VOI table that is no table", Ending.ANSWERED)
def _voi(dice: Random) -> bytes:
    return _with(_sequence(0x00283010, *(_table(dice) for _ in range(3))))


@FAMILIES.file("a modality table that is no table", Ending.ANSWERED)
def _modality(dice: Random) -> bytes:
    return _with(_sequence(0x00283000, *(_table(dice) for _ in range(3))))


def _table(dice: Random) -> bytes:
    count, bits = dice.choice(_WIDTHS), dice.choice([0, 1, 8, 12, 16, 17, 65535])
    shape = tuple(map(float, (count, dice.choice(_WIDTHS), bits)))
    return (
        element(0x00283002, "US", shape[: dice.choice([0, 2, 3, 3, 3])])
        + element(0x00283004, "LO", "HU")
        + element(0x00283006, "OW", dice.randbytes(2 * dice.randint(0, 500)))
    )


@FAMILIES.file("windows and rescales that are no numbers", Ending.ANSWERED)
def _windows(dice: Random) -> bytes:
    return _with(
        (0x00281050, "DS", "\\".join(dice.choices(_ODD, k=3))),
        (0x00281051, "DS", "\\".join(dice.choices(_ODD, k=2))),
        (0x00281052, "DS", dice.choice(_ODD)),
        (0x00281053, "DS", dice.choice(_ODD)),
        (0x00281056, "CS", dice.choice(["LINEAR", "SIGMOID", "LINEAR_EXACT", "?"])),
    )


@FAMILIES.file("overlays larger than their bytes", Ending.ANSWERED)
def _overlays(dice: Random) -> bytes:
    planes: list[tuple[int, str, Value]] = []
    for group in range(0x6000, 0x6020, 2):
        base = group << 16
        planes += [
            (base | 0x10, "US", float(dice.choice([0, 1, 2, 65535]))),
            (base | 0x11, "US", float(dice.choice([0, 1, 2, 65535]))),
            (base | 0x15, "IS", dice.choice(["1", "0", "-5", "2147483647"])),
            (base | 0x50, "SS", (float(dice.choice([1, -32768, 32767])), 1.0)),
            (base | 0x100, "US", float(dice.choice([0, 1, 16, 65535]))),
            (base | 0x102, "US", float(dice.choice([0, 15, 16, 65535]))),
            (base | 0x3000, "OW", bytes(2 * dice.randint(0, 9))),
        ]
    return _with(*planes)


@FAMILIES.file("shutters without end and without sense", Ending.ANSWERED)
def _shutters(dice: Random) -> bytes:
    points = "\\".join(dice.choices(["1", "-99999", "2147483647", "x", ""], k=20_000))
    return _with(
        (0x00181600, "CS", "RECTANGULAR\\CIRCULAR\\POLYGONAL\\BITMAP"),
        (0x00181602, "IS", dice.choice(["-1", "99999999", "x"])),
        (0x00181604, "IS", dice.choice(["-1", "99999999", "x"])),
        (0x00181610, "IS", dice.choice(["1", "1\\1", "-9\\9999999"])),
        (0x00181612, "IS", dice.choice(["0", "-1", "2147483647"])),
        (0x00181620, "UT", points),
        (0x00181623, "US", 0x6000),
    )


@FAMILIES.file("a colour profile that is noise", Ending.ANSWERED)
def _profile(dice: Random) -> bytes:
    size = dice.choice([0, 4, 128, 3000, 1 << 20])
    header = struct.pack(">L4s", dice.choice([size, 1 << 31]), b"lcms") + bytes(28)
    noise = (header + b"acsp" + dice.randbytes(size))[: size or 2]
    return _with(
        (0x00280002, "US", 3),
        (0x00280004, "CS", "RGB"),
        (0x00280100, "US", 8),
        (0x00280101, "US", 8),
        (0x00280102, "US", 7),
        (0x00282000, "OB", noise + b"\0" * (len(noise) % 2)),
        (0x7FE00010, "OW", bytes(12)),
    )


@FAMILIES.file("ultrasound regions and value maps without measure", Ending.ANSWERED)
def _regions(dice: Random) -> bytes:
    region = b"".join(
        element(0x00186000 | tag, "UL", float(dice.choice([0, 5, 2**31, 2**32 - 1])))
        for tag in (0x18, 0x1A, 0x1C, 0x1E)
    ) + element(0x0018602C, "FD", dice.choice([float("nan"), float("inf"), 0.0, -1.0]))
    value_map = element(0x00409216, "US", 9.0) + element(0x00409211, "US", 1.0)
    value_map += element(0x00409212, "FD", tuple([float("nan")] * dice.randint(0, 9)))
    return _with(
        _sequence(0x00186011, *[region] * dice.randint(1, 500)),
        _sequence(0x00409096, *[value_map] * dice.randint(1, 500)),
    )
