"""`make fuzz`: hostile files and spoiled ones, and nothing but a reason comes of it.

make fuzz                                      the long run: 100,000 files
make fuzz COUNT=2000 SECONDS=120 SEED=7        a share of it
make fuzz SEED=7 ARGS="--first 50000"          a later share of the same files
make fuzz SEED=7 ARGS="--numbers 12,345"       these files again
make fuzz SEED=7 ARGS="--only 1234"            write that one file instead
"""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.hostile.families import ALL
from tests.hostile.fuzz import Figures, Spoiler, fuzz
from tests.hostile.window_families import WindowFigures, in_the_window

FILE_SECONDS, STALL_SECONDS = 5.0, 1.0
GROWN_BYTES, WORKER_BYTES = 200 << 20, 1500 << 20


def main(argv: Sequence[str]) -> int:
    """Run as `argv` says; 1 if a bound was broken."""
    parser = argparse.ArgumentParser(prog="make fuzz", description=__doc__)
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--seconds", type=float, default=4 * 3600.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0, help="number of the first")
    parser.add_argument("--numbers", help="these files, instead of so many")
    parser.add_argument("--only", type=int, help="write one file and stop")
    parser.add_argument("--out", type=Path, default=Path("spoiled.dcm"))
    asked = parser.parse_args(argv)
    if asked.only is not None:
        spoiler = Spoiler(Path(tempfile.gettempdir()), Figures(), asked.seed)
        asked.out.write_bytes(spoiler.spoiled(asked.only))
        return 0
    numbers: Sequence[int] = range(asked.first, asked.first + asked.count)
    if asked.numbers:
        numbers = [int(number) for number in asked.numbers.split(",")]
    broke = False
    if numbers[0] == 0:
        families = in_the_window(ALL, asked.seed)
        sys.stdout.write(report_families(families))
        broke = bool(broken(families, families.wrong))
    figures = fuzz(numbers, asked.seconds, asked.seed)
    sys.stdout.write(report(figures))
    return 1 if broke or broken(figures, figures.bugs) else 0


def broken(figures: Figures | WindowFigures, wrong: list[str]) -> list[str]:
    """Which bounds did not hold, by the clock of a machine that does nothing else."""
    held = {
        f"{len(wrong)} mistakes of the program": not wrong,
        f"{figures.seconds:.1f} s for a file": figures.seconds < FILE_SECONDS,
        f"{figures.stall:.2f} s without the event loop": figures.stall < STALL_SECONDS,
        f"{figures.at_once >> 20} MB for a file": figures.at_once < GROWN_BYTES,
        f"{figures.worker >> 20} MB in a worker": figures.worker < WORKER_BYTES,
    }
    return [what for what, fine in held.items() if not fine]


def report_families(figures: WindowFigures) -> str:
    """The figures of the families in the window, for people."""
    lines = [
        f"{figures.count} families of hostile files imported and opened in the window",
        f"slowest {figures.seconds:.2f} s ({figures.slowest})",
        *_bounds(figures),
        *figures.wrong,
        *(f"BROKEN: {what}" for what in broken(figures, figures.wrong)),
    ]
    return "\n".join(lines) + "\n"


def _bounds(figures: Figures | WindowFigures) -> list[str]:
    return [
        f"longest turn of the event loop {figures.stall:.3f} s,"
        f" {figures.computing:.3f} s of it computing",
        f"program grew by {figures.at_once >> 20} MB at most for a file,"
        f" {figures.grown >> 20} MB in all, largest worker {figures.worker >> 20} MB",
    ]


def report(figures: Figures) -> str:
    """The figures, for people."""
    kinds = ", ".join(f"{n} {kind}" for kind, n in figures.kinds.most_common())
    lines = [
        f"{figures.files} spoiled files: {kinds};"
        f" {figures.opened} opened in the window",
        f"slowest file {figures.seconds:.2f} s; over a second: {_slow(figures)}",
        *_bounds(figures),
        *(f"contained {n} times: {w}" for w, n in figures.unforeseen.most_common()),
        *figures.bugs,
        *(f"BROKEN: {what}" for what in broken(figures, figures.bugs)),
    ]
    return "\n".join(lines) + "\n"


def _slow(figures: Figures) -> str:
    """The slowest, as --numbers takes them."""
    slow = sorted(figures.slow, key=figures.slow.__getitem__, reverse=True)
    return ",".join(map(str, slow[:100])) or "none"


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
