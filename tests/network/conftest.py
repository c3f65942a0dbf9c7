"""What several tests of the wire listen with."""

import logging
from collections.abc import Iterator

import pytest
from typing_extensions import override


@pytest.fixture
def lines() -> Iterator[list[str]]:
    """Everything any logger says from DEBUG on, formatted."""
    kept: list[str] = []

    class Keeping(logging.Handler):
        @override
        def emit(self, record: logging.LogRecord) -> None:
            kept.append(f"{record.name} {record.getMessage()} {record.exc_text}")

    root, handler = logging.getLogger(), Keeping()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    logging.getLogger("test").debug("the ear is open")
    yield kept
    root.removeHandler(handler)
    root.setLevel(before)
