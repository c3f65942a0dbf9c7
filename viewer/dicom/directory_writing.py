"""Write the index of a disc (DICOMDIR); PS3.3 F.3, PS3.10 8.6.

Records lie depth first: a patient, each study, each series, each file. What points to
the next one of a level, or to the first one below, counts bytes from the beginning of
the file.
"""

import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Final

from viewer.core.disc import FileRecords
from viewer.dicom.directory_records import element
from viewer.dicom.encoding import EXPLICIT_UID
from viewer.dicom.file_meta import file_meta
from viewer.dicom.part10 import DICOMDIR_CLASS

_NEXT, _IN_USE, _LOWER, _KIND = 0x00041400, 0x00041410, 0x00041420, 0x00041430
_FILE, _CLASS, _INSTANCE, _SYNTAX = 0x00041500, 0x00041510, 0x00041511, 0x00041512
_ITEM: Final = 8  # bytes of an item's beginning


@dataclass(slots=True)
class _Record:
    """A record while the tree grows."""

    kind: str
    keys: bytes
    below: dict[str, "_Record"] = field(default_factory=dict)
    offset: int = 0

    @property
    def size(self) -> int:
        return _ITEM + len(self.content(0))

    def content(self, following: int) -> bytes:
        """Everything but the item's beginning; `following` is the next one's offset."""
        lower = next((one.offset for one in self.below.values()), 0)
        return b"".join(
            (
                element(_NEXT, "UL", struct.pack("<I", following)),
                element(_IN_USE, "US", b"\xff\xff"),
                element(_LOWER, "UL", struct.pack("<I", lower)),
                element(_KIND, "CS", self.kind.encode()),
                self.keys,
            )
        )


def directory(files: Iterable[tuple[str, FileRecords]], uid: str) -> bytes:
    """A whole DICOMDIR.

    Parameters
    ----------
    files : iterable of (str, FileRecords)
        Names as ``A/B/C``, each part of at most eight capitals, digits and
        underscores, and no more than eight parts; PS3.10 8.2.
    uid : str
        Of the file-set.
    """
    patients = _tree(files)
    head = file_meta(DICOMDIR_CLASS, uid, EXPLICIT_UID)
    start = len(head) + len(_root(0, 0, 0))
    end = _place(patients, start)
    offsets = [one.offset for one in patients.values()] or [0]
    return b"".join(
        (head, _root(offsets[0], offsets[-1], end - start), *_items(patients))
    )


def _tree(files: Iterable[tuple[str, FileRecords]]) -> dict[str, _Record]:
    patients: dict[str, _Record] = {}
    for name, file in files:
        own = patients.setdefault(file.patient_id, _Record("PATIENT", file.patient))
        own = own.below.setdefault(file.study_uid, _Record("STUDY", file.study))
        own = own.below.setdefault(file.series_uid, _Record("SERIES", file.series))
        own.below[name] = _Record(file.kind, _leaf(name, file))
    return patients


def _leaf(name: str, file: FileRecords) -> bytes:
    return b"".join(
        (
            element(_FILE, "CS", name.replace("/", "\\").encode("ascii")),
            element(_CLASS, "UI", file.sop_class_uid.encode()),
            element(_INSTANCE, "UI", file.sop_instance_uid.encode()),
            element(_SYNTAX, "UI", file.syntax_uid.encode()),
            file.instance,
        )
    )


def _root(first: int, last: int, records: int) -> bytes:
    """All before the first record, which are `records` bytes together."""
    return b"".join(
        (
            element(0x00041130, "CS", b""),  # File-set ID
            element(0x00041200, "UL", struct.pack("<I", first)),
            element(0x00041202, "UL", struct.pack("<I", last)),
            element(0x00041212, "US", b"\0\0"),  # consistent
            struct.pack("<HH2sHI", 0x0004, 0x1220, b"SQ", 0, records),
        )
    )


def _place(level: dict[str, _Record], offset: int) -> int:
    """Give each record its offset; where the next one would lie."""
    for record in level.values():
        record.offset = offset
        offset = _place(record.below, offset + record.size)
    return offset


def _items(level: dict[str, _Record]) -> Iterator[bytes]:
    records = list(level.values())
    for record, following in zip_longest(records, records[1:]):
        after = following.offset if following else 0
        content = record.content(after)
        yield struct.pack("<HHI", 0xFFFE, 0xE000, len(content)) + content
        yield from _items(record.below)
