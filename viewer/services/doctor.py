"""Is everything here that the program needs? Each finding says what to do."""

import os
import platform
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from importlib import metadata
from pathlib import Path

from viewer import __version__
from viewer.core.counts import counted
from viewer.core.errors import EnvironmentFailure
from viewer.services import places
from viewer.services.display import has_display
from viewer.services.qt_probe import qt_complaints
from viewer.services.resuming import to_interrupted
from viewer.services.settings import DamagedSettings, read_settings

_SCARCE, _NOTHING = 5_000_000_000, 200_000_000  # bytes free on the data folder's disk


class State(StrEnum):
    """How grave a finding is."""

    OK = "ok"
    NOTE = "note"  # cannot be, and need not be
    WARNING = "warning"
    MISSING = "missing"  # the program cannot do its work


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at.

    Attributes
    ----------
    subject : str
        What was looked at, in one or two words.
    state : State
    what : str
        What was found, a phrase.
    advice : str
        What to do about it; empty if nothing.
    """

    subject: str
    state: State
    what: str
    advice: str = ""


def examine(data_dir: Path) -> Iterator[Finding]:
    """Look at everything, one finding after the other; changes nothing."""
    yield _program()
    for name, bounds in _LIBRARIES.items():
        yield _library(name, *bounds)
    yield from _qt()
    yield _display()
    yield from decoders()
    yield _writing()
    yield _folder(data_dir)
    yield _disk(data_dir)
    yield from _settings(data_dir)
    yield _catalog(data_dir)
    yield from _interrupted(data_dir)


Version = tuple[int, ...]

# From the first version that serves, and below the first that does not.
_LIBRARIES: dict[str, tuple[Version, Version]] = {
    "PySide6-Essentials": ((6, 8), (6, 12)),  # 6.12.0 corrupts None and aborts
    "pydicom": ((3, 0, 2), ()),  # earlier ones can be led out of a folder
    "numpy": ((2, 0), ()),
    "imagecodecs": ((2026, 3, 6), ()),
    "opencv-python-headless": ((5, 0), ()),
    "SQLAlchemy": ((2, 0, 40), ()),
}


def _program() -> Finding:
    what = f"Lightbox {__version__}, Python {platform.python_version()}"
    if (3, 11) <= sys.version_info < (3, 14):
        return Finding("Program", State.OK, f"{what}, {platform.system()}")
    return Finding("Program", State.MISSING, what, "Use Python 3.11, 3.12 or 3.13.")


def _library(name: str, first: Version, end: Version) -> Finding:
    try:
        found = metadata.version(name)
    except metadata.PackageNotFoundError:
        return Finding(name, State.MISSING, "not installed", "Run make setup.")
    version = tuple(int(part) for part in found.split(".") if part.isdigit())
    if version < first or (end and version >= end):
        return Finding(name, State.MISSING, f"{found} does not serve", "make setup")
    return Finding(name, State.OK, found)


def _qt() -> Iterator[Finding]:
    complaints = qt_complaints()
    for what, essential in complaints:
        state = State.MISSING if essential else State.WARNING
        yield Finding("Qt libraries", state, what, "Run make setup, or install them.")
    if not complaints:
        yield Finding("Qt libraries", State.OK, "all load")


def _display() -> Finding:
    if has_display():
        return Finding("Display", State.OK, "there is one")
    advice = "The window needs one; every other command works without."
    return Finding("Display", State.WARNING, "there is none", advice)


def decoders() -> Iterator[Finding]:
    """One finding for each transfer syntax."""
    from viewer.dicom.codecs import registry, syntaxes  # noqa: PLC0415 - costs

    for support in registry.describe():
        subject = f"Decoder of {support.name}"
        if support.decoder:
            yield Finding(subject, State.OK, support.decoder)
        elif syntaxes.transfer_syntax(support.uid).coding in registry.REFUSED:
            yield Finding(subject, State.NOTE, support.missing)
        else:
            yield Finding(subject, State.MISSING, support.missing, "Run make setup.")


def _writing() -> Finding:
    """Whether names written in pictures are looked for before an export."""
    from viewer.services import text_finding  # noqa: PLC0415 - loads numpy

    if text_finding.is_available():
        return Finding("Writing in pictures", State.OK, "is found by the extra ocr")
    what = "is not looked for: the extra ocr is not installed"
    return Finding("Writing in pictures", State.NOTE, what, text_finding.HOW_TO_ADD)


def _folder(data_dir: Path) -> Finding:
    subject = "Data folder"
    if not data_dir.exists():
        return Finding(subject, State.OK, f"{data_dir}, made when it is needed")
    if not data_dir.is_dir():
        return Finding(
            subject, State.MISSING, f"{data_dir} is a file", "--data-dir DIR"
        )
    if not os.access(data_dir, os.R_OK | os.W_OK | os.X_OK):
        advice = "Change its permissions, or name another one with --data-dir."
        return Finding(subject, State.MISSING, f"{data_dir} is closed to you", advice)
    if os.name == "posix" and data_dir.stat().st_mode & 0o077:
        advice = f"chmod 700 {data_dir}"
        return Finding(subject, State.WARNING, f"{data_dir} is open to others", advice)
    return Finding(subject, State.OK, str(data_dir))


def _disk(data_dir: Path) -> Finding:
    there = next(p for p in (data_dir, *data_dir.parents) if p.exists())
    free = shutil.disk_usage(there).free
    state = State.OK
    if free < _SCARCE:
        state = State.WARNING if free > _NOTHING else State.MISSING
    advice = "" if state is State.OK else "Free some space on the disk of the folder."
    return Finding("Disk", state, f"{free / 1e9:.1f} GB free", advice)


def _settings(data_dir: Path) -> Iterator[Finding]:
    advice = "Correct or remove the file."
    try:
        _, notes = read_settings(places.settings_file(data_dir))
    except DamagedSettings as damage:
        notes = (damage.message,)
    for note in notes:
        yield Finding("Settings", State.WARNING, note, advice)


def _catalog(data_dir: Path) -> Finding:
    from viewer.catalog.integrity import examine_catalog  # noqa: PLC0415 - costs

    try:
        if not places.has_catalog(data_dir):
            return Finding("Catalog", State.OK, "none yet")
        studies = examine_catalog(places.catalog_file(data_dir))
    except EnvironmentFailure as failure:
        return Finding("Catalog", State.MISSING, failure.message, failure.hint)
    what = f"{counted(studies, 'study', 'studies')}, file intact"
    return Finding("Catalog", State.OK, what)


def _interrupted(data_dir: Path) -> Iterator[Finding]:
    from viewer.catalog.integrity import work_noted  # noqa: PLC0415 - costs

    try:
        if not places.has_catalog(data_dir):
            return
        noted = work_noted(places.catalog_file(data_dir))
    except EnvironmentFailure:
        return  # said of the catalog already
    for one in to_interrupted(*noted):
        what = f"{one.progress} of {one.origin} were seen when it was cut off"
        advice = "Import it again, or forget it in the window."
        yield Finding("Interrupted import", State.NOTE, what, advice)
