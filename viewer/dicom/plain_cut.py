"""The header of an ordinary file cut in one pass over its first bytes.

Ordinary is what needs no tolerance: Part 10 behind an empty preamble, little endian,
known value representations in ascending order, lengths that fit. At the first other
thing there is no answer, and `part10` finds out what the file is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from struct import Struct
from struct import error as OutOfBytes  # noqa: N812 - it says what happened
from typing import Final

from viewer.dicom import tag as tags
from viewer.dicom.codecs.syntaxes import SYNTAXES, Coding
from viewer.dicom.element import Element
from viewer.dicom.encoding import (
    EXPLICIT,
    EXPLICIT_UID,
    IMPLICIT,
    IMPLICIT_UID,
    LONG_VRS,
    SHORT_VRS,
    UNDEFINED,
    Encoding,
)
from viewer.dicom.plain_runs import Cut, Runs

WINDOW: Final = 1 << 18
"""Bytes a header may have; a Siemens MR needs half of them, most need a hundredth."""

_EXPLICIT_HEAD: Final = Struct("<HH2sH").unpack_from
_IMPLICIT_HEAD: Final = Struct("<HHL").unpack_from
_LENGTH: Final = Struct("<L").unpack_from
_START: Final = b"\0" * 128 + b"DICM"
_META_GROUP: Final = 0x0002
_FIRST_TAG: Final = 0x00080000
_LEAST_META: Final = 4  # attributes by which an encoding is told; see `encoding`
_ITEM, _ITEM_END, _ITEMS_END = 0xE000, 0xE00D, 0xE0DD
_DELIMITERS: Final = 0xFFFE
_UNDEFINED: Final = b"\xff" * 4
_PIXELS: Final = tags.PIXEL_DATA
_PAST_HEADER: Final = 0x7FE00001  # a group length may come before
_MOST_DEPTH: Final = 8
_LIKE_LETTERS: Final = 0x4141  # the first length that reads as a representation: "AA"

_ENCAPSULATED: Final = frozenset(
    uid
    for uid, syntax in SYNTAXES.items()
    if syntax.coding not in (Coding.NATIVE, Coding.DEFLATED_SET)
)


class _OddError(Exception):
    """Something is not ordinary; whoever reads everything shall look at it."""


@dataclass(frozen=True, slots=True)
class PlainCut:
    """The attributes of an ordinary file.

    Attributes
    ----------
    data : bytes
        The beginning of the file, with the whole header.
    size : int
        Of the file.
    values : mapping of int to bytes
        Everything that follows the tag: representation, length and value; of the
        pixel data without its value. File meta information is among them.
    transfer_syntax_uid : str
    encoding : Encoding
        Of the data set.
    pixels : Element or None
    """

    data: bytes
    size: int
    values: Mapping[int, bytes]
    transfer_syntax_uid: str
    encoding: Encoding
    pixels: Element | None

    def value(self, tag: int) -> tuple[str, bytes, Encoding]:
        """Representation, value and encoding of an attribute other than the pixels.

        A sequence of undefined length comes without its delimiter.

        Raises
        ------
        KeyError
            If there is none.
        """
        value = self.values[tag]
        encoding = EXPLICIT if tag >> 16 == _META_GROUP else self.encoding
        if encoding.implicit:
            vr, start = "", 4
        else:
            vr, start = value[:2].decode(), 8 if value[:2] in LONG_VRS else 4
        if start == len(value) or value[start - 4 : start] != _UNDEFINED:
            return vr, value[start:], encoding
        return vr, value[start:-8], encoding


def plain_cut(data: bytes, size: int, runs: Runs) -> PlainCut | None:
    """Cut the header of a file of `size` bytes that begins with `data`.

    Parameters
    ----------
    data : bytes
    size : int
    runs : Runs
        What is known of the files before, and will be of those after.

    Returns
    -------
    PlainCut or None
        None if anything about the file is not ordinary.
    """
    if not data.startswith(_START):
        return None
    values: dict[int, bytes] = {}
    try:
        position = _cut_meta(data, values, runs)
        uid = _transfer_syntax(values)
        encoding, known = IMPLICIT if uid == IMPLICIT_UID else EXPLICIT, len(values)
        if encoding.implicit:
            position = _cut_implicit(data, position, values)
        else:
            position = _cut_explicit(data, position, values, runs)
        if len(values) == known:  # no data set to tell an encoding by
            return None
        pixels = _pixels(data, size, position, uid, encoding)
    except (_OddError, OutOfBytes, UnicodeDecodeError):
        return None
    if pixels is not None:
        values[_PIXELS] = data[position + 4 : pixels.offset]
    return PlainCut(data, size, values, uid, encoding, pixels)


def _cut_meta(data: bytes, values: dict[int, bytes], runs: Runs) -> int:
    """Cut the file meta information; where the data set begins."""
    position, last = len(_START), 0
    cuts: list[Cut] = []
    long: list[bool] = []
    while data[position : position + 2] == b"\2\0":
        taken = runs.match(data, position, last, values)
        if taken is not None:
            position, last = taken
            continue
        group, number, vr, length = _EXPLICIT_HEAD(data, position)
        tag = group << 16 | number
        start = position + 8
        if vr in LONG_VRS:
            (length,) = _LENGTH(data, start)
            start += 4
        elif vr not in SHORT_VRS:
            raise _OddError
        end = start + length
        if tag <= last or end > len(data):
            raise _OddError
        values[tag] = data[position + 4 : end]
        cuts.append((tag, position, end))
        long.append(vr in LONG_VRS)
        position, last = end, tag
    if len(values) < _LEAST_META:
        raise _OddError
    runs.learn(data, cuts, long)
    return position


def _transfer_syntax(values: Mapping[int, bytes]) -> str:
    uid = values.get(tags.TRANSFER_SYNTAX_UID, b"")[4:].decode("ascii").strip(" \0")
    if uid in (EXPLICIT_UID, IMPLICIT_UID) or uid in _ENCAPSULATED:
        return uid
    raise _OddError


def _cut_explicit(
    data: bytes, position: int, values: dict[int, bytes], runs: Runs
) -> int:
    """Cut up to the pixels or to the end of `data`; where that is."""
    last, limit = _FIRST_TAG - 1, len(data)
    cuts: list[Cut] = []
    long: list[bool] = []
    while position < limit:
        taken = runs.match(data, position, last, values)
        if taken is not None:
            position, last = taken
            continue
        group, number, vr, length = _EXPLICIT_HEAD(data, position)
        tag = group << 16 | number
        if tag <= last:
            raise _OddError
        if tag >= _PAST_HEADER:
            break
        end = position + 8
        if vr in SHORT_VRS:
            end += length
        elif vr in LONG_VRS:
            (length,) = _LENGTH(data, end)
            end += 4
            if length == UNDEFINED:
                end = _behind_items(data, end, vr, 1)
            else:
                end += length
        else:
            raise _OddError
        if end > limit:
            raise _OddError
        values[tag] = data[position + 4 : end]
        if length != UNDEFINED:
            cuts.append((tag, position, end))
            long.append(vr in LONG_VRS)
        position, last = end, tag
    runs.learn(data, cuts, long)
    return position


def _cut_implicit(data: bytes, position: int, values: dict[int, bytes]) -> int:
    """As `_cut_explicit`; which attributes are sequences only their length tells."""
    last, limit = _FIRST_TAG - 1, len(data)
    while position < limit:
        group, number, length = _IMPLICIT_HEAD(data, position)
        tag = group << 16 | number
        if tag <= last:
            raise _OddError
        if tag >= _PAST_HEADER:
            return position
        end = position + 8
        if length == UNDEFINED:
            end = _behind_items(data, end, b"", 1)
        elif length >= _LIKE_LETTERS:
            raise _OddError
        else:
            end += length
        if end > limit:
            raise _OddError
        values[tag] = data[position + 4 : end]
        position, last = end, tag
    return position


def _behind_items(data: bytes, position: int, vr: bytes, depth: int) -> int:
    """Where the sequence of undefined length ends whose first item is at `position`.

    Parameters
    ----------
    vr : bytes
        Its representation; empty where implicit.
    """
    if vr not in (b"SQ", b"") or depth > _MOST_DEPTH:
        raise _OddError
    first = position
    while True:
        group, number, length = _IMPLICIT_HEAD(data, position)
        position += 8
        if group != _DELIMITERS:
            raise _OddError
        if number == _ITEMS_END and length == 0 and position > first + 8:
            return position
        if number != _ITEM:
            raise _OddError
        end = None if length == UNDEFINED else position + length
        position = _behind_item(data, position, end, depth, implicit=not vr)


def _behind_item(
    data: bytes, position: int, end: int | None, depth: int, *, implicit: bool
) -> int:
    """Where an item ends; at `end`, or at its delimiter if that is None."""
    last = 0
    while position != end:
        group, number, length = _IMPLICIT_HEAD(data, position)
        if group == _DELIMITERS:
            if number != _ITEM_END or length or end is not None:
                raise _OddError
            return position + 8
        tag, vr = group << 16 | number, b""
        position += 8
        if not implicit:
            vr = data[position - 4 : position - 2]
            if vr in SHORT_VRS:
                length >>= 16
            elif vr in LONG_VRS:
                (length,) = _LENGTH(data, position)
                position += 4
            else:
                raise _OddError
        if length == UNDEFINED:
            position = _behind_items(data, position, vr, depth + 1)
        elif implicit and length >= _LIKE_LETTERS:
            raise _OddError
        else:
            position += length
        if tag <= last or position > (len(data) if end is None else end):
            raise _OddError
        last = tag
    return position


def _pixels(
    data: bytes, size: int, position: int, uid: str, encoding: Encoding
) -> Element | None:
    """The pixel data, which ends the file; None if the header does."""
    if position == size:
        return None
    group, number, length = _IMPLICIT_HEAD(data, position)
    if group << 16 | number != _PIXELS:
        raise _OddError
    start, vr = position + 8, ""
    if not encoding.implicit:
        vr = data[position + 4 : position + 6].decode("ascii")
        if vr not in ("OB", "OW"):
            raise _OddError
        (length,) = _LENGTH(data, start)
        start += 4
    compressed = uid in _ENCAPSULATED
    if compressed != (length == UNDEFINED):
        raise _OddError
    if not compressed and start + length != size:
        raise _OddError
    return Element(_PIXELS, vr, start, length, encoding)
