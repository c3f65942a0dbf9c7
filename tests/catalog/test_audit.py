"""The audit remembers, and lets nobody change what it remembers."""

import sqlite3
from pathlib import Path

import pytest

from viewer.catalog.catalog import Catalog
from viewer.core.audit import AuditLine


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    return Catalog(tmp_path / "catalog.sqlite", lambda sha256: sha256.hex())


def test_lines_come_back_in_their_order_with_their_time(catalog: Catalog) -> None:
    catalog.audit.add(AuditLine("verify", "proven", {"files": 3, "options": ["a"]}))
    catalog.audit.add(AuditLine("verify", "findings", {"files": 3}))

    first, second = catalog.audit.all()

    assert (first.outcome, second.outcome) == ("proven", "findings")
    assert first.details == {"files": 3, "options": ["a"]}
    assert first.happened <= second.happened
    catalog.close()


@pytest.mark.parametrize(
    "spoil", ["UPDATE audit SET outcome = 'x'", "DELETE FROM audit"]
)
def test_no_line_is_changed_or_taken_away(catalog: Catalog, spoil: str) -> None:
    catalog.audit.add(AuditLine("verify", "findings"))

    with (
        sqlite3.connect(catalog.file) as connection,
        pytest.raises(sqlite3.IntegrityError),
    ):
        connection.execute(spoil)

    connection.close()
    assert [line.outcome for line in catalog.audit.all()] == ["findings"]
    catalog.close()
