"""Background work stands back while the hand moves.

On two processors an import and a decoder would otherwise take turns with every step
of the wheel.
"""

import time
from collections.abc import Callable

_REST_S = 0.1  # since the last movement, until the hand rests
_LOOK_S = 0.01


class Courtesy:
    """Who works in the background asks here; the hand is noted here.

    Any thread may use it.

    Parameters
    ----------
    now : callable, optional
        Seconds, for tests.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._rests_at = 0.0

    def note_hand(self) -> None:
        """The hand has just moved."""
        self._rests_at = self._now() + _REST_S

    @property
    def remaining(self) -> float:
        """Seconds until the hand rests if it moves no more; 0 if it rests."""
        return max(self._rests_at - self._now(), 0.0)

    def stand_back(self, most: float = 0.2) -> None:
        """Wait while the hand moves, but not longer than `most` seconds.

        The bound keeps an import going, slowly, under a hand that never rests.
        """
        end = self._now() + most
        while self.remaining and self._now() < end:
            time.sleep(_LOOK_S)
