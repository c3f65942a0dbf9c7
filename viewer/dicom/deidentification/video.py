"""Films that go as they are, for they were asked for: nobody can clean them here."""

from collections.abc import Iterator
from struct import pack
from typing import Final

from viewer.core.errors import PixelError
from viewer.dicom.deidentification.identifying import Identifying
from viewer.dicom.deidentification.pixel_outcome import PixelOutcome
from viewer.dicom.part10 import OpenFile
from viewer.dicom.tag import PIXEL_DATA

_PIECE: Final = 1 << 20
_OVERLAP: Final = 256
_ITEM: Final = (0xFFFE, 0xE000)
_END: Final = (0xFFFE, 0xE0DD)


def as_it_lies(opened: OpenFile) -> PixelOutcome:
    """The fragments of a film, and nothing of the file beside them.

    Raises
    ------
    PixelError
        If they are none.
    """
    places = _places(opened)
    return PixelOutcome(
        tag=PIXEL_DATA,
        vr="OB",
        length=None,
        transfer_syntax_uid=opened.transfer_syntax_uid,
        pieces=lambda: _pieces(opened, places),
    )


def names_somebody(opened: OpenFile, known: Identifying) -> bool:
    """Whether a value that tells who it is lies open in the film's bytes."""
    read = opened.data_set.cutter.source.read
    for offset, length in _places(opened):
        before = b""
        for start in range(0, length, _PIECE):
            piece = read(offset + start, min(_PIECE, length - start))
            if known.found_in_stream(before + piece):
                return True
            before = piece[-_OVERLAP:]
    return False


def _places(opened: OpenFile) -> list[tuple[int, int]]:
    """Offset and length of each fragment, without the table ahead of them."""
    element = opened.pixels
    if element is None:
        raise PixelError("There is no film.")
    fragments = opened.data_set.cutter.fragments(element.offset, opened.encoding)
    _, *places = list(fragments) or [(0, 0)]
    if not places:
        raise PixelError("There is no film.")
    return places


def _pieces(opened: OpenFile, places: list[tuple[int, int]]) -> Iterator[bytes]:
    read = opened.data_set.cutter.source.read
    yield pack("<HHI", *_ITEM, 0)
    for offset, length in places:
        yield pack("<HHI", *_ITEM, length + length % 2)
        for start in range(0, length, _PIECE):
            yield read(offset + start, min(_PIECE, length - start))
        yield bytes(length % 2)
    yield pack("<HHI", *_END, 0)
