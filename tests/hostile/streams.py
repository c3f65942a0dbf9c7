"""Code streams that are endless, huge, cut, or not what their header says."""

import struct
import zlib
from random import Random

import imagecodecs
import numpy as np

from tests.dicom.code_streams import hostile_jpeg_2000
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
_ROOT = "1.2.840.10008.1.2"
_J2K, _JPEG, _JPEG_LS, _RLE = ".4.90", ".4.50", ".4.80", ".5"
_HTJ2K, _JPEG_XL, _DEFLATED = ".4.201", ".4.110", ".8.1"
_CODED = [_J2K, _JPEG, ".4.51", ".4.57", ".4.70", _JPEG_LS, _RLE, _HTJ2K, _JPEG_XL]


def image_of(stream: bytes, syntax: str, rows: int, columns: int) -> bytes:
    """An image of 8 bits that is said to have this size, and this code stream."""
    facts = (
        (0x00280010, "US", float(rows)),
        (0x00280011, "US", float(columns)),
        (0x00280100, "US", 8.0),
        (0x00280101, "US", 8.0),
        (0x00280102, "US", 7.0),
    )
    padded = stream + b"\0" * (len(stream) % 2)
    value = item(b"") + item(padded) + sequence_end()
    pixels = element(0x7FE00010, "OB", value, length=UNDEFINED)
    return meta(_ROOT + syntax) + image_elements(facts, None) + pixels


def _encoded(syntax: str, dice: Random, side: int = 64) -> bytes:
    noise = np.frombuffer(dice.randbytes(side * side), np.uint8).reshape(side, side)
    if syntax == _JPEG_LS:
        return bytes(imagecodecs.jpegls_encode(noise))
    if syntax == _J2K:
        return bytes(imagecodecs.jpeg2k_encode(noise, level=0))
    if syntax == _HTJ2K:
        return bytes(imagecodecs.htj2k_encode(noise))
    if syntax == _JPEG_XL:
        return bytes(imagecodecs.jpegxl_encode(noise))
    return bytes(imagecodecs.jpeg_encode(noise))


def _one(dice: Random) -> str:
    return dice.choice([_JPEG_LS, _J2K, _HTJ2K, _JPEG_XL, _JPEG])


