"""Index files for an import: what they say, packed for the catalog, and their hash.

Ordinary files are read one after the other and told of together: a message for each
would cost more than the reading. Before a file that is not ordinary the owner is told
to expect one alone, so that no other is blamed for what it does.
"""

import hashlib
import os
import stat
from collections.abc import Sequence
from time import monotonic
from typing import BinaryIO, Final

import msgspec

from viewer.core.errors import UnreadableError
from viewer.core.records import FileRecord, FileStamp
from viewer.services.worker_messages import Entries, Entry, Index

_RUN_SECONDS: Final = 0.03
_LARGEST_HASHED: Final = 32 << 20  # the owner has more patience
_CHUNK: Final = 1 << 20


class Indexer:
    """Reads files for the catalog, in one thread."""

    def __init__(self) -> None:
        from viewer.dicom.plain_record import PlainReader  # noqa: PLC0415 - when asked

        self._reader = PlainReader()
        self._last: tuple[object, ...] = (None, None, None)
        self._head = b""

    def run(self, paths: Sequence[bytes], request: Index) -> Entries:
        """As many of the files as are ordinary, from the first on, for a short time."""
        heads: dict[bytes, int] = {}
        entries: list[Entry] = []
        end = monotonic() + _RUN_SECONDS
        for path in paths:
            found = self._plain(path, hashed=request.hashed)
            if found is None:
                return Entries(tuple(heads), tuple(entries), alone=True)
            entries.append(self._entry(*found, heads))
            if request.one_by_one or monotonic() > end:
                break
        return Entries(tuple(heads), tuple(entries))

    def odd(self, path: bytes, request: Index) -> Entries:
        """A file that may be anything.

        Raises
        ------
        NotDicomError, UnreadableError
        """
        from viewer.dicom.read import read_file  # noqa: PLC0415 - as above

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
        entry = self._entry(record, stamp, sha256, heads)
        return Entries(tuple(heads), (entry,))

    def _plain(
        self, path: bytes, *, hashed: bool
    ) -> tuple[FileRecord, FileStamp, bytes | None] | None:
        """An ordinary file; None for any other, and for what cannot be read."""
        from viewer.dicom.plain_cut import WINDOW  # noqa: PLC0415 - as above

        try:
            with open(path, "rb", buffering=0) as file:  # noqa: PTH123 - as above
                status = os.fstat(file.fileno())
                if not stat.S_ISREG(status.st_mode):
                    return None
                size = status.st_size
                data = file.read(min(size, WINDOW))
                record = self._reader.read(file, data, size)
                if record is None:
                    return None
                file.seek(len(data))
                sha256 = _sha256(file, data, size) if hashed else None
                stamp = FileStamp.from_stat(status)
                same = FileStamp.from_stat(os.fstat(file.fileno())) == stamp
        except Exception:  # noqa: BLE001 - the complete reader says what it is
            return None
        return (record, stamp, sha256) if same else None

    def _entry(
        self,
        record: FileRecord,
        stamp: FileStamp,
        sha256: bytes | None,
        heads: dict[bytes, int],
    ) -> Entry:
        from viewer.catalog.blobs import packed  # noqa: PLC0415 - as above

        told = (record.patient, record.study, record.series)
        if any(one is not other for one, other in zip(told, self._last, strict=True)):
            self._head, self._last = msgspec.msgpack.encode(told), told
        own = packed(record).instance
        return Entry(
            heads.setdefault(self._head, len(heads)),
            own.sop_instance_uid,
            own.number,
            own.frames,
            own.record,
            stamp.size,
            stamp.modified_ns,
            stamp.file_id,
            sha256,
        )


def _sha256(file: BinaryIO, read: bytes, size: int) -> bytes | None:
    """Of a file of which `read` has been read; None if it takes too long here."""
    if size > _LARGEST_HASHED:
        return None
    digest = hashlib.sha256(read)
    while chunk := file.read(_CHUNK) if len(read) < size else b"":
        digest.update(chunk)
    return digest.digest()
