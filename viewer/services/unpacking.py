"""DICOMDIR and ZIP, opened in a process of its own that may die of them."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from msgspec.structs import replace

from viewer.core.errors import EnvironmentFailure, UnreadableError, ViewerError
from viewer.services.worker import Stalled, Worker, WorkerDied
from viewer.services.worker_messages import (
    Answer,
    Disc,
    Failure,
    ListDisc,
    Member,
    Members,
    OpenArchive,
    Request,
    Unpack,
)
from viewer.services.worker_reasons import noted, why_unread

_SECONDS: Final = 20.0
_PROCESSOR: Final = 2.0  # seconds of computing for something small
_MEMORY: Final = 1 << 30
_MOST_LOST: Final = 2  # processes to one archive
MOST_REFUSED: Final = 1000
"""Members in a row that cannot be unpacked, before the rest is not tried."""
_BYTES_PER_SECOND: Final = 2 << 20  # the slowest way to pack, on a slow machine

Unpacked = tuple[str, Path | ViewerError]


class Unpacking:
    """Lists discs and unpacks archives; its process starts when there is one.

    It is not one of the pool: an archive occupies it as long as its files are read.

    Parameters
    ----------
    workspace : Path
        Where members are written, under names of ours; made if it is missing.
    """

    def __init__(self, workspace: Path) -> None:
        self._workspace = workspace
        self._worker: Worker | None = None

    def listed(self, dicomdir: Path) -> tuple[Path, ...] | None:
        """The files a DICOMDIR lists; None if it is none.

        Raises
        ------
        UnreadableError, NotDicomError
            If it cannot be read.
        EnvironmentFailure
            If no process can be started.
        """
        self._renewed()
        request = ListDisc(os.fsencode(dicomdir), _SECONDS, _MEMORY, _PROCESSOR)
        answer = self._answer(request, _SECONDS)
        if not isinstance(answer, Disc):
            raise TypeError("a worker was to list a disc")
        if answer.files is None:
            return None
        return tuple(Path(os.fsdecode(name)) for name in answer.files)

    def members(self, archive: Path, password: str | None) -> Iterator[Unpacked]:
        """The members of a ZIP, each unpacked when it is asked for.

        Yields
        ------
        str
            As written in the archive; for the user's eyes only, never a path.
        Path or ViewerError
            A file in the workspace that the caller removes; or why there is none.

        Raises
        ------
        UnreadableError
            If the archive as a whole is damaged, or too much of it.
        EnvironmentFailure
            If there is no room, or no process can be started.
        """
        seconds = _SECONDS + _size(archive) / _BYTES_PER_SECOND
        opening = OpenArchive(
            os.fsencode(archive), password, 0, seconds, _MEMORY, _PROCESSOR
        )
        self._renewed()
        count = self._open(opening)
        number = lost = refused = 0
        while number < count:
            if refused == MOST_REFUSED:
                raise UnreadableError(
                    f"{refused:,} files of the archive in a row cannot be unpacked;"
                    " the rest is not tried."
                )
            if self._renewed():
                self._open(opening)
            target = self._target()
            try:
                member = self._member(number, target, seconds)
                outcome = _outcome(member, target)
            except UnreadableError as error:  # the process is lost
                target.unlink()
                lost += 1
                if lost == _MOST_LOST:
                    raise
                yield f"file {number + 1}", error
            except BaseException:
                target.unlink()
                raise
            else:
                opening = replace(opening, grown=member.grown)
                refused = refused + 1 if isinstance(outcome, ViewerError) else 0
                yield member.name, outcome
            number += 1

    def close(self) -> None:
        """End the process, if there was need of one."""
        if self._worker is not None:
            self._worker.close()

    def __enter__(self) -> Self:
        """Use it for the length of a block."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close it."""
        self.close()

    def _open(self, opening: OpenArchive) -> int:
        """How many files the archive holds."""
        answer = self._answer(opening, opening.seconds)
        if not isinstance(answer, Members):
            raise TypeError("a worker was to open an archive")
        return answer.count

    def _member(self, number: int, target: Path, seconds: float) -> Member:
        request = Unpack(number, os.fsencode(target), seconds, _MEMORY, _PROCESSOR)
        answer = self._answer(request, seconds)
        if not isinstance(answer, Member):
            raise TypeError("a worker was to unpack")
        return answer

    def _renewed(self) -> bool:
        """Have a process; whether it is one that knows nothing yet."""
        if self._worker is None:
            self._worker, renewed = Worker(), True
        else:
            renewed = self._worker.revive()
        self._worker.meet()
        return renewed

    def _answer(self, request: Request, seconds: float) -> Answer:
        """Ask the process; what it died of, or took too long for, is not readable."""
        if self._worker is None:
            raise LookupError("no process was started")
        try:
            self._worker.send(request)
            answer = self._worker.receive(seconds)
        except (Stalled, WorkerDied) as reason:
            raise why_unread(reason) from None
        if isinstance(answer, Failure):
            raise noted(answer)
        return answer

    def _target(self) -> Path:
        try:
            self._workspace.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(prefix="member-", dir=self._workspace)
        except OSError as error:
            from viewer.services.archives import (  # noqa: PLC0415 - loads ciphers
                no_room,
            )

            raise no_room() from error
        os.close(handle)
        return Path(name)


def _outcome(member: Member, target: Path) -> Path | ViewerError:
    """Where a member lies now, or why it does not."""
    if member.failure is None:
        return target
    error = noted(member.failure)
    if isinstance(error, EnvironmentFailure):
        raise error
    target.unlink()
    return error


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError as error:
        raise UnreadableError("The archive cannot be read.") from error
