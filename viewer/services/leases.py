"""Long work on a data folder that others can see, so that they let its files alone.

The work says every few seconds that it lives. One whose process is gone, or that has
been silent for long on another machine, is over: what it left can be cleared away.
"""

import contextlib
import os
import platform
import secrets
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from viewer.core.errors import EnvironmentFailure

if TYPE_CHECKING:  # SQLAlchemy loads when the catalog is opened
    from viewer.catalog.jobs import JobRow, JobRows

_BEAT_SECONDS = 10.0
_SILENCE = timedelta(seconds=120)
_CLOCK_STEP = 30.0  # seconds; start times follow corrections of the machine's clock


@contextlib.contextmanager
def lease(
    jobs: "JobRows", kind: str, done: Callable[[], bool] = lambda: True
) -> Iterator[str]:
    """Be seen at work for the length of the block, which gets the work's token.

    Whatever ends the block ends the lease, except the death of the process. Work that
    is not `done` then is left on the list, for recovery to finish.
    """
    from viewer.catalog.jobs import JobRow  # noqa: PLC0415 - SQLAlchemy is slow

    token = secrets.token_hex(8)
    here, process = platform.node(), os.getpid()
    row = JobRow(token, kind, here, process, _started(process), datetime.now(UTC))
    jobs.add(row)
    over = threading.Event()
    beating = threading.Thread(target=_beat, args=(jobs, token, over), name="lease")
    beating.start()
    try:
        yield token
    finally:
        over.set()
        beating.join()
        if done():
            jobs.remove(token)


def is_alive(row: "JobRow") -> bool:
    """Whether somebody still works on it."""
    if row.host != platform.node():
        return datetime.now(UTC) - row.heartbeat < _SILENCE
    started = _started(row.process)
    return started > 0 and abs(started - row.process_started) < _CLOCK_STEP


def _beat(jobs: "JobRows", token: str, over: threading.Event) -> None:
    while not over.wait(_BEAT_SECONDS):
        # A busy catalog is no reason to stop; the next beat may come through.
        with contextlib.suppress(EnvironmentFailure):
            jobs.beat(token)


def _started(process: int) -> float:
    """When the process began, to tell it from a later one of that number; 0 if over."""
    import psutil  # noqa: PLC0415 - only long work needs it

    try:
        started: float = psutil.Process(process).create_time()
    except psutil.Error:
        return 0.0
    return started
