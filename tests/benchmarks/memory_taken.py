"""What a program and its helpers take of memory, seen from outside.

Who asks from inside takes some itself: 5 MB to read the list of what is mapped.
"""

import sys
import time

import psutil

_CALM_S, _CALM_BYTES = 1.0, 1 << 20
_LINUX = sys.platform.startswith("linux")
_LEAST_S = 2.0  # helpers start after the window, and load what they need


def proportional(program: psutil.Process) -> int:
    """Bytes of the program and its helpers, a page that n processes share as 1/n.

    Only Linux tells; elsewhere it counts n times.
    """
    if not _LINUX:
        return sum(process.memory_info().rss for process in _all_of(program))
    return sum(process.memory_full_info().pss for process in _all_of(program))


def whole(program: psutil.Process) -> int:
    """The same, but a library's pages once and whole, whoever else has them, too."""
    if not _LINUX:
        return proportional(program)
    shared = dict[str, int]()
    own = 0
    for process in _all_of(program):
        own += process.memory_full_info().pss
        for mapped in process.memory_maps():
            if mapped.path.startswith("/"):
                own -= mapped.pss - mapped.anonymous
                pages = mapped.rss - mapped.anonymous
                shared[mapped.path] = max(shared.get(mapped.path, 0), pages)
    return own + sum(shared.values())


def settled(program: psutil.Process) -> int:
    """What is taken as a whole, when it changes no more."""
    time.sleep(_LEAST_S)
    before, now = 0, whole(program)
    while abs(now - before) > _CALM_BYTES:
        time.sleep(_CALM_S)
        before, now = now, whole(program)
    return now


def _all_of(program: psutil.Process) -> list[psutil.Process]:
    return [program, *program.children(recursive=True)]
