"""Instance records as the bytes in which the catalog keeps them.

Apart from the tables, so that whoever reads files can pack without them.
"""

import msgspec

from viewer.core.records import EDITION, FileRecord, IndexedRecord, InstanceRecord
from viewer.core.records import PackedInstance as Packed


def to_record(blob: bytes) -> InstanceRecord | None:
    """The instance as it was indexed; None if another version read it otherwise."""
    try:
        edition, record = _DECODER.decode(blob)
    except msgspec.ValidationError:
        return None
    return record if edition == EDITION else None


def from_record(record: InstanceRecord) -> bytes:
    """The instance as bytes, `to_record` reads them."""
    return _ENCODER.encode((EDITION, record))


def packed(record: FileRecord) -> IndexedRecord:
    """What a file says as the catalog takes it."""
    instance = record.instance
    frames = instance.image.pixels.frames if instance.image is not None else 0
    blob = from_record(instance)
    own = Packed(instance.sop_instance_uid, instance.number, frames, blob)
    return IndexedRecord(record.patient, record.study, record.series, own)


_DECODER = msgspec.msgpack.Decoder(tuple[int, InstanceRecord])
_ENCODER = msgspec.msgpack.Encoder()
