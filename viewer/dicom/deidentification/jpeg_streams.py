"""JPEG and JPEG-LS streams without anything but what makes their picture.

Comments, EXIF, thumbnails and whatever else application markers hold are left out;
those that tell a decoder how colours are coded are written anew, with nothing else in
them. The coded data are not touched.

References
----------
ISO/IEC 10918-1 Annex B, ISO/IEC 14495-1 Annex C.
"""

import re
from struct import pack, unpack_from
from typing import Final

import numpy as np
import numpy.typing as npt

from viewer.core.errors import PixelError

_START, _END = b"\xff\xd8", b"\xff\xd9"
_TABLES: Final = frozenset({0xC4, 0xCC, 0xDB, 0xDC, 0xDD, 0xDE, 0xDF})
_FRAMES: Final = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC} | {0xF7})
_QUANTISATION, _HUFFMAN = 0xDB, 0xC4
_LENGTHS: Final = {0xDC: 2, 0xDD: 2, 0xDF: 1}  # lines, restart interval, expansion
_SCAN, _LS_PARAMETERS, _LS_FRAME = 0xDA, 0xF8, 0xF7
_LS_CODING: Final = 1  # the only LSE that changes how samples are decoded
_LS_CODING_LENGTH: Final = 11
_MAP_TABLES: Final = (2, 3)
_SEARCHED: Final = 1 << 16  # bytes before the picture

_BLOCK: Final = 1 << 18

_FILLED_RESTART: Final = re.compile(rb"\xff{2,}(?=[\xd0-\xd7])")


def _endings(first: int) -> npt.NDArray[np.bool_]:
    """Which bytes after FF make a marker that ends coded data, from `first` on."""
    ending = np.zeros(256, bool)
    ending[first:0xFF] = True
    ending[0xD0:0xD8] = False  # restarts belong to them
    return ending


_ENDINGS, _LS_ENDINGS = _endings(0x01), _endings(0x80)
"""FF 00 is a stuffed byte; in JPEG-LS so is FF with any byte below 80."""

_JFIF: Final = b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0"
_ADOBE: Final = b"Adobe\0\x64\0\0\0\0"
_LS_COLOURS: Final = b"mrfx"


def cleaned(encoded: bytes) -> bytes:
    """The stream with the same picture and nothing else.

    Raises
    ------
    PixelError
        If it cannot be followed to its end.
    """
    start = encoded.find(b"\xff\xd8\xff", 0, _SEARCHED)
    if start < 0:
        raise _damaged()
    parts, position, endings = [_START], start + 2, _ENDINGS
    while True:
        marker, position = _marker(encoded, position)
        if marker == _END[1]:
            if len(parts) < 3:
                raise _damaged()
            return b"".join([*parts, _END])
        body = _body(encoded, position)
        position += 2 + len(body)
        parts.append(_kept(marker, body))
        if marker == _LS_FRAME:
            endings = _LS_ENDINGS
        if marker == _SCAN:
            end = _end(encoded, position, endings)
            parts.append(_unfilled(encoded[position:end]))
            position = end


def _marker(encoded: bytes, position: int) -> tuple[int, int]:
    """The marker at `position`, fill bytes passed over, and where it ends."""
    if encoded[position : position + 1] != b"\xff":
        raise _damaged()
    while encoded[position : position + 1] == b"\xff":
        position += 1
    if position >= len(encoded) or encoded[position] == 0:
        raise _damaged()
    return encoded[position], position + 1


def _body(encoded: bytes, position: int) -> bytes:
    if position + 2 > len(encoded):
        raise _damaged()
    (length,) = unpack_from(">H", encoded, position)
    if length < 2 or position + length > len(encoded):
        raise _damaged()
    return encoded[position + 2 : position + length]


def _end(encoded: bytes, position: int, endings: npt.NDArray[np.bool_]) -> int:
    """Where the coded data of a scan end, restarts included."""
    cells = np.frombuffer(encoded, np.uint8)
    for start in range(position, len(cells) - 1, _BLOCK):
        block = cells[start : start + _BLOCK + 1]
        after = np.flatnonzero(block[:-1] == 0xFF) + 1
        found = after[endings[block[after]]]
        if found.size:
            end = start + int(found[0]) - 1
            while end > position and encoded[end - 1] == 0xFF:
                end -= 1
            return end
    raise _damaged()


def _unfilled(coded: bytes) -> bytes:
    """Coded data without fill bytes before their restarts."""
    if b"\xff\xff" not in coded:
        return coded
    return _FILLED_RESTART.sub(b"\xff", coded)


def _kept(marker: int, body: bytes) -> bytes:
    """What of a segment a decoder needs; empty if nothing."""
    if marker in _FRAMES:
        body = _counted(body, 5, 6, 3)
    elif marker == _SCAN:
        body = _counted(body, 0, 1, 2, behind=3)
    elif marker == _LS_PARAMETERS:
        return _ls_parameters(body)
    else:
        whole = _tables if marker in _TABLES else _colours
        body = whole(marker, body)
        if not body:
            return b""
    return pack(">BBH", 0xFF, marker, len(body) + 2) + body


def _counted(
    body: bytes, count_at: int, start: int, each: int, behind: int = 0
) -> bytes:
    """A header as long as its number of components says."""
    needed = start + each * body[count_at] + behind if len(body) > count_at else 1
    if len(body) < needed:
        raise _damaged()
    return body[:needed]


def _tables(marker: int, body: bytes) -> bytes:
    """Tables as far as they are whole; what follows them in their segment is none."""
    if marker not in (_QUANTISATION, _HUFFMAN):
        return body[: _LENGTHS.get(marker, len(body))]
    position = 0
    while position < len(body):
        kind, number = divmod(body[position], 16)
        if marker == _QUANTISATION:
            size = 1 + 64 * (1 + kind)
        else:
            size = 17 + sum(body[position + 1 : position + 17])
        if kind > 1 or number > 3 or position + size > len(body):
            break
        position += size
    return body[:position]


def _ls_parameters(body: bytes) -> bytes:
    kind = body[0] if body else 0
    if kind in _MAP_TABLES:
        raise PixelError("The compressed image has colours in a table of its own.")
    if kind != _LS_CODING or len(body) < _LS_CODING_LENGTH:
        return b""
    body = body[:_LS_CODING_LENGTH]
    return pack(">BBH", 0xFF, _LS_PARAMETERS, len(body) + 2) + body


def _colours(marker: int, body: bytes) -> bytes:
    """What an application marker says of colours, written anew."""
    if marker == 0xE0 and body.startswith(b"JFIF\0"):
        return _JFIF
    if marker == 0xEE and body.startswith(b"Adobe") and len(body) >= 12:
        return _ADOBE + body[11:12]
    if marker == 0xE8 and body.startswith(_LS_COLOURS) and len(body) >= 5:
        return body[:5]
    return b""


def _damaged() -> PixelError:
    return PixelError("The compressed image cannot be followed to its end.")
