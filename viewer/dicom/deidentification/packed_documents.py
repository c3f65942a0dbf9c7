"""The compressed parts of an encapsulated PDF, where texts of its pages lie."""

import re
import zlib
from collections.abc import Iterator
from typing import Final

from viewer.dicom.attributes import Attributes

_DOCUMENT: Final = 0x00420011
_STREAM: Final = re.compile(rb"stream\r?\n")
_MOST_STREAMS: Final = 10_000
_LONGEST: Final = 16 << 20
"""Bytes of one stream: pictures may be larger, texts are not."""


def unpacked_parts(data_set: Attributes) -> Iterator[bytes]:
    """What each compressed stream of an Encapsulated Document (0042,0011) holds.

    As much of it as can be unpacked; streams packed in other ways give nothing.
    """
    element = data_set.elements.get(_DOCUMENT)
    if element is None:
        return
    document = data_set.cutter.source.read(element.offset, element.length)
    for number, head in enumerate(_STREAM.finditer(document)):
        if number == _MOST_STREAMS:
            return
        part = _unpacked(document, head.end())
        if part:
            yield part


def _unpacked(document: bytes, start: int) -> bytes:
    end = document.find(b"endstream", start)
    packed = document[start:] if end < 0 else document[start:end]
    try:
        return zlib.decompressobj().decompress(packed, _LONGEST)
    except zlib.error:
        return b""
