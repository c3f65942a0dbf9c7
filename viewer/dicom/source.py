"""The bytes of a file, wherever they really lie, never more of them than asked for."""

import os
import zlib
from collections.abc import Iterator
from typing import BinaryIO, Protocol

from viewer.core.errors import UnreadableError

_WINDOW = 1 << 16  # most headers come with a single read
_CHUNK = 1 << 20
INFLATED_LIMIT = 512 << 20
"""Bytes a deflated data set may grow to; a 1 MB file can claim gigabytes."""
_FREE_BYTES = 64 << 20
_MAX_RATIO = 400  # beyond the free bytes; images reach 5, blank masks 300, bombs 1000


class Source(Protocol):
    """Bytes with a known end."""

    size: int

    def read(self, offset: int, length: int) -> bytes:
        """Bytes from `offset`; fewer than `length` only at the end."""


class MemorySource:
    """Bytes that are in memory."""

    def __init__(self, raw: bytes) -> None:
        self.size = len(raw)
        self._raw = raw

    def read(self, offset: int, length: int) -> bytes:
        """Bytes from `offset`; fewer than `length` only at the end."""
        return self._raw[offset : offset + length]


class FileSource:
    """An open file, read through one window that moves along with the reader.

    Raises
    ------
    UnreadableError
        By `read`, if the file has become shorter meanwhile.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.size = file.seek(0, os.SEEK_END)
        self._start = 0
        self._window = b""

    def read(self, offset: int, length: int) -> bytes:
        """Bytes from `offset`; fewer than `length` only at the end."""
        start = offset - self._start
        if start < 0 or start + length > len(self._window):
            length = min(length, max(self.size - offset, 0))
            self._file.seek(offset)
            if length > _WINDOW:
                return _whole(self._file.read(length), length)
            self._start, start = offset, 0
            self._window = _whole(self._file.read(_WINDOW), length)
        return self._window[start : start + length]


def _whole(found: bytes, length: int) -> bytes:
    if len(found) < length:
        raise UnreadableError(
            "The file became shorter while it was read.",
            hint="Something writes to it; try again when that has ended.",
        )
    return found


class InflatedSource:
    """A deflated data set, inflated as far as it is read; PS3.5 A.5.

    It is inflated twice: once to its end, keeping nothing, to learn its size and that
    it is whole, and then again as far as the header goes. That way a bomb costs time
    but no memory.

    Raises
    ------
    UnreadableError
        If it is damaged or grows beyond `INFLATED_LIMIT`.
    """

    def __init__(
        self, file: BinaryIO, offset: int, limit: int = INFLATED_LIMIT
    ) -> None:
        self.size = sum(map(len, inflated_chunks(file, offset, limit)))
        self._chunks = inflated_chunks(file, offset, limit)
        self._bytes = bytearray()

    def read(self, offset: int, length: int) -> bytes:
        """Bytes from `offset`; fewer than `length` only at the end."""
        while len(self._bytes) < offset + length:
            chunk = next(self._chunks, b"")
            if not chunk:
                break
            self._bytes += chunk
        return bytes(self._bytes[offset : offset + length])


def inflated_chunks(
    file: BinaryIO, offset: int, limit: int = INFLATED_LIMIT
) -> Iterator[bytes]:
    """Inflate what lies from `offset` on, piece by piece.

    Raises
    ------
    UnreadableError
        If it is damaged, ends too early, or grows beyond `limit` bytes.
    """
    inflate = zlib.decompressobj(-zlib.MAX_WBITS)
    packed_size = file.seek(0, os.SEEK_END) - offset
    limit = min(limit, max(_FREE_BYTES, _MAX_RATIO * packed_size))
    total, position, packed = 0, offset, b""
    while not inflate.eof:
        if not packed:
            file.seek(position)
            packed = file.read(_CHUNK)
            position += len(packed)
        try:
            chunk = inflate.decompress(packed, _CHUNK)
        except zlib.error as error:
            raise UnreadableError("The deflated data set is damaged.") from error
        if not chunk and not packed and not inflate.eof:
            raise UnreadableError("The deflated data set ends too early.")
        packed = inflate.unconsumed_tail
        total += len(chunk)
        if total > limit:
            raise UnreadableError(
                f"The deflated data set grows beyond {limit >> 20} MB.",
                hint="It may be damaged, or made to fill the memory.",
            )
        if chunk:
            yield chunk
