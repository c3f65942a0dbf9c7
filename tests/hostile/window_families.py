"""Families of hostile files, one after the other, in one real window."""

import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from tests.benchmarks.stage import stage
from tests.hostile.ears import ears
from tests.hostile.family import Family
from tests.hostile.memory import MemoryWatch
from tests.hostile.window_ordeal import WindowOrdeal


@dataclass
class WindowFigures:
    """What the window went through.

    Attributes
    ----------
    count : int
    wrong : list of str
        What did not end as its family must, and what travelled out of the program.
    seconds : float
        The slowest file.
    slowest : str
        Its family.
    stall, computing : float
        The longest turn of the event loop, by the clock and on the processor.
    grown, at_once, worker : int
        Bytes; see `MemoryWatch`.
    """

    count: int = 0
    wrong: list[str] = field(default_factory=list)
    seconds: float = 0.0
    slowest: str = ""
    stall: float = 0.0
    computing: float = 0.0
    grown: int = 0
    at_once: int = 0
    worker: int = 0


def in_the_window(families: Iterable[Family], seed: int) -> WindowFigures:
    """Import and open one member of each family."""
    figures = WindowFigures()
    with (
        tempfile.TemporaryDirectory(prefix="lightbox-families-") as place,
        ears() as heard,
        stage(Path(place) / "data") as played,
    ):
        ordeal = WindowOrdeal(played)
        with MemoryWatch() as memory:
            for family in families:
                memory.begin_anew()
                _judge(ordeal, family, Path(place), seed, figures)
        figures.wrong += heard.bugs
        figures.stall, figures.computing = ordeal.stall, ordeal.computing
        figures.grown, figures.worker = memory.grown, memory.worker
        figures.at_once = memory.at_once
    return figures


def _judge(
    ordeal: WindowOrdeal,
    family: Family,
    place: Path,
    seed: int,
    figures: WindowFigures,
) -> None:
    named = family.write(place / str(figures.count), seed)
    shown = ordeal.judge(named)
    figures.count += 1
    if not shown.ends_so(family.ending):
        figures.wrong.append(f"{family.name}: {shown}")
    if shown.seconds > figures.seconds:
        figures.seconds, figures.slowest = shown.seconds, family.name
