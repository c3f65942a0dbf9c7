"""`lightbox retrieve` and `lightbox send` count what they did, and say why not."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.network.archives import Archive, archive
from tests.services.fetching import series_of
from viewer.cli.program import DONE, MISUSED, NO_ENVIRONMENT, REFUSED, run
from viewer.core.peers import Peer
from viewer.services.peers import Peers


def no_window(_: object) -> int:
    raise AssertionError("no window was asked for")


class Shell:
    """A data folder that knows the archive, and what commands answer there."""

    def __init__(self, folder: Path, peer: Peer, said: Any) -> None:
        self.folder, self._said = folder, said
        Peers(folder).keep(peer)

    def json(self, *words: str) -> tuple[int, Any]:
        """Exit status and document of a command."""
        self._said.readouterr()
        status = run([*words, "--json", "--data-dir", str(self.folder)], no_window)
        return status, json.loads(self._said.readouterr().out)

    def text(self, *words: str) -> str:
        """What people read."""
        self._said.readouterr()
        run([*words, "--data-dir", str(self.folder)], no_window)
        return str(self._said.readouterr().out)


def shell(folder: Path, peer: Archive, said: pytest.CaptureFixture[str]) -> Shell:
    return Shell(folder, peer.peer, said)


def counts(document: Any) -> Sequence[object]:
    names = ("wanted", "fetched", "already_here", "complete")
    return [document[name] for name in names]


def test_a_study_is_fetched_once_and_sent_back(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sent = [*series_of(tmp_path / "a", 3), *series_of(tmp_path / "a", 2, series=2)]
    with archive(*sent) as peer:
        at = shell(tmp_path / "data", peer, capsys)
        status, first = at.json("retrieve", "archive", "1.2.3", "--series", "1.2.3.2")
        assert (status, counts(first)) == (DONE, [2, 2, 0, True])
        status, second = at.json("retrieve", "archive", "1.2.3")
        assert (status, counts(second)) == (DONE, [5, 3, 2, True])
        assert second["failed"] == []
        status, out = at.json("send", "archive", "1.2.3.2", "1.2.3.1.1")
        assert (status, out["wanted"], out["sent"]) == (DONE, 3, 3)
        assert {uid for uid, _, _ in peer.stored} == {
            "1.2.3.2.1",
            "1.2.3.2.2",
            "1.2.3.1.1",
        }


def test_what_a_peer_keeps_back_is_listed_and_marks_the_study(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sent = series_of(tmp_path / "a", 4)
    with archive(*sent) as peer:
        at = shell(tmp_path / "data", peer, capsys)
        peer.unsent = {"1.2.3.1.2"}
        status, document = at.json("retrieve", "archive", "1.2.3")
        assert (status, counts(document)) == (REFUSED, [4, 3, 0, False])
        assert document["failed"] == [
            {"sop_instance_uid": "1.2.3.1.2", "reason": "The peer did not send it."}
        ]
        assert document["refused"] == [
            {"reason": "The peer did not send it.", "count": 1}
        ]
        said = at.text("retrieve", "archive", "1.2.3")
        assert said.count("The peer did not send it.") == 1
        assert "  1 refused: The peer did not send it." in said
        _, shown = at.json("show", "1.2.3")
        assert shown["study"]["missing"] == shown["series"][0]["missing"] == 1
        assert "3 of 4 instances" in at.text("show", "1.2.3")
        peer.unsent = set()
        status, document = at.json("retrieve", "archive", "1.2.3")
        assert (status, counts(document)) == (DONE, [4, 1, 3, True])
        assert " of 4 " not in at.text("show", "1.2.3")


def test_what_a_peer_refuses_is_counted_by_reason(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    held = series_of(tmp_path / "a", 6)
    with archive(*held) as peer:
        at = shell(tmp_path / "data", peer, capsys)
        at.json("retrieve", "archive", "1.2.3")
        one, two, three = (f"1.2.3.1.{number}" for number in (1, 2, 3))
        peer.answers = {one: 0xA900, two: 0xC000, three: 0xC000}
        status, document = at.json("send", "archive", "1.2.3")
        said = at.text("send", "archive", "1.2.3")
    assert (status, document["sent"]) == (REFUSED, 3)
    assert [entry["count"] for entry in document["refused"]] == [2, 1]
    assert document["refused"][0]["reason"].startswith("The peer does not understand")
    assert {entry["sop_instance_uid"] for entry in document["failed"]} == {
        one,
        two,
        three,
    }
    lines = [line for line in said.splitlines() if "refused:" in line]
    assert [line.split()[0] for line in lines] == ["2", "1"]


def test_a_line_that_breaks_is_no_refusal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with archive(*series_of(tmp_path / "a", 2)) as peer:
        at = shell(tmp_path / "data", peer, capsys)
        at.json("retrieve", "archive", "1.2.3")
    status, document = at.json("send", "archive", "1.2.3")
    assert status == NO_ENVIRONMENT
    assert len(document["failed"]) == 2
    assert document["refused"] == []


def test_a_peer_out_of_reach_is_a_fault_of_the_environment(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with archive() as peer:
        at = shell(tmp_path / "data", peer, capsys)
    status, document = at.json("retrieve", "archive", "1.2.3")
    assert status == NO_ENVIRONMENT
    assert "refuses connections" in document["reasons"][0]
    status, document = at.json("retrieve", "--resume")
    assert status == NO_ENVIRONMENT  # it stayed in the queue


@pytest.mark.parametrize(
    "words",
    [
        ["retrieve"],
        ["retrieve", "archive"],
        ["retrieve", "archive", "1.2", "1.3", "--series", "1.4"],
        ["retrieve", "archive", "1.2", "--resume"],
        ["send", "archive"],
    ],
)
def test_wrong_usage_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    at = Shell(tmp_path, Peer("archive", "127.0.0.1", 104, "A"), capsys)
    status, document = at.json(*words)
    assert status == MISUSED
    assert document["error"]


def test_what_is_not_here_is_not_sent(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with archive() as peer:
        at = shell(tmp_path / "data", peer, capsys)
        status, document = at.json("send", "archive", "9.9")
        assert status == REFUSED
        assert "no such study" in document["error"]
