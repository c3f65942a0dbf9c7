"""Several connections that fetch portions side by side."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager

from viewer.core.errors import Cancelled, EnvironmentFailure, ViewerError
from viewer.network.faults import Fault, PeerFault
from viewer.network.ways import Deliver, Fetcher, Incoming, Offer, Portion
from viewer.services.portions import Portions
from viewer.services.roads import Road


class Crew:
    """Fetches portions until none is left, or nobody can go on.

    Parameters
    ----------
    portions : Portions
    deliver : Deliver
    stopped : callable
        Whether to end now.
    fetched : callable
        Hears of each portion that was asked for, on the thread that did, with why the
        peer said no to it, or None.
    """

    def __init__(
        self,
        portions: Portions,
        deliver: Deliver,
        stopped: Callable[[], bool],
        fetched: Callable[[Portion, PeerFault | None], object],
    ) -> None:
        self._portions = portions
        self._deliver = deliver
        self._stopped = stopped
        self._fetched = fetched
        self._over = threading.Event()  # something happened that concerns everybody

    def work(self, roads: Sequence[Road]) -> None:
        """Fetch over these, as many at a time as is worth having.

        A connection that does not come about is no misfortune as long as others bring
        everything.

        Raises
        ------
        Cancelled
            If it was stopped.
        PeerFault
            If something is left: what happened first to a connection.
        EnvironmentFailure
            If nothing can be kept here any more.
        """
        faults: list[ViewerError] = []
        for road in roads:
            lanes = min(road.lanes, sum(1 for _ in self._portions.left()))
            with ThreadPoolExecutor(max(lanes, 1), "fetch") as pool:
                futures = [pool.submit(self._drive, road) for _ in range(lanes)]
            errors = [future.exception() for future in futures]
            for error in errors:
                if error is not None and not isinstance(error, ViewerError):
                    raise error
            faults += [error for error in errors if isinstance(error, ViewerError)]
            self._check(faults)
        if faults and self._portions.left():
            raise faults[0]

    def _check(self, faults: Sequence[ViewerError]) -> None:
        """Raise what concerns all connections."""
        if self._stopped():
            raise Cancelled
        for fault in faults:
            if isinstance(fault, EnvironmentFailure) and not isinstance(
                fault, PeerFault
            ):
                raise fault

    def _drive(self, road: Road) -> None:
        """Keep one connection at work."""
        portion = self._next(road)
        if portion is None:
            return
        try:
            with road.open(self._is_over) as fetcher:
                while portion is not None:
                    try:
                        self._fetch(fetcher, portion, streams=road.streams)
                    except _Overtaken:
                        self._portions.put_back(portion)
                    portion = self._next(road)
        except ViewerError as error:
            if portion is not None:
                self._portions.put_back(portion)
            if not isinstance(error, PeerFault):
                self._over.set()
            raise

    def _next(self, road: Road) -> Portion | None:
        return None if self._is_over() else self._portions.take(road.classes)

    def _fetch(self, fetcher: Fetcher, portion: Portion, *, streams: bool) -> None:
        refusal = None
        interruptible = streams and portion.whole
        deliver = self._unless_overtaken(portion) if interruptible else self._deliver
        try:
            fetcher.fetch(portion, deliver)
        except PeerFault as fault:
            if fault.fault is not Fault.STATUS:
                raise
            refusal = fault
        self._fetched(portion, refusal)

    def _unless_overtaken(self, portion: Portion) -> Deliver:
        """A stream ends between two objects where the reader waits for another."""

        def deliver(offer: Offer) -> AbstractContextManager[Incoming]:
            if self._portions.overtakes(portion):
                raise _Overtaken
            return self._deliver(offer)

        return deliver

    def _is_over(self) -> bool:
        return self._over.is_set() or self._stopped()


class _Overtaken(Exception):  # noqa: N818 - a wish
    """The stream gives way to a series that somebody waits for."""
