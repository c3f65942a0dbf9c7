"""The import dialog collects what to import, and how."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from viewer.ui.dialogs.import_dialog import ImportDialog, ImportWish
from viewer.ui.dialogs.import_report import ImportReportDialog
from viewer.ui.dialogs.tags import TagsDialog


def opened(qtbot: QtBot, *paths: str) -> tuple[ImportDialog, list[ImportWish]]:
    wishes: list[ImportWish] = []
    dialog = ImportDialog(map(Path, paths), "", wishes.append, None)
    qtbot.addWidget(dialog)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    dialog.show()
    return dialog, wishes


def test_nothing_chosen_cannot_be_imported(qtbot: QtBot) -> None:
    dialog, _ = opened(qtbot)
    assert not dialog.main.isEnabled()


def test_enter_imports_what_was_chosen_by_copying(qtbot: QtBot) -> None:
    dialog, wishes = opened(qtbot, "/a/folder")
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert wishes == [ImportWish((Path("/a/folder"),))]


def test_escape_imports_nothing(qtbot: QtBot) -> None:
    dialog, wishes = opened(qtbot, "/a/folder")
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    assert wishes == []


def test_the_same_path_is_taken_once(qtbot: QtBot) -> None:
    dialog, _ = opened(qtbot, "/a", "/a", "/b")
    assert dialog.wish().paths == (Path("/a"), Path("/b"))
    assert dialog.main.text() == "Import 2 items"


def test_a_removed_path_is_not_imported(qtbot: QtBot) -> None:
    dialog, _ = opened(qtbot, "/a", "/b", "/c")
    dialog.list.item(0).setSelected(True)
    dialog.list.item(2).setSelected(True)
    dialog.remove_selected()
    assert dialog.wish().paths == (Path("/b"),)


def test_a_password_is_asked_for_only_with_an_archive(qtbot: QtBot) -> None:
    dialog, _ = opened(qtbot, "/a")
    assert not dialog.password.isVisible()
    dialog.add_paths([Path("/b.ZIP")])
    assert dialog.password.isVisible()
    dialog.password.setText("open sesame")
    assert dialog.wish().password.split() == ["open", "sesame"]


def test_the_way_of_importing_is_the_users(qtbot: QtBot) -> None:
    dialog, _ = opened(qtbot, "/a")
    dialog.leave.setChecked(True)
    assert dialog.wish().reference


def test_the_list_of_refused_files_can_be_copied(qtbot: QtBot) -> None:
    copied: list[str] = []
    rows = [("b.dcm", "It is cut off."), ("a.txt", "It is no DICOM file.")]
    dialog = ImportReportDialog("Nothing.", "2 files seen.", rows, copied.append, None)
    qtbot.addWidget(dialog)
    assert "b.dcm\tIt is cut off.\n" in dialog.text()


def test_tags_are_words_between_commas_each_once(qtbot: QtBot) -> None:
    dialog = TagsDialog(["old"], [], None)
    qtbot.addWidget(dialog)
    dialog.field.setText(" lung  nodule , teaching,, teaching ")
    assert dialog.tags() == ["lung nodule", "teaching"]
