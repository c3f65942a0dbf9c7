"""Imports that were cut off, and are to go on when the user wants it.

What an import is to bring in is noted in the catalog for as long as it runs. It is
struck out when the import finishes or the user stops it; whatever else ends it, the
death of the process, a full disk or the closing of the window, leaves the note.
"""

import contextlib
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from viewer.core.counts import counted
from viewer.core.errors import Cancelled, Closing
from viewer.services.import_report import ImportRequest
from viewer.services.leases import is_alive

if TYPE_CHECKING:  # SQLAlchemy loads when the catalog is opened
    from viewer.catalog.catalog import Catalog
    from viewer.catalog.imports import WantedImport
    from viewer.catalog.jobs import JobRow

_NOTED_SECONDS = 1.0  # each note waits for the disk


@dataclass(frozen=True, slots=True)
class Interrupted:
    """An import that nobody works on any more.

    Attributes
    ----------
    token : str
    request : ImportRequest
        Without the password, which is never kept.
    seen, total : int
        How many files it had dealt with, at least, of about how many; 0 if not known.
    """

    token: str
    request: ImportRequest
    seen: int
    total: int

    @property
    def progress(self) -> str:
        """How far it came, in words."""
        if self.total:
            return f"{self.seen:,} of about {counted(self.total, 'file')}"
        return counted(self.seen, "file")

    @property
    def origin(self) -> str:
        """What it was to bring in, in words."""
        first, *others = self.request.paths
        return f"{first} and {len(others):,} more" if others else str(first)

    def is_same(self, request: ImportRequest) -> bool:
        """Whether `request` goes on with it."""
        return _key(self.request) == _key(request)


class Noted:
    """The note of one import under way."""

    def __init__(self, catalog: "Catalog", token: str) -> None:
        self._catalog, self._token = catalog, token
        self._next = 0.0

    def advance(self, seen: int, total: int) -> None:
        """Keep how far it is, now and then."""
        if time.monotonic() >= self._next:
            self._catalog.imports.advance(self._token, seen, total)
            self._next = time.monotonic() + _NOTED_SECONDS


@contextlib.contextmanager
def noted(catalog: "Catalog", request: ImportRequest, token: str) -> Iterator[Noted]:
    """Keep a note of what is wanted until the block ends as the user wants it.

    The same import, cut off before, goes on with this one: its note is replaced.
    """
    from viewer.catalog.imports import WantedImport  # noqa: PLC0415 - SQLAlchemy

    paths = tuple(str(path.absolute()) for path in request.paths)
    same = [one.token for one in interrupted_imports(catalog) if one.is_same(request)]
    catalog.imports.add(WantedImport(token, paths, request.reference))
    catalog.imports.remove(same)
    try:
        yield Noted(catalog, token)
    except (Cancelled, KeyboardInterrupt) as wish:
        if not isinstance(wish, Closing):
            catalog.imports.remove([token])
        raise
    cut_off = interrupted_imports(catalog)
    covered = [one.token for one in cut_off if _covers(request, one.request)]
    catalog.imports.remove([token, *covered])


def interrupted_imports(catalog: "Catalog") -> tuple[Interrupted, ...]:
    """The imports that were cut off, oldest first."""
    # Notes first: a work is announced before its note is made.
    wanted = catalog.imports.all()
    return to_interrupted(wanted, catalog.jobs.all())


def to_interrupted(
    wanted: "Iterable[WantedImport]", jobs: "Iterable[JobRow]"
) -> tuple[Interrupted, ...]:
    """Those of the `wanted` imports that no living job brings in."""
    living = {job.token for job in jobs if is_alive(job)}
    return tuple(
        Interrupted(
            one.token,
            ImportRequest(tuple(map(Path, one.paths)), one.reference),
            one.seen,
            one.total,
        )
        for one in wanted
        if one.token not in living
    )


def _key(request: ImportRequest) -> tuple[frozenset[Path], bool]:
    return frozenset(path.absolute() for path in request.paths), request.reference


def _covers(whole: ImportRequest, part: ImportRequest) -> bool:
    """Whether what finished was also everything the other one wanted."""
    places = [path.absolute() for path in whole.paths]
    return whole.reference == part.reference and all(
        any(path.is_relative_to(place) for place in places) for path in part.paths
    )
