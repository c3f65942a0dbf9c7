"""Keys and help: every command with its keys, searchable."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import (
    QDialog,
    QLabel,
    QLineEdit,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from viewer.commands.desk import DeskCommand
from viewer.ui import theme
from viewer.ui.actions import Actions, keys_text

_PLACES = {
    "everywhere": "Everywhere",
    "studies": "On the Studies page",
    "reading": "On the Reading page",
    "review": "On the Review page",
}
_MOUSE = (
    ("Left drag", "The active tool; window and level at first"),
    ("Middle drag", "Pan"),
    ("Right drag", "Zoom about the point"),
    ("Right click", "Menu"),
    ("Wheel", "One image a notch; Shift: ten; Ctrl: zoom"),
    ("Double click", "This viewport alone, and back; in a list: open"),
    ("Drag a thumbnail", "Show the series in that viewport"),
    ("Drop files", "Import; with Shift: open without importing"),
)


class Help(QDialog):
    """What the keys and the mouse do."""

    def __init__(self, actions: Actions, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keys and help")
        self.resize(640, 640)
        self._search = QLineEdit()
        self._search.setPlaceholderText("Search for a word or a key")
        self._search.setClearButtonEnabled(True)
        self._search.textChanged.connect(self._filter)
        self.tree = _tree()
        self.groups: list[tuple[QTreeWidgetItem, list[QTreeWidgetItem]]] = []
        for scope, title in _PLACES.items():
            wanted = [c for c in actions.commands if c.scope == scope and c.keys]
            self._add_group(title, [_row(command) for command in wanted])
        self._add_group("Mouse", [QTreeWidgetItem(row) for row in _MOUSE])
        self.tree.expandAll()
        note = QLabel("Lightbox is not a medical device.")
        theme.set_role(note, "caption")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.GAP_L, theme.GAP_L, theme.GAP_L, theme.GAP_M)
        layout.setSpacing(theme.GAP_M)
        layout.addWidget(self._search)
        layout.addWidget(self.tree, 1)
        layout.addWidget(note)

    def _add_group(self, title: str, rows: list[QTreeWidgetItem]) -> None:
        if not rows:
            return
        heading = QTreeWidgetItem([title])
        heading.setFlags(Qt.ItemFlag.ItemIsEnabled)
        font = theme.font("body")
        font.setWeight(QFont.Weight.DemiBold)
        heading.setFont(0, font)
        heading.addChildren(rows)
        self.tree.addTopLevelItem(heading)
        self.groups.append((heading, rows))
        heading.setFirstColumnSpanned(True)

    def _filter(self, typed: str) -> None:
        words = typed.casefold().split()
        for group, rows in self.groups:
            for row in rows:
                text = f"{row.text(0)} {row.text(1)}".casefold()
                row.setHidden(not all(word in text for word in words))
            group.setHidden(all(row.isHidden() for row in rows))


def _row(command: DeskCommand) -> QTreeWidgetItem:
    return QTreeWidgetItem([keys_text(command), command.title])


def _tree() -> QTreeWidget:
    tree = QTreeWidget()
    tree.setColumnCount(2)
    tree.setHeaderHidden(True)
    tree.setRootIsDecorated(False)
    tree.setIndentation(theme.GAP_M)
    tree.setItemsExpandable(False)
    tree.setUniformRowHeights(True)
    tree.setColumnWidth(0, 200)
    return tree
