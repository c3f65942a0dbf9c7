"""The window program, which waits with nothing open and with a study in memory.

A process of its own, and nothing of the benchmarks that the program would not load
itself: what writes phantoms takes as much memory as a worker.
"""

import sys
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

from tests.benchmarks.stage import Stage, stage
from viewer.services.decoding import Purpose
from viewer.services.frame_on_show import Subject

if TYPE_CHECKING:
    from viewer.core.errors import ViewerError


def play(data_dir: str, study: str) -> None:
    """Print how many bytes of voxels are in memory, none at first, and wait each time.

    It goes on when it is sent a line.
    """
    with stage(Path(data_dir)) as played:
        _wait(played, 0)
        _wait(played, _load(played, study))


def _wait(played: Stage, voxels: int) -> None:
    print(voxels, flush=True)  # noqa: T201
    answers = list[str]()
    Thread(target=lambda: answers.append(sys.stdin.readline())).start()
    played.until(lambda: answers)


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
