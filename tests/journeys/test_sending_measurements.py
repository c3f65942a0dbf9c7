"""What was measured goes from the window to a peer, as a report of its study."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.dicom.measured_images import DRAWN
from tests.journeys.test_network_dialogs import LEFT, opened
from tests.journeys.test_query_and_retrieve import begin, ended, sentences
from tests.network.archives import archive
from tests.services.export_shop import write_study
from tests.services.import_files import DirectReader
from tests.ui.windows import Start, windows
from viewer.commands.desk import Page
from viewer.core.annotation import Annotation, Shape
from viewer.core.errors import EnvironmentFailure
from viewer.core.identity import SOPInstanceUID
from viewer.services.importing import Importing, ImportRequest
from viewer.services.library import Library
from viewer.ui.dialogs.send import Part, SendDialog
from viewer.ui.joining import Program

COMMAND = "network.send_measurements"


@pytest.fixture
def start(qtbot: QtBot, qapp: QApplication) -> Iterator[Start]:
    with windows(qtbot, qapp) as run:
        yield run


def listed(folder: Path) -> str:
    """A catalog with one study of one image."""
    study = write_study(folder / "in", 1, images=1)
    with Library(folder / "data", DirectReader()) as library:
        Importing(library, DirectReader()).run(ImportRequest((folder / "in",)))
    return study


def line(study: str, name: str = "one") -> Annotation:
    uid = SOPInstanceUID(f"{study}.1.1")
    return Annotation(name, uid, 1, Shape.LENGTH, DRAWN[Shape.LENGTH])


def chosen(program: Program, qtbot: QtBot) -> None:
    """The only study is selected in the list."""
    qtbot.waitUntil(lambda: program.studies.table.total == 1)
    program.studies.list.selectRow(0)
    qtbot.waitUntil(lambda: bool(program.desk.browsing.state.selected))


def send(dialog: SendDialog, observer: str) -> None:
    assert dialog.part.currentData() is Part.MEASUREMENTS
    assert dialog.main.text() == "Send measurements"
    dialog.observer.setText(observer)
    QTest.mouseClick(dialog.main, LEFT)


def test_measurements_go_from_the_list_as_soon_as_there_are_some(
    start: Start, qtbot: QtBot, tmp_path: Path
) -> None:
    study = listed(tmp_path)
    with archive() as peer:
        starting, program = begin(start, qtbot, tmp_path / "data", peer.peer)
        desk = program.desk
        chosen(program, qtbot)
        send(opened(program, qtbot, COMMAND, SendDialog), "Roe, Jane")
        said = "Nothing was measured in what was to be sent."
        qtbot.waitUntil(lambda: said in sentences(starting))
        assert desk.exchange.board.entries == ()
        desk.library.save_annotations([line(study)])
        dialog = opened(program, qtbot, COMMAND, SendDialog)
        assert dialog.observer.text() == "Roe, Jane"
        send(dialog, "Doe, John")
        qtbot.waitUntil(lambda: bool(desk.exchange.board.entries))
        qtbot.waitUntil(lambda: ended(program))
        ((_, _, content),) = peer.stored
        assert b"Doe^John" in content
        assert desk.settings.value.observer == "Doe, John"
        assert [one.modality for one in desk.library.series(study)] == ["CT", "SR"]


def test_what_was_just_drawn_goes_unless_it_could_not_be_saved(
    start: Start, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = listed(tmp_path)

    def refused(*_: object) -> None:
        raise EnvironmentFailure("The disk is full.")

    with archive() as peer:
        starting, program = begin(start, qtbot, tmp_path / "data", peer.peer)
        desk = program.desk
        chosen(program, qtbot)
        program.actions.run("studies.open")
        qtbot.waitUntil(lambda: bool(desk.session.studies))
        qtbot.waitUntil(lambda: desk.window.page is Page.READING)
        assert not program.actions.commands[COMMAND].enabled(desk)
        with monkeypatch.context() as full:
            full.setattr(desk.library, "save_annotations", refused)
            desk.session.drawing.keep(line(study))
            send(opened(program, qtbot, COMMAND, SendDialog), "")
            said = "Some of what was drawn could not be saved, so nothing was sent."
            qtbot.waitUntil(lambda: said in sentences(starting))
            qtbot.waitUntil(lambda: desk.saving.is_unsaved(line(study)))
        assert peer.stored == []
        desk.session.drawing.keep(line(study, "two"))  # saves the first, too
        send(opened(program, qtbot, COMMAND, SendDialog), "")
        qtbot.waitUntil(lambda: bool(desk.exchange.board.entries))
        qtbot.waitUntil(lambda: ended(program))
        ((_, _, content),) = peer.stored
        assert content.count(b"410668003") == 2  # two lengths
