"""What an import did: a sentence, and every file that was not taken in."""

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import (
    QAbstractItemView,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from viewer.ui import theme
from viewer.ui.dialogs.frame import Dialog, note

_SIZE = (820, 480)
_TITLES = ("File", "What happened")
Row = tuple[str, str]


class ImportReportDialog(Dialog):
    """Lists files with their reasons; sortable, copyable."""

    def __init__(
        self,
        sentence: str,
        summary: str,
        rows: Sequence[Row],
        copy: Callable[[str], None],
        parent: QWidget | None,
    ) -> None:
        super().__init__(sentence, "Close", parent)
        self.cancel.hide()
        self.resize(*_SIZE)
        self._rows = rows
        self._copy = copy
        self.tree = QTreeWidget()
        self.tree.setHeaderLabels(_TITLES)
        theme.set_role(self.tree, "well")
        self.tree.setRootIsDecorated(False)
        self.tree.setUniformRowHeights(True)
        self.tree.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.tree.setColumnWidth(0, 380)
        self.tree.addTopLevelItems([_item(row) for row in rows])
        self.tree.setSortingEnabled(True)
        button = QPushButton("Copy the list")
        button.setAutoDefault(False)
        button.clicked.connect(lambda: self._copy(self.text()))
        self.foot.insertWidget(0, button)
        self.add(note(summary, "secondary"), self.tree)

    def text(self) -> str:
        """The list as a table, one line a file."""
        return "".join(f"{file}\t{reason}\n" for file, reason in (_TITLES, *self._rows))


def _item(row: Row) -> QTreeWidgetItem:
    item = QTreeWidgetItem(list(row))
    for column, text in enumerate(row):
        item.setToolTip(column, text)
    return item
