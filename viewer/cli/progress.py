"""A progress bar for people who wait at a terminal."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
)


class Bar:
    """Long work's progress as one line on standard error."""

    def __init__(self, drawn: Progress, title: str) -> None:
        self._drawn = drawn
        self._task = drawn.add_task(title, total=None)

    def report(self, done: int, total: int, text: str = "") -> None:
        """Say how far the work is; a total of 0 is not known yet."""
        del text  # the terminal may be seen by others: counts only
        self._drawn.update(self._task, completed=done, total=total or None)

    def checkpoint(self) -> None:
        """Go on: Ctrl-C ends a command by itself."""


@contextmanager
def bar(title: str) -> Iterator[Bar]:
    """Draw the bar while the block runs, and leave no line behind."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True) as drawn:
        yield Bar(drawn, title)
