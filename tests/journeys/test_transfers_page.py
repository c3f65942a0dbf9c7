"""The transfers in the real window: one row a sending, with what a peer refused."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.journeys.test_network_dialogs import opened
from tests.journeys.test_query_and_retrieve import begin
from tests.journeys.test_sending_parts import asked, came, listed, send
from tests.network.archives import archive
from tests.ui.windows import Start, windows
from viewer.ui.dialogs.send import Part
from viewer.ui.dialogs.transfers import TransfersDialog


@pytest.fixture
def start(qtbot: QtBot, qapp: QApplication) -> Iterator[Start]:
    with windows(qtbot, qapp) as run:
        yield run


def test_key_images_are_one_row_that_says_which_the_peer_refused(
    start: Start, qtbot: QtBot, tmp_path: Path
) -> None:
    study = listed(tmp_path, marked=True)
    image, document = f"{study}.1.2", "1.2.41"
    with archive() as peer:
        peer.answers = {document: 0xC000}
        _, program = begin(start, qtbot, tmp_path / "data", peer.peer)
        send(asked(program, qtbot), Part.KEY_IMAGES)
        board = program.desk.exchange.board
        qtbot.waitUntil(lambda: len(board.entries) == 2)
        qtbot.waitUntil(lambda: all(one.state.over for one in board.entries))
        assert came(peer) == {image, document}
        dialog = opened(program, qtbot, "network.transfers", TransfersDialog)
        assert dialog.table.rowCount() == 1
        dialog.table.selectRow(0)
        said = dialog._detail
        qtbot.waitUntil(lambda: "1 not sent: The peer does not unders" in said.text())
        assert said.text().startswith("1 image acknowledged.")
        cells = [dialog.table.item(0, column) for column in (0, 3, 4)]
        part, share, state = (cell.text() for cell in cells if cell is not None)
        assert part.startswith("2 images of ")
        assert (share, state) == ("1 of 2", "in part")
        dialog.buttons["Clear finished"].click()
        qtbot.waitUntil(lambda: dialog.table.rowCount() == 0)
        assert board.entries == ()
        dialog.reject()
