"""What several tests of services work with."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.services.export_shop import Shop
from viewer.services.workers import Workers


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    with Workers(3) as held:
        yield held


@pytest.fixture
def shop(tmp_path: Path, workers: Workers) -> Iterator[Shop]:
    made = Shop(tmp_path, workers)
    yield made
    made.library.close()
