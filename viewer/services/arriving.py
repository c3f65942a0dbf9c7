"""One object on its way in: its bytes go to our disk as they come.

What its sender is told of is on disk under a name that recovery knows. Where the disk
keeps names with their files, it gets that name first and is forced to disk once for
both. A power cut in between may leave the name with half of the bytes: so the name
holds their SHA-256.
"""

import hashlib
import os
from pathlib import Path
from types import TracebackType
from typing import Self

from typing_extensions import Buffer

from viewer.services.disk_room import check_room
from viewer.services.lasting import Disk
from viewer.services.store import force, our_disk

WHOLE = ".received"
"""Ending of a file in a workspace that is whole, and that its sender believes kept."""

_LOOK_EVERY = 16 << 20  # bytes between two looks at the room that is left
_AHEAD = 1 << 20  # bytes that the disk begins with before the next ones are here
RESERVE: int = 512 << 20
"""Bytes of the disk that what arrives leaves free."""


def sha256_in(name: str) -> bytes | None:
    """What the name of a whole file says its SHA-256 is; None if it does not say."""
    _, _, said = name.removesuffix(WHOLE).partition(".")
    try:
        return bytes.fromhex(said) or None
    except ValueError:
        return None


class Arriving:
    """A file under a waiting name; gone at the end of the block unless it was taken.

    Attributes
    ----------
    path : Path
    size : int
        Bytes written so far.
    """

    def __init__(self, folder: Path, disk: Disk, reserve: int = RESERVE) -> None:
        """Begin one in a workspace of the store.

        Raises
        ------
        EnvironmentFailure
            If there is too little room, or the store cannot be written.
        """
        self.path = folder / f"{os.urandom(8).hex()}.part"
        self.size = 0
        self._disk = disk
        self._reserve = reserve
        self._checked = self._begun = 0
        self._digest = hashlib.sha256()
        self._forced = self._kept = False
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
        self._digest.update(left)
        if self.size - self._checked > _LOOK_EVERY:
            self._check_room()
        with our_disk(self.path.parent):
            while left:
                left = left[os.write(self._file, left) :]
            if self.size - self._begun >= _AHEAD:
                self._begin()

    def settle(self) -> None:
        """Say that this was all: the disk has work while somebody reads it.

        Raises
        ------
        EnvironmentFailure
            If our disk does not do it.
        """
        with our_disk(self.path.parent):
            if self._disk.name_with_file:
                self._begin()
            else:
                self._force()

    @property
    def sha256(self) -> bytes:
        """Of what was written."""
        return self._digest.digest()

    def keep(self) -> Path:
        """Give it the name of a whole object, for good; recovery knows it by that.

        Raises
        ------
        EnvironmentFailure
            If our disk does not do it.
        """
        whole = self.path.with_suffix(f".{self.sha256.hex()}{WHOLE}")
        with our_disk(self.path.parent):
            if self._disk.name_with_file:
                self.path = self.path.rename(whole)
                self._force()
            else:
                self._force()
                self.path = self.path.rename(whole)
                force(self.path.parent)
        self._kept = True
        return self.path

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
        if not self._kept:
            self.path.unlink(missing_ok=True)

    def _begin(self) -> None:
        """Have the disk begin with what it was not told to write yet."""
        if hasattr(os, "posix_fadvise"):  # Linux begins to write what is not needed
            advice = os.POSIX_FADV_DONTNEED
            os.posix_fadvise(self._file, self._begun, self.size - self._begun, advice)
        self._begun = self.size

    def _force(self) -> None:
        """Force what was written to disk, and write no more."""
        if not self._forced:
            os.fsync(self._file)
            self._forced = True
        self.close()

    def _check_room(self) -> None:
        self._checked = self.size
        with our_disk(self.path.parent):
            check_room(
                self.path.parent,
                self._reserve,
                hint="Free some space; what was received is kept.",
                purpose="left to receive images",
            )
