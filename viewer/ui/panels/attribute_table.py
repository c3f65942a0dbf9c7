"""Every attribute of the image on show, with a search that looks at all of it."""

from collections.abc import Sequence

from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLabel,
    QTableView,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from viewer.core.attribute_row import AttributeRow
from viewer.ui import theme
from viewer.ui.panels.fields import SearchField

Index = QModelIndex | QPersistentModelIndex

_LOWEST = 260
_INDENT = "    "
_KEYS = frozenset(
    {
        Qt.Key.Key_Up,
        Qt.Key.Key_Down,
        Qt.Key.Key_PageUp,
        Qt.Key.Key_PageDown,
        Qt.Key.Key_Home,
        Qt.Key.Key_End,
    }
)


class AttributeModel(QAbstractTableModel):
    """The attributes that match the search."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._all: Sequence[AttributeRow] = ()
        self._words: tuple[str, ...] = ()
        self.rows: Sequence[AttributeRow] = ()

    def show_rows(self, rows: Sequence[AttributeRow]) -> None:
        """Show another image's."""
        self._all = rows
        self._filter()

    def search(self, text: str) -> None:
        """Show only those that have every word in tag, VR, name or value."""
        self._words = tuple(text.casefold().split())
        self._filter()

    def _filter(self) -> None:
        self.beginResetModel()
        self.rows = [row for row in self._all if self._matches(row)]
        self.endResetModel()

    def _matches(self, row: AttributeRow) -> bool:
        text = f"{row.tag} {row.vr} {row.name} {row.value}".casefold()
        plain = text.replace("(", "").replace(",", "").replace(")", "")
        return all(word in text or word in plain for word in self._words)

    @override
    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    @override
    def columnCount(self, parent: Index | None = None) -> int:
        return 2

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            if index.column() == 0:
                return _INDENT * row.depth + (row.name or row.tag)
            return row.value
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{row.tag}  {row.vr}  {row.name}\n{row.value}"
        return None

    @override
    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> object:
        shown = role == Qt.ItemDataRole.DisplayRole
        if shown and orientation == Qt.Orientation.Horizontal:
            return ("Attribute", "Value")[section]
        return None


class AttributeSection(QWidget):
    """A search field over the table; rows copy as text, tabs between columns.

    Signals
    -------
    copied : (str)
        What the user wants on the clipboard.
    """

    copied = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.model = AttributeModel(self)
        self.search = SearchField()
        self.search.setPlaceholderText("Search tags and values")
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self.model.search)
        self.reason = QLabel()
        self.reason.setWordWrap(True)
        theme.set_role(self.reason, "secondary")
        self.reason.hide()
        self.table = _Table()
        self.table.setModel(self.model)
        self.table.copied.connect(self.copied)
        header = self.table.horizontalHeader()
        header.setDefaultAlignment(
            Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        )
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Interactive)
        header.resizeSection(0, 34 * theme.UNIT)
        header.setStretchLastSection(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.GAP_M, 0, theme.GAP_M, theme.GAP_M)
        column.setSpacing(theme.GAP_S)
        column.addWidget(self.search)
        column.addWidget(self.reason)
        column.addWidget(self.table, 1)

    def show_rows(self, rows: Sequence[AttributeRow], reason: str = "") -> None:
        """Show another image's attributes, or why they cannot be read."""
        place = self.table.verticalScrollBar().value()
        self.model.show_rows(rows)
        self.table.verticalScrollBar().setValue(place)
        self.reason.setText(reason)
        self.reason.setVisible(bool(reason))


class _Table(QTableView):
    copied = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setMinimumHeight(_LOWEST)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(theme.ROW_COMPACT)
        self.setAccessibleName("Attributes")

    @override
    def event(self, event: QEvent) -> bool:
        """Keep the keys that mean something in a table from the images."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(
            event, QKeyEvent
        ):
            moves = Qt.Key(event.key()) in _KEYS and not event.modifiers()
            if moves or event.matches(QKeySequence.StandardKey.Copy):
                event.accept()
                return True
        return super().event(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copied.emit(self._selected_text())
        else:
            super().keyPressEvent(event)

    def _selected_text(self) -> str:
        model = self.model()
        if not isinstance(model, AttributeModel):
            return ""
        chosen = sorted(index.row() for index in self.selectionModel().selectedRows())
        rows = (model.rows[place] for place in chosen)
        return "\n".join(
            "\t".join((row.tag, row.vr, row.name, row.value)) for row in rows
        )
