"""A DICOMweb server described, logged in to and searched in the real window."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.journeys.test_network_dialogs import opened
from tests.network.oauth_server import Browser, oauth_server
from tests.network.query_archive import row
from tests.ui.windows import Start, windows
from viewer.core.peers import Login, Way
from viewer.services.peers import Peers
from viewer.services.secrets import Secrets
from viewer.ui.dialogs import onlooker
from viewer.ui.dialogs.peers import PeersDialog

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def start(qtbot: QtBot, qapp: QApplication) -> Iterator[Start]:
    with windows(qtbot, qapp) as run:
        yield run


def write(dialog: PeersDialog, **texts: str) -> None:
    fields = {**dialog.fields.texts, **dialog.fields.web.texts}
    for name, words in texts.items():
        fields[name].selectAll()
        QTest.keyClicks(fields[name], words)


@pytest.mark.parametrize("page", ["authorize_url", "device_url"])
def test_a_server_is_described_logged_in_to_and_kept(
    start: Start,
    qtbot: QtBot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    page: str,
) -> None:
    with oauth_server(row(1)) as server:
        browser = Browser(server)
        visit = browser.show_page if page == "authorize_url" else lambda _: None
        monkeypatch.setattr(onlooker, "_open", visit)
        _, program = start(tmp_path)
        dialog = opened(program, qtbot, "network.peers", PeersDialog)
        base = f"http://127.0.0.1:{server.archive.port}"
        web = dialog.fields.web
        write(dialog, name="Cloud", url="127.0.0.1")
        assert not dialog.main.isEnabled()  # no address
        write(dialog, url=f"{base}/web")
        assert dialog.main.isEnabled()  # neither host nor title are needed
        assert not web.log_in.isVisible()
        web.logins.setCurrentIndex(web.logins.findData(Login.OAUTH))
        assert not dialog.main.isEnabled()
        assert web.warning.isVisibleTo(dialog)
        write(dialog, client_id="us", token_url=f"{base}/token")
        write(
            dialog, **{page: base + ("/device" if "device" in page else "/authorize")}
        )
        dialog.fields.insecure.setChecked(True)
        QTest.mouseClick(dialog.test, LEFT)
        qtbot.waitUntil(lambda: "Nobody is logged in" in dialog.said.text())
        QTest.mouseClick(web.log_in, LEFT)
        qtbot.waitUntil(lambda: "You are logged in" in dialog.said.text())
        browser.leave()
        assert Secrets(tmp_path).read("Cloud", "token") == ""  # not saved yet
        QTest.mouseClick(dialog.test, LEFT)
        qtbot.waitUntil(lambda: "answers by DICOMweb" in dialog.said.text())
        QTest.mouseClick(dialog.main, LEFT)
        qtbot.waitUntil(lambda: program.studies.peers.list.count() == 1)
        peer = Peers(tmp_path).get("Cloud")
        assert (peer.has_dicom, peer.ways) == (False, (Way.WEB,))
        assert Secrets(tmp_path).read("Cloud", "refresh")
        program.studies.peers.list.setCurrentRow(0)
        qtbot.waitUntil(program.studies.remote.invitation.isVisible)
        program.desk.browsing.ask_all()
        qtbot.waitUntil(lambda: program.studies.remote.table.total == 1)
        qtbot.waitUntil(lambda: not program.desk.remote.inquiry.running)
