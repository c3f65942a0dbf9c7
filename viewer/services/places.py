"""Where the program keeps what it must remember: one folder, ours alone."""

import os
from pathlib import Path

from viewer.core.errors import EnvironmentFailure

_OURS = ("catalog.sqlite", "settings.toml", "store", "logs")


def default_folder() -> Path:
    """The user's own data folder, as the platform has it."""
    import platformdirs  # noqa: PLC0415 - not needed where --data-dir is given

    return platformdirs.user_data_path("lightbox", appauthor=False)


def catalog_file(data_dir: Path) -> Path:
    """The index of everything imported."""
    return data_dir / "catalog.sqlite"


def has_catalog(data_dir: Path) -> bool:
    """Whether anything was ever imported here; asking creates nothing.

    Raises
    ------
    EnvironmentFailure
        If the folder is closed to us, or is a file.
    """
    try:
        there = catalog_file(data_dir).exists()
        in_the_way = data_dir.exists() and not data_dir.is_dir()
    except OSError as cause:
        raise _unusable(data_dir) from cause
    if in_the_way:
        raise _unusable(data_dir)
    return there


def settings_file(data_dir: Path) -> Path:
    """The settings, readable and editable by people."""
    return data_dir / "settings.toml"


def station_file(data_dir: Path) -> Path:
    """Who this installation is, in what it writes."""
    return data_dir / "station"


def log_file(data_dir: Path) -> Path:
    """The newest page of the log; older ones lie beside it."""
    return data_dir / "logs" / "lightbox.log"


def pictures_folder(data_dir: Path) -> Path:
    """Small pictures that can be made again; the folder may be deleted."""
    return data_dir / "cache" / "thumbnails"


def prepare(folder: Path) -> Path:
    """Make `folder` exist, closed to other users (0700), and return it.

    A folder that already held somebody's files before it became ours keeps its
    permissions: ``--data-dir /tmp`` must not lock the machine's users out.

    Raises
    ------
    EnvironmentFailure
        If it cannot be made, is not a folder or cannot be written.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if _is_open(folder) and _may_be_closed(folder):
            folder.chmod(0o700)
        writable = os.access(folder, os.W_OK | os.X_OK)
    except OSError as cause:
        raise _unusable(folder) from cause
    if not writable:
        raise _unusable(folder)
    return folder


def _is_open(folder: Path) -> bool:
    return os.name == "posix" and bool(folder.stat().st_mode & 0o077)


def _may_be_closed(folder: Path) -> bool:
    held = {entry.name for entry in folder.iterdir()}
    return not held or not held.isdisjoint(_OURS)


def _unusable(folder: Path) -> EnvironmentFailure:
    return EnvironmentFailure(
        f"The data folder {folder} cannot be used.",
        hint="Check its permissions, or name another one with --data-dir.",
    )
