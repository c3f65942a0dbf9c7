"""ZIP archives, unpacked one member at a time and never trusted.

Members are written under names of ours. What grows too much is refused while it grows,
whatever the archive states of its size.
"""

import lzma
import os
import stat
import struct
import tempfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
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


def unpacked(
    archive: Path, password: str | None, workspace: Path
) -> Iterator[tuple[str, Path | ViewerError]]:
    """The members of `archive`: their name in it, and where they were unpacked.

    Yields
    ------
    str
        As written in the archive; for the user's eyes only, never a path.
    Path or ViewerError
        A file in `workspace` that the caller removes; or why there is none.

    Raises
    ------
    UnreadableError
        If the archive as a whole is damaged, encrypted without a password, or grows
        beyond every bound.
    EnvironmentFailure
        If there is no room in `workspace`.
    """
    try:
        with pyzipper.AESZipFile(archive) as opened:
            if password is not None:
                opened.setpassword(password.encode())
            yield from _Unpacking(opened, archive, workspace).members(
                has_password=password is not None
            )
    except _DAMAGE as error:
        raise UnreadableError("The archive is damaged or no ZIP.") from error


class _Zip(Protocol):
    """What is used of an open archive."""

    def infolist(self) -> "list[ZipInfo]":
        """Its members, in order."""

    def open(self, member: "ZipInfo") -> IO[bytes]:
        """Open a member for reading."""


@dataclass(slots=True)
class _Unpacking:
    """One pass through an archive, counting what it has grown to."""

    opened: _Zip
    archive: Path
    workspace: Path
    grown: int = 0

    def members(
        self, *, has_password: bool
    ) -> Iterator[tuple[str, Path | ViewerError]]:
        """Each member in turn."""
        members = self.opened.infolist()
        if len(members) > MAX_MEMBERS:
            raise UnreadableError("The archive holds more files than can be true.")
        for member in members:
            if member.is_dir():
                continue
            refusal = _refusal(member, has_password=has_password)
            yield member.filename, refusal or self._unpack(member)

    def _unpack(self, member: "ZipInfo") -> Path | ViewerError:
        try:
            self.workspace.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(prefix="member-", dir=self.workspace)
        except OSError as error:
            raise _no_room() from error
        path = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                self._copy(member, file)
        except UnreadableError as error:
            path.unlink()
            return error
        except BaseException:
            path.unlink()
            raise
        return path

    def _copy(self, member: "ZipInfo", file: IO[bytes]) -> None:
        size = 0
        for chunk in self._chunks(member):
            size += len(chunk)
            self.grown += len(chunk)
            self._bound(size, member.compress_size)
            try:
                file.write(chunk)
            except OSError as error:
                raise _no_room() from error

    def _chunks(self, member: "ZipInfo") -> Iterator[bytes]:
        """The member's bytes; whatever breaks on the way is damage."""
        try:
            with self.opened.open(member) as packed:
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
        if self.grown > max(4 * FREE_BYTES, MAX_RATIO * self.archive.stat().st_size):
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


def _no_room() -> EnvironmentFailure:
    return EnvironmentFailure(
        "There is no room to unpack the archive.", hint="Free some space on the disk."
    )
