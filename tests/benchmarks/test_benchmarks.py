"""The benchmarks run; what they measure is not judged here."""

import json
from pathlib import Path

import pytest

from tests.benchmarks.__main__ import GROUPS, main
from tests.benchmarks.peers import Peers, installed, program
from tests.benchmarks.race import Peer, Race, Result, Timing, run
from tests.benchmarks.report import table


@pytest.mark.parametrize("group", GROUPS)
def test_every_group_gives_figures(group: str, tmp_path: Path) -> None:
    out = tmp_path / "bench.json"
    assert main(["--tiny", group, "--out", str(out)]) == 0
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


def test_a_peer_takes_its_turns_but_not_more_often_than_it_wants() -> None:
    calls: list[str] = []
    slow = Peer("slow", lambda: calls.append("peer"), rounds=2)
    race = Race(
        "race",
        lambda: calls.append("ours"),
        lambda: None,
        "nothing",
        peers=(slow, Peer("absent", None)),
    )
    result = run(race, 4)
    assert calls == ["peer", "ours", "ours", "peer", "peer", "ours", "ours", "ours"]
    (name, timing), absent = result.peers
    assert timing is not None
    assert (name, timing.n) == ("slow", 2)
    assert absent == ("absent", None)


def test_a_python_peer_stays_and_does_the_work_each_time(tmp_path: Path) -> None:
    seen = tmp_path / "seen"
    source = "def work(path):\n    open(path, 'a').write('once ')"
    with Peers() as peers:
        peer = peers.python("own", "json", source, str(seen))
        assert peer.work is not None
        peer.work()
        peer.work()
        assert seen.read_text("utf-8") == "once once "


def test_a_peer_that_is_not_installed_is_named_as_absent() -> None:
    with Peers() as peers:
        assert peers.python("nobody", "no_such_package", "", None).work is None
    assert program("nobody", ["no-such-program"]).work is None
    figures = Timing(1.0, 0.0, 1)
    result = Result("race", figures, figures, "nothing", (("nobody", None),))
    cells = list(table([result]).columns[-1].cells)
    assert cells == ["nobody: not here"]


def test_scripts_of_this_python_do_not_pass_for_programs_of_the_system(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "dcmdump").write_text("#!/bin/sh\n", "utf-8")
    (tmp_path / "dcmdump").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert installed("dcmdump") == str(tmp_path / "dcmdump")
    monkeypatch.setattr("sys.executable", str(tmp_path / "python"))
    assert installed("dcmdump") is None
