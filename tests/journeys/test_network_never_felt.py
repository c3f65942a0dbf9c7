"""Peers break, stall and crawl; the window does not notice."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.journeys.heartbeat import heartbeat
from tests.journeys.phantom_series import SLICES
from tests.journeys.test_query_and_retrieve import (
    begin,
    choose,
    data_sets,
    ended,
)
from tests.network import faulty_lines
from tests.network.faulty_lines import Break, End, faulty_line
from tests.network.pacs import pacs
from tests.network.parrot import Line, parrot
from tests.ui.windows import Start, windows
from viewer.commands.retrieving import fetch
from viewer.services import transfer_queue
from viewer.services.peers import Peers

_STALL_S = 2.0
_FELT_S = 0.1  # asked for; a thread that waited for a peer would be away for the stall


@pytest.fixture
def start(qtbot: QtBot, qapp: QApplication) -> Iterator[Start]:
    with windows(qtbot, qapp) as run:
        yield run


@pytest.mark.timeout(300)
def test_a_study_comes_through_a_line_that_breaks_and_stalls_unfelt(
    start: Start, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(faulty_lines, "_STUCK_S", _STALL_S)
    monkeypatch.setattr(transfer_queue, "_PAUSES_S", (0.2,))
    breaks = [
        Break(to_us=True, after=300, end=End.STUCK),
        Break(to_us=False, after=250, end=End.CLOSED),
        Break(to_us=True, after=5_000, end=End.RESET),
        Break(to_us=True, after=9_000, end=End.STUCK),
        Break(to_us=False, after=2_000, end=End.RESET),
        Break(to_us=True, after=60_000, end=End.STUCK),
    ]
    folder = tmp_path / "data"
    with (
        pacs(data_sets(tmp_path / "in")) as archive,
        faulty_line(archive.peer("Hospital").port, breaks) as line,
    ):
        peer = archive.peer("Hospital")
        _, program = begin(start, qtbot, folder, peer)
        choose(program, 0)
        remote = program.studies.remote
        QTest.keyClicks(program.studies.search, "104233")
        qtbot.waitUntil(lambda: remote.table.total == 1)
        Peers(folder).keep(replace(peer, port=line.port))  # from now on it is bad
        with heartbeat() as felt:
            fetch(program.desk, [study] if (study := remote.table.study(0)) else [])
            qtbot.waitUntil(lambda: ended(program), timeout=200_000)
        assert line.broken >= 4
        assert [one.done for one in program.desk.exchange.board.entries] == [SLICES]
        assert felt.felt < _FELT_S, felt


@pytest.mark.timeout(300)
def test_peers_that_say_nothing_or_nonsense_are_not_felt_while_one_types(
    start: Start, qtbot: QtBot, tmp_path: Path
) -> None:
    def crawl(line: Line) -> None:
        line.hear()
        line.drip(bytes(4096), piece=50, pause=0.05)

    def flood(line: Line) -> None:
        line.accept()
        while not line.closing.is_set():
            line.say(bytes(1 << 16))

    with parrot(Line.stay_silent) as a, parrot(crawl) as b, parrot(flood) as c:
        peers = [bird.peer(name=f"Bird {n}") for n, bird in enumerate((a, b, c))]
        _, program = begin(start, qtbot, tmp_path / "data", *peers)
        choose(program, 0)
        for row in (1, 2):
            choose(program, row, more=True)
        with heartbeat() as felt:
            for letter in "muller anna 104233":
                QTest.keyClicks(program.studies.search, letter)
                qtbot.wait(60)
            faults = program.studies.remote.faults
            qtbot.waitUntil(lambda: bool(faults.sentences))
            QTest.keyClick(program.studies.search, Qt.Key.Key_Escape)
        assert felt.felt < _FELT_S, felt
