"""What the window makes of a hostile file: imported, opened, pictures and all."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import QApplication

from tests.benchmarks.stage import Stage
from tests.hostile.family import Ending
from viewer.commands.importing import start_import
from viewer.commands.opening import open_paths
from viewer.services.importing import ImportRequest

_REST_S = 0.002
_ENDLESS_S = 60.0


@dataclass(frozen=True, slots=True)
class Shown:
    """What the window showed of a file that was opened by its path.

    Attributes
    ----------
    studies : int
        That were opened.
    pictures : int
        Viewports with a picture.
    small_pictures : tuple of str
        For each stack: why it has no small picture, empty where it has one.
    seconds : float
        For importing it, or for opening it: whichever took longer.
    """

    studies: int
    pictures: int
    small_pictures: tuple[str, ...]
    seconds: float

    def ends_so(self, ending: Ending) -> bool:
        """Whether that is what must become of the file."""
        return {
            Ending.REFUSED: self.studies == 0,
            Ending.NO_PICTURE: self.pictures == 0 and all(self.small_pictures),
            Ending.SHOWN: self.pictures > 0 and not any(self.small_pictures),
        }.get(ending, True)


class WindowOrdeal:
    """Puts files through the real window, and watches its event loop.

    Attributes
    ----------
    stall, computing : float
        The longest turn of the event loop, by the clock and on the processor.
    """

    def __init__(self, played: Stage) -> None:
        self._program = played.program
        self._desk = played.program.desk
        self.stall = self.computing = 0.0

    def judge(self, named: Path) -> Shown:
        """Import what a user would name, then open it, and wait for every picture."""
        start = time.perf_counter()
        start_import(self._desk, ImportRequest((named,)))
        self.until(lambda: not self._desk.jobs.running)
        imported = time.perf_counter()
        self._desk.session.close()
        open_paths(self._desk, [named])
        self.until(lambda: self._desk.browsing.opening is None)
        self.until(self._all_is_there)
        opened = time.perf_counter()
        return self._shown(max(imported - start, opened - imported))

    def until(self, reached: Callable[[], bool]) -> None:
        """Let the event loop turn until something is so."""
        end = time.monotonic() + _ENDLESS_S
        while not reached():
            self.turn()
            time.sleep(_REST_S)
            assert time.monotonic() < end, "the window does not get there"

    def turn(self, first: Callable[[], None] = lambda: None) -> None:
        """One turn of the event loop, after what was to be done first."""
        start, computed = time.perf_counter(), time.thread_time()
        first()
        QApplication.processEvents()
        self.stall = max(self.stall, time.perf_counter() - start)
        self.computing = max(self.computing, time.thread_time() - computed)

    def _all_is_there(self) -> bool:
        reading = self._program.reading
        strip = reading.strip.rows
        stacks = [row for row in strip.rows if row.stack is not None]
        return all(strip.picture(row) is not None for row in stacks) and not any(
            viewport.frame.waiting for viewport in reading.grid.viewports
        )

    def _shown(self, seconds: float) -> Shown:
        reading = self._program.reading
        strip = reading.strip.rows
        pictures = [strip.picture(row) for row in strip.rows if row.stack is not None]
        return Shown(
            studies=len(self._desk.session.studies),
            pictures=sum(
                viewport.frame.painter is not None
                for viewport in reading.grid.viewports
            ),
            small_pictures=tuple(p if isinstance(p, str) else "" for p in pictures),
            seconds=seconds,
        )
