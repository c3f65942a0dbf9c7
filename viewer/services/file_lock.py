"""One process at a time: what is locked is free when its holder ends, however."""

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def locked(path: Path) -> Iterator[bool]:
    """Hold the lock of a file, for the length of a block; whether it is ours.

    The file is made if it is missing. The system gives the lock back when its holder
    dies.
    """
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        yield _is_ours(handle) and _is_still(path, handle)
    finally:
        os.close(handle)


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
        _wait_for(handle)
        yield
    finally:
        os.close(handle)  # gives the lock back, too


if sys.platform == "win32":
    import msvcrt
    import time

    def _handle(folder: Path) -> int:
        return os.open(folder / ".lock", os.O_RDWR | os.O_CREAT)  # folders do not open

    def _is_ours(handle: int) -> bool:
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _wait_for(handle: int) -> None:
        while not _is_ours(handle):
            time.sleep(0.05)

else:
    import fcntl

    def _handle(folder: Path) -> int:
        return os.open(folder, os.O_RDONLY)

    def _is_ours(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True

    def _wait_for(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX)


def _is_still(path: Path, handle: int) -> bool:
    """Whether the file is the one we opened: its last holder may have removed it."""
    try:
        return os.path.samestat(os.stat(path), os.fstat(handle))  # noqa: PTH116 - a pair
    except OSError:
        return False
