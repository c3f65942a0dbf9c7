"""Time what the program does beside what the machine could do, in the same breath.

Absolute times of one machine drift by half between runs; the ratio of two things that
take turns holds.
"""

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


def _nothing() -> None:
    """Need no preparing."""


@dataclass(frozen=True, slots=True)
class Race:
    """One thing the program does, and the physical limit of it.

    Attributes
    ----------
    name : str
        What the user would call it.
    ours : callable
        Does it, by the program's own paths.
    limit : callable
        What cannot be avoided: the bytes read, copied, drawn.
    limit_name : str
    count : int
        How many things one call does (files, steps); times are given for one.
    before : callable
        Prepares either, untimed.
    rounds : int or None
        How often, where it is not as often as the others.
    """

    name: str
    ours: Callable[[], object]
    limit: Callable[[], object]
    limit_name: str
    count: int = 1
    before: Callable[[], object] = _nothing
    rounds: int | None = None


@dataclass(frozen=True, slots=True)
class Timing:
    """How long one thing took.

    Attributes
    ----------
    median_ms : float
    spread_ms : float
        Between the first and the third quartile.
    n : int
        Runs that were counted; one before them warmed up and was not.
    """

    median_ms: float
    spread_ms: float
    n: int


@dataclass(frozen=True, slots=True)
class Result:
    """Both times of a race; `ratio` says how far the program is from the limit."""

    name: str
    ours: Timing
    limit: Timing
    limit_name: str

    @property
    def ratio(self) -> float:
        """Ours in limits: 1.0 cannot be beaten."""
        return self.ours.median_ms / max(self.limit.median_ms, 1e-9)


def run(race: Race, rounds: int) -> Result:
    """Let both take turns; each goes first in every other round."""
    ours, limit = list[float](), list[float]()
    for number in range((race.rounds or rounds) + 1):
        turns = [(race.ours, ours), (race.limit, limit)]
        for work, times in turns if number % 2 else reversed(turns):
            elapsed = _timed(work, race.before) / race.count
            if number:
                times.append(elapsed)
    return Result(race.name, _timing(ours), _timing(limit), race.limit_name)


def _timed(work: Callable[[], object], before: Callable[[], object]) -> float:
    before()
    gc.collect()
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1_000


def _timing(times: list[float]) -> Timing:
    spread = 0.0
    if len(times) > 1:
        low, _, high = statistics.quantiles(times, n=4, method="inclusive")
        spread = high - low
    return Timing(statistics.median(times), spread, len(times))
