"""Deflated data sets that grow, end early, or are damaged; PS3.5 A.5."""

import struct
import zlib
from random import Random

from tests.dicom.written_files import DEFLATED, image_elements, meta
from tests.hostile.family import Ending, Families

FAMILIES = Families()


def _bomb(inflated: int) -> bytes:
    squeeze = zlib.compressobj(9, wbits=-zlib.MAX_WBITS)
    pixels = struct.pack("<HH2sHL", 0x7FE0, 0x0010, b"OW", 0, inflated)
    head = squeeze.compress(image_elements(pixels=None) + pixels)
    head += squeeze.flush(zlib.Z_FULL_FLUSH)
    zeros = squeeze.compress(bytes(1 << 20)) + squeeze.flush(zlib.Z_FULL_FLUSH)
    return meta(DEFLATED) + head + zeros * (inflated >> 20) + squeeze.flush()


@FAMILIES.file("a deflated data set that is a bomb", Ending.REFUSED)
def _grows(dice: Random) -> bytes:
    return _bomb(dice.randint(600, 3000) << 20)


@FAMILIES.file("a deflated data set just below the bound", Ending.ANSWERED)
def _below(dice: Random) -> bytes:
    return _bomb(dice.randint(100, 500) << 20)


@FAMILIES.file("a deflated data set that ends early", Ending.REFUSED)
def _ends(dice: Random) -> bytes:
    whole = _bomb(1 << 20)
    return whole[: -dice.randint(10, len(whole) // 4)]


@FAMILIES.file("a deflated data set with damage", Ending.ANSWERED)
def _damaged(dice: Random) -> bytes:
    whole = bytearray(_bomb(1 << 20))
    for _ in range(dice.randint(1, 40)):
        whole[dice.randrange(len(meta(DEFLATED)), len(whole))] = dice.randrange(256)
    return bytes(whole)
