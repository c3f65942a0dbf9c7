"""Is the catalog sound? Asked by the doctor, who changes nothing."""

from pathlib import Path

from viewer.catalog import upgrading
from viewer.catalog.connection import damage, engine_for, reading
from viewer.catalog.imports import WantedImport, WantedImports
from viewer.catalog.jobs import JobRow, JobRows
from viewer.catalog.schema import VERSION


def examine_catalog(file: Path) -> int:
    """How many studies the catalog holds, after reading all of its file.

    Raises
    ------
    EnvironmentFailure
        If it is damaged, of a newer version, or cannot be read.
    """
    upgrading.refuse_newer(file)
    engine = engine_for(file)
    try:
        with reading(engine) as connection:
            found = connection.exec_driver_sql("PRAGMA quick_check").scalars().all()
            if found != ["ok"]:
                raise damage(str(file))
            if not upgrading.version(connection):
                return 0  # created a moment ago, without tables yet
            studies: int = connection.exec_driver_sql(
                "SELECT count(*) FROM study WHERE trashed IS NULL"
            ).scalar_one()
    finally:
        engine.dispose()
    return studies


def work_noted(file: Path) -> tuple[tuple[WantedImport, ...], tuple[JobRow, ...]]:
    """The imports that are not over, and then who works on the catalog.

    An older version of the catalog notes no imports.
    """
    engine = engine_for(file)
    try:
        with reading(engine) as connection:
            version = upgrading.version(connection)
        if version < VERSION:
            return (), ()
        return WantedImports(engine).all(), JobRows(engine).all()
    finally:
        engine.dispose()


def kept_files(file: Path) -> frozenset[bytes]:
    """The SHA-256 of every file that must be in the store."""
    engine = engine_for(file)
    try:
        with reading(engine) as connection:
            if not upgrading.version(connection):
                return frozenset()
            found = connection.exec_driver_sql(
                "SELECT sha256 FROM instance WHERE path IS NULL"
                " UNION SELECT sha256 FROM conflict WHERE path IS NULL"
            )
            return frozenset(found.scalars())
    finally:
        engine.dispose()
