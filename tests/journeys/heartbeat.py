"""How long the window's thread is away from its events, beside a thread of its own.

On a machine that is busy with other work everybody waits for a processor: a bare
thread is watched in the same moments, and tells how much of a gap is the machine's.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from PySide6.QtCore import Qt, QTimer

_BEAT_S = 0.005


@dataclass(slots=True)
class Heartbeat:
    """What was felt, in seconds.

    Attributes
    ----------
    turn : float
        The longest time between two looks of the window's thread at its events.
    machine : float
        The longest time a bare thread had to wait for more than it asked for.
    """

    turn: float = 0.0
    machine: float = 0.0

    @property
    def felt(self) -> float:
        """What is ours of the longest turn, at least: two of us share the waiting."""
        return self.turn - 2 * self.machine


@contextmanager
def heartbeat() -> Iterator[Heartbeat]:
    """Listen to the thread that calls, and to a bare one."""
    felt, over = Heartbeat(), threading.Event()
    last = time.perf_counter()

    def tick() -> None:
        nonlocal last
        now = time.perf_counter()
        felt.turn, last = max(felt.turn, now - last - _BEAT_S), now

    def beat() -> None:
        while True:
            start = time.perf_counter()
            if over.wait(_BEAT_S):
                return
            felt.machine = max(felt.machine, time.perf_counter() - start - _BEAT_S)

    timer = QTimer(interval=round(1000 * _BEAT_S), timerType=Qt.TimerType.PreciseTimer)
    timer.timeout.connect(tick)
    timer.start()
    bare = threading.Thread(target=beat)
    bare.start()
    try:
        yield felt
    finally:
        timer.stop()
        over.set()
        bare.join()
