"""Figures as a table for people and as a document for machines."""

import dataclasses
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from rich.table import Table

from tests.benchmarks import machine
from tests.benchmarks.race import Result, Timing
from tests.benchmarks.scale import Scale


def table(results: Sequence[Result]) -> Table:
    """One line a figure: ours, the limit, and how often we do it while a peer does."""
    drawn = Table("what", title="median ms (spread between quartiles)")
    for name in ("Lightbox", "limit", "ratio"):
        drawn.add_column(name, justify="right")
    drawn.add_column("the limit is")
    drawn.add_column("others: ms, × as long as Lightbox")
    for result in results:
        drawn.add_row(
            result.name,
            _figure(result.ours, result),
            _figure(result.limit, result),
            f"{result.ratio:.2f}",
            result.limit_name,
            "\n".join(_others(result)),
        )
    return drawn


def document(results: Sequence[Result], scale: Scale) -> dict[str, object]:
    """The figures, with the day and the machine they were measured on."""
    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": machine.description(),
        "scale": dataclasses.asdict(scale),
        "results": [
            {**dataclasses.asdict(result), "ratio": result.ratio} for result in results
        ],
    }


def _figure(timing: Timing, result: Result) -> str:
    found = f"{timing.median_ms:.3g} ({timing.spread_ms:.2g})"
    if result.unit != "ms":
        found = f"{found} {result.unit}"
    return f"{found}, {timing.rate:.0f}/s" if result.rated else found


def _others(result: Result) -> Iterator[str]:
    for name, timing in result.peers:
        if timing is None:
            yield f"{name}: not here"
        else:
            times = result.times_faster(timing)
            rate = f", {timing.rate:.0f}/s" if result.rated else ""
            yield f"{name} {timing.median_ms:.3g}, × {times:.2g}{rate}"
