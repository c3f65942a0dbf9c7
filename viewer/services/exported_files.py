"""What an anonymized export consists of: its files, its account, its index."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from viewer.core.errors import UnreadableError, ViewerError
from viewer.core.manifest import NAME, Manifest
from viewer.services.unpacking import Unpacking

_INDEX: Final = "DICOMDIR"


@dataclass(frozen=True, slots=True)
class ExportedFile:
    """A DICOM file of the export.

    Attributes
    ----------
    name : str
        Below the topmost folder, with slashes; of the archive's member in a ZIP.
    path : Path
        Where it can be read.
    """

    name: str
    path: Path


@dataclass(frozen=True, slots=True)
class Exported:
    """A whole export.

    Attributes
    ----------
    files : tuple of ExportedFile
        By name, without account and index.
    manifest : Manifest or None
        None if there is no account.
    names : tuple of str
        Of every file and folder.
    others : tuple of ExportedFile
        Account and index: they are searched, and hold no object.
    """

    files: tuple[ExportedFile, ...]
    manifest: Manifest | None
    names: tuple[str, ...]
    others: tuple[ExportedFile, ...]


@contextmanager
def opened_export(
    place: Path, workspace: Path, password: str | None = None
) -> Iterator[Exported]:
    """The export at `place`, a folder or a ZIP, for the length of a block.

    Parameters
    ----------
    place : Path
    workspace : Path
        Where a ZIP is unpacked; nothing stays there.
    password : str or None
        Of a ZIP.

    Raises
    ------
    UnreadableError
        If there is nothing to read, or its account is damaged.
    """
    if place.is_dir():
        yield _exported(list(_below(place)))
    elif place.is_file():
        with _unpacked(place, workspace, password) as files:
            yield _exported(files)
    else:
        raise UnreadableError(
            "There is no such export.", hint="Name the folder or ZIP that was written."
        )


def _exported(files: list[ExportedFile]) -> Exported:
    manifest, objects, others = None, [], []
    for file in sorted(files, key=lambda one: one.name):
        if file.name == NAME:
            manifest = Manifest.from_json(_read(file.path))
            others.append(file)
        elif file.name == _INDEX:
            others.append(file)
        else:
            objects.append(file)
    names = tuple(file.name for file in files)
    return Exported(tuple(objects), manifest, names, tuple(others))


def _below(folder: Path) -> Iterator[ExportedFile]:
    for parent, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            path = Path(parent, name)
            yield ExportedFile(path.relative_to(folder).as_posix(), path)


@contextmanager
def _unpacked(
    archive: Path, workspace: Path, password: str | None
) -> Iterator[list[ExportedFile]]:
    found: list[ExportedFile] = []
    try:
        with Unpacking(workspace) as unpacking:
            for name, outcome in unpacking.members(archive, password):
                if isinstance(outcome, ViewerError):
                    raise outcome
                found.append(ExportedFile(name, outcome))
        yield found
    finally:
        for file in found:
            file.path.unlink(missing_ok=True)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UnreadableError("The account of the export cannot be read.") from error
