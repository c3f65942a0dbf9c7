"""Whether two files hold the same object behind different beginnings."""

from itertools import zip_longest
from pathlib import Path
from typing import BinaryIO

from viewer.dicom.file_meta import data_set_offset, declared_syntax

_PIECE = 1 << 20


def same_data_set(one: Path, other: Path) -> bool:
    """Whether they declare one transfer syntax, and all bytes of the data set agree."""
    try:
        with one.open("rb") as left, other.open("rb") as right:
            syntax = _syntax(left)
            if not syntax or syntax != _syntax(right):
                return False
            pairs = zip_longest(
                iter(lambda: left.read(_PIECE), b""),
                iter(lambda: right.read(_PIECE), b""),
            )
            return all(a == b for a, b in pairs)
    except OSError:
        return False


def _syntax(file: BinaryIO) -> bytes:
    """The transfer syntax; the file then stands at its data set."""
    offset = data_set_offset(file.read(144))
    return declared_syntax(file.read(offset - 144)) if offset else b""
