"""The colours of a PALETTE COLOR image; PS3.3 C.7.6.3.1.5, C.7.6.3.1.6, C.7.9.2."""

from collections.abc import Sequence

import numpy as np

from viewer.core.grayscale import LookupTable
from viewer.core.image import Palette, PixelFormat
from viewer.dicom import tag as tags
from viewer.dicom.attributes import Attributes
from viewer.dicom.lookup import BAD_TABLE, to_descriptor, to_entries

_LARGEST = 1 << 16
_DISCRETE, _LINEAR, _INDIRECT = 0, 1, 2


class BrokenSegmentsError(Exception):
    """The segments do not make a table."""


def to_palette(
    data_set: Attributes, pixels: PixelFormat, *, supplemental: bool = False
) -> Palette | None:
    """Red, green and blue tables; None if there are none, or they are broken.

    Parameters
    ----------
    supplemental : bool
        Whether some frame of a grey image is to be coloured by them.
    """
    if pixels.photometric != "PALETTE COLOR" and not supplemental:
        return None
    colours = [_colour(data_set, channel, signed=pixels.signed) for channel in range(3)]
    if any(colour is None for colour in colours):
        data_set.note(BAD_TABLE)
        return None
    red, green, blue = (colour for colour in colours if colour is not None)
    return Palette(red, green, blue)


def _colour(data_set: Attributes, channel: int, *, signed: bool) -> LookupTable | None:
    descriptor = to_descriptor(
        data_set, tags.PALETTE_DESCRIPTORS[channel], signed=signed
    )
    if descriptor is None:
        return None
    count, first, bits = descriptor
    tag = tags.PALETTE_TABLES[channel]
    raw = data_set.raw(tag, 4 * _LARGEST)
    if raw:
        entries = to_entries(data_set, raw, count, tag)
        return LookupTable(first, bits, entries) if entries is not None else None
    tag = tags.SEGMENTED_PALETTE_TABLES[channel]
    raw = data_set.raw(tag, 4 * _LARGEST)
    words = _words(data_set, raw, tag, bits)
    try:
        values = expanded_segments(words, count, wide=bits > 8)
    except BrokenSegmentsError:
        data_set.note(BAD_TABLE)
        return None
    return LookupTable(first, bits, np.array(values, "<u2").tobytes())


def _words(data_set: Attributes, raw: bytes, tag: int, bits: int) -> list[int]:
    """The segments' numbers: bytes or 16-bit words as the descriptor says."""
    if bits <= 8:
        return list(raw)
    little = data_set.elements[tag].encoding.little if raw else True
    words: list[int] = np.frombuffer(
        raw[: len(raw) & ~1], "<u2" if little else ">u2"
    ).tolist()
    return words


def expanded_segments(words: Sequence[int], count: int, *, wide: bool) -> list[int]:
    """The table that segments describe: discrete, linear and indirect ones.

    Parameters
    ----------
    words : sequence of int
        As in the file.
    count : int
        Entries the table must have.
    wide : bool
        Whether they are 16 bits wide. The place an indirect segment points to is
        counted in `words` and takes two of them, low part first, or four bytes.

    Raises
    ------
    BrokenSegmentsError
        If they do not make such a table.

    References
    ----------
    PS3.3 C.7.9.2.
    """
    values: list[int] = []
    position = copied = 0
    while position + 1 < len(words) and len(values) < count:  # a pad byte may follow
        opcode, length = words[position : position + 2]
        if opcode != _INDIRECT:
            position = _append_segment(words, position, values)
            continue
        parts = words[position + 2 : position + (4 if wide else 6)]
        position += 2 + len(parts)
        source = sum(part << (16 if wide else 8) * n for n, part in enumerate(parts))
        copied += length
        if copied > _LARGEST:  # segments of no length, over and over
            raise BrokenSegmentsError
        for _ in range(length):  # it may not point to another indirect one
            source = _append_segment(words, source, values)
    if len(values) < count:
        raise BrokenSegmentsError
    return values[:count]


def _append_segment(words: Sequence[int], position: int, values: list[int]) -> int:
    """Append what the segment at `position` says; return where the next one begins."""
    segment = words[position : position + 3]
    if len(segment) < 3 or len(values) > _LARGEST:
        raise BrokenSegmentsError
    opcode, length, end = segment
    if opcode == _DISCRETE:
        values.extend(words[position + 2 : position + 2 + length])
        return position + 2 + length
    if opcode == _LINEAR and values:
        steps = np.arange(1, length + 1) / max(length, 1)
        line = np.rint(values[-1] + (end - values[-1]) * steps)
        values.extend(line.astype(int).tolist())
        return position + 3
    raise BrokenSegmentsError
