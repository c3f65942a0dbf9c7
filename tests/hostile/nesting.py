"""Sequences without bottom, without end, or without truth in their lengths."""

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
_CONTENT = 0x0040A730


def _image_with(tail: bytes) -> bytes:
    return meta() + image_elements(pixels=None) + tail


def _nested(depth: int, *, open_end: bool, vr: str = "SQ") -> bytes:
    content = b""
    for _ in range(depth):
        inner = item(content, open_end=open_end) + (sequence_end() if open_end else b"")
        content = element(_CONTENT, vr, inner, length=UNDEFINED if open_end else None)
    return content


@FAMILIES.file("sequences in sequences, each with an open end", Ending.REFUSED)
def _open_depth(dice: Random) -> bytes:
    return _image_with(_nested(dice.randint(70, 5000), open_end=True))


@FAMILIES.file("sequences in sequences, each of stated length", Ending.ANSWERED)
def _stated_depth(dice: Random) -> bytes:
    return _image_with(_nested(dice.randint(70, 2000), open_end=False))


@FAMILIES.file("sequences in values of unknown representation", Ending.ANSWERED)
def _unknown_depth(dice: Random) -> bytes:
    return _image_with(_nested(dice.randint(70, 5000), open_end=True, vr="UN"))


@FAMILIES.file("more items than a sequence can have", Ending.ANSWERED)
def _empty_items(dice: Random) -> bytes:
    items = item(b"") * dice.randint(100_000, 400_000)
    return _image_with(
        element(_CONTENT, "SQ", items + sequence_end(), length=UNDEFINED)
    )


@FAMILIES.file("items that reach past their sequence", Ending.REFUSED)
def _long_items(dice: Random) -> bytes:
    inner = element(0x00080100, "SH", "A")
    lie = item(inner)[:4] + dice.randint(1000, 1 << 31).to_bytes(4, "little") + inner
    before = element(0x00081140, "SQ", lie, length=UNDEFINED) + sequence_end()
    return meta() + before + image_elements()


@FAMILIES.file("a sequence that never ends", Ending.REFUSED)
def _endless(dice: Random) -> bytes:
    inner = item(element(0x00080100, "SH", "A"), open_end=True) * dice.randint(1, 9)
    return _image_with(element(_CONTENT, "SQ", inner, length=UNDEFINED))


@FAMILIES.file("delimiters where nothing is open", Ending.ANSWERED)
def _stray_delimiters(dice: Random) -> bytes:
    stray = sequence_end() * dice.randint(1, 50)
    head = image_elements(pixels=None)
    cut = dice.randrange(0, len(head), 2)
    return meta() + head[:cut] + stray + head[cut:]
