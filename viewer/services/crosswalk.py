"""The protected list of who is who: written beside an export only when asked for.

Two CSV files, ``patients.csv`` and ``uids.csv``, each with the columns ``id_old`` and
``id_new``, as the scorer of the MIDI-B challenge reads them.
"""

import codecs
import csv
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from viewer.core.deidentification import Pair
from viewer.core.errors import EnvironmentFailure, ViewerError
from viewer.services.file_lock import alone
from viewer.services.whole_file import whole_file

PATIENTS: Final = "patients.csv"
UIDS: Final = "uids.csv"
_HEADING: Final = ["id_old", "id_new"]


def add_to_crosswalk(
    folder: Path, patients: Iterable[Pair], uids: Iterable[Pair]
) -> None:
    """Add pairs to the lists in `folder`; what is there already is not said twice.

    Each list is replaced as a whole, so that a kill leaves the old one or the new one.
    An ID that two hospitals gave to two people has two lines.

    Parameters
    ----------
    folder : Path
        Is made, or closed to other users if it was empty (0700); the lists are 0600.

    Raises
    ------
    ViewerError
        If others can look into the folder, or its lists are of another project.
    EnvironmentFailure
        If the lists cannot be read or written.
    """
    try:
        _close(folder)
        with alone(folder):
            _replace(folder / UIDS, _merged(folder / UIDS, uids, once=True))
            _replace(
                folder / PATIENTS, _merged(folder / PATIENTS, patients, once=False)
            )
    except (OSError, ValueError, csv.Error) as cause:
        raise EnvironmentFailure(
            "The crosswalk cannot be written there.",
            hint="Choose a folder of your own, for nothing but the crosswalk.",
        ) from cause


def _close(folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if os.name != "posix" or not folder.stat().st_mode & 0o077:
        return
    if any(folder.iterdir()):
        raise ViewerError(
            "Other users can look into the folder of the crosswalk.",
            hint="Choose a new folder, or close this one to them (chmod 700).",
        )
    folder.chmod(0o700)


def _merged(file: Path, more: Iterable[Pair], *, once: bool) -> Iterator[Pair]:
    """What the list has, then what is new; `once` allows an old name one new one."""
    known = dict.fromkeys(_read(file))
    known.update(dict.fromkeys(pair for pair in more if pair.old))
    if once and len({pair.old for pair in known}) != len(known):
        raise ViewerError(
            "The crosswalk in this folder is of another project.",
            hint="Choose a new folder: one crosswalk, one project.",
        )
    return iter(known)


def _read(file: Path) -> Iterator[Pair]:
    try:
        opened = file.open(encoding="utf-8", newline="")
    except FileNotFoundError:
        return
    with opened:
        rows = csv.reader(opened)
        if next(rows, None) != _HEADING:
            raise ValueError
        for old, new in rows:
            yield Pair(old, new)


def _replace(file: Path, pairs: Iterable[Pair]) -> None:
    with whole_file(file) as out:
        rows = csv.writer(codecs.getwriter("utf-8")(out))
        rows.writerow(_HEADING)
        rows.writerows((pair.old, pair.new) for pair in pairs)
