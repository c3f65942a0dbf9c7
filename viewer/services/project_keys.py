"""A project's key as a file, for a colleague's computer or for the safe.

Whoever has the file can tell which patients an export of the project holds.
"""

import base64
import os
import tomllib
from pathlib import Path
from typing import Final

from viewer.core.errors import EnvironmentFailure, ViewerError
from viewer.core.pseudonyms import KEY_BYTES
from viewer.services.projects import (
    Project,
    Projects,
    fingerprint_of,
    to_project,
    to_toml,
)

_HEADING: Final = (
    "# The key of a Lightbox project. Whoever has it can tell which patients are in\n"
    "# its exports: keep it as you keep the patients' names.\n"
)
_LARGEST: Final = 1 << 16


def export_key(projects: Projects, name: str, file: Path) -> None:
    """Write a project with its key into a new file that only this user can read.

    Raises
    ------
    ViewerError
        If there is no such project, or the file is there already.
    EnvironmentFailure
        If its key is not here, or the file cannot be written.
    """
    project = projects.get(name)
    key = base64.b64encode(projects.key(project)).decode("ascii")
    text = _HEADING + to_toml(project, key=key)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    try:
        handle = os.open(file, flags, 0o600)
    except FileExistsError as cause:
        raise ViewerError(
            "A key is never written over a file.", hint="Choose a new name."
        ) from cause
    except OSError as cause:
        raise _unwritten() from cause
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
    except OSError as cause:
        file.unlink(missing_ok=True)
        raise _unwritten() from cause


def import_key(projects: Projects, file: Path) -> tuple[Project, str]:
    """Take over a project from a file; a sentence if no keyring has its key.

    A project of the same name and key that is here stays as it is settled here, and has
    its key again.

    Raises
    ------
    ViewerError
        If the file holds no key, or another project has the name.
    EnvironmentFailure
        If it cannot be read or kept.
    """
    try:
        with file.open("rb") as opened:
            raw = opened.read(_LARGEST)
    except OSError as cause:
        raise EnvironmentFailure(
            "The file of the key cannot be read.", hint="Is it there, and yours?"
        ) from cause
    try:
        table = tomllib.loads(raw.decode("utf-8"))
        key = base64.b64decode(table["key"], validate=True)
        project = to_project(table)
    except (ValueError, TypeError, LookupError, ViewerError) as cause:
        raise _no_key() from cause
    if len(key) != KEY_BYTES or fingerprint_of(key) != project.fingerprint:
        raise _no_key()
    there = {known.name.casefold(): known for known in projects.all()}
    known = there.get(project.name.casefold(), project)
    if known.fingerprint != project.fingerprint:
        raise ViewerError(
            "Another project here has this name.",
            hint="Remove it first, if nobody needs it any more.",
        )
    return projects.begin(known.name, known.policy, key)


def _no_key() -> ViewerError:
    return ViewerError(
        "The file holds no key of a project.",
        hint="Choose the file to which Lightbox exported the key.",
    )


def _unwritten() -> EnvironmentFailure:
    return EnvironmentFailure(
        "The key cannot be written there.", hint="Choose a folder of your own."
    )
