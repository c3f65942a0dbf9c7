"""Our own copies of files, each named by its SHA-256.

A copy is written under a name of the work that makes it, forced to disk, and only
then given its place, so that what has a place is whole. Only after that the catalog
is told. A name an attacker put into a file never becomes the name of one.
"""

import contextlib
import errno
import hashlib
import os
from collections.abc import Iterable, Iterator
from concurrent.futures import Executor
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path

from viewer.core.errors import EnvironmentFailure, UnreadableError
from viewer.core.records import FileStamp
from viewer.services import places
from viewer.services.lasting import Disk

_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy that is written and forced to disk, but has no place yet."""

    waiting: Path
    sha256: bytes


class Store:
    """The folder of our copies.

    Attributes
    ----------
    folder : Path
    disk : Disk
        What it promises.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.disk = Disk(folder)
        self._root = os.path.join(folder, "")  # noqa: PTH118 - ends with a separator
        self._incoming = folder / "incoming"

    def path(self, sha256: bytes) -> Path:
        """Where the copy of these bytes lies, or would lie."""
        return Path(self.path_text(sha256))

    def path_text(self, sha256: bytes) -> str:
        """As `path`, for who asks for a whole series."""
        name = sha256.hex()
        return f"{self._root}{name[:2]}{os.sep}{name}.dcm"

    def workspace(self, token: str) -> Path:
        """A folder for what the work `token` has not finished.

        Raises
        ------
        EnvironmentFailure
            If it cannot be made.
        """
        with our_disk(self.folder):
            places.prepare(self.folder)
            folder = self._incoming / token
            for closed in (self._incoming, folder):  # the mode is of the last one only
                closed.mkdir(mode=0o700, exist_ok=True)
        return folder

    def workspaces(self) -> list[str]:
        """The works that left something unfinished here, dead or alive."""
        with contextlib.suppress(FileNotFoundError):
            return sorted(entry.name for entry in self._incoming.iterdir())
        return []

    def under_way(self) -> dict[str, int]:
        """The size of each file that some work has not finished, in bytes."""
        sizes: dict[str, int] = {}
        for folder, _, names in os.walk(self._incoming):
            for path in (Path(folder, name) for name in names):
                with contextlib.suppress(FileNotFoundError):
                    sizes[str(path)] = path.stat().st_size
        return sizes

    def clear(self, token: str) -> None:
        """Throw away what the work `token` did not finish."""
        folder = self._incoming / token
        for path in sorted(folder.rglob("*"), reverse=True):
            with contextlib.suppress(FileNotFoundError):
                path.rmdir() if path.is_dir() else path.unlink()
        with contextlib.suppress(FileNotFoundError):
            folder.rmdir()

    def write(self, source: Path, expected: FileStamp, token: str) -> Copy:
        """Copy `source` to disk, without giving it a place yet.

        Raises
        ------
        UnreadableError
            If the file cannot be read, or is not what `expected` was made of.
        EnvironmentFailure
            If our own disk is full or closed.
        """
        with opened(source) as (file, stamp):
            if stamp != expected:
                raise UnreadableError("The file changed while it was imported.")
            with our_disk(self.folder):
                number = os.urandom(8).hex()
                waiting = self._incoming / token / f"{number}.part"
                sha256 = _copy(file, waiting)
            if FileStamp.from_stat(os.fstat(file.fileno())) != expected:
                waiting.unlink()
                raise UnreadableError("The file changed while it was imported.")
        return Copy(waiting, sha256)

    def place(self, copies: Iterable[Copy], pool: Executor) -> None:
        """Give copies their places, for good.

        Where it takes more than one, the folders are forced to disk side by side by
        `pool`: one after the other takes ten times as long, because the disk could
        write them together.

        Raises
        ------
        EnvironmentFailure
            If our own disk is full or closed.
        """
        with our_disk(self.folder):
            folders, left = set(), set()
            made = False
            for copy in copies:
                path = self.path(copy.sha256)
                if not path.parent.is_dir():
                    path.parent.mkdir(mode=0o700, exist_ok=True)
                    made = True
                copy.waiting.replace(path)
                folders.add(path.parent)
                left.add(copy.waiting.parent)
            if made:
                folders.add(self.folder)
            for _ in pool.map(force, left if self.disk.moves_with_source else folders):
                pass  # a failure is raised here

    def all(self) -> Iterator[tuple[bytes, Path]]:
        """Every file that has a place, by its name's SHA-256."""
        with contextlib.suppress(FileNotFoundError):
            for folder in sorted(self.folder.iterdir()):
                if len(folder.name) == 2:
                    for path in sorted(folder.glob("*.dcm")):
                        yield bytes.fromhex(path.stem), path


def sha256_of(source: Path, expected: FileStamp) -> bytes:
    """The SHA-256 of a file that is what `expected` was made of.

    Raises
    ------
    UnreadableError
        If it cannot be read, or has changed.
    """
    with opened(source) as (file, stamp):
        digest = hashlib.file_digest(file, "sha256").digest()
        if not stamp == FileStamp.from_stat(os.fstat(file.fileno())) == expected:
            raise UnreadableError("The file changed while it was imported.")
    return digest


def stamp_of(source: str | Path) -> FileStamp:
    """What tells that the file is still the same.

    Raises
    ------
    UnreadableError
        If there is no such file, or it may not be looked at.
    """
    try:
        return FileStamp.from_stat(os.stat(source))  # noqa: PTH116 - half the time of Path.stat
    except FileNotFoundError as cause:
        raise UnreadableError("The file is not there any more.") from cause
    except OSError as cause:
        raise UnreadableError("The file cannot be read.") from cause


@contextlib.contextmanager
def opened(source: Path) -> Iterator[tuple[BufferedReader, FileStamp]]:
    """The file for reading, with what it is now."""
    try:
        with source.open("rb") as file:
            yield file, FileStamp.from_stat(os.fstat(file.fileno()))
    except OSError as cause:
        raise UnreadableError("The file cannot be read.") from cause


def _copy(file: BufferedReader, target: Path) -> bytes:
    """Write everything to `target`, force it to disk, and hash what was written."""
    digest = hashlib.sha256()
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(target, flags, 0o600), "wb", buffering=0) as out:
        while chunk := _read(file):
            digest.update(chunk)
            left = memoryview(chunk)
            while left:
                left = left[out.write(left) :]
        os.fsync(out.fileno())
    return digest.digest()


def _read(file: BufferedReader) -> bytes:
    """The next piece; a fault of the source is not one of our own disk."""
    try:
        return file.read(_CHUNK)
    except OSError as cause:
        raise UnreadableError("The file cannot be read.") from cause


def force(folder: Path) -> None:
    """Force a folder's names to disk; Windows does that by itself."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextlib.contextmanager
def our_disk(folder: Path) -> Iterator[None]:
    """Tell of a disk that takes nothing more in the user's words.

    Raises
    ------
    EnvironmentFailure
    """
    try:
        yield
    except OSError as cause:
        full = cause.errno in _FULL
        raise EnvironmentFailure(
            "The disk is full." if full else "The store cannot be written.",
            hint="Free some space, then import again; what is finished is kept."
            if full
            else f"Check the permissions of {folder}.",
        ) from cause


_FULL = {errno.ENOSPC, errno.EDQUOT}
