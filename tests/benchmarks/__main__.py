"""`make bench`: measure, print a table and write the figures.

make bench ARGS="--only decoding --only searching"
make bench ARGS="--tiny"        as the test suite runs it; figures mean nothing
"""

import argparse
import dataclasses
import importlib
import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.benchmarks import machine
from tests.benchmarks.race import Result, run
from tests.benchmarks.scale import FULL, TINY, Scale

GROUPS = (
    "importing",
    "opening",
    "viewing",
    "decoding",
    "volumes",
    "cine",
    "underload",
    "searching",
    "starting",
)


def main(argv: Sequence[str]) -> int:
    """Measure what `argv` names; return the exit status."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--only", action="append", choices=GROUPS, metavar="GROUP")
    parser.add_argument("--tiny", action="store_true", help="just run the code")
    parser.add_argument("--out", type=Path, default=Path("artefacts/bench.json"))
    asked = parser.parse_args(argv)
    scale = TINY if asked.tiny else FULL
    results = []
    for result in measured(asked.only or GROUPS, scale):
        sys.stderr.write(f"{result.name}: {result.ours.median_ms:.3g} ms\n")
        results.append(result)
    Console(width=150).print(table(results))
    asked.out.parent.mkdir(parents=True, exist_ok=True)
    asked.out.write_text(json.dumps(document(results, scale), indent=1), "utf-8")
    sys.stderr.write(f"Written to {asked.out}\n")
    return 0


def measured(groups: Sequence[str], scale: Scale) -> Iterator[Result]:
    """Run the races of the groups, each group in a fresh folder."""
    for group in groups:
        module = importlib.import_module(f"tests.benchmarks.{group}")
        with (
            tempfile.TemporaryDirectory(prefix="lightbox-bench-") as folder,
            # Closed at once when a race fails: the window takes over Python's hooks.
            closing(module.races(scale, Path(folder))) as races,
        ):
            for race in races:
                yield race if isinstance(race, Result) else run(race, scale.rounds)


def table(results: Sequence[Result]) -> Table:
    """The figures for people."""
    drawn = Table("what", title="median ms (spread between quartiles)")
    for name in ("Lightbox", "limit", "ratio"):
        drawn.add_column(name, justify="right")
    drawn.add_column("the limit is")
    for result in results:
        drawn.add_row(
            result.name,
            f"{result.ours.median_ms:.3g} ({result.ours.spread_ms:.2g})",
            f"{result.limit.median_ms:.3g} ({result.limit.spread_ms:.2g})",
            f"{result.ratio:.2f}",
            result.limit_name,
        )
    return drawn


def document(results: Sequence[Result], scale: Scale) -> dict[str, object]:
    """The figures for machines, with what they were measured on."""
    return {
        "machine": machine.description(),
        "scale": dataclasses.asdict(scale),
        "results": [
            {**dataclasses.asdict(result), "ratio": result.ratio} for result in results
        ],
    }


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
