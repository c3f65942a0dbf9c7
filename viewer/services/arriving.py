"""One object on its way in: its bytes go to our disk as they come."""

import os
import shutil
from pathlib import Path
from types import TracebackType
from typing import Self

from typing_extensions import Buffer

from viewer.core.errors import EnvironmentFailure
from viewer.services.store import force, our_disk

WHOLE = ".received"
"""Ending of a file in a workspace that is whole, and that its sender believes kept."""

_LOOK_EVERY = 16 << 20  # bytes between two looks at the room that is left
RESERVE: int = 512 << 20
"""Bytes of the disk that what arrives leaves free."""


class Arriving:
    """A file under a waiting name; gone at the end of the block unless it was taken.

    Attributes
    ----------
    path : Path
    size : int
        Bytes written so far.
    """

    def __init__(self, folder: Path, reserve: int = RESERVE) -> None:
        """Begin one in a workspace of the store.

        Raises
        ------
        EnvironmentFailure
            If there is too little room, or the store cannot be written.
        """
        self.path = folder / f"{os.urandom(8).hex()}.part"
        self.size = 0
        self._reserve = reserve
        self._checked = 0
        self._check_room()
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        with our_disk(folder):
            self._file = os.open(self.path, flags, 0o600)
        self._open = True

    def write(self, piece: Buffer) -> None:
        """Add bytes; they may change as soon as this returns.

        Raises
        ------
        EnvironmentFailure
            If our disk takes no more.
        """
        left = memoryview(piece)
        self.size += len(left)
        if self.size - self._checked > _LOOK_EVERY:
            self._check_room()
        with our_disk(self.path.parent):
            while left:
                left = left[os.write(self._file, left) :]

    def secure(self) -> None:
        """Force what was written to disk.

        Raises
        ------
        EnvironmentFailure
            If our disk does not do it.
        """
        with our_disk(self.path.parent):
            os.fsync(self._file)
        self.close()

    def keep(self) -> Path:
        """Give it the name of a whole object, for good; recovery knows it by that.

        Raises
        ------
        EnvironmentFailure
            If our disk does not do it.
        """
        kept = self.path.with_suffix(WHOLE)
        with our_disk(self.path.parent):
            self.path.rename(kept)
            force(self.path.parent)
        return kept

    def close(self) -> None:
        """Write no more."""
        if self._open:
            self._open = False
            os.close(self._file)

    def __enter__(self) -> Self:
        """Write it for the length of a block."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Throw it away if nobody took it."""
        self.close()
        self.path.unlink(missing_ok=True)

    def _check_room(self) -> None:
        self._checked = self.size
        with our_disk(self.path.parent):
            free = shutil.disk_usage(self.path.parent).free
        if free < self._reserve:
            raise EnvironmentFailure(
                "The disk has too little room left to receive images.",
                hint="Free some space; what was received is kept.",
            )
