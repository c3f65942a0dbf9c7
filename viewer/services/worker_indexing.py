"""Index files for an import: what they say, packed for the catalog, and their hash.

Ordinary files are read one after the other and told of together: a message for each
would cost more than the reading. Before a file that is not ordinary the owner is told
to expect one alone, so that no other is blamed for what it does.
"""

import hashlib
import os
import stat
from collections.abc import Sequence
from functools import partial
from time import monotonic
from typing import Any, BinaryIO, Final

import msgspec

from viewer.catalog.blobs import Mould, packed
from viewer.core.errors import UnreadableError
from viewer.core.records import FileRecord, FileStamp, InstanceRecord, PackedInstance
from viewer.dicom.plain_cut import WINDOW
from viewer.dicom.plain_record import PlainReader, Series, Slice
from viewer.dicom.read import Own, read_file
from viewer.services.worker_messages import Entries, Entry, Index

_RUN_SECONDS: Final = 0.03
_MOST_MOULDS: Final = 512
_LARGEST_HASHED: Final = 32 << 20  # the owner has more patience
_CHUNK: Final = 1 << 20


class Indexer:
    """Reads files for the catalog, in one thread."""

    def __init__(self) -> None:
        self._reader = PlainReader()
        self._moulds: dict[int, tuple[Series, Mould | None]] = {}
        self._last: tuple[object, ...] = (None, None, None)
        self._head = b""

    def run(self, paths: Sequence[bytes], request: Index) -> Entries:
        """As many of the files as are ordinary, from the first on, for a short time."""
        heads: dict[bytes, int] = {}
        entries: list[Entry] = []
        end = monotonic() + _RUN_SECONDS
        for path in paths:
            entry = self._plain(path, heads, hashed=request.hashed)
            if entry is None:
                return Entries(tuple(heads), tuple(entries), alone=True)
            entries.append(entry)
            if request.one_by_one or monotonic() > end:
                break
        return Entries(tuple(heads), tuple(entries))

    def odd(self, path: bytes, request: Index) -> Entries:
        """A file that may be anything.

        Raises
        ------
        NotDicomError, UnreadableError
        """
        try:
            with open(path, "rb") as file:  # noqa: PTH123 - the path is bytes
                stamp = FileStamp.from_stat(os.fstat(file.fileno()))
                record = read_file(os.fsdecode(path))
                sha256 = _sha256(file, b"", stamp.size) if request.hashed else None
                after = FileStamp.from_stat(os.fstat(file.fileno()))
        except OSError:
            read_file(os.fsdecode(path))  # it knows why
            raise
        if after != stamp:
            raise UnreadableError("The file changed while it was imported.")
        heads: dict[bytes, int] = {}
        entry = self._entry(record, packed(record).instance, stamp, sha256, heads)
        return Entries(tuple(heads), (entry,))

    def _plain(
        self, path: bytes, heads: dict[bytes, int], *, hashed: bool
    ) -> Entry | None:
        """An ordinary file; None for any other, and for what cannot be read."""
        try:
            with open(path, "rb", buffering=0) as file:  # noqa: PTH123 - as above
                status = os.fstat(file.fileno())
                if not stat.S_ISREG(status.st_mode):
                    return None
                size = status.st_size
                data = file.read(min(size, WINDOW))
                found = self._reader.read_apart(file, data, size)
                if found is None:
                    return None
                sha256 = None
                if hashed:
                    file.seek(len(data))
                    sha256 = _sha256(file, data, size)
                stamp = FileStamp.from_stat(status)
                after = os.fstat(file.fileno())
                if (after.st_size, after.st_mtime_ns) != (size, stamp.modified_ns):
                    return None
        except Exception:  # noqa: BLE001 - the complete reader says what it is
            return None
        if isinstance(found, FileRecord):
            told, instance = found, packed(found).instance
        else:
            told, instance = found.shared.common, self._packed(found)
        return self._entry(told, instance, stamp, sha256, heads)

    def _packed(self, found: Slice) -> PackedInstance:
        """As `blobs.packed`; for the second of a series, what is to come is known."""
        shared, own = found.shared, found.own
        known, mould = self._moulds.get(id(shared), (None, None))
        if known is None:
            if len(self._moulds) >= _MOST_MOULDS:
                self._moulds.clear()
            self._moulds[id(shared)] = shared, None  # held, so that the number is its
            return packed(found.record).instance
        if mould is None:
            mould = Mould(partial(_instance, shared), len(own) + len(found) - 2)
            self._moulds[id(shared)] = shared, mould
        blob = mould.packed(*own, *found[2:])
        return PackedInstance(own.uid, own.number, 1, blob)

    def _entry(
        self,
        told: FileRecord,
        instance: PackedInstance,
        stamp: FileStamp,
        sha256: bytes | None,
        heads: dict[bytes, int],
    ) -> Entry:
        head = (told.patient, told.study, told.series)
        if any(one is not other for one, other in zip(head, self._last, strict=True)):
            self._head, self._last = msgspec.msgpack.encode(head), head
        number = heads.setdefault(self._head, len(heads))
        return Entry(number, instance, stamp, sha256)


def _instance(shared: Series, *values: Any) -> InstanceRecord:
    """The record of one of a series; its values as `Slice` has them, one by one."""
    own, rest = values[: len(Own._fields)], values[len(Own._fields) :]
    return shared.record(Own(*own), *rest).instance


def _sha256(file: BinaryIO, read: bytes, size: int) -> bytes | None:
    """Of a file of which `read` has been read; None if it takes too long here."""
    if size > _LARGEST_HASHED:
        return None
    digest = hashlib.sha256(read)
    while chunk := file.read(_CHUNK) if len(read) < size else b"":
        digest.update(chunk)
    return digest.digest()
