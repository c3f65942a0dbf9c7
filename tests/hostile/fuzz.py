"""Spoiled files by the thousand, beside a window that must not notice."""

import tempfile
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from random import Random

from tests.benchmarks.stage import Stage, stage
from tests.hostile.ears import ears
from tests.hostile.memory import MemoryWatch
from tests.hostile.mutations import mutated
from tests.hostile.ordeal import Ordeal, ordeal
from tests.hostile.seeds import Seeds
from tests.hostile.window_ordeal import WindowOrdeal
from viewer.commands.opening import open_paths
from viewer.core.errors import ViewerError

_REST_S = 0.002
_SLOW_S = 1.0
_KEPT_BYTES = 32 << 20  # by the window: what it keeps on purpose is no growth
_ENDLESS_S = 60.0
_OPEN_EVERY = 20


@dataclass
class Figures:
    """What a run showed.

    Attributes
    ----------
    files, opened : int
        Read, decoded and painted apart from the window; opened in it.
    kinds : Counter
        How the files ended: picture, no picture, no image, refused.
    seconds : float
        The slowest file.
    slow : dict
        Number of the file → seconds, where it took more than a second.
    stall, computing : float
        The longest turn of the window's event loop, by the clock and on the processor.
    grown, at_once, worker : int
        Bytes; see `MemoryWatch`.
    bugs : list of str
        Number of the file, and what travelled out of the program.
    unforeseen : Counter
        Places in workers that met what nobody foresaw, and were contained.
    """

    files: int = 0
    opened: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    slow: dict[int, float] = field(default_factory=dict)
    stall: float = 0.0
    computing: float = 0.0
    grown: int = 0
    at_once: int = 0
    worker: int = 0
    bugs: list[str] = field(default_factory=list)
    unforeseen: Counter[str] = field(default_factory=Counter)


class Spoiler:
    """Makes spoiled files and puts them through an ordeal, in a thread of its own."""

    def __init__(self, folder: Path, figures: Figures, seed: int) -> None:
        self._folder, self._figures, self._seed = folder, figures, seed
        self._seeds = Seeds()
        self.latest: Path | None = None
        self.memory: MemoryWatch | None = None
        self.number = 0
        self.since = time.monotonic()

    def run(self, numbers: Sequence[int], goes_on: Callable[[], bool]) -> None:
        """Spoil the files of these numbers, as long as it is wanted."""
        with ordeal() as judge:
            for number in numbers:
                if not goes_on():
                    return
                path = self._folder / f"{number % (2 * _OPEN_EVERY)}.dcm"
                path.write_bytes(self.spoiled(number))
                self._judge(judge, path, number)
                if number % _OPEN_EVERY == 0:
                    self.latest = path

    def spoiled(self, number: int) -> bytes:
        """The file of this number: always the same one for the same seed."""
        dice = Random(f"{self._seed} {number}")  # noqa: S311 - dice, no secret
        return mutated(self._seeds.any(dice), self._seeds.any(dice), dice)

    def _judge(self, judge: Ordeal, path: Path, number: int) -> None:
        figures = self._figures
        figures.files += 1
        self.number = number
        self.since = time.monotonic()
        if self.memory is not None:
            self.memory.begin_anew()
        try:
            verdict = judge.judge(path)
        except Exception:  # noqa: BLE001 - each is a bug, and the next file matters too
            figures.bugs.append(f"file {number}: {traceback.format_exc(limit=-3)}")
            return
        figures.seconds = max(figures.seconds, verdict.seconds)
        if verdict.seconds > _SLOW_S:
            figures.slow[number] = verdict.seconds
        if isinstance(verdict.record, ViewerError):
            figures.kinds["refused"] += 1
        elif not verdict.pictures:
            figures.kinds["no image"] += 1
        else:
            shown = not all(verdict.pictures)
            figures.kinds["picture" if shown else "no picture"] += 1


def fuzz(numbers: Sequence[int], seconds: float, seed: int) -> Figures:
    """Spoil the files of these numbers, or some of them when the time is over."""
    figures = Figures()
    with tempfile.TemporaryDirectory(prefix="lightbox-fuzz-") as place, ears() as heard:
        folder = Path(place)
        (folder / "files").mkdir()
        with stage(folder / "data") as played:
            end = time.monotonic() + seconds
            spoiler = Spoiler(folder / "files", figures, seed)
            with MemoryWatch() as memory:
                spoiler.memory = memory
                _beside_the_window(played, spoiler, figures, numbers, end)
            figures.grown, figures.worker = memory.grown, memory.worker
            figures.at_once = memory.at_once
        figures.bugs += heard.bugs
        figures.unforeseen = heard.unforeseen
    return figures


def _beside_the_window(
    played: Stage,
    spoiler: Spoiler,
    figures: Figures,
    numbers: Sequence[int],
    end: float,
) -> None:
    """Keep the window's event loop turning, and open some of the files in it."""
    thread = threading.Thread(
        target=spoiler.run,
        args=(numbers, lambda: time.monotonic() < end),
        name="spoiler",
        daemon=True,
    )
    desk = played.program.desk
    desk.decoding._cache.capacity = _KEPT_BYTES
    desk.decoding._rooms._shelf._most_spare = 0
    thread.start()
    window = WindowOrdeal(played)
    while thread.is_alive():
        path, spoiler.latest = spoiler.latest, None
        if path is None:
            window.turn()
        else:
            window.turn(partial(open_paths, desk, [path]))
            figures.opened += 1
        if time.monotonic() - spoiler.since > _ENDLESS_S:
            figures.bugs.append(f"file {spoiler.number}: no end")
            break
        time.sleep(_REST_S)
    else:
        thread.join()
    figures.stall, figures.computing = window.stall, window.computing
