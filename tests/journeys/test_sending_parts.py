"""Of a study in the list, one series or only what is marked goes to a peer."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.journeys.test_network_dialogs import LEFT, opened
from tests.journeys.test_query_and_retrieve import begin, ended, sentences
from tests.network.archives import Archive, archive
from tests.services.export_shop import write_study
from tests.services.import_files import DirectReader
from tests.services.test_exporting import write_key_object
from tests.ui.windows import Start, windows
from viewer.services.importing import Importing, ImportRequest
from viewer.services.library import Library
from viewer.ui.dialogs.send import Part, SendDialog
from viewer.ui.joining import Program

IMAGES = 3


@pytest.fixture
def start(qtbot: QtBot, qapp: QApplication) -> Iterator[Start]:
    with windows(qtbot, qapp) as run:
        yield run


def listed(folder: Path, *, marked: bool) -> str:
    """A catalog with one study of two series, of which an image may be marked."""
    study = write_study(folder / "in", 1, images=IMAGES, series=2)
    if marked:
        write_key_object(folder / "in/key.dcm", study, [2])
    with Library(folder / "data", DirectReader()) as library:
        Importing(library, DirectReader()).run(ImportRequest((folder / "in",)))
    return study


def asked(program: Program, qtbot: QtBot) -> SendDialog:
    """The study is selected, then its second series, then sending is asked for."""
    qtbot.waitUntil(lambda: program.studies.table.total == 1)
    program.studies.list.selectRow(0)
    pane = program.studies.strip
    qtbot.waitUntil(lambda: len(pane.series.series) > 1)
    second = pane.visualRect(pane.series.index(1)).center()
    QTest.mouseClick(pane.viewport(), LEFT, pos=second)
    chosen = pane.series.series[1].series_uid
    qtbot.waitUntil(lambda: program.desk.browsing.state.series_uid == chosen)
    return opened(program, qtbot, "network.send", SendDialog)


def send(dialog: SendDialog, part: Part) -> None:
    dialog.part.setCurrentIndex(dialog.part.findData(part))
    assert dialog.main.text() == part.value
    QTest.mouseClick(dialog.main, LEFT)


def came(peer: Archive) -> set[str]:
    return {uid for uid, _, _ in peer.stored}


def test_one_series_of_a_study_is_sent(
    start: Start, qtbot: QtBot, tmp_path: Path
) -> None:
    study = listed(tmp_path, marked=False)
    with archive() as peer:
        _, program = begin(start, qtbot, tmp_path / "data", peer.peer)
        send(asked(program, qtbot), Part.SERIES)
        qtbot.waitUntil(lambda: bool(program.desk.exchange.board.entries))
        qtbot.waitUntil(lambda: ended(program))
        assert came(peer) == {f"{study}.2.{n}" for n in range(1, IMAGES + 1)}


def test_only_key_images_are_sent(start: Start, qtbot: QtBot, tmp_path: Path) -> None:
    study = listed(tmp_path, marked=True)
    with archive() as peer:
        _, program = begin(start, qtbot, tmp_path / "data", peer.peer)
        send(asked(program, qtbot), Part.KEY_IMAGES)
        qtbot.waitUntil(lambda: len(program.desk.exchange.board.entries) == 2)
        qtbot.waitUntil(lambda: ended(program))
        assert came(peer) == {f"{study}.1.2", "1.2.41"}


def test_a_study_in_which_nothing_is_marked_says_so_and_stays(
    start: Start, qtbot: QtBot, tmp_path: Path
) -> None:
    listed(tmp_path, marked=False)
    with archive() as peer:
        starting, program = begin(start, qtbot, tmp_path / "data", peer.peer)
        send(asked(program, qtbot), Part.KEY_IMAGES)
        said = "No key images are marked in what was to be sent."
        qtbot.waitUntil(lambda: said in sentences(starting))
        assert program.desk.exchange.board.entries == ()
        assert came(peer) == set()
