"""Frames in fragments, written from the beginning: one each, with a true offset table.

References
----------
PS3.5 A.4; PS3.3 C.7.6.3.1.8 for the Extended Offset Table.
"""

import weakref
from collections.abc import Iterator
from struct import pack
from tempfile import SpooledTemporaryFile
from typing import Final

from viewer.core.errors import PixelError
from viewer.dicom.deidentification.pixel_outcome import OFFSET_TABLES, Header

_IN_MEMORY: Final = 64 << 20
_PIECE: Final = 1 << 20
_LARGEST: Final = 0xFFFFFFFE
_ITEM, _END = (0xFFFE, 0xE000), (0xFFFE, 0xE0DD)


class Fragments:
    """Coded frames on their way out: in memory, or in a file without a name."""

    def __init__(self) -> None:
        self._frames = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - lives
        weakref.finalize(self, self._frames.close)
        self._offsets: list[int] = []
        self._lengths: list[int] = []
        self._end = 0

    def add(self, coded: bytes) -> None:
        """Take the next frame.

        Raises
        ------
        PixelError
            If it is longer than a fragment can be.
        """
        if len(coded) > _LARGEST:
            raise PixelError("A frame is too large to be written.")
        self._offsets.append(self._end)
        self._lengths.append(len(coded))
        even = len(coded) + len(coded) % 2
        self._frames.write(pack("<HHI", *_ITEM, even))
        self._frames.write(coded)
        self._frames.write(bytes(even - len(coded)))
        self._end += 8 + even

    @property
    def header(self) -> Header:
        """The Extended Offset Table, where the basic one cannot count so far."""
        if not self._offsets or self._offsets[-1] <= _LARGEST:
            return {}
        tables = (self._offsets, self._lengths)
        return {
            tag: ("OV", pack(f"<{len(table)}Q", *table))
            for tag, table in zip(OFFSET_TABLES, tables, strict=True)
        }

    def pieces(self) -> Iterator[bytes]:
        """The value of the pixel attribute, up to its delimiter."""
        table = () if self.header else self._offsets
        yield pack(f"<HHI{len(table)}I", *_ITEM, 4 * len(table), *table)
        self._frames.seek(0)
        while piece := self._frames.read(_PIECE):
            yield piece
        yield pack("<HHI", *_END, 0)
