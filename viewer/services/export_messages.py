"""What a worker process is asked for an export; see `worker_messages`."""

import os
from pathlib import Path
from typing import Self

import msgspec

from viewer.core.deidentification import Recipe, Written
from viewer.core.disc import FileRecords
from viewer.core.pseudonyms import PatientKey
from viewer.core.records import FileStamp, StoredInstance
from viewer.core.review import Review
from viewer.core.withholding import Reason


class OutPlace(msgspec.Struct, frozen=True, array_like=True):
    """An instance that leaves the library, and where it is written to.

    Attributes
    ----------
    path : bytes
        As in `Read`.
    stamp : FileStamp
    target : bytes
        The file; what lies there is written over.
    sop_class_uid, sop_instance_uid, syntax_uid : str
        As the catalog found them.
    review : Review or None
        What was said of its pixels.
    patient : PatientKey or None
        Whom its study is about.
    """

    path: bytes
    stamp: FileStamp
    target: bytes
    sop_class_uid: str
    sop_instance_uid: str
    syntax_uid: str
    review: Review | None = None
    patient: PatientKey | None = None

    @classmethod
    def of(
        cls,
        stored: StoredInstance,
        target: Path,
        review: Review | None,
        patient: PatientKey | None,
    ) -> Self:
        """The place of an instance of the catalog."""
        record = stored.instance
        return cls(
            os.fsencode(stored.path),
            stored.stamp,
            os.fsencode(target),
            record.sop_class_uid,
            record.sop_instance_uid,
            record.transfer_syntax_uid,
            review,
            patient,
        )


class WriteOut(msgspec.Struct, tag=True, frozen=True):
    """Write instances for others; answered once for each, in order.

    Attributes
    ----------
    places : tuple of OutPlace
    recipe : Recipe or None
        How they are made anonymous; None leaves them as they are.
    seconds, memory, processor
        As in `Read`, for a small file.
    """

    places: tuple[OutPlace, ...]
    recipe: Recipe | None
    seconds: float
    memory: int
    processor: float


class ListOut(msgspec.Struct, tag=True, frozen=True):
    """Say what a DICOMDIR says of files; answered once for each, in order.

    Attributes
    ----------
    paths : tuple of bytes
    seconds, memory, processor
        As in `Read`.
    """

    paths: tuple[bytes, ...]
    seconds: float
    memory: int
    processor: float


class WentOut(msgspec.Struct, tag=True, frozen=True):
    """What became of an instance that was to leave.

    Attributes
    ----------
    size : int
        Bytes written; 0 if it is withheld.
    written : Written or None
        Of an anonymous one.
    withheld : Reason or None
    """

    size: int = 0
    written: Written | None = None
    withheld: Reason | None = None


class Listed(msgspec.Struct, tag=True, frozen=True):
    """What a DICOMDIR says of a file."""

    records: FileRecords