@FAMILIES.file("a JPEG 2000 that keeps books of millions", Ending.NO_PICTURE)
def _precincts(dice: Random) -> bytes:
    side = dice.randint(1500, 4000)
    stream = hostile_jpeg_2000(side, side, coded=side * side // 8)
    return image_of(stream, _J2K, side, side)


@FAMILIES.file("a JPEG 2000 of millions of tiles", Ending.ANSWERED)
def _tiles(dice: Random) -> bytes:
    side = dice.randint(1000, 4000)
    return image_of(hostile_jpeg_2000(side, side, tile=1), _J2K, side, side)


@FAMILIES.file("a code stream of another size", Ending.NO_PICTURE)
def _other_size(dice: Random) -> bytes:
    syntax = _one(dice)
    stream = _encoded(syntax, dice)
    return image_of(stream, syntax, dice.choice([2, 63, 65, 9000]), 64)


@FAMILIES.file("a code stream that says it is huge", Ending.NO_PICTURE)
def _huge_jpeg(dice: Random) -> bytes:
    stream = bytearray(_encoded(_JPEG, dice))
    at = stream.index(b"\xff\xc0") + 5
    stream[at : at + 4] = struct.pack(">HH", 65500, dice.randint(30_000, 65_500))
    return image_of(bytes(stream), _JPEG, 64, 64)


@FAMILIES.file("a few bytes that grow to a huge blank image", Ending.NO_PICTURE)
def _blank(dice: Random) -> bytes:
    side = dice.randint(10_000, 20_000)
    one = bytes(imagecodecs.jpegls_encode(np.zeros((64, 64), np.uint8)))
    stream = bytearray(one)
    at = stream.index(b"\xff\xf7") + 5
    stream[at : at + 4] = struct.pack(">HH", side, side)
    return image_of(bytes(stream) + bytes(50_000), _JPEG_LS, side, side)


@FAMILIES.file("a deflated frame that is a bomb", Ending.NO_PICTURE)
def _bomb(dice: Random) -> bytes:
    side = dice.randint(12_000, 30_000)
    squeeze = zlib.compressobj(9, wbits=-zlib.MAX_WBITS)
    stream = squeeze.compress(bytes(1 << 20)) + squeeze.flush(zlib.Z_FULL_FLUSH)
    again = squeeze.compress(bytes(1 << 20)) + squeeze.flush(zlib.Z_FULL_FLUSH)
    whole = stream + again * (side * side >> 20) + squeeze.flush()
    return image_of(whole, _DEFLATED, side, side)


@FAMILIES.file("run lengths whose segments lie", Ending.ANSWERED)
def _segments(dice: Random) -> bytes:
    count = dice.choice([0, 1, 2, 15, 16, UNDEFINED])
    offsets = [dice.choice([0, 64, 65, 66, UNDEFINED]) for _ in range(15)]
    stream = struct.pack("<16L", count, *offsets) + dice.randbytes(50)
    return image_of(stream, _RLE, 2, 2)


@FAMILIES.file("run lengths without end", Ending.ANSWERED)
def _runs(dice: Random) -> bytes:
    runs = bytes([129, dice.randrange(256)]) * dice.randint(1 << 18, 1 << 20)
    return image_of(struct.pack("<16L", 1, 64, *[0] * 14) + runs, _RLE, 2, 2)


@FAMILIES.file("a code stream cut short", Ending.ANSWERED)
def _cut(dice: Random) -> bytes:
    syntax = _one(dice)
    stream = _encoded(syntax, dice)
    return image_of(stream[: dice.randrange(len(stream))], syntax, 64, 64)


@FAMILIES.file("a code stream with damage", Ending.ANSWERED)
def _damaged(dice: Random) -> bytes:
    syntax = _one(dice)
    stream = bytearray(_encoded(syntax, dice))
    for _ in range(dice.randint(1, 30)):
        stream[dice.randrange(len(stream))] = dice.randrange(256)
    return image_of(bytes(stream), syntax, 64, 64)


@FAMILIES.file("a code stream that is noise", Ending.NO_PICTURE)
def _noise(dice: Random) -> bytes:
    begin = dice.choice(
        [b"", b"\xff\xd8\xff", b"\xff\x4f\xff\x51", b"\xff\x0a", b"\xff\xd8"]
    )
    stream = begin + dice.randbytes(dice.randint(0, 4000))
    return image_of(stream, dice.choice(_CODED), 64, 64)


@FAMILIES.file("a code stream of another coding", Ending.ANSWERED)
def _other_coding(dice: Random) -> bytes:
    return image_of(_encoded(_one(dice), dice), dice.choice(_CODED), 64, 64)


@FAMILIES.file("a progressive JPEG of a thousand scans", Ending.ANSWERED)
def _scans(dice: Random) -> bytes:
    side = dice.randint(2000, 4000)
    quantities = b"\xff\xdb" + struct.pack(">HB", 67, 0) + b"\1" * 64
    frame = b"\xff\xc2" + struct.pack(">HBHHB3B", 11, 8, side, side, 1, 1, 0x11, 0)
    codes = b"\xff\xc4" + struct.pack(">HB", 20, 0) + bytes([1]) + bytes(15) + b"\0"
    ac = b"\xff\xc4" + struct.pack(">HB", 20, 16) + bytes([1]) + bytes(15) + b"\0"
    first = b"\xff\xda" + struct.pack(">HB2B3B", 8, 1, 1, 0, 0, 0, 1) + bytes(4)
    again = b"\xff\xda" + struct.pack(">HB2B3B", 8, 1, 1, 0, 1, 63, 1) + bytes(4)
    stream = b"\xff\xd8" + quantities + frame + codes + ac + first
    stream += again * dice.randint(1000, 20_000) + b"\xff\xd9"
    return image_of(stream, ".4.51", side, side)
