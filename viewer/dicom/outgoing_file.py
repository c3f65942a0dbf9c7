"""A file of the library as a file for others: what it says stays as it is written."""

import struct
from pathlib import Path
from typing import BinaryIO, Final

from viewer.core.errors import UnreadableError
from viewer.dicom.file_meta import data_set_offset, declared_syntax, file_meta
from viewer.dicom.outgoing import as_it_lies

_HEAD: Final = 144
_PIECE: Final = 1 << 20
_BROKEN: Final = (ValueError, struct.error)


def write_file(
    path: Path,
    sop_class_uid: str,
    sop_instance_uid: str,
    syntax_uid: str,
    out: BinaryIO,
) -> int:
    """Write the file at `path` into `out`, and return how many bytes that took.

    Every byte is kept where the file has a preamble and file meta information that
    names the transfer syntax it is really written in. Otherwise its data set gets new
    ones: others would not read it without them (PS3.10 7.1).

    Parameters
    ----------
    path : Path
    sop_class_uid, sop_instance_uid, syntax_uid : str
        As the catalog found them.
    out : BinaryIO

    Raises
    ------
    UnreadableError
        If the file cannot be read to its end.
    OSError
        If `out` cannot be written.
    """
    source = _opened(path)
    with source:
        if _declares(source, syntax_uid):
            return _copied(source, out)
    try:
        meta = file_meta(sop_class_uid, sop_instance_uid, syntax_uid)
    except _BROKEN as error:
        raise UnreadableError("The object does not say what it is.") from error
    out.write(meta)
    written = len(meta)
    for piece in as_it_lies(path):
        out.write(piece)
        written += len(piece)
    return written


def _opened(path: Path) -> BinaryIO:
    try:
        return path.open("rb", buffering=0)
    except OSError as error:
        raise UnreadableError("The file cannot be read.") from error


def _declares(source: BinaryIO, syntax_uid: str) -> bool:
    """Whether it is a whole file of the transfer syntax that was found in it."""
    head = _read(source, _HEAD)
    start = data_set_offset(head)
    if start is None:
        return False
    meta = _read(source, min(start - len(head), _PIECE))
    source.seek(0)
    return declared_syntax(meta) == syntax_uid.encode()


def _copied(source: BinaryIO, out: BinaryIO) -> int:
    written = 0
    while piece := _read(source, _PIECE):
        out.write(piece)
        written += len(piece)
    return written


def _read(source: BinaryIO, size: int) -> bytes:
    """The next piece; a fault of the source is not one of what is written."""
    try:
        return source.read(size)
    except OSError as error:
        raise UnreadableError("The file cannot be read to its end.") from error
