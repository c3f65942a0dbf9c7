"""What a worker makes of a DICOMDIR or a ZIP: which files there are."""

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from viewer.core.errors import UnreadableError, ViewerError
from viewer.services.worker_messages import (
    Answer,
    Disc,
    Failure,
    ListDisc,
    Member,
    Members,
    OpenArchive,
    Unpack,
)

if TYPE_CHECKING:
    from viewer.services.archives import Archive

_BYTES_PER_SECOND: Final = 8 << 20
_LONGEST: Final = 4.0  # seconds of computing
_PACKED_BYTES_PER_SECOND: Final = 2 << 20  # the slowest way to pack


def for_size(path: bytes, processor: float) -> float:
    """Seconds of computing for a file: a large one may take more, not for ever."""
    with suppress(OSError):
        size = os.stat(path).st_size  # noqa: PTH116 - the path is bytes
        return min(processor + size / _BYTES_PER_SECOND, _LONGEST)
    return processor


class PackedFiles:
    """The archive that was opened last, and discs."""

    def __init__(self) -> None:
        self._archive: Archive | None = None

    def prepare(self, request: ListDisc | OpenArchive | Unpack) -> None:
        """Import what is needed: a busy machine needs long, and no file is to blame."""
        if isinstance(request, ListDisc):
            import viewer.dicom.dicomdir  # noqa: PLC0415 - only here
        else:
            import viewer.services.archives  # noqa: F401, PLC0415 - loads ciphers

    def processor(self, request: ListDisc | OpenArchive | Unpack) -> float:
        """Seconds of computing a request may take."""
        if not isinstance(request, Unpack):
            return for_size(request.path, request.processor)
        packed = self._archive.packed_bytes(request.number) if self._archive else 0
        return request.processor + packed / _PACKED_BYTES_PER_SECOND

    def answer(self, request: ListDisc | OpenArchive | Unpack) -> Answer:
        """Do what is asked.

        Raises
        ------
        ViewerError
            Why it cannot be done.
        """
        if isinstance(request, ListDisc):
            return _disc(Path(os.fsdecode(request.path)))
        if isinstance(request, Unpack):
            return self._unpack(request)
        from viewer.services.archives import Archive  # noqa: PLC0415 - loads ciphers

        self.close()
        path = Path(os.fsdecode(request.path))
        self._archive = Archive(path, request.password, request.grown)
        return Members(len(self._archive))

    def close(self) -> None:
        """Let go of the archive."""
        if self._archive is not None:
            self._archive.close()
            self._archive = None

    def _unpack(self, request: Unpack) -> Member:
        archive, number = self._archive, request.number
        if archive is None:
            raise UnreadableError("No archive was opened.")
        failure = None
        try:
            archive.unpack(number, Path(os.fsdecode(request.target)))
        except ViewerError as error:
            failure = Failure(type(error).__name__, error.message, error.hint)
        return Member(archive.name(number), archive.grown, failure)


def _disc(path: Path) -> Disc:
    from viewer.dicom.dicomdir import referenced_files  # noqa: PLC0415 - only here

    files = referenced_files(path)
    return Disc(None if files is None else tuple(map(os.fsencode, files)))
