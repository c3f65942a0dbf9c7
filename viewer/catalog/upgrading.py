"""Bring a catalog to this version, or leave one from the future alone."""

import contextlib
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, Engine

from viewer.catalog.connection import damage, environment_failure, translated, writing
from viewer.catalog.schema import VERSION
from viewer.core.errors import EnvironmentFailure

_MAGIC = b"SQLite format 3\0"
_USER_VERSION = slice(60, 64)  # of the file header, big endian
_MIGRATIONS = Path(__file__).parent / "migrations"


def refuse_newer(file: Path) -> None:
    """Look at the catalog without touching it.

    Raises
    ------
    EnvironmentFailure
        If a newer Lightbox wrote it, or if it is no catalog at all.
    """
    try:
        with file.open("rb") as opened:
            header = opened.read(100)
    except FileNotFoundError:
        return
    except OSError as cause:
        raise EnvironmentFailure(
            "The catalog cannot be read.", hint=f"Check the permissions of {file}."
        ) from cause
    if not header:
        return  # created a moment ago by another process
    if not header.startswith(_MAGIC):
        raise damage(str(file))
    written = int.from_bytes(header[_USER_VERSION], "big")
    if written > VERSION or _revision(file) > VERSION:
        raise EnvironmentFailure(
            "The catalog was written by a newer version of Lightbox.",
            hint="Nothing was touched. Update Lightbox, or use another data folder.",
        )


def _revision(file: Path) -> int:
    """What Alembic noted in the file; 0 if nothing or nothing readable."""
    # Without a log beside it nobody writes, and a look need not leave one behind.
    logged = file.with_name(f"{file.name}-wal").exists()
    address = f"{file.absolute().as_uri()}?{'mode=ro' if logged else 'immutable=1'}"
    try:
        with contextlib.closing(sqlite3.connect(address, uri=True, timeout=60)) as db:
            known = db.execute(
                "SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'"
            ).fetchone()
            found = (
                known
                and db.execute("SELECT version_num FROM alembic_version").fetchone()
            )
    except sqlite3.Error as cause:
        failure = environment_failure(cause, str(file))
        if failure is None:
            raise
        raise failure from cause
    # A revision that is no number of ours can only come from elsewhere.
    return (
        int(found[0]) if found and found[0].isdigit() else (VERSION + 1) * bool(found)
    )


def upgrade(engine: Engine, file: Path) -> None:
    """Create the tables, or run what migrations are missing, all or nothing.

    Two processes may do this at once: the second waits and finds it done.
    """
    _make_closed(file)
    with translated(engine), engine.connect() as connection:
        present = version(connection)
    if present == VERSION:
        return
    if present:
        back_up(file, present)
    with writing(engine) as connection:
        _migrate(connection)


def back_up(file: Path, version: int) -> Path:
    """Copy a catalog that may be in use to a file beside it, by SQLite's own means."""
    moment = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    target = file.with_name(f"{file.stem}-version-{version}-{moment}.backup.sqlite")
    _make_closed(target)
    with (
        contextlib.closing(sqlite3.connect(file, timeout=60)) as source,
        contextlib.closing(sqlite3.connect(target)) as copy,
    ):
        source.backup(copy)
    return target


def _make_closed(file: Path) -> None:
    """Make the file, if it is missing, so that nobody else can ever read it.

    SQLite gives its log and its index beside it the same permissions.
    """
    try:
        if not file.exists():
            file.touch(mode=0o600)
    except OSError as cause:
        raise EnvironmentFailure(
            "The catalog cannot be opened.", hint=f"Check the permissions of {file}."
        ) from cause


def version(connection: Connection) -> int:
    """Which version of the tables the catalog has; 0 if none."""
    found: int = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
    return found


def _migrate(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415 - costs, and hardly ever runs
    from alembic.config import Config  # noqa: PLC0415

    if version(connection) == VERSION:
        return  # another process was quicker
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    connection.exec_driver_sql(f"PRAGMA user_version = {VERSION}")
