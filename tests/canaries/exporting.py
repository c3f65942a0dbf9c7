"""The canaries' files through the engine, under the names an export gives."""

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from tests.canaries.flock import flock, release, survivors
from tests.canaries.planting import Canary
from viewer.core.deidentification import Option, Policy, Recipe, Withheld, Written
from viewer.dicom.deidentification.engine import deidentify
from viewer.dicom.part10 import open_dicom
from viewer.dicom.source import InflatedSource

KEY = bytes(range(32))


@dataclass(frozen=True, slots=True)
class Flight:
    """What came of all files under one policy.

    Attributes
    ----------
    outcomes : dict of str to Written or Withheld
        By the name of the file in the flock.
    contents : dict of str to bytes
        What was written, and once more without its compression.
    alive : set of Canary
    """

    outcomes: dict[str, Written | Withheld]
    contents: dict[str, bytes]
    alive: set[Canary]


def policy(*options: Option) -> Policy:
    """The Basic Profile with these options and no others."""
    return Policy("canaries", "Canaries", "", frozenset(options))


def fly(folder: Path, chosen: Policy) -> Flight:
    """Let every file go through the engine."""
    sources, exported = folder / "sources", folder / "exported"
    exported.mkdir()
    outcomes: dict[str, Written | Withheld] = {}
    contents: dict[str, bytes] = {}
    for path, planted in zip(release(sources), flock().files, strict=True):
        out = BytesIO()
        outcome = deidentify(path, Recipe(chosen, KEY), out)
        outcomes[planted.name] = outcome
        if isinstance(outcome, Written):
            target = exported / f"{len(contents):08d}.dcm"
            target.write_bytes(out.getvalue())
            contents[planted.name] = plain(target)
    return Flight(outcomes, contents, survivors(contents.values()))


def plain(path: Path) -> bytes:
    """All bytes of a file, and behind them its data set if that was packed."""
    with open_dicom(path) as opened:
        source = opened.data_set.cutter.source
        unpacked = (
            source.read(0, source.size) if isinstance(source, InflatedSource) else b""
        )
    return path.read_bytes() + unpacked
