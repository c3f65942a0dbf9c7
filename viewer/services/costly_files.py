"""Files that stalled or killed a worker, so that they cost little from then on.

A clip of a thousand frames may stall a decoder with each of them. One damaged frame
should not hide the others either, so after the first a file is given little time, and
after the second none.
"""

import threading
from collections.abc import Sequence
from typing import Final

from viewer.core.errors import PixelError
from viewer.core.records import FileStamp
from viewer.services.worker_messages import Place

_PATIENCE: Final = (2.8, 0.4)
"""Seconds of computing for a frame whose file has cost no worker yet, and one."""
_RUN_PATIENCE: Final = 1.0  # forty times what a run takes
_REMEMBERED: Final = 1000

_File = tuple[bytes, FileStamp | None]


class CostlyFiles:
    """How many workers each file has cost. Any thread may use it."""

    def __init__(self) -> None:
        self._cost: dict[_File, int] = {}
        self._lock = threading.Lock()

    def patience(self, places: Sequence[Place]) -> float:
        """Seconds of computing that what is asked together may take.

        Raises
        ------
        PixelError
            If a file has cost so much already that it is not tried again.
        """
        with self._lock:
            cost = max(self._cost.get(_file(place), 0) for place in places)
        if cost >= len(_PATIENCE):
            raise PixelError(
                "Other images of this file brought their decoders down; it is not"
                " tried any more.",
                hint="The file is probably damaged.",
            )
        if len(places) > 1:
            return min(_PATIENCE[cost], _RUN_PATIENCE)
        return _PATIENCE[cost]

    def note(self, places: Sequence[Place]) -> None:
        """What was asked cost a worker; of several files nobody knows which it was."""
        if len(places) > 1:
            return
        file = _file(places[0])
        with self._lock:
            while len(self._cost) >= _REMEMBERED:
                self._cost.pop(next(iter(self._cost)))
            self._cost[file] = self._cost.get(file, 0) + 1


def _file(place: Place) -> _File:
    return place.path, place.stamp
