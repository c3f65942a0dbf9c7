"""The window program, asked from inside how much memory it takes.

A process of its own, and nothing of the benchmarks that the program would not load
itself: what writes phantoms takes as much memory as a worker.
"""

import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from tests.benchmarks.stage import Stage, stage
from viewer.services.decoding import Purpose
from viewer.services.frame_on_show import Subject

if TYPE_CHECKING:
    from viewer.core.errors import ViewerError

_CALM_S, _CALM_BYTES = 1.0, 1 << 20
_LINUX = sys.platform.startswith("linux")
_LEAST_S = 2.0  # helpers start after the window, and load what they need


def tell(data_dir: str, study: str) -> None:
    """Print what the program takes with nothing open and with a study in memory."""
    with stage(Path(data_dir)) as played:
        alone, base = _settled(played), proportional()
        voxels = _load(played, study)
        print(json.dumps([base, alone, _settled(played), voxels]))  # noqa: T201


def proportional() -> int:
    """Bytes of the program and its helpers, a page that n processes share as 1/n.

    Only Linux tells; elsewhere it counts n times.
    """
    if not _LINUX:
        return sum(process.memory_info().rss for process in _processes())
    return sum(process.memory_full_info().pss for process in _processes())


def whole() -> int:
    """The same, but a library's pages once and whole, whoever else has them, too."""
    if not _LINUX:
        return proportional()
    shared = dict[str, int]()
    own = 0
    for process in _processes():
        own += process.memory_full_info().pss
        for mapped in process.memory_maps():
            if mapped.path.startswith("/"):
                own -= mapped.pss - mapped.anonymous
                pages = mapped.rss - mapped.anonymous
                shared[mapped.path] = max(shared.get(mapped.path, 0), pages)
    return own + sum(shared.values())


def _processes() -> list[psutil.Process]:
    me = psutil.Process()
    return [me, *me.children(recursive=True)]


def _load(played: Stage, study: str) -> int:
    """Open a study and have all of its first stack brought; the bytes of its voxels."""
    played.open(study)
    stack, decoding = played.program.desk.session.stack, played.program.desk.decoding
    assert stack is not None
    refs = [Subject(stack, image).frame_ref for image in range(stack.count)]
    faults: list[ViewerError] = []
    for ref in refs:  # what the program does when the hand rests
        decoding.request(
            ref, Purpose.LATER, lambda *_: None, lambda _, error: faults.append(error)
        )
    played.until(
        lambda: faults or all(decoding.cached(ref) is not None for ref in refs)
    )
    assert not faults, faults
    frames = [decoding.cached(ref) for ref in refs]
    return sum(frame.nbytes for frame in frames if frame is not None)


def _settled(played: Stage) -> int:
    """What is taken as a whole, when it changes no more."""
    _pass_time(played, _LEAST_S)
    before, now = 0, whole()
    while abs(now - before) > _CALM_BYTES:
        _pass_time(played, _CALM_S)
        before, now = now, whole()
    return now


def _pass_time(played: Stage, seconds: float) -> None:
    end = time.monotonic() + seconds
    played.until(lambda: time.monotonic() > end)
