"""Facts about pixels that cannot be: sizes, bits, frames, samples."""

import struct
from random import Random

from tests.dicom.written_files import Value, element, image_elements, meta
from tests.hostile.family import Ending, Families

FAMILIES = Families()
_ROWS, _COLUMNS, _FRAMES = 0x00280010, 0x00280011, 0x00280008
_SAMPLES, _PHOTOMETRIC, _PLANAR = 0x00280002, 0x00280004, 0x00280006
_ALLOCATED, _STORED, _HIGH = 0x00280100, 0x00280101, 0x00280102


def _with(*extra: tuple[int, str, Value], pixels: bytes = bytes(8)) -> bytes:
    return meta() + image_elements(extra, pixels)


@FAMILIES.file("an image larger than every memory", Ending.NO_PICTURE)
def _huge(dice: Random) -> bytes:
    side = dice.randint(40_000, 65_535)
    return _with((_ROWS, "US", side), (_COLUMNS, "US", side))


@FAMILIES.file("as many frames as a number can say", Ending.ANSWERED)
def _frames(dice: Random) -> bytes:
    frames = dice.choice(
        ["2147483647", "-1", "0", "99999999999999", "1e9", "4294967297"]
    )
    return _with((_FRAMES, "IS", frames))


@FAMILIES.file("millions of frames of one pixel", Ending.ANSWERED)
def _tiny_frames(dice: Random) -> bytes:
    frames = dice.randint(2_000_000, 8_000_000)
    return _with(
        (_FRAMES, "IS", str(frames)),
        (_ROWS, "US", 1),
        (_COLUMNS, "US", 1),
        (_ALLOCATED, "US", 1),
        (_STORED, "US", 1),
        (_HIGH, "US", 0),
        pixels=bytes(frames // 8 + 1),
    )


@FAMILIES.file("an image without size", Ending.NO_PICTURE)
def _empty(dice: Random) -> bytes:
    rows, columns = dice.choice([(0, 0), (0, 2), (2, 0)])
    return _with((_ROWS, "US", rows), (_COLUMNS, "US", columns))


@FAMILIES.file("more samples than colours", Ending.NO_PICTURE)
def _samples(dice: Random) -> bytes:
    return _with((_SAMPLES, "US", dice.choice([2, 5, 255, 65535])))


@FAMILIES.file("bits no sample has", Ending.NO_PICTURE)
def _bits(dice: Random) -> bytes:
    return _with((_ALLOCATED, "US", dice.choice([0, 2, 7, 12, 24, 33, 128, 65535])))


@FAMILIES.file("more bits stored than allocated", Ending.ANSWERED)
def _stored(dice: Random) -> bytes:
    return _with(
        (_STORED, "US", dice.choice([0, 17, 255, 65535])),
        (_HIGH, "US", dice.choice([0, 16, 255, 65535])),
    )


@FAMILIES.file("fewer pixels than stated", Ending.NO_PICTURE)
def _short(dice: Random) -> bytes:
    side = dice.randint(3, 5_000)
    return _with((_ROWS, "US", side), (_COLUMNS, "US", side))


@FAMILIES.file("colours that do not fit the samples", Ending.ANSWERED)
def _colours(dice: Random) -> bytes:
    named = [
        "RGB",
        "PALETTE COLOR",
        "YBR_FULL_422",
        "YBR_ICT",
        "CMYK",
        "HSV",
        "",
        "x" * 80,
    ]
    return _with(
        (_SAMPLES, "US", dice.choice([1, 3, 4])),
        (_PHOTOMETRIC, "UT", dice.choice(named)),
        (_PLANAR, "US", dice.choice([0, 1, 2, 65535])),
        pixels=bytes(64),
    )


@FAMILIES.file("floating-point pixels that are no numbers", Ending.ANSWERED)
def _floats(dice: Random) -> bytes:
    odd = [float("nan"), float("inf"), float("-inf"), 3e38, -3e38, 1e-45, 0.0]
    values = struct.pack("<4f", *dice.choices(odd, k=4))
    head = image_elements([(_ALLOCATED, "US", 32)], None)
    return meta() + head + element(0x7FE00008, "OF", values)


@FAMILIES.file("per-frame facts that do not match the frames", Ending.ANSWERED)
def _functional_groups(dice: Random) -> bytes:
    one = struct.pack("<HHL", 0xFFFE, 0xE000, 0)
    groups = element(0x52009230, "SQ", one * dice.choice([0, 1, 3, 50_000]))
    shared = element(0x52009229, "SQ", one * dice.choice([0, 2, 9]))
    head = image_elements([(_FRAMES, "IS", "2")], None)
    return meta() + head + shared + groups + element(0x7FE00010, "OW", bytes(16))


@FAMILIES.file("pixels of every size but the right one", Ending.ANSWERED)
def _padding(dice: Random) -> bytes:
    return _with(pixels=dice.randbytes(2 * dice.randint(0, 3000)))
