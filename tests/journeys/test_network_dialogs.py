"""The dialogs that have to do with peers, in the real window."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import pytest
from pydicom.dataset import Dataset
from PySide6.QtCore import QDate, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from tests.journeys.phantom_series import SLICES
from tests.journeys.test_query_and_retrieve import (
    begin,
    choose,
    data_sets,
    ended,
    find_and_open,
    sentences,
)
from tests.network import query_archive
from tests.network.pacs import pacs
from tests.services.import_files import DirectReader
from tests.ui.windows import Start, windows
from viewer.commands.desk import Page
from viewer.commands.listening import start_listening
from viewer.core.peers import Peer
from viewer.core.transfer import TransferState
from viewer.network.faults import PeerFault
from viewer.services.browsing import Place
from viewer.services.library import Library
from viewer.services.listening import Listening, ListenRequest
from viewer.services.peers import Peers
from viewer.services.signs_of_life import sign_of_life
from viewer.ui.dialogs.peers import PeersDialog
from viewer.ui.dialogs.send import SendDialog
from viewer.ui.dialogs.transfers import TransfersDialog
from viewer.ui.dialogs.worklist import WorklistDialog
from viewer.ui.joining import Program

DialogT = TypeVar("DialogT", bound=QDialog)
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def start(qtbot: QtBot, qapp: QApplication) -> Iterator[Start]:
    with windows(qtbot, qapp) as run:
        yield run


def opened(
    program: Program, qtbot: QtBot, command: str, kind: type[DialogT]
) -> DialogT:
    """The dialog that a command opens."""
    found: list[DialogT] = []

    def look() -> bool:
        widgets = QApplication.topLevelWidgets()
        found[:] = [w for w in widgets if isinstance(w, kind) and w.isVisible()]
        return bool(found)

    program.actions.run(command)
    qtbot.waitUntil(look)
    return found[0]


def test_a_peer_is_described_tested_kept_and_searched(
    start: Start, qtbot: QtBot, tmp_path: Path
) -> None:
    with query_archive.archive([query_archive.row(1)]) as archive:
        _, program = start(tmp_path)
        dialog = opened(program, qtbot, "network.peers", PeersDialog)
        texts = dialog.fields.texts
        wanted = {
            "name": "Hospital",
            "host": "127.0.0.1",
            "port": "1x",
            "aet": "ARCHIVE",
        }
        for name, words in wanted.items():
            texts[name].selectAll()
            QTest.keyClicks(texts[name], words)
        assert not dialog.main.isEnabled()  # the port is none
        assert not dialog.test.isEnabled()
        texts["port"].selectAll()
        QTest.keyClicks(texts["port"], "1")
        QTest.mouseClick(dialog.test, LEFT)
        qtbot.waitUntil(lambda: dialog.said.text().startswith("▲ Hospital refuses"))
        texts["port"].selectAll()
        QTest.keyClicks(texts["port"], str(archive.port))
        QTest.mouseClick(dialog.main, LEFT)
        qtbot.waitUntil(lambda: program.studies.peers.list.count() == 1)
        assert Peers(tmp_path).get("Hospital").port == archive.port
        choose(program, 0)
        assert program.desk.browsing.state.peers == ("Hospital",)


def test_a_removed_peer_can_be_put_back_until_it_is_saved(
    start: Start, qtbot: QtBot, tmp_path: Path
) -> None:
    with query_archive.archive([]) as archive:
        peers = [archive.peer(name="One"), archive.peer(name="Two")]
        _, program = begin(start, qtbot, tmp_path, *peers)
    dialog = opened(program, qtbot, "network.peers", PeersDialog)
    dialog.remove()
    assert [draft.name for draft in dialog.drafts] == ["Two"]
    QTest.mouseClick(dialog.undo, LEFT)
    assert [draft.name for draft in dialog.drafts] == ["One", "Two"]
    dialog.duplicate()
    assert [draft.name for draft in dialog.drafts] == ["One", "Two", "One 2"]
    dialog.remove()
    dialog.list.setCurrentRow(1)
    dialog.remove()
    QTest.mouseClick(dialog.main, LEFT)
    qtbot.waitUntil(lambda: program.studies.peers.list.count() == 1)
    assert [peer.name for peer in Peers(tmp_path).all()] == ["One"]


def test_what_is_paused_stays_so_after_a_restart_and_then_goes_on(
    start: Start, qtbot: QtBot, tmp_path: Path
) -> None:
    with pacs(data_sets(tmp_path / "in")) as archive:
        archive.giver.may_send.clear()
        folder = tmp_path / "data"
        starting, program = begin(start, qtbot, folder, archive.peer("Hospital"))
        choose(program, 0)
        find_and_open(program, qtbot, "104233")
        board = program.desk.exchange.board
        qtbot.waitUntil(lambda: states(program) == [TransferState.RUNNING])
        program.actions.run("network.pause")
        qtbot.waitUntil(lambda: states(program) == [TransferState.PAUSED])
        archive.giver.may_send.set()
        starting.window.close()
        starting.close()

        _, program = start(folder)
        qtbot.waitUntil(lambda: states(program) == [TransferState.PAUSED])
        dialog = opened(program, qtbot, "network.transfers", TransfersDialog)
        dialog.table.selectRow(0)
        QTest.mouseClick(dialog.buttons["Go on"], LEFT)
        qtbot.waitUntil(lambda: ended(program))
        assert program.desk.exchange.board.entries[0].done == SLICES
        dialog.reject()
        assert board is not program.desk.exchange.board


def states(program: Program) -> list[TransferState]:
    return [one.state for one in program.desk.exchange.board.entries]


def test_another_study_of_the_patient_is_offered_and_fetched(
    start: Start, qtbot: QtBot, tmp_path: Path
) -> None:
    found = list(data_sets(tmp_path / "in"))
    found += [prior(one) for one in found]
    with pacs(found) as archive:
        starting, program = begin(
            start, qtbot, tmp_path / "data", archive.peer("Hospital")
        )
        choose(program, 0)
        remote = program.studies.remote
        QTest.keyClicks(program.studies.search, "104233")
        qtbot.waitUntil(lambda: remote.table.total == 2)
        qtbot.waitUntil(lambda: not program.desk.remote.inquiry.running)
        remote.list.selectRow(0)
        program.actions.run("studies.open")
        qtbot.waitUntil(lambda: starting.window.page is Page.READING)
        patient = program.reading.patient
        qtbot.waitUntil(patient.priors.isVisible)
        assert patient.priors.text() == "1 other study at Hospital ▾"
        qtbot.waitUntil(lambda: ended(program))
        patient.priors_menu.aboutToShow.emit()
        (offered,) = patient.priors_menu.actions()
        assert offered.text().startswith("2025-03-02")
        offered.trigger()
        qtbot.waitUntil(lambda: len(program.desk.exchange.board.entries) == 2)
        qtbot.waitUntil(lambda: ended(program))
        qtbot.waitUntil(lambda: len(program.desk.session.related) == 2)
        shown = [one.summary.study_date for one in program.desk.session.studies]
        assert [str(day) for day in shown] == ["2026-11-19"]


def prior(one: Dataset) -> Dataset:
    """The same image, as if it had been made a year before."""
    data_set = Dataset()
    data_set.update(one)
    data_set.file_meta = one.file_meta
    data_set.StudyInstanceUID, data_set.SeriesInstanceUID = "2.25.881", "2.25.882"
    data_set.SOPInstanceUID = f"2.25.88.{one.InstanceNumber}"
    data_set.StudyDate = "20250302"
    return data_set


def test_studies_are_sent_from_the_list_and_answered_for(
    start: Start, qtbot: QtBot, tmp_path: Path
) -> None:
    with pacs(data_sets(tmp_path / "in")) as source, another(tmp_path) as target:
        sink = Peer("Research", "127.0.0.1", target.port, "RESEARCH")
        starting, program = begin(
            start, qtbot, tmp_path / "data", source.peer("Hospital"), sink
        )
        choose(program, 0)
        find_and_open(program, qtbot, "104233")
        qtbot.waitUntil(lambda: ended(program))
        program.desk.browsing.look_in(Place.LIBRARY)
        qtbot.waitUntil(lambda: program.studies.table.total == 1)
        program.studies.list.selectRow(0)
        dialog = opened(program, qtbot, "network.send", SendDialog)
        dialog.peer.setCurrentIndex(1)
        dialog.commit.setChecked(True)
        QTest.mouseClick(dialog.main, LEFT)
        qtbot.waitUntil(lambda: len(program.desk.exchange.board.entries) == 2)
        qtbot.waitUntil(lambda: ended(program))
        said = f"Research answers for {SLICES} images."
        qtbot.waitUntil(lambda: said in sentences(starting))
        assert target.received.imported == SLICES


@contextmanager
def another(folder: Path) -> Iterator[Listening]:
    """Another workstation, that takes what it is sent."""
    with Library(folder / "other", DirectReader()) as library:
        request = ListenRequest(port=0, titles=frozenset())
        with Listening(library, request) as listening:
            yield listening


def test_others_can_call_while_the_window_listens(
    start: Start, qtbot: QtBot, tmp_path: Path
) -> None:
    _, program = start(tmp_path)
    desk = program.desk
    desk.settings.change(listen=True, listen_port=0, listen_title="WINDOW")
    start_listening(desk)
    qtbot.waitUntil(lambda: desk.exchange.hearing.port > 0)
    called = Peer("Window", "127.0.0.1", desk.exchange.hearing.port, "WINDOW")
    assert sign_of_life(called, "").seconds is not None
    dialog = opened(program, qtbot, "network.peers", PeersDialog)
    assert dialog.listener.status.text() == f"● Listening at port {called.port}."
    dialog.reject()
    desk.settings.change(listen=False)
    start_listening(desk)
    qtbot.waitUntil(lambda: desk.exchange.hearing.port == 0)
    with pytest.raises(PeerFault):
        sign_of_life(called, "")


def test_the_worklist_is_listed_and_copied(
    start: Start, qtbot: QtBot, tmp_path: Path
) -> None:
    days = (planned(0), planned(1))  # midnight may come before the dialog
    with query_archive.archive(days) as archive:
        _, program = begin(start, qtbot, tmp_path, archive.peer(name="Clinic"))
        dialog = opened(program, qtbot, "network.worklist", WorklistDialog)
        qtbot.waitUntil(lambda: dialog.table.rowCount() == 1)
        dialog.copy_rows()
        rows = QApplication.clipboard().text().splitlines()
        assert rows[1].split("\t")[2:4] == ["Vivaldi, Antonio", "AV1"]
        dialog.modality.setCurrentIndex(dialog.modality.findData("MR"))
        qtbot.waitUntil(lambda: dialog.said.text() == "Nothing planned.")
        dialog.reject()


def planned(later: int) -> Dataset:
    """A CT of today, or so many days later."""
    step = Dataset()
    step.Modality = "CT"
    day = QDate.currentDate().addDays(later)
    step.ScheduledProcedureStepStartDate = day.toString("yyyyMMdd")
    step.ScheduledProcedureStepStartTime = "0815"
    step.ScheduledStationAETitle = "CT1"
    step.ScheduledProcedureStepDescription = "Thorax"
    item = query_archive.row(7, PatientName="Vivaldi^Antonio", PatientID="AV1")
    item.ScheduledProcedureStepSequence = [step]
    return item
