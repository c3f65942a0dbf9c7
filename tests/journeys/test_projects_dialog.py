"""Projects and their keys, in the real window."""

from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from keyring.backends.fail import Keyring as NoKeyring
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from tests.journeys.test_network_dialogs import opened
from tests.ui.windows import Start, windows
from viewer.core.deidentification import PROFILES
from viewer.services.projects import Projects
from viewer.ui.dialogs.frame import Dialog
from viewer.ui.dialogs.projects import ProjectsDialog

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def start(qtbot: QtBot, qapp: QApplication) -> Iterator[Start]:
    before = keyring.get_keyring()
    keyring.set_keyring(NoKeyring())  # type: ignore[no-untyped-call] # theirs
    with windows(qtbot, qapp) as run:
        yield run
    keyring.set_keyring(before)


def cells(dialog: ProjectsDialog) -> list[list[str]]:
    table = dialog.table
    found = [[table.item(r, c) for c in range(3)] for r in range(table.rowCount())]
    return [[item.text() if item else "" for item in row] for row in found]


def test_a_key_goes_to_a_file_and_comes_back(
    start: Start, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, file = tmp_path / "data", tmp_path / "lung.key"
    made, _ = Projects(data).make("Lung", PROFILES[0])
    key = Projects(data).key(made)
    _, program = start(data)
    dialog = opened(program, qtbot, "file.projects", ProjectsDialog)
    assert cells(dialog) == [["Lung", "Share for research", "here"]]

    monkeypatch.setattr(
        QFileDialog, "getSaveFileName", lambda *_, **__: (str(file), "")
    )
    monkeypatch.setattr(
        QFileDialog, "getOpenFileName", lambda *_, **__: (str(file), "")
    )
    QTest.mouseClick(dialog.export, LEFT)
    qtbot.waitUntil(lambda: "The key of Lung is in" in dialog.said.text())
    QTest.mouseClick(dialog.export, LEFT)
    qtbot.waitUntil(lambda: "never written over" in dialog.said.text())

    (data / "secrets.json").unlink()
    dialog.act(lambda _: "Looked again.")
    qtbot.waitUntil(lambda: dialog.said.text() == "Looked again.")
    assert cells(dialog)[0][2] == "▲ missing"
    assert not dialog.export.isEnabled()

    QTest.mouseClick(dialog.take, LEFT)
    qtbot.waitUntil(lambda: "gives the same names here" in dialog.said.text())
    assert cells(dialog)[0][2] == "here"
    assert Projects(data).key(made) == key
    dialog.accept()


def test_a_project_is_removed_only_after_a_question(
    start: Start, qtbot: QtBot, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    Projects(data).make("Lung", PROFILES[0])
    _, program = start(data)
    dialog = opened(program, qtbot, "file.projects", ProjectsDialog)

    def question() -> Dialog:
        QTest.mouseClick(dialog.remove, LEFT)
        asked = [w for w in dialog.findChildren(Dialog) if w.isVisible()]
        assert len(asked) == 1
        return asked[0]

    question().reject()
    assert [one.name for one in Projects(data).all()] == ["Lung"]
    QTest.mouseClick(question().main, LEFT)
    qtbot.waitUntil(lambda: "Lung is gone" in dialog.said.text())
    assert cells(dialog) == []
    assert Projects(data).all() == ()
    assert not dialog.remove.isEnabled()
    dialog.accept()
