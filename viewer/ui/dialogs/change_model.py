"""What becomes of each attribute, as a table that can be filtered and sorted."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from typing_extensions import override

from viewer.services.change_table import (
    ChangeRow,
    Column,
    Fate,
    filtered,
    in_order,
    to_text,
)
from viewer.ui import theme

Index = QModelIndex | QPersistentModelIndex

COLUMNS: Final = (
    (Column.ATTRIBUTE, "Attribute", 196),
    (Column.TAG, "Tag", 108),
    (Column.FATE, "Becomes", 80),
    (Column.BEFORE, "Before", 150),
    (Column.AFTER, "After", 150),
    (Column.RULE, "Rule", 0),
)
_CHANGED: Final = frozenset({Fate.CLEANED, Fate.REPLACED, Fate.EMPTIED})
KINDS: Final[dict[str, frozenset[Fate]]] = {
    "Everything": frozenset(),
    "Changed": _CHANGED,
    "Removed": frozenset({Fate.REMOVED}),
    "Kept": frozenset({Fate.KEPT}),
}


class ChangeModel(QAbstractTableModel):
    """The rows with the words and of the kind that are looked for."""

    def __init__(self) -> None:
        super().__init__()
        self._all: Sequence[ChangeRow] = ()
        self._words, self._fates = "", frozenset[Fate]()
        self._sorted: tuple[Column, bool] | None = None
        self.rows: Sequence[ChangeRow] = ()

    def show_rows(self, rows: Sequence[ChangeRow]) -> None:
        """Show others."""
        self._all = rows
        self._refill()

    def look_for(self, text: str, kind: str) -> None:
        """Show only those with every word in one of the columns, of a kind."""
        self._words, self._fates = text, KINDS[kind]
        self._refill()

    def text(self, chosen: Sequence[int]) -> str:
        """These rows as a table to be pasted, all if there are none."""
        return to_text([self.rows[row] for row in chosen] or self.rows)

    @override
    def sort(
        self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder
    ) -> None:
        downwards = order == Qt.SortOrder.DescendingOrder
        self._sorted = (COLUMNS[column][0], downwards) if column >= 0 else None
        self._refill()

    @override
    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    @override
    def columnCount(self, parent: Index | None = None) -> int:
        return len(COLUMNS)

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row, column = self.rows[index.row()], COLUMNS[index.column()][0]
        if role == Qt.ItemDataRole.DisplayRole:
            return row.cell(column)
        if role == Qt.ItemDataRole.ToolTipRole:
            parts = (row.attribute, row.tag, row.rule, row.where)
            words = "\n".join(part for part in parts if part)
            return row.cell(column) if column in _VALUES else words
        if role == Qt.ItemDataRole.ForegroundRole and column is Column.FATE:
            return theme.color(_colour(row.fate))
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
            return COLUMNS[section][1]
        return None

    def _refill(self) -> None:
        self.beginResetModel()
        rows = filtered(self._all, self._words, self._fates)
        if self._sorted is not None:
            column, downwards = self._sorted
            rows = in_order(rows, column, downwards=downwards)
        self.rows = rows
        self.endResetModel()


_VALUES: Final = (Column.BEFORE, Column.AFTER)


def _colour(fate: Fate) -> str:
    look = theme.tokens()
    if fate is Fate.KEPT:
        return look.text
    return look.warn if fate is Fate.REMOVED else look.accent
