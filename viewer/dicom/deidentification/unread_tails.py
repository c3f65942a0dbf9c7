"""Writing between the end of a picture's coded data and the end marker behind them.

Decoders stop when they have every pixel and pass over what follows, so a name can lie
there. Where the last bytes could be writing, which among coded data is the case once
in some thousand frames, the picture is decoded without them: if it is the same, nobody
reads them.
"""

import re
from struct import pack, unpack_from
from typing import Final

import numpy as np

from viewer.core.errors import PixelError
from viewer.core.image import PixelFormat
from viewer.dicom.codecs.syntaxes import Coding, transfer_syntax
from viewer.dicom.deidentification import jpeg_2000_streams
from viewer.dicom.frames import decode_frame

_WRITING: Final = re.compile(rb"(?:[ -~]{6}|(?:[ -~]\0){3}|(?:\0[ -~]){3})\Z")
_LOOKED_AT: Final = 6
_LONGEST: Final = 1 << 16
_END: Final = b"\xff\xd9"
_TILE_PART: Final = b"\xff\x90"
_WAVELETS: Final = frozenset({Coding.JPEG_2000, Coding.HTJ2K})


def without(stream: bytes, pixels: PixelFormat) -> bytes:
    """The stream without writing that no decoder reads; mostly the stream itself.

    Parameters
    ----------
    stream : bytes
        Without anything behind its end marker.
    pixels : PixelFormat

    Raises
    ------
    PixelError
        If bytes that could be writing are there, and the picture cannot be decoded.
    """
    coded = len(stream) - len(_END)
    if not _WRITING.search(stream, max(coded - _LOOKED_AT, 0), coded):
        return stream
    picture = decode_frame(stream, pixels)

    def is_enough(removed: int) -> bool:
        try:
            shorter = decode_frame(_shorter(stream, pixels, removed), pixels)
        except PixelError:
            return False
        return np.array_equal(shorter, picture)

    if not is_enough(_LOOKED_AT):
        return stream
    unread, needed = _LOOKED_AT, min(_LONGEST, coded)
    while needed - unread > 1:
        middle = (unread + needed) // 2
        unread, needed = (middle, needed) if is_enough(middle) else (unread, middle)
    return _shorter(stream, pixels, unread - 1)  # a decoder may want one byte more


def _shorter(stream: bytes, pixels: PixelFormat, removed: int) -> bytes:
    """The stream without its last bytes of coded data."""
    kept = stream[: -len(_END) - removed]
    if transfer_syntax(pixels.transfer_syntax_uid).coding not in _WAVELETS:
        return kept + _END
    last = kept.rfind(_TILE_PART)  # nothing in coded data looks like it
    (length,) = unpack_from(">I", stream, last + 6)
    cut = pack(">I", max(length - removed, 0))
    return jpeg_2000_streams.cleaned(kept[: last + 6] + cut + kept[last + 10 :] + _END)
