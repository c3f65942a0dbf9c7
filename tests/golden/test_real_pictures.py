"""Pictures and values of real files leave as they are shown and measured here."""

import csv
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from tests.services.export_shop import Shop, wish
from tests.services.import_files import DirectReader
from viewer.core.export_forms import PNG, TIFF, Form, Look
from viewer.core.listing import StudyQuery
from viewer.core.records import StoredInstance
from viewer.services import pixel_values, rendering
from viewer.services.importing import Importing, ImportRequest
from viewer.services.pixel_values import read_values
from viewer.services.rendering import Wish, read_one, render
from viewer.services.workers import Workers

SMALL = 600_000
KIND = ("photometric", "transfer_syntax", "bits_stored", "pixel_repr")


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    with Workers(3) as held:
        yield held


@pytest.fixture
def shop(tmp_path: Path, workers: Workers, real_data: Path) -> Iterator[Shop]:
    """A library of one small file of each kind of pixels."""
    made = Shop(tmp_path, workers)
    with (real_data / "MANIFEST.csv").open(newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["has_pixel"] == "yes"]
    small = [row for row in rows if int(row["bytes"]) < SMALL]
    kinds = {tuple(row[name] for name in KIND): row["path"] for row in small}
    files = tuple(real_data / path for path in kinds.values())
    Importing(made.library, DirectReader()).run(ImportRequest(files, reference=True))
    yield made
    made.library.close()


def left(shop: Shop, form: Form, look: Look) -> Iterator[tuple[Path, Path]]:
    """First frames that leave, and the files they are of."""
    uids = [one.study_uid for one in shop.library.search(StudyQuery(limit=None)).items]
    asked = replace(wish(*uids, to=shop.out()), form=form, look=look)
    report = shop.run(asked)
    chosen = shop.exporting.selection(asked).instances
    assert report.wanted == len(chosen) + sum(
        one.reason == "conflict" for one in report.withheld
    )
    for one in chosen:
        for path in sorted(shop.out().glob(f"{one.name}*"))[:1]:
            assert isinstance(one.stored, StoredInstance)
            yield path, Path(one.stored.path)


def read(path: Path) -> npt.NDArray[np.generic]:
    with Image.open(path) as picture:
        return np.asarray(picture)


def test_pictures_are_what_is_shown(
    shop: Shop, workers: Workers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rendering, "Workers", lambda _count: nullcontext(workers))
    compared = 0
    for path, original in left(shop, PNG, Look()):
        record, stored, parts = read_one(original, 1)
        shown = render(record, 1, stored, Wish(), parts).pixels
        assert np.array_equal(read(path), shown), original.name
        compared += 1
    assert compared >= 20


def test_values_are_what_is_measured(
    shop: Shop, workers: Workers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pixel_values, "Workers", lambda _count: nullcontext(workers))
    compared = 0
    for path, original in left(shop, TIFF, Look(16)):
        values = read_values(original, 1, stored=False).values
        assert np.array_equal(read(path), values), original.name
        compared += 1
    assert compared >= 15
