"""The data sets of storage commitment, both ways; PS3.4 J.3.2.1, J.3.3.1."""

import struct
from collections.abc import Iterable, Iterator
from typing import Final

from viewer.core.commitment import (
    FAILURE,
    CommitmentReport,
    CommitmentRequest,
    ObjectRef,
)
from viewer.core.errors import UnreadableError
from viewer.dicom.attributes import Attributes
from viewer.dicom.elements import Cutter
from viewer.dicom.encoding import IMPLICIT_UID, declared_encoding
from viewer.dicom.source import MemorySource

_SOP_CLASS: Final = 0x00081150
_SOP_INSTANCE: Final = 0x00081155
_TRANSACTION: Final = 0x00081195
_REASON: Final = 0x00081197
_FAILED: Final = 0x00081198
_REFERENCED: Final = 0x00081199
_ITEM: Final = 0xFFFEE000
_LONG: Final = {"SQ"}


def written_request(request: CommitmentRequest, syntax_uid: str) -> bytes:
    """The action information of the request (N-ACTION)."""
    writer = _Writer(implicit=syntax_uid == IMPLICIT_UID)
    items = (writer.reference(one) for one in request.objects)
    return writer.uid(_TRANSACTION, request.transaction_uid) + writer.sequence(
        _REFERENCED, items
    )


def written_report(report: CommitmentReport, syntax_uid: str) -> bytes:
    """The event information of the result (N-EVENT-REPORT)."""
    writer = _Writer(implicit=syntax_uid == IMPLICIT_UID)
    failed = (
        writer.reference(one) + writer.number(_REASON, reason)
        for one, reason in report.failed.items()
    )
    parts = [writer.uid(_TRANSACTION, report.transaction_uid)]
    if report.failed:
        parts.append(writer.sequence(_FAILED, failed))
    if report.kept:
        kept = (writer.reference(one) for one in report.kept)
        parts.append(writer.sequence(_REFERENCED, kept))
    return b"".join(parts)


def read_request(raw: bytes, syntax_uid: str) -> CommitmentRequest:
    """What a peer asks us to answer for.

    Raises
    ------
    UnreadableError
        If it is no request.
    """
    of = _attributes(raw, syntax_uid)
    objects = tuple(_object(item) for item in of.items(_REFERENCED))
    if not objects:
        raise UnreadableError("The request for storage commitment names nothing.")
    return CommitmentRequest(_transaction(of), objects)


def read_report(raw: bytes, syntax_uid: str) -> CommitmentReport:
    """What a peer answers for.

    Raises
    ------
    UnreadableError
        If it is no report.
    """
    of = _attributes(raw, syntax_uid)
    failed = {_object(item): _reason(item) for item in of.items(_FAILED)}
    kept = tuple(_object(item) for item in of.items(_REFERENCED))
    return CommitmentReport(_transaction(of), kept, failed)


def _attributes(raw: bytes, syntax_uid: str) -> Attributes:
    notes: dict[str, None] = {}
    cutter = Cutter(MemorySource(raw), notes)
    elements, _ = cutter.data_set(0, declared_encoding(syntax_uid))
    return Attributes(elements, cutter, notes)


def _transaction(of: Attributes) -> str:
    uid = of.text(_TRANSACTION)
    if not uid:
        raise UnreadableError("Storage commitment without a transaction.")
    return uid


def _object(item: Attributes) -> ObjectRef:
    return ObjectRef(item.text(_SOP_CLASS), item.text(_SOP_INSTANCE))


def _reason(item: Attributes) -> int:
    found = next(iter(item.numbers(_REASON, "US")), None)
    return int(found) if found is not None else FAILURE


class _Writer:
    """Writes little endian elements of either kind."""

    def __init__(self, *, implicit: bool) -> None:
        self._implicit = implicit

    def uid(self, tag: int, value: str) -> bytes:
        raw = value.encode("ascii", "replace")
        return self._element(tag, "UI", raw + b"\0" * (len(raw) % 2))

    def number(self, tag: int, value: int) -> bytes:
        return self._element(tag, "US", struct.pack("<H", value))

    def reference(self, one: ObjectRef) -> bytes:
        return self.uid(_SOP_CLASS, one.sop_class_uid) + self.uid(
            _SOP_INSTANCE, one.sop_instance_uid
        )

    def sequence(self, tag: int, items: Iterable[bytes]) -> bytes:
        return self._element(tag, "SQ", b"".join(self._items(items)))

    @staticmethod
    def _items(items: Iterable[bytes]) -> Iterator[bytes]:
        for item in items:
            yield struct.pack("<HHI", _ITEM >> 16, _ITEM & 0xFFFF, len(item)) + item

    def _element(self, tag: int, vr: str, raw: bytes) -> bytes:
        head = struct.pack("<HH", tag >> 16, tag & 0xFFFF)
        if self._implicit:
            return head + struct.pack("<I", len(raw)) + raw
        if vr in _LONG:
            return head + struct.pack("<2s2xI", vr.encode(), len(raw)) + raw
        return head + struct.pack("<2sH", vr.encode(), len(raw)) + raw
