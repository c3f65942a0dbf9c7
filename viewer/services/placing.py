"""Give whole files of a workspace their places in the store, unless we have them."""

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from viewer.core.errors import UnreadableError
from viewer.core.records import FileRecord, IndexedRecord
from viewer.services.same_object import same_data_set
from viewer.services.store import Copy, sha256_of, stamp_of

if TYPE_CHECKING:  # SQLAlchemy loads when the catalog is opened
    from viewer.catalog.catalog import KnownFile
    from viewer.catalog.filing import Arrival
    from viewer.services.library import Library


@dataclass(slots=True, eq=False)
class Whole:
    """A whole file of a workspace.

    Attributes
    ----------
    record : FileRecord or IndexedRecord
        With all three UIDs.
    path : Path
        In the workspace; there is nothing any more once it has its place.
    sha256 : bytes or None
        Once it is known.
    """

    record: FileRecord | IndexedRecord
    path: Path
    sha256: bytes | None = None


def placed(
    library: "Library", files: Sequence[Whole], pool: Executor
) -> "list[Arrival]":
    """What is to be filed of files that have their places then.

    A file the catalog has with the same data set stays in the workspace. May be
    called again with the same files after a failure.

    Raises
    ------
    UnreadableError
        If a file is neither here nor in its place.
    EnvironmentFailure
        If our disk or catalog does not work.
    """
    from viewer.catalog.filing import Arrival  # noqa: PLC0415 - SQLAlchemy is slow

    known = library.catalog.known(
        [one.record.instance.sop_instance_uid for one in files]
    )
    copies: list[Copy] = []
    places: list[tuple[bytes, Path, bool]] = []
    for one in files:
        if one.sha256 is None:
            one.sha256 = sha256_of(one.path, stamp_of(one.path))
        waits = one.path.exists()
        kept = known.get(one.record.instance.sop_instance_uid)
        if waits and kept is not None and _is_as_good(kept, one.sha256, one.path):
            places.append((kept.sha256, Path(kept.path), kept.stored))
            continue
        if waits:
            copies.append(Copy(one.path, one.sha256))
        places.append((one.sha256, library.store.path(one.sha256), True))
    library.store.place(copies, pool)
    return [
        Arrival(one.record, sha256, str(place), stamp_of(place), stored=stored)
        for one, (sha256, place, stored) in zip(files, places, strict=True)
    ]


def _is_as_good(known: "KnownFile", sha256: bytes, path: Path) -> bool:
    """Whether the catalog's file is whole and holds the same object.

    It may have come with other file meta information, from a disc or another program.
    """
    try:
        if stamp_of(known.path) != known.stamp:
            return False
    except UnreadableError:
        return False
    return known.sha256 == sha256 or same_data_set(Path(known.path), path)
