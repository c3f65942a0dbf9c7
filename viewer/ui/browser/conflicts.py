"""Files the catalog kept but could not file away by itself."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from viewer.core.identity import PersonName
from viewer.core.listing import Conflict, ConflictKind
from viewer.ui import theme

_TITLES = (
    "What disagrees",
    "Patient in the file",
    "ID",
    "Study it met",
    "File",
    "Added",
)
_WIDTHS = (180, 160, 100, 240, 200, 130)
_FILE = 4
_WORDS = {
    ConflictKind.OTHER_BYTES: "Same UID, other content",
    ConflictKind.OTHER_PATIENT: "Same study, other patient",
}


class ConflictList(QWidget):
    """What was kept beside the studies, with the study it met."""

    def __init__(self, copy: Callable[[str], None]) -> None:
        super().__init__()
        self._copy = copy
        explanation = QLabel(
            "These files were kept, and replaced nothing: what they say of themselves"
            " disagrees with a study of the catalog."
        )
        explanation.setWordWrap(True)
        theme.set_role(explanation, "secondary")
        self.tree = QTreeWidget()
        self.tree.setHeaderLabels(_TITLES)
        theme.set_role(self.tree, "well")
        self.tree.setRootIsDecorated(False)
        self.tree.setUniformRowHeights(True)
        self.tree.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.tree.setSortingEnabled(True)
        for column, width in enumerate(_WIDTHS):
            self.tree.setColumnWidth(column, width)
        header = self.tree.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(_FILE, QHeaderView.ResizeMode.Stretch)
        self.tree.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        button = QPushButton("Copy the list")
        button.clicked.connect(lambda: self._copy(self.text()))
        head = QHBoxLayout()
        head.addWidget(explanation, 1)
        head.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.GAP_M, theme.GAP_M, theme.GAP_M, 0)
        layout.setSpacing(theme.GAP_M)
        layout.addLayout(head)
        layout.addWidget(self.tree, 1)

    def show_conflicts(self, conflicts: Sequence[Conflict]) -> None:
        """List these."""
        self.tree.clear()
        self.tree.addTopLevelItems([_item(conflict) for conflict in conflicts])

    def text(self) -> str:
        """The list as a table, one line a file."""
        items = [
            self.tree.topLevelItem(at) for at in range(self.tree.topLevelItemCount())
        ]
        rows = [[i.text(c) for c in range(len(_TITLES))] for i in items if i]
        return "\n".join("\t".join(row) for row in [list(_TITLES), *rows]) + "\n"


def _item(conflict: Conflict) -> QTreeWidgetItem:
    met = conflict.study
    study = ""
    if met is not None:
        name = PersonName.from_pn(met.patient_name).display
        date = met.study_date.isoformat() if met.study_date else ""
        study = "  ".join(part for part in (name, date, met.description) if part)
    item = QTreeWidgetItem(
        [
            _WORDS[conflict.kind],
            PersonName.from_pn(conflict.patient_name).display,
            conflict.patient_id,
            study,
            conflict.path,
            f"{conflict.added.astimezone():%Y-%m-%d %H:%M}",
        ]
    )
    for column in range(len(_TITLES)):
        item.setToolTip(column, item.text(column))
    return item
