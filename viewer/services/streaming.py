"""Work off what comes slowly on a thread of its own, and hand it over in portions.

Queries and signs of life may take minutes: they must neither hold up the window nor
the short answers of `Jobs`.
"""

import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from typing import Generic, TypeVar

from viewer.core.errors import Cancelled
from viewer.services.jobs import Deliver

R = TypeVar("R")
Work = Callable[[Callable[[], bool]], Generator[R, None, None]]
"""Gives what comes, until the callable it was given says that nobody wants more."""

_WAITING = 3
"""Portions that wait before the thread does."""


class Stream(Generic[R]):
    """One such work; `take` and `ended` are called on the delivering thread."""

    def __init__(
        self,
        work: Work[R],
        take: Callable[[R], None],
        ended: Callable[[BaseException | None], None],
        deliver: Deliver,
        name: str,
    ) -> None:
        self._work, self._take, self._ended = work, take, ended
        self._deliver = deliver
        self._cancelled = threading.Event()
        self._room = threading.Semaphore(_WAITING)
        self._thread = threading.Thread(target=self._run, name=name)

    @property
    def over(self) -> bool:
        """Whether its thread has ended, or was never started."""
        return not self._thread.is_alive()

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def cancel(self) -> None:
        """Want no more: nothing is handed over from now on."""
        self._cancelled.set()
        self._room.release()

    def wait(self) -> None:
        """Wait until its thread has ended."""
        self._thread.join()

    def _run(self) -> None:
        error: BaseException | None = None
        try:
            with closing(self._work(self._cancelled.is_set)) as found:
                self._hand_over(found)
        except Cancelled:
            return
        except BaseException as caught:  # noqa: BLE001 - told on the delivering thread
            error = caught
        self._deliver(lambda: self._end(error))

    def _hand_over(self, found: Iterator[R]) -> None:
        for one in found:
            self._room.acquire()
            if self._cancelled.is_set():
                raise Cancelled
            self._deliver(lambda one=one: self._tell(one))  # type: ignore[misc] # bound now

    def _tell(self, one: R) -> None:
        self._room.release()
        if not self._cancelled.is_set():
            self._take(one)

    def _end(self, error: BaseException | None) -> None:
        if not self._cancelled.is_set():
            self._ended(error)


class Streams:
    """Starts streams, and ends them all with the program."""

    def __init__(self, deliver: Deliver) -> None:
        self._deliver = deliver
        self._known: list[Stream[object]] = []

    def start(
        self,
        work: Work[R],
        take: Callable[[R], None],
        ended: Callable[[BaseException | None], None],
        name: str = "stream",
    ) -> Stream[R]:
        """Begin `work`; what it gives goes to `take`, how it ended to `ended`."""
        made: Stream[R] = Stream(work, take, ended, self._deliver, name)
        self._known = [one for one in self._known if not one.over]
        self._known.append(made)  # type: ignore[arg-type] # only cancelled and waited for
        made.start()
        return made

    def ask(
        self,
        work: Callable[[Callable[[], bool]], R],
        done: Callable[[R], None],
        failed: Callable[[BaseException], None],
        name: str = "stream",
    ) -> Stream[R]:
        """Begin `work` that has one answer."""

        def answer(cancel: Callable[[], bool]) -> Generator[R, None, None]:
            yield work(cancel)

        def ended(error: BaseException | None) -> None:
            if error is not None:
                failed(error)

        return self.start(answer, done, ended, name)

    def close(self) -> None:
        """Cancel what runs, then wait for it."""
        for one in self._known:
            one.cancel()
        for one in self._known:
            one.wait()
        self._known.clear()
