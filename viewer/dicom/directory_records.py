"""What a DICOMDIR says of a file: its patient's, study's and series' records, its own.

Values are copied as they are written, with the character set they are written in.
"""

import struct
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from viewer.core.disc import FileRecords
from viewer.dicom import tag as tags
from viewer.dicom.attributes import Attributes
from viewer.dicom.dictionary import entry_of
from viewer.dicom.directory_kinds import KEYS, PATIENT, SERIES, STUDY, Key, kind_of
from viewer.dicom.encoding import LONG_VRS
from viewer.dicom.part10 import open_dicom

_CHARACTER_SET: Final = Key(0x00080005, "CS")
_LONGEST: Final = 1024
_DEEPEST: Final = 8
_TEXTS: Final = frozenset(
    {
        *("AE", "AS", "CS", "DA", "DS", "DT", "IS", "LO", "LT", "PN"),
        *("SH", "ST", "TM", "UC", "UI", "UR", "UT"),
    }
)


def file_records(path: Path) -> FileRecords:
    """The records of the file at `path`.

    Raises
    ------
    NotDicomError, UnreadableError
        If it cannot be read.
    """
    with open_dicom(path) as opened:
        data_set = opened.data_set
        kind = kind_of(opened.sop_class_uid)
        return FileRecords(
            kind=kind,
            sop_class_uid=opened.sop_class_uid,
            sop_instance_uid=data_set.text(tags.SOP_INSTANCE_UID),
            syntax_uid=opened.transfer_syntax_uid,
            patient_id=data_set.decoded(tags.PATIENT_ID),
            study_uid=data_set.text(tags.STUDY_INSTANCE_UID),
            series_uid=data_set.text(tags.SERIES_INSTANCE_UID),
            patient=_encoded(data_set, PATIENT),
            study=_encoded(data_set, STUDY),
            series=_encoded(data_set, SERIES),
            instance=_encoded(data_set, KEYS[kind]),
        )


def _encoded(data_set: Attributes, keys: Iterable[Key]) -> bytes:
    """The keys in the order of tags; the character set first where there is one."""
    own = [_CHARACTER_SET] if _CHARACTER_SET.tag in data_set else []
    return b"".join(_key(data_set, key) for key in sorted([*own, *keys]))


def _key(data_set: Attributes, key: Key) -> bytes:
    if key.vr == "SQ":
        items = data_set.items(key.tag)
        return _sequence(key.tag, items, _DEEPEST) if items else b""
    value = data_set.raw(key.tag, _LONGEST).strip(b" \0")
    if not value and key.invented is None:
        return b""
    return element(key.tag, key.vr, value or (key.invented or "").encode())


def _sequence(tag: int, items: Iterable[Attributes], depth: int) -> bytes:
    """A sequence with all of its texts, which are all that records need of it."""
    return element(tag, "SQ", b"".join(_item(one, depth) for one in items))


def _item(item: Attributes, depth: int) -> bytes:
    parts: list[bytes] = []
    for one in item:
        if one.tag >> 16 & 1:
            continue
        vr = entry_of(item, one, None).vr
        if vr == "SQ" and depth > 1:
            parts.append(_sequence(one.tag, item.items(one.tag), depth - 1))
        elif vr in _TEXTS:
            parts.append(element(one.tag, vr, item.raw(one.tag, _LONGEST)))
    content = b"".join(parts)
    return struct.pack("<HHI", 0xFFFE, 0xE000, len(content)) + content


def element(tag: int, vr: str, value: bytes) -> bytes:
    """One attribute in Explicit VR Little Endian, its value of even length."""
    code = vr.encode()
    if len(value) % 2:
        value += b"\0" if vr in ("UI", "OB") else b" "
    group, number = tag >> 16, tag & 0xFFFF
    if code in LONG_VRS:
        return struct.pack("<HH2sHI", group, number, code, 0, len(value)) + value
    return struct.pack("<HH2sH", group, number, code, len(value)) + value
