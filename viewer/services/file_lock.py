"""One process at a time: a file that is locked until its holder ends, however."""

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


def _is_ours(handle: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt  # noqa: PLC0415 - Windows only

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl  # noqa: PLC0415 - POSIX only

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _is_still(path: Path, handle: int) -> bool:
    """Whether the file is the one we opened: its last holder may have removed it."""
    try:
        return os.path.samestat(os.stat(path), os.fstat(handle))  # noqa: PTH116 - a pair
    except OSError:
        return False
