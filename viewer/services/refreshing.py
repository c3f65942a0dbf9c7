"""Make sure that a file is still what the catalog knows of it."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from viewer.core.errors import UnreadableError, ViewerError
from viewer.core.identity import SOPInstanceUID
from viewer.core.records import FileRecord, InstanceRecord, StoredInstance
from viewer.services.store import sha256_of, stamp_of

if TYPE_CHECKING:  # SQLAlchemy loads when the catalog is opened
    from viewer.catalog.catalog import FiledInstance
    from viewer.catalog.filing import Arrival
    from viewer.services.library import Library

Refreshed = dict[SOPInstanceUID, StoredInstance | ViewerError]


def refreshed(library: "Library", filed: Sequence["FiledInstance"]) -> Refreshed:
    """Each instance as it is now, or why it cannot be shown.

    A file that lies where it lay, with its size, date and number on the disk, is
    taken for the same. Any other is hashed: the same bytes get their new date noted,
    other bytes are indexed anew if they were only referenced, and are a fault if
    they lie in our own store.
    """
    answers: Refreshed = {}
    changed: list[FiledInstance] = []
    for known in filed:
        try:
            same = stamp_of(known.path) == known.stamp
        except UnreadableError as error:
            answers[known.sop_instance_uid] = error
            continue
        if same and known.record is not None:
            stored = StoredInstance(known.record, known.path, known.stamp)
            answers[known.sop_instance_uid] = stored
        else:
            changed.append(known)
    if changed:
        answers.update(_indexed_anew(library, changed))
    return answers


def _indexed_anew(library: "Library", changed: "Sequence[FiledInstance]") -> Refreshed:
    from viewer.catalog.filing import Outcome  # noqa: PLC0415 - SQLAlchemy is slow

    answers: Refreshed = {}
    arrivals: list[Arrival] = []
    records: dict[SOPInstanceUID, InstanceRecord] = {}
    said = library.reader.read_files([known.path for known in changed])
    for known, (_, outcome) in zip(changed, said, strict=True):
        try:
            arrivals.append(_arrival(known, outcome))
        except ViewerError as error:
            answers[known.sop_instance_uid] = error
        if isinstance(outcome, FileRecord):
            records[known.sop_instance_uid] = outcome.instance
    for arrival, became in zip(
        arrivals, library.catalog.reindex(arrivals), strict=True
    ):
        uid = arrival.record.instance.sop_instance_uid
        answers[uid] = (
            UnreadableError("The file belongs to another patient now.")
            if became is Outcome.OTHER_PATIENT
            else StoredInstance(records[uid], arrival.path, arrival.stamp)
        )
    return answers


def _arrival(known: "FiledInstance", outcome: FileRecord | ViewerError) -> "Arrival":
    from viewer.catalog.filing import Arrival  # noqa: PLC0415 - SQLAlchemy is slow

    stamp = stamp_of(known.path)
    sha256 = sha256_of(Path(known.path), stamp)
    if sha256 != known.sha256 and known.stored:
        raise UnreadableError(
            "The file in the store is not the one that was imported.",
            hint="Check the disk, then import the file again.",
        )
    if isinstance(outcome, ViewerError):
        raise outcome
    if outcome.instance.sop_instance_uid != known.sop_instance_uid:
        raise UnreadableError("Another image lies where this one was.")
    return Arrival(outcome, sha256, known.path, stamp, stored=known.stored)
