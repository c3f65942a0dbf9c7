"""A multipart answer, read part by part in bounded memory; RFC 2046 5.1, PS3.18 8.6."""

from collections.abc import Callable, Iterator
from email.message import Message
from email.parser import BytesHeaderParser
from typing import Final

_ROOM: Final = 1 << 18
_LONGEST_HEAD: Final = 1 << 14
_LONGEST_BOUNDARY: Final = 256  # the standard says 70
_CRLF: Final = b"\r\n"


class NotMultipartError(ValueError):
    """It is something else, or it goes on as nothing that is multipart."""


class TruncatedError(ValueError):
    """It ends before its last boundary."""


def boundary_of(content_type: str) -> bytes | None:
    """The boundary that the header Content-Type names; None if it is not multipart."""
    header = Message()
    header["Content-Type"] = content_type
    if header.get_content_maintype() != "multipart":
        return None
    boundary = header.get_boundary()
    if not boundary or len(boundary) > _LONGEST_BOUNDARY or not boundary.isascii():
        return None
    return boundary.encode()


class Multipart:
    """The parts of an answer, in order; each is read to its end before the next.

    Parameters
    ----------
    read_into : callable
        Fills a buffer with the next bytes; 0 at the end.
    boundary : bytes
    """

    def __init__(self, read_into: Callable[[memoryview], int], boundary: bytes) -> None:
        self._read_into = read_into
        self._delimiter = _CRLF + b"--" + boundary
        self._room = bytearray(_ROOM)
        self._view = memoryview(self._room)
        self._room[:2] = _CRLF  # the first boundary may begin the answer
        self._start, self._end = 0, 2

    def parts(self) -> Iterator[tuple[Message, Iterator[memoryview]]]:
        """The head of each part, and its bytes in pieces that change with the next.

        Raises
        ------
        NotMultipartError, TruncatedError
        """
        for _ in self._pieces():
            pass  # what stands before the first boundary means nothing
        while not self._is_last():
            head = self._head()
            pieces = self._pieces()
            yield head, pieces
            for _ in pieces:
                pass

    def _pieces(self) -> Iterator[memoryview]:
        """Bytes up to the next boundary, which is consumed."""
        while True:
            found = self._room.find(self._delimiter, self._start, self._end)
            stop = found if found >= 0 else self._end - len(self._delimiter) + 1
            if stop > self._start:
                start, self._start = self._start, stop
                yield self._view[start:stop]
            if found >= 0:
                self._start = found + len(self._delimiter)
                return
            self._more()

    def _is_last(self) -> bool:
        """Whether the boundary that was consumed is the last one."""
        while self._end - self._start < 2:
            self._more()
        return self._room[self._start : self._start + 2] == b"--"

    def _head(self) -> Message:
        """The header fields of a part; its bytes begin behind them."""
        while True:
            found = self._room.find(2 * _CRLF, self._start, self._end)
            if found >= 0:
                break
            if self._end - self._start > _LONGEST_HEAD:
                raise NotMultipartError("no head")
            self._more()
        line = self._room.find(_CRLF, self._start, found + 2)
        if self._room[self._start : line].strip(b" \t"):
            raise NotMultipartError("no boundary")  # blanks may pad it
        raw = bytes(self._view[line + 2 : found + 4])
        self._start = found + 4
        return BytesHeaderParser().parsebytes(raw)

    def _more(self) -> None:
        """Read on; what was consumed makes room."""
        if self._start:
            kept = self._end - self._start
            self._view[:kept] = bytes(self._view[self._start : self._end])
            self._start, self._end = 0, kept
        read = self._read_into(self._view[self._end :])
        if not read:
            raise TruncatedError("it ends too early")
        self._end += read
