"""`make canaries`: planted identifiers through every option, and which of them live.

make canaries                       all options
make canaries ARGS="--leaks"        where the survivors are that should not live
"""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.canaries.exporting import Flight, fly, policy
from tests.canaries.flock import flock, table
from viewer.core.deidentification import Option, Withheld


def main(argv: Sequence[str]) -> int:
    """Print a table an option; 1 if a canary lives that must not, or the other way."""
    parser = argparse.ArgumentParser(prog="make canaries", description=__doc__)
    parser.add_argument("--leaks", action="store_true")
    asked = parser.parse_args(argv)
    wrong = 0
    for option in (None, *Option):
        with tempfile.TemporaryDirectory() as folder:
            flight = fly(Path(folder), policy(*([option] if option else [])))
        wrong += _report(option, flight, leaks=asked.leaks)
    return int(wrong > 0)


def _report(option: Option | None, flight: Flight, *, leaks: bool) -> int:
    def maybe(family: str) -> int:
        return sum(
            canary.family == family and option in canary.fate.maybe_by
            for canary in flight.alive
        )

    say = sys.stdout.write
    held = [n for n, out in flight.outcomes.items() if isinstance(out, Withheld)]
    say(
        f"\n{option or 'default'}: {len(flight.contents)} files, {len(held)} withheld\n"
    )
    for family, planted, kept, living in table(flight.alive, option):
        say(f"  {family:20}{planted:7} planted{kept:6} kept{living:6} alive")
        say(f"{maybe(family):6} of these may\n" if maybe(family) else "\n")
    must = {one for one in flock().canaries if option in one.fate.kept_by}
    may = {one for one in flock().canaries if option in one.fate.maybe_by}
    leaked, lost = flight.alive - must - may, must - flight.alive
    say(f"  leaked: {len(leaked)}, lost: {len(lost)}\n")
    if leaks:
        for name in held:
            say(f"    withheld {name}: {flight.outcomes[name]}\n")
        for word, group in (("leaked", leaked), ("lost", lost)):
            for one in sorted(group, key=lambda one: (one.family, one.place)):
                say(f"    {word} {one.family}: {one.place}\n")
    return len(leaked) + len(lost)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
