"""A list in JSON, read entry by entry as it comes."""

import codecs
import json
from collections.abc import Callable, Iterator
from typing import Any, Final

LONGEST_ROW: Final = 1 << 20
"""Characters of one entry; an answer to a query has a few thousand."""

_BLANK: Final = " \t\r\n"
_PIECE: Final = 1 << 16

Row = dict[str, Any]


def json_rows(read_into: Callable[[memoryview], int]) -> Iterator[Row]:
    """The objects of a list, each as soon as all of it is here.

    Parameters
    ----------
    read_into : callable
        Fills a buffer with the next bytes; 0 at the end.

    Raises
    ------
    ValueError
        If it is no list of objects, ends too early, or an entry is too long.
    """
    reader = _Reader(read_into)
    if reader.sign() != "[":
        raise ValueError("no list")
    sign = reader.sign()
    while sign != "]":
        if sign != "{":
            raise ValueError("no object")
        yield reader.entry()
        sign = reader.sign()
        if sign == ",":
            sign = reader.sign()
        elif sign != "]":
            raise ValueError("no list")


class _Reader:
    """Text that comes in pieces."""

    def __init__(self, read_into: Callable[[memoryview], int]) -> None:
        self._read_into = read_into
        self._buffer = memoryview(bytearray(_PIECE))
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")()
        self._scan = json.JSONDecoder().raw_decode
        self._text, self._at = "", 0

    def sign(self) -> str:
        """The next character that is not blank; an opening brace is not consumed."""
        while True:
            while self._at < len(self._text):
                found = self._text[self._at]
                if found not in _BLANK:
                    self._at += found != "{"
                    return found
                self._at += 1
            self._more()

    def entry(self) -> Row:
        """The object that begins here."""
        while True:
            try:
                found, self._at = self._scan(self._text, self._at)
            except json.JSONDecodeError:
                if len(self._text) - self._at > LONGEST_ROW:
                    raise
            except RecursionError as error:
                raise ValueError("too deep") from error
            else:
                return dict(found)
            self._more(keep=True)

    def _more(self, *, keep: bool = False) -> None:
        """Read on; what was consumed is forgotten."""
        read = self._read_into(self._buffer)
        fresh = self._decoder.decode(self._buffer[:read], final=not read)
        if not read and not fresh:
            raise ValueError("it ends too early")
        rest = self._text[self._at :] if keep else ""
        self._text, self._at = rest + fresh, 0
