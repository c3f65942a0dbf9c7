"""From a PACS to a study on the screen: search, double click, scroll."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from pydicom import dcmread
from pydicom.dataset import Dataset
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.journeys.phantom_series import SLICES, write_series
from tests.journeys.test_first_reading import ARTEFACTS, LEFT
from tests.network.pacs import pacs
from tests.network.parrot import Line, parrot
from tests.ui.reading_pages import settle, turn_wheel
from tests.ui.windows import Start, windows
from viewer.commands.desk import Page
from viewer.core.peers import Peer
from viewer.core.transfer import TransferState
from viewer.services.peers import Peers
from viewer.ui.application import Starting
from viewer.ui.joining import Program

NAME = "Hospital"


@pytest.fixture
def start(qtbot: QtBot, qapp: QApplication) -> Iterator[Start]:
    with windows(qtbot, qapp) as begin:
        yield begin


def data_sets(folder: Path) -> Sequence[Dataset]:
    """The slices of a series, with what archives answer about them."""
    found = [dcmread(path) for path in sorted(write_series(folder).iterdir())]
    for one in found:
        one.ModalitiesInStudy = one.Modality
        one.NumberOfStudyRelatedSeries = 1
        one.NumberOfStudyRelatedInstances = one.NumberOfSeriesRelatedInstances = SLICES
    return found


def begin(
    start: Start, qtbot: QtBot, folder: Path, *peers: Peer
) -> tuple[Starting, Program]:
    """The window on an empty catalog that knows these peers."""
    for peer in peers:
        Peers(folder).keep(peer)
    starting, program = start(folder)
    qtbot.waitUntil(lambda: program.studies.peers.list.count() == len(peers))
    qtbot.waitUntil(program.studies.peers.list.isVisible)
    return starting, program


def choose(program: Program, row: int, *, more: bool = False) -> None:
    """Click a peer at the left."""
    listed = program.studies.peers.list
    where = listed.visualItemRect(listed.item(row)).center()
    keys = Qt.KeyboardModifier.ControlModifier if more else Qt.KeyboardModifier(0)
    QTest.mouseClick(listed.viewport(), LEFT, keys, where)


def find_and_open(program: Program, qtbot: QtBot, words: str) -> None:
    """Type, wait for the one row, and double-click it."""
    remote = program.studies.remote
    QTest.keyClicks(program.studies.search, words)
    qtbot.waitUntil(lambda: remote.table.total == 1 and remote.list.isVisible())
    place = remote.list.visualRect(remote.table.index(0, 0)).center()
    QTest.mouseClick(remote.list.viewport(), LEFT, pos=place)
    qtbot.waitUntil(lambda: program.studies.strip.series.rowCount() > 0)
    QTest.mouseDClick(remote.list.viewport(), LEFT, pos=place)


def keep_picture(starting: Starting, name: str) -> None:
    ARTEFACTS.mkdir(parents=True, exist_ok=True)
    assert starting.window.grab().save(str(ARTEFACTS / f"{name}.png"))


def test_a_study_of_a_peer_is_found_fetched_opened_and_scrolled(
    start: Start, qtbot: QtBot, tmp_path: Path
) -> None:
    with pacs(data_sets(tmp_path / "in")) as archive:
        starting, program = begin(start, qtbot, tmp_path / "data", archive.peer(NAME))
        choose(program, 0)
        qtbot.waitUntil(program.studies.remote.invitation.isVisible)
        find_and_open(program, qtbot, "104233")
        qtbot.waitUntil(lambda: starting.window.page is Page.READING)
        qtbot.waitUntil(
            lambda: [s.count for s in program.desk.session.stacks] == [SLICES]
        )
        settle(qtbot, program.reading)
        for _ in range(SLICES):
            turn_wheel(program.reading.active, -120)
        settle(qtbot, program.reading)
        assert program.desk.session.state.viewport.image == SLICES - 1
        keep_picture(starting, "retrieved")
        qtbot.waitUntil(lambda: ended(program))
        assert [one.done for one in program.desk.exchange.board.entries] == [SLICES]
        said = "1 transfer complete: all images retrieved."
        qtbot.waitUntil(lambda: said in sentences(starting))
        starting.window.show_page(Page.STUDIES)
        rows = program.studies.remote.table
        qtbot.waitUntil(
            lambda: rows.data(rows.index(0, rows.columnCount() - 1)) == "here"
        )


def sentences(starting: Starting) -> list[str]:
    """What the notices say."""
    return [notice.text for notice in starting.window.notices.shown]


def ended(program: Program) -> bool:
    entries = program.desk.exchange.board.entries
    return bool(entries) and all(one.state is TransferState.DONE for one in entries)


def test_one_peer_stalls_and_another_refuses_while_the_third_answers(
    start: Start, qtbot: QtBot, tmp_path: Path
) -> None:
    found = data_sets(tmp_path / "in")
    with pacs(found) as archive, parrot(Line.stay_silent) as bird:
        peers = (
            archive.peer(NAME),
            bird.peer(name="Silent"),
            Peer("Refused", "127.0.0.1", 1, "NOBODY"),
        )
        _, program = begin(start, qtbot, tmp_path / "data", *peers)
        remote = program.studies.remote
        choose(program, 0)
        choose(program, 1, more=True)
        choose(program, 2, more=True)
        assert program.desk.browsing.state.peers == ("Hospital", "Silent", "Refused")
        QTest.keyClicks(program.studies.search, "104233")
        qtbot.waitUntil(lambda: remote.table.total == 1)
        qtbot.waitUntil(lambda: len(remote.faults.sentences) == 1)
        assert "Refused" in remote.faults.sentences[0]
        qtbot.waitUntil(lambda: program.desk.remote.inquiry.silent == ("Silent",))
        # The window lives on: another place, and the query is called off.
        listed = program.studies.sources.list
        listed.setCurrentRow(2)
        qtbot.waitUntil(lambda: not program.desk.remote.inquiry.running)


def test_first_images_are_on_the_screen_while_the_rest_arrives(
    start: Start, qtbot: QtBot, tmp_path: Path
) -> None:
    """What arrives later neither scrolls nor takes the page away."""
    found = data_sets(tmp_path / "in")
    with pacs(found) as archive:
        starting, program = begin(start, qtbot, tmp_path / "data", archive.peer(NAME))
        held = archive.giver.held
        archive.giver.held = held[: SLICES // 2]  # the rest cannot be had yet
        choose(program, 0)
        find_and_open(program, qtbot, "104233")
        qtbot.waitUntil(lambda: starting.window.page is Page.READING)
        qtbot.waitUntil(lambda: program.desk.exchange.board.entries[0].state.over)
        session = program.desk.session
        qtbot.waitUntil(lambda: [s.count for s in session.stacks] == [SLICES // 2])
        session.go_to(5)
        stack = session.stack
        assert stack is not None
        shown = stack.stored(5).instance.sop_instance_uid
        starting.window.show_page(Page.STUDIES)
        archive.giver.held = held
        program.desk.exchange.go_on([program.desk.exchange.board.entries[0].id])
        qtbot.waitUntil(lambda: [s.count for s in session.stacks] == [SLICES])
        stack, image = session.stack, session.state.viewport.image
        assert stack is not None
        assert stack.stored(image).instance.sop_instance_uid == shown
        assert starting.window.page is Page.STUDIES
