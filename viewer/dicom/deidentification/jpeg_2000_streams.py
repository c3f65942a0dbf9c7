"""JPEG 2000 and HTJ2K streams without anything but what makes their picture.

Comments go from the main header and from every tile-part; what a file wraps around the
stream (XML, UUID and other boxes) goes as a whole. Lengths that speak of tile-parts are
written anew; the coded data are not touched.

References
----------
ISO/IEC 15444-1 Annex A, -2 Annex A, -15; Annex I for the boxes.
"""

import struct
from collections.abc import Iterator
from struct import pack, pack_into, unpack_from
from typing import Final, NamedTuple

from viewer.core.errors import PixelError

_JP2: Final = b"\x00\x00\x00\x0cjP  \r\n\x87\n"
_SOC, _SOT, _SOD, _EOC = 0xFF4F, 0xFF90, 0xFF93, 0xFFD9
_TLM: Final = 0xFF55
_KEPT: Final = frozenset(
    {
        *(0xFF50, 0xFF51, 0xFF52, 0xFF53),  # CAP SIZ COD COC
        0xFF55,  # TLM, which some transfer syntaxes ask for
        *range(0xFF5C, 0xFF62),  # QCD QCC RGN POC PPM PPT
        *range(0xFF72, 0xFF7A),  # of part 2: DFS ADS MCT MCC NLT MCO CBD ATK
    }
)
"""Markers a decoder needs. COM goes, and so do lengths of packets, registration and
profiles, which it can do without."""


class _TilePart(NamedTuple):
    header: bytes  # from SOT on, without the marker SOD
    coded: bytes


def is_wrapped(encoded: bytes) -> bool:
    """Whether a file format lies around the stream, which may say more of colours."""
    return encoded.startswith(_JP2)


def cleaned(encoded: bytes) -> bytes:
    """The bare stream with the same picture and nothing else.

    Raises
    ------
    PixelError
        If it cannot be followed to its end.
    """
    stream = _unwrapped(encoded) if is_wrapped(encoded) else encoded
    start = stream.find(b"\xff\x4f\xff\x51")
    if start < 0:
        raise _damaged()
    try:
        return _cleaned(stream[start:])
    except (struct.error, IndexError) as error:
        raise _damaged() from error


def _cleaned(stream: bytes) -> bytes:
    segments, position = _header(stream, 2)
    parts = []
    while _word(stream, position) == _SOT:
        part, position = _tile_part(stream, position)
        parts.append(part)
    if _word(stream, position) != _EOC or not parts:
        raise _damaged()
    lengths = iter([len(part.header) + 2 + len(part.coded) for part in parts])
    main = [_with_lengths(segment, lengths) for segment in segments]
    whole = [pack(">H", _SOC), *main]
    for header, coded in parts:
        whole += [header, pack(">H", _SOD), coded]
    return b"".join([*whole, pack(">H", _EOC)])


def _header(stream: bytes, position: int) -> tuple[list[bytes], int]:
    """The segments to keep up to the next SOT or SOD, and where that lies."""
    kept = []
    while (marker := _word(stream, position)) not in (_SOT, _SOD):
        length = _word(stream, position + 2)
        end = position + 2 + length
        if marker < 0xFF00 or length < 2 or end > len(stream):
            raise _damaged()
        if marker in _KEPT:
            kept.append(stream[position:end])
        position = end
    return kept, position


def _tile_part(stream: bytes, start: int) -> tuple[_TilePart, int]:
    """One tile-part with its length made true, and where the next begins."""
    length, tile, stated, number, count = unpack_from(">HHIBB", stream, start + 2)
    if length != 10:
        raise _damaged()
    kept, position = _header(stream, start + 12)
    # A length of zero: up to the end marker, which nothing in coded data looks like.
    end = start + stated if stated else stream.find(pack(">H", _EOC), position)
    if _word(stream, position) != _SOD or not position + 2 <= end <= len(stream):
        raise _damaged()
    coded = stream[position + 2 : end]
    total = 12 + sum(map(len, kept)) + 2 + len(coded)
    sot = pack(">HHHIBB", _SOT, 10, tile, total, number, count)
    return _TilePart(sot + b"".join(kept), coded), end


def _with_lengths(segment: bytes, lengths: Iterator[int]) -> bytes:
    """A list of tile-part lengths with those that hold now; ISO/IEC 15444-1 A.7.1."""
    if _word(segment, 0) != _TLM:
        return segment
    body = bytearray(segment)
    index_bytes, wide = (segment[5] >> 4) & 3, bool(segment[5] & 0x40)
    each = index_bytes + (4 if wide else 2)
    if (len(body) - 6) % each:
        raise _damaged()
    for at in range(6 + index_bytes, len(body), each):
        length = next(lengths, None)
        if length is None:
            raise _damaged()
        pack_into(">I" if wide else ">H", body, at, length)
    return bytes(body)


def _unwrapped(encoded: bytes) -> bytes:
    """The code stream in a file of boxes; ISO/IEC 15444-1 I.4."""
    position = 0
    while position + 8 <= len(encoded):
        length, kind = unpack_from(">I4s", encoded, position)
        head = 8
        if length == 1 and position + 16 <= len(encoded):
            (length,) = unpack_from(">Q", encoded, position + 8)
            head = 16
        end = position + length if length else len(encoded)
        if kind == b"jp2c":
            return encoded[position + head : end]
        if end < position + head:
            break
        position = end
    raise _damaged()


def _word(stream: bytes, position: int) -> int:
    word: int = unpack_from(">H", stream, position)[0]
    return word


def _damaged() -> PixelError:
    return PixelError("The compressed image cannot be followed to its end.")
