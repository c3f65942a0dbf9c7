"""The benchmarks run; what they measure is not judged here."""

import json
from pathlib import Path

import pytest

from tests.benchmarks.__main__ import GROUPS, main
from tests.benchmarks.race import Race, run


@pytest.mark.parametrize("group", GROUPS)
def test_every_group_gives_figures(group: str, tmp_path: Path) -> None:
    out = tmp_path / "bench.json"
    assert main(["--tiny", "--only", group, "--out", str(out)]) == 0
    written = json.loads(out.read_text("utf-8"))
    assert written["machine"]["cores"] >= 1
    assert written["results"]
    for result in written["results"]:
        assert result["ours"]["median_ms"] > 0
        assert result["limit"]["median_ms"] > 0
        assert result["limit_name"]


def test_the_two_of_a_race_take_turns_and_the_first_round_is_not_counted() -> None:
    calls: list[str] = []
    race = Race(
        "race",
        lambda: calls.append("ours"),
        lambda: calls.append("limit"),
        "nothing",
        before=lambda: calls.append("before"),
    )
    result = run(race, 2)
    assert (result.ours.n, result.limit.n) == (2, 2)
    ours_first, limit_first = ["ours", "limit"], ["limit", "ours"]
    assert calls[1::2] == [*limit_first, *ours_first, *limit_first]
    assert set(calls[::2]) == {"before"}


def test_a_race_of_many_things_gives_the_time_of_one() -> None:
    race = Race("race", lambda: None, lambda: None, "nothing", count=1_000_000)
    assert run(race, 3).ours.median_ms < 1e-3
