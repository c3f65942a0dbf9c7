"""Keep what is said of images as it is said, off the thread that shows them."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from viewer.core.review import Reviews
from viewer.services.jobs import Deliver
from viewer.services.reviewing import KeptReviews


class ReviewSaving:
    """Writes the newest of what is said for a project, one after the other.

    Parameters
    ----------
    data_dir : Path
    deliver : callable
        Brings failures onto the thread that shows them.
    failed : callable
        Hears why something could not be kept.
    """

    def __init__(
        self, data_dir: Path, deliver: Deliver, failed: Callable[[BaseException], None]
    ) -> None:
        self.kept = KeptReviews(data_dir)
        self._deliver, self._failed = deliver, failed
        self._lock = threading.Lock()
        self._newest: dict[str, Reviews] = {}
        self._thread = ThreadPoolExecutor(1, "reviews")

    def keep(self, project: str, reviews: Reviews) -> None:
        """Have all that is said for a project written; older states may be left out."""
        with self._lock:
            waits = project in self._newest
            self._newest[project] = reviews
        if not waits:
            self._thread.submit(self._write, project)

    def of(self, project: str) -> Reviews:
        """What is said for a project, what is not yet written too.

        Raises
        ------
        ViewerError
            If its file cannot be read or understood.
        """
        with self._lock:
            waiting = self._newest.get(project)
        return self.kept.of(project) if waiting is None else waiting

    def close(self) -> None:
        """Wait until all of it is on disk."""
        self._thread.shutdown(wait=True)

    def _write(self, project: str) -> None:
        """Write until what is on disk is the newest."""
        while True:
            with self._lock:
                reviews = self._newest[project]
            try:
                self.kept.keep(project, reviews)
            except BaseException as error:  # noqa: BLE001 - told on the delivering thread
                self._deliver(partial(self._failed, error))
            with self._lock:
                if self._newest[project] is reviews:
                    del self._newest[project]
                    return
