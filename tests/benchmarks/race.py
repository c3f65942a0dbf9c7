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
class Peer:
    """Another program that does the same thing.

    Attributes
    ----------
    name : str
        What its users call it.
    work : callable or None
        Does it; None where the program is not on this machine.
    rounds : int
        Counted runs at most: some need minutes.
    """

    name: str
    work: Callable[[], object] | None
    rounds: int = 3


@dataclass(frozen=True, slots=True)
class Race:
    """One thing the program does, the physical limit of it, and who else does it.

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
        Prepares each, untimed.
    rounds : int or None
        How often, where it is not as often as the others.
    peers : tuple of Peer
        Whoever else is to be beaten; they take their turns with the others.
    rated : bool
        Whether those who do this count by the second.
    """

    name: str
    ours: Callable[[], object]
    limit: Callable[[], object]
    limit_name: str
    count: int = 1
    before: Callable[[], object] = _nothing
    rounds: int | None = None
    peers: tuple[Peer, ...] = ()
    rated: bool = False


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

    @property
    def rate(self) -> float:
        """How often it is done in a second."""
        return 1_000 / max(self.median_ms, 1e-9)


@dataclass(frozen=True, slots=True)
class Result:
    """All times of a race; `ratio` says how far the program is from the limit.

    `peers` holds a name with its time, or with None where it is not on this machine.
    What is no time at all is in `unit`.
    """

    name: str
    ours: Timing
    limit: Timing
    limit_name: str
    peers: tuple[tuple[str, Timing | None], ...] = ()
    rated: bool = False
    unit: str = "ms"

    @property
    def ratio(self) -> float:
        """Ours in limits: 1.0 cannot be beaten."""
        return self.ours.median_ms / max(self.limit.median_ms, 1e-9)

    def times_faster(self, peer: Timing) -> float:
        """How often the program does it while the peer does it once."""
        return peer.median_ms / max(self.ours.median_ms, 1e-9)


def run(race: Race, rounds: int) -> Result:
    """Let all take turns, in the other direction every other round."""
    counted = race.rounds or rounds
    turns = [_Turn(race.ours, counted), _Turn(race.limit, counted)]
    turns += [_Turn(peer.work, peer.rounds) for peer in race.peers]
    for number in range(counted + 1):
        for turn in turns if number % 2 else reversed(turns):
            if turn.work is not None and number <= turn.rounds:
                elapsed = _timed(turn.work, race.before) / race.count
                if number:
                    turn.times.append(elapsed)
    ours, limit, *others = (_timing(turn.times) for turn in turns)
    assert ours is not None
    assert limit is not None
    names = (peer.name for peer in race.peers)
    peers = tuple(zip(names, others, strict=True))
    return Result(race.name, ours, limit, race.limit_name, peers, race.rated)


class _Turn:
    """One of those who take turns."""

    def __init__(self, work: Callable[[], object] | None, rounds: int) -> None:
        self.work, self.rounds = work, rounds
        self.times: list[float] = []


def timed(work: Callable[[], object]) -> float:
    """Milliseconds that `work` takes once."""
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1_000


def at_part(times: list[float], part: float) -> Timing:
    """The time that this part of `times` stays below; 1 is the longest."""
    ordered = sorted(times)
    low, _, high = statistics.quantiles(ordered, n=4, method="inclusive")
    found = ordered[min(int(part * len(ordered)), len(ordered) - 1)]
    return Timing(found, high - low, len(ordered))


def _timed(work: Callable[[], object], before: Callable[[], object]) -> float:
    before()
    gc.collect()
    return timed(work)


def _timing(times: list[float]) -> Timing | None:
    if not times:
        return None
    spread = 0.0
    if len(times) > 1:
        low, _, high = statistics.quantiles(times, n=4, method="inclusive")
        spread = high - low
    return Timing(statistics.median(times), spread, len(times))
