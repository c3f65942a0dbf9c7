"""`make bench`: measure, print a table and write the figures.

make bench ARGS="import search"  only the groups whose names begin so
make bench ARGS="--full"         with a million studies, which takes minutes to build
make bench ARGS="--tiny"         as the test suite runs it; figures mean nothing

LIGHTBOX_BENCH_PYTHON names an interpreter that has what is raced against (SimpleITK,
gdcm); LIGHTBOX_BENCH_CATALOG a folder that keeps the catalogs of many studies.
"""

import argparse
import importlib
import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

from rich.console import Console

from tests.benchmarks.race import Result, run
from tests.benchmarks.report import document, table
from tests.benchmarks.scale import FULL, TINY, USUAL, Scale

GROUPS = (
    "importing",
    "exporting",
    "opening",
    "viewing",
    "decoding",
    "volumes",
    "memory",
    "cine",
    "underload",
    "searching",
    "receiving",
    "retrieving",
    "finding",
    "starting",
)
_WIDTH = 190


def main(argv: Sequence[str]) -> int:
    """Measure what `argv` names; return the exit status."""
    parser = argparse.ArgumentParser(
        prog="make bench",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("groups", nargs="*", metavar="GROUP", help=", ".join(GROUPS))
    parser.add_argument("--full", action="store_true", help="a million studies")
    parser.add_argument("--tiny", action="store_true", help="just run the code")
    parser.add_argument("--out", type=Path, default=Path("artefacts/bench.json"))
    asked = parser.parse_args(argv)
    groups = [name for name in GROUPS if _is_asked(name, asked.groups)]
    if not groups:
        parser.error("no group has such a name")
    scale = TINY if asked.tiny else FULL if asked.full else USUAL
    results = []
    for result in measured(groups, scale):
        sys.stderr.write(f"{result.name}: {result.ours.median_ms:.3g} {result.unit}\n")
        results.append(result)
    Console(width=_WIDTH).print(table(results))
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


def _is_asked(name: str, asked: Sequence[str]) -> bool:
    return not asked or any(name.startswith(beginning) for beginning in asked)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
