"""ZIP archives, unpacked one member at a time and never trusted.

Whatever the archive states of its size, what grows too much is refused while it grows.
Only a worker calls this: see `viewer.services.unpacking`.
"""

import lzma
import stat
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import IO, TYPE_CHECKING, Final, Protocol

import pyzipper

from viewer.core.errors import (
    EnvironmentFailure,
    NotDicomError,
    UnreadableError,
    ViewerError,
)

if TYPE_CHECKING:
    from zipfile import ZipInfo

NO_PASSWORD: Final = "The archive needs a password."  # noqa: S105 - a sentence
WRONG_PASSWORD: Final = "The password does not open it."  # noqa: S105 - a sentence

MAX_MEMBERS: Final = 1_000_000
MAX_MEMBER_BYTES: Final = 8 << 30
FREE_BYTES: Final = 256 << 20
"""How far a member, and an archive, may grow before its ratio is looked at."""
MAX_RATIO: Final = 400
"""Unpacked to packed size: a blank 8-bit mask reaches 200 to 300, a bomb 1000."""

_DAMAGE: Final = (
    pyzipper.BadZipFile,
    OSError,
    EOFError,
    RuntimeError,
    ValueError,
    struct.error,
    zlib.error,
    lzma.LZMAError,
)
"""What zipfile and pyzipper let through when a stream is broken."""

_CHUNK: Final = 1 << 20
_ENCRYPTED: Final = 0x1
_UNIX: Final = 3


class _Zip(Protocol):
    """What is used of an open archive."""

    def infolist(self) -> "list[ZipInfo]":
        """Its members, in order."""

    def open(self, member: "ZipInfo") -> IO[bytes]:
        """Open a member for reading."""

    def close(self) -> None:
        """Let go of its file."""


class Archive:
    """An open archive, counting what it has grown to.

    Parameters
    ----------
    path : Path
    password : str or None
    grown : int
        Bytes that were unpacked from it before.

    Raises
    ------
    UnreadableError
        If the archive as a whole is damaged.
    """

    def __init__(self, path: Path, password: str | None = None, grown: int = 0) -> None:
        self.grown = grown
        self._has_password = password is not None
        try:
            self._size = path.stat().st_size
            opened = pyzipper.AESZipFile(path)
            if password is not None:
                opened.setpassword(password.encode())
        except _DAMAGE as error:
            raise UnreadableError("The archive is damaged or no ZIP.") from error
        self._opened: _Zip = opened
        members = self._opened.infolist()
        if len(members) > MAX_MEMBERS:
            raise UnreadableError("The archive holds more files than can be true.")
        self._members: list[ZipInfo] = [
            member for member in members if not member.is_dir()
        ]

    def __len__(self) -> int:
        """How many files it holds."""
        return len(self._members)

    def name(self, number: int) -> str:
        """A member's name as written; for the user's eyes only, never a path."""
        return self._members[number].filename

    def packed_bytes(self, number: int) -> int:
        """Bytes of a member in the archive; never more than the archive has."""
        return min(max(self._members[number].compress_size, 0), self._size)

    def unpack(self, number: int, target: Path) -> None:
        """Write a member to `target`.

        Raises
        ------
        UnreadableError, NotDicomError
            If it is damaged, locked, no file, or grows beyond every bound.
        EnvironmentFailure
            If there is no room.
        """
        member = self._members[number]
        refusal = _refusal(member, has_password=self._has_password)
        if refusal is not None:
            raise refusal
        try:
            file = target.open("wb")
        except OSError as error:
            raise no_room() from error
        with file:
            self._copy(member, file)

    def close(self) -> None:
        """Let go of its file."""
        self._opened.close()

    def _copy(self, member: "ZipInfo", file: IO[bytes]) -> None:
        size = 0
        for chunk in self._chunks(member):
            size += len(chunk)
            self.grown += len(chunk)
            self._bound(size, member.compress_size)
            try:
                file.write(chunk)
            except OSError as error:
                raise no_room() from error

    def _chunks(self, member: "ZipInfo") -> Iterator[bytes]:
        """The member's bytes; whatever breaks on the way is damage."""
        try:
            with self._opened.open(member) as packed:
                while chunk := packed.read(_CHUNK):
                    yield chunk
        except _DAMAGE as error:
            if member.flag_bits & _ENCRYPTED:
                raise UnreadableError(WRONG_PASSWORD) from error
            raise UnreadableError("The archive is damaged here.") from error

    def _bound(self, size: int, packed_size: int) -> None:
        """Stop what grows too much, before it is written.

        Raises
        ------
        UnreadableError
        """
        if size > min(max(FREE_BYTES, MAX_RATIO * packed_size), MAX_MEMBER_BYTES):
            raise UnreadableError("The file grows beyond all bounds when unpacked.")
        if self.grown > max(4 * FREE_BYTES, MAX_RATIO * self._size):
            raise UnreadableError("The archive grows beyond all bounds when unpacked.")


def _refusal(member: "ZipInfo", *, has_password: bool) -> ViewerError | None:
    """Why a member is not unpacked at all.

    A name that leads elsewhere could do no harm, as names are ours; but whoever wrote
    it meant harm or made a mistake, and the user should know.
    """
    mode = member.external_attr >> 16
    if member.create_system == _UNIX and stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        return NotDicomError("This is a link or device, not a file.")
    if _leads_elsewhere(member.filename):
        return UnreadableError("Its name leads out of the archive.")
    if member.flag_bits & _ENCRYPTED and not has_password:
        return UnreadableError(NO_PASSWORD, hint="Give it with --password.")
    return None


def _leads_elsewhere(name: str) -> bool:
    windows, posix = PureWindowsPath(name), PurePosixPath(name)
    return bool(windows.anchor) or posix.is_absolute() or ".." in windows.parts


def no_room() -> EnvironmentFailure:
    """What to say where nothing can be written."""
    return EnvironmentFailure(
        "There is no room to unpack the archive.", hint="Free some space on the disk."
    )
