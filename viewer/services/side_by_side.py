"""Work through a list on several threads, and take the answers in its order."""

import threading
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from itertools import islice
from typing import Final, TypeVar

T = TypeVar("T")
R = TypeVar("R")

_LOOK_S: Final = 0.1


def side_by_side(
    items: Iterable[T],
    work: Callable[[T, threading.Event], R],
    took: Callable[[R], None],
    watch: Callable[[], None],
    threads: int = 2,
) -> None:
    """Have items worked on, a few ahead of what was taken.

    Parameters
    ----------
    items : iterable
    work : callable
        Called by several threads at once; ends early when the event is set.
    took : callable
        Called by the calling thread with one answer after the other.
    watch : callable
        Called by the calling thread after each, and while it waits. What any of
        them raises is raised here, when nothing is at work any more.
    threads : int
    """
    rest, stop = iter(items), threading.Event()
    ahead: deque[Future[R]] = deque()
    with ThreadPoolExecutor(threads, "side") as pool:
        try:
            while True:
                for item in islice(rest, 2 * threads - len(ahead)):
                    ahead.append(pool.submit(work, item, stop))
                if not ahead:
                    return
                while not ahead[0].done():
                    wait((ahead[0],), _LOOK_S)
                    watch()
                took(ahead.popleft().result())
                watch()
        except BaseException:
            stop.set()
            for future in ahead:
                future.cancel()
            raise
