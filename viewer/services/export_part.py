"""An export under way: a hidden folder beside the place where it will appear.

Nothing has the final name until everything is on disk. What a kill leaves is taken up
again by the same export, or thrown away by another one.
"""

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec

from viewer.core.errors import EnvironmentFailure, ViewerError
from viewer.services.file_lock import locked
from viewer.services.store import force

_JOURNAL: Final = "journal"
_LOCK: Final = "lock"


class Entry(msgspec.Struct, frozen=True, omit_defaults=True):
    """What became of one instance; nothing in it tells whose it is.

    Attributes
    ----------
    number : int
        Its place in the export, from 0.
    size : int
        Bytes of its file; 0 if it has none.
    uid : str
        Its new SOP Instance UID, in an anonymized export.
    sha256 : str
        Of its file, in an anonymized export.
    withheld : str
        The `Reason`, if it was withheld.
    failed : str
        The sentence, if it could not be read or written.
    cautions : tuple of str
    """

    number: int
    size: int = 0
    uid: str = ""
    sha256: str = ""
    withheld: str = ""
    failed: str = ""
    cautions: tuple[str, ...] = ()


class _Head(msgspec.Struct, frozen=True):
    """Which export a journal is of."""

    export: str


class Part:
    """The hidden folder; nobody else has it while this lives.

    Attributes
    ----------
    content : Path
        What becomes the export.
    archive : Path
        Where a ZIP of it is made.
    before : tuple of Entry
        What an attempt that was cut off has finished.
    """

    def __init__(self, folder: Path, export: str) -> None:
        self._folder = folder
        self.content = folder / "content"
        self.archive = folder / "archive"
        self.before = self._resumed(export)
        if not self.before:
            self._clear()
        self.content.mkdir(exist_ok=True)
        self._journal = (folder / _JOURNAL).open("ab")
        if not self.before:
            self._append(_Head(export))

    def note(self, entry: Entry) -> None:
        """Write down what became of an instance; its file is on disk already."""
        self._append(entry)

    def finish(self, made: Path, target: Path) -> None:
        """Give what was `made` here its final name.

        Raises
        ------
        ViewerError
            If something lies there by now.
        """
        force(self._folder)
        if made.is_dir():
            refuse_existing(target)
            made.rename(target)
        else:
            _appear(made, target)
        force(target.parent)

    def close(self) -> None:
        """Write no more."""
        self._journal.close()

    def remove(self) -> None:
        """Leave nothing."""
        self.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _append(self, line: Entry | _Head) -> None:
        self._journal.write(msgspec.json.encode(line) + b"\n")
        self._journal.flush()

    def _resumed(self, export: str) -> tuple[Entry, ...]:
        """What the journal of the same export says, but for a torn last line."""
        try:
            lines = (self._folder / _JOURNAL).read_bytes().split(b"\n")
            if msgspec.json.decode(lines[0], type=_Head).export != export:
                return ()
        except (OSError, msgspec.MsgspecError):
            return ()
        found: dict[int, Entry] = {}
        for line in lines[1:]:
            with contextlib.suppress(msgspec.MsgspecError):
                entry = msgspec.json.decode(line, type=Entry)
                found[entry.number] = entry
        return tuple(found.values())

    def _clear(self) -> None:
        for entry in self._folder.iterdir():
            if entry.name == _LOCK:
                continue
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry)
            else:
                entry.unlink()


@contextlib.contextmanager
def open_part(target: Path, export: str) -> Iterator[Part]:
    """The hidden folder of an export to `target`, for the length of a block.

    Parameters
    ----------
    target : Path
    export : str
        Names the export: one of the same name goes on where the last one stopped.

    Raises
    ------
    ViewerError
        If `target` is there already, or another export to it is under way.
    EnvironmentFailure
        If nothing can be written there.
    """
    folder = part_folder(target)
    with writable(target.parent):
        target.parent.mkdir(parents=True, exist_ok=True)
    if _exists(target):
        _sweep(folder)
        refuse_existing(target)
    with writable(target.parent):
        folder.mkdir(mode=0o700, exist_ok=True)
        _refuse_foreign(folder)
    with locked(folder / _LOCK) as ours:
        if not ours:
            raise ViewerError(
                "Another export to this place is under way.",
                hint="Wait for it, or name another place.",
            )
        with writable(target.parent):
            part = Part(folder, export)
        try:
            yield part
        finally:
            part.close()


def part_folder(target: Path) -> Path:
    """Where an export lies until it is finished."""
    return target.with_name(f".{target.name}.part")


def refuse_existing(target: Path) -> None:
    """Never write over anything.

    Raises
    ------
    ViewerError
        If something lies at `target`.
    """
    if _exists(target):
        raise ViewerError(
            f"{target.name} is there already.",
            hint="Name a new folder or file; an export never writes over another one.",
        )


@contextlib.contextmanager
def writable(folder: Path) -> Iterator[None]:
    """Tell of a place that takes nothing in the user's words.

    Raises
    ------
    EnvironmentFailure
    """
    try:
        yield
    except OSError as cause:
        raise EnvironmentFailure(
            "The export cannot be written.",
            hint=f"Is {folder} full, or closed to you? What is finished is kept:"
            " the same export goes on where it stopped.",
        ) from cause


def _exists(target: Path) -> bool:
    return os.path.lexists(target)


def _appear(made: Path, target: Path) -> None:
    """Give a file its final name, even if somebody takes that name this very moment."""
    try:
        os.link(made, target)
    except FileExistsError:
        refuse_existing(target)
    except OSError:  # a disk without hard links
        refuse_existing(target)
        made.rename(target)
    else:
        made.unlink()


def _refuse_foreign(folder: Path) -> None:
    """Never clear away what is not ours."""
    held = {entry.name for entry in folder.iterdir()}
    if held and _LOCK not in held:
        raise ViewerError(
            f"{folder.name} is not of an export.",
            hint="An export needs this name for a while. Move it, or name another"
            " place.",
        )


def _sweep(folder: Path) -> None:
    """Remove what a kill left after the export had its final name."""
    if not folder.is_dir():
        return
    with locked(folder / _LOCK) as ours:
        if ours:
            shutil.rmtree(folder, ignore_errors=True)
