"""Every file behind what the user named: files, folders, DICOMDIR and ZIP."""

import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

from viewer.core.errors import NotDicomError, UnreadableError, ViewerError
from viewer.dicom.dicomdir import may_be_dicomdir
from viewer.services.unpacking import Unpacking

MOST_MISSING: Final = 10_000
"""Files that a DICOMDIR lists in vain and that are named one by one."""

_ZIP_STARTS: Final = (b"PK\x03\x04", b"PK\x05\x06")


class Found(NamedTuple):
    """One file to read, or why it cannot be.

    Attributes
    ----------
    place : str
        Where its bytes are; meaningless with an error.
    label : str
        What to call it to the user: its path, or ``archive.zip: member``.
    named : bool
        Whether the user named this very file.
    error : ViewerError or None
        Why there is nothing to read.
    temporary : bool
        Whether it was unpacked for us alone; call `release` when done with it.
    """

    place: str
    label: str
    named: bool = False
    error: ViewerError | None = None
    temporary: bool = False

    @property
    def path(self) -> Path:
        """Its place; making a `Path` takes as long as finding a file."""
        return Path(self.place)

    def release(self) -> None:
        """Remove what was unpacked; nothing else is ever removed."""
        if self.temporary:
            self.path.unlink(missing_ok=True)


def find_files(
    paths: Iterable[str | Path], *, password: str | None, workspace: Path
) -> Iterator[Found]:
    """Every file behind `paths`, one at a time and in a steady order.

    A folder is walked with all that is in it. A DICOMDIR that was named stands for the
    files it lists; one met in a folder is a file like any other, and so is a ZIP.

    Parameters
    ----------
    password : str or None
        For encrypted archives.
    workspace : Path
        Where members of archives are unpacked, each when it is asked for, under names
        of ours; it is made if it is missing.

    Raises
    ------
    EnvironmentFailure
        If there is no room to unpack, or no process to do it.
    """
    with Unpacking(workspace) as unpacking:
        for path in map(Path, paths):
            mode = _mode(path)
            if isinstance(mode, ViewerError):
                yield Found(str(path), str(path), named=True, error=mode)
            elif stat.S_ISDIR(mode):
                yield from _walk(path)
            elif not stat.S_ISREG(mode):
                yield Found(str(path), str(path), named=True, error=_special())
            elif _is_archive(path):
                yield from _members(path, password, unpacking)
            elif may_be_dicomdir(path):
                yield from _listed(path, unpacking)
            else:
                yield Found(str(path), str(path), named=True)


def _walk(folder: Path) -> Iterator[Found]:
    """Files of a folder and its folders by name; a folder met again is passed over."""
    seen: set[tuple[int, int]] = set()
    waiting = [(str(folder), False)]
    while waiting:
        name, is_file = waiting.pop()
        if is_file:
            yield Found(name, name)
            continue
        path = Path(name)
        mode = _mode(path)
        if isinstance(mode, ViewerError):
            yield Found(name, name, error=mode)
        elif stat.S_ISREG(mode):
            yield Found(name, name)
        elif not stat.S_ISDIR(mode):
            yield Found(name, name, error=_special())
        elif _identity(path) not in seen:
            seen.add(_identity(path))
            try:
                waiting.extend(_entries(name))
            except OSError:
                yield Found(name, name, error=_closed("folder"))


def _entries(folder: str) -> list[tuple[str, bool]]:
    """What lies in a folder, last name first, and whether the folder says it is a file.

    Most files need not be looked at to know that they are files.
    """
    with os.scandir(folder) as entries:
        found = [(one.path, one.is_file(follow_symlinks=False)) for one in entries]
    return sorted(found, reverse=True)


def _listed(dicomdir: Path, unpacking: Unpacking) -> Iterator[Found]:
    """The files a DICOMDIR lists, those that are missing with an error."""
    try:
        files = unpacking.listed(dicomdir)
    except (UnreadableError, NotDicomError) as error:
        yield Found(str(dicomdir), str(dicomdir), named=True, error=error)
        return
    if files is None:
        yield Found(str(dicomdir), str(dicomdir), named=True)
        return
    missing = 0
    for path in files:
        mode = _mode(path)
        if isinstance(mode, ViewerError):
            missing += 1
            if missing <= MOST_MISSING:
                yield Found(str(path), str(path), error=_missing())
        elif not stat.S_ISREG(mode):
            yield Found(str(path), str(path), error=_special())
        else:
            yield Found(str(path), str(path))
    if missing > MOST_MISSING:
        more = f"{missing - MOST_MISSING:,} more files that it lists are missing."
        yield Found(str(dicomdir), str(dicomdir), error=UnreadableError(more))


def _members(
    archive: Path, password: str | None, unpacking: Unpacking
) -> Iterator[Found]:
    """The files of a ZIP, each unpacked when it is asked for."""
    try:
        for name, unpacked_to in unpacking.members(archive, password):
            label = f"{archive}: {name}"
            if isinstance(unpacked_to, ViewerError):
                yield Found(str(archive), label, error=unpacked_to)
            elif _is_archive(unpacked_to):
                unpacked_to.unlink()
                yield Found(str(archive), label, error=_nested())
            else:
                yield Found(str(unpacked_to), label, temporary=True)
    except UnreadableError as error:
        yield Found(str(archive), str(archive), named=True, error=error)


def _is_archive(path: Path) -> bool:
    """Whether the file begins as a ZIP does, and is not DICOM behind that."""
    try:
        with path.open("rb") as file:
            head = file.read(132)
            return head[:4] in _ZIP_STARTS and head[128:] != b"DICM"
    except OSError:
        return False


def _missing() -> UnreadableError:
    return UnreadableError("The DICOMDIR lists this file, but it is missing.")


def _nested() -> UnreadableError:
    return UnreadableError(
        "This is an archive inside an archive.", hint="Unpack it first."
    )


def _mode(path: Path) -> int | ViewerError:
    """File mode of what `path` leads to, or why it leads nowhere."""
    try:
        return path.stat().st_mode
    except FileNotFoundError:
        if path.is_symlink():
            return UnreadableError("The link leads to a file that does not exist.")
        return UnreadableError("There is no such file or folder.")
    except PermissionError:
        return _closed("file")
    except (OSError, ValueError):
        return UnreadableError("The path leads nowhere.")


def _identity(folder: Path) -> tuple[int, int]:
    status = folder.stat()
    return status.st_dev, status.st_ino


def _special() -> ViewerError:
    return NotDicomError("This is no ordinary file.")


def _closed(kind: str) -> ViewerError:
    return UnreadableError(
        f"The {kind} may not be read.", hint="Ask for permission to read it."
    )
