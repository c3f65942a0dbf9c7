"""What the window program takes of memory, beside what it may and beside its voxels."""

import statistics
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.benchmarks.memory_taken import proportional, settled
from tests.benchmarks.opening import _compress
from tests.benchmarks.phantoms import study_uid, write_series
from tests.benchmarks.race import Result, Timing
from tests.benchmarks.scale import Scale
from viewer.services.importing import Importing, ImportRequest
from viewer.services.library import Library

ROOT = Path(__file__).parents[2]

_PROMISED_MB = 250.0
_MOST_ROUNDS = 3
# said so and not as a script: a worker imports the script of who started it
_INSIDE = """
import sys
import viewer.ui.application  # first, as the program does
from tests.benchmarks.memory_inside import play
play(*sys.argv[1:])
"""


@dataclass(frozen=True, slots=True)
class Taken:
    """What one run of the program took, in MB.

    Attributes
    ----------
    base : float
        With nothing open; what is shared with other programs counts in parts.
    alone, loaded : float
        With nothing open, and with a series in memory, as if nobody else on the machine
        used the same libraries. Others that come and go make no difference to these.
    voxels : float
        What the decoded slices take by themselves.
    """

    base: float
    alone: float
    loaded: float
    voxels: float


def races(scale: Scale, folder: Path) -> Iterator[Result]:
    """Nothing open, then a CT series of each kind wholly in memory."""
    kinds = ((1, "uncompressed", ""), (2, "HTJ2K", "HTJ2K"))
    for study, _, coding in kinds:
        at = folder / f"ct {study}"
        _compress(write_series(at, scale.volume, scale.side, study=study), coding)
    data_dir = folder / "data"
    with Library(data_dir) as library:
        report = Importing(library).run(
            ImportRequest(tuple(folder / f"ct {study}" for study, *_ in kinds))
        )
        assert report.imported == report.seen, report.failed
    rounds = min(scale.rounds, _MOST_ROUNDS)
    runs = {
        name: [_run(data_dir, study) for _ in range(rounds)] for study, name, _ in kinds
    }
    every = [taken for taken_here in runs.values() for taken in taken_here]
    yield _result("Memory, nothing open", [taken.base for taken in every])
    yield _result(
        "Memory, nothing open, where nobody else has its libraries",
        [taken.alone for taken in every],
    )
    for name, here in runs.items():
        yield Result(
            f"Memory, CT of {scale.volume} slices loaded, {name}, beyond that",
            _figures([taken.loaded - taken.alone for taken in here]),
            _figures([taken.voxels for taken in here]),
            "its voxels",
            unit="MB",
        )


def _run(data_dir: Path, study: int) -> Taken:
    with subprocess.Popen(
        [sys.executable, "-c", _INSIDE, data_dir, study_uid(study)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as played:
        program = psutil.Process(played.pid)
        assert _voxels(played) == 0
        alone, base = settled(program), proportional(program)
        _let_go_on(played)
        voxels = _voxels(played)
        loaded = settled(program)
        _let_go_on(played)
    assert played.returncode == 0
    return Taken(base / 1e6, alone / 1e6, loaded / 1e6, voxels / 1e6)


def _voxels(played: subprocess.Popen[str]) -> int:
    """What the program says when it waits."""
    assert played.stdout is not None
    return int(played.stdout.readline())


def _let_go_on(played: subprocess.Popen[str]) -> None:
    assert played.stdin is not None
    played.stdin.write("\n")
    played.stdin.flush()


def _result(name: str, found: Sequence[float]) -> Result:
    promised = Timing(_PROMISED_MB, 0.0, 1)
    return Result(name, _figures(found), promised, "promised", unit="MB")


def _figures(found: Sequence[float]) -> Timing:
    spread = 0.0
    if len(found) > 1:
        low, _, high = statistics.quantiles(found, n=4, method="inclusive")
        spread = high - low
    return Timing(statistics.median(found), spread, len(found))
