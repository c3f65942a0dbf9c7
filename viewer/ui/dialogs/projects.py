"""The projects of anonymized exports, and their keys: to take along, or to give up."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QPushButton,
    QTableWidgetItem,
    QWidget,
)

from viewer.commands.desk import Desk
from viewer.commands.projects import change_projects
from viewer.core.errors import ViewerError
from viewer.services.project_list import (
    Act,
    ProjectRow,
    exporting_key,
    importing_key,
    removing,
)
from viewer.ui import theme
from viewer.ui.dialogs.frame import Dialog, note
from viewer.ui.dialogs.tables import row_table

if TYPE_CHECKING:
    from viewer.services.project_list import ProjectList

_SIZE = (640, 400)
_ABOUT = (
    "Under one project a patient has the same pseudonym in every export. Its key makes "
    "them: whoever has it can tell who is who, and who loses it begins anew."
)
_NONE = "There are none yet: the first anonymized export begins one."
_KINDS = "Project key (*.key);;Every file (*)"


class ProjectsDialog(Dialog):
    """Lists projects; their keys are exported, imported and removed from here."""

    def __init__(
        self, desk: Desk, projects: "ProjectList", parent: QWidget | None
    ) -> None:
        super().__init__("Projects of anonymized exports", "Close", parent)
        self.resize(*_SIZE)
        self.cancel.hide()
        self._desk = desk
        self._rows: tuple[ProjectRow, ...] = ()
        self.table = row_table([("Project", 0), ("Purpose", 200), ("Key", 90)])
        self.table.itemSelectionChanged.connect(self._on_selected)
        self.export = _button("Export its key…", self._on_export)
        self.take = _button("Import a key…", self._on_import)
        self.remove = _button("Remove…", self._on_remove)
        self.said = note("", "secondary")
        buttons = QHBoxLayout()
        buttons.setSpacing(theme.GAP_S)
        for button in (self.export, self.take, self.remove):
            buttons.addWidget(button)
        buttons.addStretch(1)
        self.add(note(_ABOUT, "secondary"), self.table, buttons, self.said)
        self.show_projects(projects)

    @property
    def chosen(self) -> ProjectRow | None:
        """The selected project."""
        rows = {index.row() for index in self.table.selectedIndexes()}
        return self._rows[min(rows)] if rows else None

    def show_projects(self, projects: "ProjectList") -> None:
        """Show what there is now, and what was done."""
        self._rows = projects.rows
        self.table.setRowCount(len(self._rows))
        for at, row in enumerate(self._rows):
            key = "here" if row.has_key else "▲ missing"
            for column, text in enumerate((row.name, row.purpose, key)):
                self.table.setItem(at, column, QTableWidgetItem(text))
        self.said.setText(projects.said or ("" if self._rows else _NONE))
        self.table.clearSelection()
        if self._rows:
            self.table.selectRow(0)
        self._on_selected()

    def act(self, act: Act) -> None:
        """Do something to the projects, then show them."""
        change_projects(self._desk, act, self.show_projects, self._failed)

    def _failed(self, error: BaseException) -> None:
        if not isinstance(error, ViewerError):
            self._desk.window.failed(error)
            return
        self.said.setText(f"▲ {error.message} {error.hint}".strip())

    def _on_selected(self) -> None:
        chosen = self.chosen
        self.export.setEnabled(chosen is not None and chosen.has_key)
        self.remove.setEnabled(chosen is not None)

    def _on_export(self) -> None:
        chosen = self.chosen
        if chosen is None:
            return
        name, _ = QFileDialog.getSaveFileName(
            self,
            "Export the key",
            f"{Path.home()}/project.key",
            _KINDS,
            options=QFileDialog.Option.DontConfirmOverwrite,  # it never overwrites
        )
        if name:
            self.act(exporting_key(chosen.name, Path(name)))

    def _on_import(self) -> None:
        folder = str(Path.home())
        name, _ = QFileDialog.getOpenFileName(self, "Import a key", folder, _KINDS)
        if name:
            self.act(importing_key(Path(name)))

    def _on_remove(self) -> None:
        chosen = self.chosen
        if chosen is None:
            return
        question = Dialog(f"Remove the project {chosen.name}?", "Remove", self)
        question.add(
            note(
                "Its key goes, too. The same patients would get other names, and "
                "nobody could go back from what was exported."
            )
        )
        question.accepted.connect(partial(self.act, removing(chosen.name)))
        question.open()


def _button(text: str, clicked: Callable[[], None]) -> QPushButton:
    button = QPushButton(text)
    button.setAutoDefault(False)
    button.clicked.connect(clicked)
    return button
