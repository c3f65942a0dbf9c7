"""Open the catalog's database, and say in a sentence what is wrong with it."""

import contextlib
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import ConnectionPoolEntry

from viewer.core.errors import EnvironmentFailure
from viewer.core.folding import folded

_PATIENCE_MS = 60_000  # how long one writer waits for another

_NAP_S = 0.01

_PRAGMAS = (
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA cache_size = -65536",  # 64 MiB
    # A page that is looked at costs no call of the system: a walk through a large
    # catalog takes a third less. What is written goes the usual way.
    "PRAGMA mmap_size = 2147483648",
)


def engine_for(file: Path) -> Engine:
    """The engine of the catalog at `file`; a connection for each thread that asks."""
    engine = create_engine(
        URL.create("sqlite", database=str(file)),
        hide_parameters=True,
        pool_use_lifo=True,  # the connection that was used last has the most in memory
    )
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


@contextlib.contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """One consistent view of the catalog."""
    with translated(engine), engine.connect() as connection, connection.begin():
        yield connection


@contextlib.contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One change: all of it is on disk when the block has ended, or nothing.

    The write lock is taken at once, so what is read inside stays true.
    """
    with (
        translated(engine),
        engine.connect().execution_options(viewer_writes=True) as connection,
        connection.begin(),
    ):
        yield connection


@contextlib.contextmanager
def translated(engine: Engine) -> Iterator[None]:
    """Tell failures of disk and file in the user's words.

    Raises
    ------
    EnvironmentFailure
        If the database is busy, full, closed to us or damaged.
    """
    try:
        yield
    except DatabaseError as cause:
        failure = environment_failure(cause.orig, str(engine.url.database))
        if failure is None:
            raise  # a mistake of ours
        raise failure from cause.orig


_BESIDE = "Move {} aside; a backup may lie beside it, and the images are kept in store."

_FAILURES = {  # by SQLite's primary result code
    sqlite3.SQLITE_PERM: (
        "The catalog may not be used.",
        "Check the permissions of {}.",
    ),
    sqlite3.SQLITE_BUSY: (
        "The catalog is busy with other work.",
        "Try again in a moment.",
    ),
    sqlite3.SQLITE_LOCKED: (
        "The catalog is busy with other work.",
        "Try again in a moment.",
    ),
    sqlite3.SQLITE_READONLY: (
        "The catalog cannot be written.",
        "Check the permissions of {}.",
    ),
    sqlite3.SQLITE_IOERR: (
        "The disk of the catalog does not answer.",
        "Check the disk of {}.",
    ),
    sqlite3.SQLITE_CORRUPT: ("The catalog is damaged.", _BESIDE),
    sqlite3.SQLITE_FULL: ("The disk is full.", "Free some space, then try again."),
    sqlite3.SQLITE_CANTOPEN: (
        "The catalog cannot be opened.",
        "Check the permissions of {}.",
    ),
    sqlite3.SQLITE_NOTADB: ("The catalog is damaged.", _BESIDE),
}


def environment_failure(
    cause: BaseException | None, file: str
) -> EnvironmentFailure | None:
    """What SQLite's error means to the user; None if it is no fault around us.

    SQLite's own words may hold values, so they are not passed on.
    """
    code = getattr(cause, "sqlite_errorcode", 0) & 0xFF
    if code not in _FAILURES:
        return None
    sentence, hint = _FAILURES[code]
    return EnvironmentFailure(sentence, hint=hint.format(file))


def damage(file: str) -> EnvironmentFailure:
    """That the catalog's file is not what was written."""
    sentence, hint = _FAILURES[sqlite3.SQLITE_CORRUPT]
    return EnvironmentFailure(sentence, hint=hint.format(file))


def _prepare(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {_PATIENCE_MS}")  # the others may wait
    _log_ahead(cursor)
    for pragma in _PRAGMAS:
        cursor.execute(pragma)
    cursor.close()
    connection.create_function("folded", 1, folded, deterministic=True)


def _log_ahead(cursor: sqlite3.Cursor) -> None:
    """Switch a new catalog to WAL; one that has it already is left as it is.

    Where two processes do this at once SQLite refuses one of them without waiting,
    whatever its busy timeout says.
    """
    until = time.monotonic() + _PATIENCE_MS / 1000
    while True:
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            busy = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
            if not busy or time.monotonic() > until:
                raise
            time.sleep(_NAP_S)
        else:
            return


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("viewer_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
