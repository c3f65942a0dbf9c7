"""What to import, and how."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QButtonGroup,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from viewer.ui import theme
from viewer.ui.dialogs.frame import Dialog, note

_SIZE = (560, 460)


@dataclass(frozen=True, slots=True)
class ImportWish:
    """What the user settled; `password` is empty for archives without one."""

    paths: tuple[Path, ...]
    reference: bool = False
    password: str = ""


class ImportDialog(Dialog):
    """Collects files and folders; `wished` is called when the user says yes."""

    def __init__(
        self,
        paths: Iterable[Path],
        folder: str,
        wished: Callable[[ImportWish], None],
        parent: QWidget | None,
    ) -> None:
        super().__init__("Import into the catalog", "Import", parent)
        self.resize(*_SIZE)
        self.setAcceptDrops(True)
        self._folder = folder
        self._wished = wished
        self._paths: list[Path] = []
        self._buttons: list[QPushButton] = []
        self.list = QListWidget()
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        theme.set_role(self.list, "well")
        self.list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.password = QLineEdit()
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.password.setPlaceholderText("Password of the archive, if it has one")
        self.copy, self.leave = self._ways()
        self.add(
            note("DICOM files, folders, DICOMDIR or ZIP archives; drop them here too."),
            self._button_row(),
            self.list,
            self.password,
            self._way_rows(),
        )
        self.add_paths(paths)
        self._buttons[0].setFocus()
        self.accepted.connect(self._say)

    def add_paths(self, paths: Iterable[Path]) -> None:
        """Take more files or folders in; each once."""
        new = [path for path in dict.fromkeys(paths) if path not in self._paths]
        self._paths += new
        self.list.addItems([str(path) for path in new])
        self._show_state()

    def wish(self) -> ImportWish:
        """What the dialog says now."""
        password = self.password.text() if self._has_archive() else ""
        return ImportWish(tuple(self._paths), self.leave.isChecked(), password)

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        urls = event.mimeData().urls()
        self.add_paths(Path(u.toLocalFile()) for u in urls if u.isLocalFile())
        event.acceptProposedAction()

    def choose_files(self) -> None:
        """Ask for files."""
        names, _ = QFileDialog.getOpenFileNames(self, "Add files", self._folder)
        self.add_paths(Path(name) for name in names)

    def choose_folder(self) -> None:
        """Ask for a folder."""
        name = QFileDialog.getExistingDirectory(self, "Add a folder", self._folder)
        if name:
            self.add_paths([Path(name)])

    def remove_selected(self) -> None:
        """Take the selected entries out again."""
        for item in self.list.selectedItems():
            row = self.list.row(item)
            self.list.takeItem(row)
            del self._paths[row]
        self._show_state()

    def _ways(self) -> tuple[QRadioButton, QRadioButton]:
        group = QButtonGroup(self)
        copy = QRadioButton("Copy the files into the library")
        leave = QRadioButton("Leave the files where they are")
        for button in (copy, leave):
            group.addButton(button)
        copy.setChecked(True)
        return copy, leave

    def _way_rows(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(2)
        column.addWidget(self.copy)
        column.addWidget(self.leave)
        column.addWidget(
            note("Files left where they are cannot be read while their disk is away.")
        )
        return column

    def _button_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(theme.GAP_S)
        for name, word, act in (
            ("add_folder", "Add a folder…", self.choose_folder),
            ("add_files", "Add files…", self.choose_files),
            ("remove", "Remove", self.remove_selected),
        ):
            button = QPushButton(word)
            button.setObjectName(name)
            button.setAutoDefault(False)
            button.clicked.connect(act)
            row.addWidget(button)
            self._buttons.append(button)
        row.addStretch(1)
        return row

    def _has_archive(self) -> bool:
        return any(path.suffix.lower() == ".zip" for path in self._paths)

    def _show_state(self) -> None:
        number = len(self._paths)
        self.main.setEnabled(number > 0)
        self.main.setText(f"Import {number} items" if number > 1 else "Import")
        self._buttons[-1].setEnabled(number > 0)
        self.password.setVisible(self._has_archive())

    def _say(self) -> None:
        self._wished(self.wish())
