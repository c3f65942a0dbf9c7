"""A catalog is opened, brought up to date, or left alone with a sentence."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from tests.catalog.arrivals import arrival
from viewer.catalog import upgrading
from viewer.catalog.catalog import Catalog
from viewer.catalog.integrity import examine_catalog
from viewer.catalog.schema import VERSION, metadata
from viewer.core.errors import EnvironmentFailure
from viewer.core.listing import StudyQuery


def opened(file: Path) -> Catalog:
    return Catalog(file, lambda sha256: sha256.hex())


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A catalog with one study, closed."""
    path = tmp_path / "catalog.sqlite"
    catalog = opened(path)
    catalog.file_all([arrival(1)])
    catalog.close()
    return path


def spoil(file: Path, *statements: str) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        for statement in statements:
            connection.execute(statement)


def test_the_migrations_make_exactly_the_tables_the_program_knows(file: Path) -> None:
    catalog = opened(file)
    with catalog._engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"include_name": _is_described}
        )
        assert compare_metadata(context, metadata) == []
    catalog.close()


def _is_described(name: str | None, kind: str, _parents: object) -> bool:
    virtual = ("study_trigrams", "study_pairs", "alembic_version")
    return kind != "table" or not str(name).startswith(virtual)


def test_the_catalog_writes_ahead_fully_and_checks_its_keys(file: Path) -> None:
    catalog = opened(file)
    with catalog._engine.connect() as connection:
        pragmas = ("journal_mode", "synchronous", "foreign_keys", "user_version")
        values = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in pragmas
        ]
    catalog.close()
    assert values == ["wal", 2, 1, VERSION]


def test_nobody_else_can_read_the_catalog_or_what_lies_beside_it(
    tmp_path: Path,
) -> None:
    catalog = opened(tmp_path / "catalog.sqlite")
    catalog.file_all([arrival(1)])
    for path in (*tmp_path.iterdir(), upgrading.back_up(catalog.file, VERSION)):
        assert path.stat().st_mode & 0o077 == 0, path.name
    catalog.close()


@pytest.mark.parametrize(
    "mark",
    [
        f"PRAGMA user_version = {VERSION + 1}",
        "UPDATE alembic_version SET version_num = '9999'",
        "UPDATE alembic_version SET version_num = 'abcdef'",
    ],
)
def test_a_catalog_of_a_newer_version_is_refused_and_not_touched(
    file: Path, mark: str
) -> None:
    spoil(file, mark)
    before = file.read_bytes()
    for look in (opened, examine_catalog):
        with pytest.raises(EnvironmentFailure, match="newer version"):
            look(file)
    assert file.read_bytes() == before
    assert sorted(path.name for path in file.parent.iterdir()) == [file.name]


@pytest.mark.parametrize("content", [b"no database at all" * 100, b"\0" * 4096])
def test_what_is_no_catalog_is_said_to_be_damaged(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    for look in (opened, examine_catalog):
        with pytest.raises(EnvironmentFailure, match="damaged") as failure:
            look(file)
        assert str(file) in failure.value.hint
    assert file.read_bytes() == content


def test_a_page_that_was_overwritten_is_found_by_the_doctor(file: Path) -> None:
    assert examine_catalog(file) == 1
    whole = bytearray(file.read_bytes())
    for start in range(4096, len(whole), 8192):
        whole[start : start + 4096] = b"\xff" * 4096
    file.write_bytes(whole)
    with pytest.raises(EnvironmentFailure, match="damaged"):
        examine_catalog(file)


def test_an_empty_file_becomes_a_catalog(tmp_path: Path) -> None:
    file = tmp_path / "catalog.sqlite"
    file.touch()
    assert examine_catalog(file) == 0
    catalog = opened(file)
    assert catalog.search(StudyQuery()).total == 0
    catalog.close()


def test_before_a_migration_the_catalog_is_backed_up(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upgrading, "VERSION", VERSION + 1)
    catalog = opened(file)
    assert catalog.search(StudyQuery()).total == 1
    catalog.close()
    (backup,) = file.parent.glob("*.backup.sqlite")
    with closing(sqlite3.connect(backup)) as connection:
        assert connection.execute("SELECT count(*) FROM study").fetchone() == (1,)
        assert connection.execute("PRAGMA user_version").fetchone() == (VERSION,)


def test_a_failed_migration_leaves_the_catalog_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "catalog.sqlite"
    monkeypatch.setattr(upgrading, "VERSION", "a mistake")
    with pytest.raises(Exception, match="mistake"):
        opened(file)
    monkeypatch.undo()
    catalog = opened(file)
    assert catalog.search(StudyQuery()).total == 0
    catalog.close()


def test_a_catalog_that_stays_locked_is_said_to_be_busy(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("viewer.catalog.connection._PATIENCE_MS", 50)
    catalog = opened(file)
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(EnvironmentFailure, match="busy"):
            catalog.set_status(["1.2"], "read")
        assert catalog.search(StudyQuery()).total == 1  # looking is always possible
    catalog.close()
