"""Hears what the window or a worker met and nobody foresaw."""

import logging
import traceback
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from typing_extensions import override


class Ears(logging.Handler):
    """Listens to the program's log.

    Attributes
    ----------
    bugs : list of str
        What travelled out of the program.
    unforeseen : Counter
        Places in workers that met what nobody foresaw, and were contained.
    """

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.bugs: list[str] = []
        self.unforeseen: Counter[str] = Counter()

    @override
    def emit(self, record: logging.LogRecord) -> None:
        if record.exc_info:
            trace = "".join(traceback.format_exception(*record.exc_info))
            self.bugs.append(f"in the window: {trace}")
        else:
            self.unforeseen[record.getMessage()] += 1


@contextmanager
def ears() -> Iterator[Ears]:
    """Listen for the length of a block."""
    heard, logger = Ears(), logging.getLogger("viewer")
    logger.addHandler(heard)
    try:
        yield heard
    finally:
        logger.removeHandler(heard)
