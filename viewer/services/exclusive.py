"""One process at a time changes a file of the data folder that all of them read."""

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Wait until nobody else is alone in `folder`, and keep others waiting meanwhile.

    Who dies within gives way at once.

    Raises
    ------
    OSError
        If the folder is closed to us.
    """
    handle = _handle(folder)
    try:
        _take(handle)
        yield
    finally:
        os.close(handle)  # gives the lock back, too


if sys.platform == "win32":
    import msvcrt
    import time

    def _handle(folder: Path) -> int:
        return os.open(folder / ".lock", os.O_RDWR | os.O_CREAT)  # folders do not open

    def _take(handle: int) -> None:
        while True:
            with contextlib.suppress(OSError):
                msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
                return
            time.sleep(0.05)

else:
    import fcntl

    def _handle(folder: Path) -> int:
        return os.open(folder, os.O_RDONLY)

    def _take(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX)
