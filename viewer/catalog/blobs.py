"""Instance records as the bytes in which the catalog keeps them.

Apart from the tables, so that whoever reads files can pack without them.
"""

import os
from collections.abc import Callable

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


class Mould:
    """Packs instances that differ in a few values, each as `from_record` packs it.

    Only what differs is encoded; the bytes between are the same for all.

    Parameters
    ----------
    record : callable
        Makes the record of such values. It is asked once, with words in their places,
        and must only put them there.
    count : int
        How many values there are.
    """

    def __init__(self, record: Callable[..., InstanceRecord], count: int) -> None:
        words = [os.urandom(16).hex() for _ in range(count)]
        rest = from_record(record(*words))
        written = [_ENCODER.encode(word) for word in words]
        places = sorted((rest.find(word), i) for i, word in enumerate(written))
        self._parts: list[tuple[bytes, int]] = []
        for at, number in places:
            if at >= 0:  # what is written nowhere needs no place
                before, _, rest = rest.partition(written[number])
                self._parts.append((before, number))
        self._rest = rest

    def packed(self, *values: object) -> bytes:
        """The instance with these values as bytes."""
        encode, made = _ENCODER.encode, bytearray()
        for before, number in self._parts:
            made += before
            made += encode(values[number])
        return bytes(made + self._rest)


_DECODER = msgspec.msgpack.Decoder(tuple[int, InstanceRecord])
_ENCODER = msgspec.msgpack.Encoder()
