"""A real catalog in a temporary folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from viewer.catalog.catalog import Catalog


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    """An empty catalog."""
    file = tmp_path / "catalog.sqlite"
    opened = Catalog(file, lambda sha256: f"/store/{sha256.hex()}")
    yield opened
    opened.close()
