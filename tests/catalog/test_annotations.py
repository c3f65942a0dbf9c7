"""Drawings are kept, changed, taken away and brought back; nothing erases them."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config

from tests.catalog.arrivals import arrival
from viewer.catalog import upgrading
from viewer.catalog.catalog import Catalog
from viewer.catalog.connection import engine_for, writing
from viewer.core.annotation import Annotation, Shape
from viewer.core.identity import SOPInstanceUID

FIRST = arrival(1)
STUDY = FIRST.record.study.study_uid
IMAGE = FIRST.record.instance.sop_instance_uid
LINE = Annotation("one", IMAGE, 1, Shape.LENGTH, ((1.25, 2.0), (1 / 3, 9.5)))
OVAL = Annotation("two", IMAGE, 3, Shape.ELLIPSE, ((0, 0), (4, 4)), (7.5, 0.1))


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    opened = Catalog(tmp_path / "catalog.sqlite", lambda sha256: sha256.hex())
    opened.file_all([FIRST, arrival(2)])
    yield opened
    opened.close()


def first_edition(file: Path) -> None:
    """A catalog as Lightbox had it before one could draw."""
    engine = engine_for(file)
    with writing(engine) as connection:
        config = Config()
        config.set_main_option("script_location", str(upgrading._MIGRATIONS))
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        connection.exec_driver_sql("PRAGMA user_version = 1")
    engine.dispose()


def test_a_drawing_comes_back_to_the_last_bit_of_its_points(catalog: Catalog) -> None:
    catalog.annotations.save([LINE, OVAL])
    assert catalog.annotations.of_study(STUDY) == (LINE, OVAL)


def test_a_changed_drawing_replaces_the_old_one(catalog: Catalog) -> None:
    catalog.annotations.save([LINE])
    longer = replace(LINE, points=((1, 1), (30, 30)))
    catalog.annotations.save([longer])
    assert catalog.annotations.of_study(STUDY) == (longer,)


def test_what_is_taken_away_is_hidden_not_erased_and_comes_back(
    catalog: Catalog,
) -> None:
    catalog.annotations.save([LINE, OVAL])
    catalog.annotations.save([], ["one"])
    assert catalog.annotations.of_study(STUDY) == (OVAL,)
    with closing(sqlite3.connect(catalog.file)) as connection:
        count = connection.execute("SELECT count(*) FROM annotation").fetchone()
    assert count == (2,)
    catalog.annotations.save([LINE])
    assert catalog.annotations.of_study(STUDY) == (LINE, OVAL)


def test_drawings_of_other_images_are_not_of_this_study(catalog: Catalog) -> None:
    stranger = replace(LINE, uid="far", sop_instance_uid=SOPInstanceUID("9.9"))
    catalog.annotations.save([stranger])
    assert catalog.annotations.of_study(STUDY) == ()


def test_drawings_survive_that_their_file_is_indexed_anew(catalog: Catalog) -> None:
    catalog.annotations.save([LINE])
    catalog.reindex([FIRST])
    assert catalog.annotations.of_study(STUDY) == (LINE,)


def test_a_drawing_of_a_later_version_is_passed_over(catalog: Catalog) -> None:
    catalog.annotations.save([LINE, OVAL])
    with closing(sqlite3.connect(catalog.file)) as connection, connection:
        connection.execute("UPDATE annotation SET shape = 'spiral' WHERE uid = 'one'")
        connection.execute("UPDATE annotation SET points = '[[1]]' WHERE uid = 'two'")
    assert catalog.annotations.of_study(STUDY) == ()


def test_a_catalog_without_drawings_gets_their_table_after_a_backup(
    tmp_path: Path,
) -> None:
    file = tmp_path / "old.sqlite"
    first_edition(file)
    upgraded = Catalog(file, lambda sha256: sha256.hex())
    upgraded.file_all([FIRST])
    upgraded.annotations.save([LINE])
    assert upgraded.annotations.of_study(STUDY) == (LINE,)
    upgraded.close()
    (backup,) = tmp_path.glob("old-version-1-*.backup.sqlite")
    with closing(sqlite3.connect(backup)) as connection:
        tables = connection.execute("SELECT name FROM sqlite_master").fetchall()
    assert ("study",) in tables
    assert ("annotation",) not in tables
