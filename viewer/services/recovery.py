"""Finish what a work that was cut off had left between store and catalog."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import islice
from typing import TYPE_CHECKING

from viewer.core.errors import EnvironmentFailure, UnreadableError, ViewerError
from viewer.services.arriving import WHOLE, sha256_in
from viewer.services.leases import is_alive
from viewer.services.placing import Whole, placed
from viewer.services.store import sha256_of, stamp_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from viewer.services.library import HeaderReader, Library

IMPORT = "import"
"""Kind of the jobs whose files lie in the store's workspaces."""

RECEIVE = "receive"
"""Kind of those that take what peers send."""

_BATCH = 500
_WRITERS = 8  # folders that wait for the disk at once


def recover(library: "Library", reader: "HeaderReader", token: str = "") -> None:
    """Clear away half-written files of dead works, and index the whole ones.

    A file that reached its place in the store is whole, and somebody wanted it: it is
    taken into the catalog, never thrown away. While another import than the work
    `token` lives, its files cannot be told from those of a dead one, and everything
    waits for the next time. Living receivers do not mind being helped. What a dead
    receiver had told its senders to keep is kept.
    """
    # Folders first: a work is announced before its folder is made.
    folders = library.store.workspaces()
    jobs = library.catalog.jobs.all()
    living = [job for job in jobs if is_alive(job)]
    for abandoned in set(folders) - {job.token for job in living}:
        if _finish_receiving(library, reader, abandoned):
            library.store.clear(abandoned)
    dead = [job for job in jobs if job not in living]
    imports = [job for job in living if job.kind == IMPORT and job.token != token]
    if dead and not imports:
        _adopt(library, reader)
        for job in dead:
            library.catalog.jobs.remove(job.token)


def _finish_receiving(library: "Library", reader: "HeaderReader", token: str) -> bool:
    """Place and file what a dead receiver had promised to keep; whether all of it."""
    promised = list(_promised(library.store.workspace(token)))
    done = True
    with ThreadPoolExecutor(_WRITERS) as pool:
        for start in range(0, len(promised), _BATCH):
            batch: list[Whole] = []
            for path, record in reader.read_files(promised[start : start + _BATCH]):
                if not isinstance(record, ViewerError):
                    batch.append(Whole(record, path, sha256_in(path.name)))
                elif path.exists():  # otherwise another process finishes it
                    done = False
            _file_received(library, batch, pool)
    return done


def _promised(folder: "Path") -> "Iterator[Path]":
    """What is whole; that of which a power cut left a part was promised to nobody."""
    for path in sorted(folder.glob(f"*{WHOLE}")):
        said = sha256_in(path.name)
        with suppress(UnreadableError):  # whoever reads it says why
            if said is not None and sha256_of(path, stamp_of(path)) != said:
                path.unlink(missing_ok=True)
                continue
        yield path


def _file_received(
    library: "Library", batch: "Sequence[Whole]", pool: ThreadPoolExecutor
) -> None:
    try:
        arrivals = placed(library, batch, pool)
    except (UnreadableError, EnvironmentFailure):
        if all(one.path.exists() for one in batch):
            raise
        # Another process finishes the same at this moment, and has some of them.
        for one in batch if len(batch) > 1 else ():
            _file_received(library, [one], pool)
    else:
        library.catalog.file_all(arrivals)


def _adopt(library: "Library", reader: "HeaderReader") -> None:
    files = library.store.all()
    while batch := dict(islice(files, _BATCH)):
        known = library.catalog.indexed(batch)
        orphans = {path: sha for sha, path in batch.items() if sha not in known}
        if orphans:
            _index(library, reader, orphans)


def _index(
    library: "Library", reader: "HeaderReader", orphans: "dict[Path, bytes]"
) -> None:
    from viewer.catalog.filing import Arrival  # noqa: PLC0415 - SQLAlchemy is slow

    arrivals = []
    stamps = {path: stamp_of(path) for path in orphans}
    for path, record in reader.read_files(orphans):
        if isinstance(record, ViewerError) or not record.instance.sop_instance_uid:
            continue  # not readable by this version; it stays where it is
        try:
            whole = sha256_of(path, stamps[path]) == orphans[path]
        except UnreadableError:
            continue
        if whole:
            arrivals.append(
                Arrival(record, orphans[path], str(path), stamps[path], stored=True)
            )
    library.catalog.file_all(arrivals)
