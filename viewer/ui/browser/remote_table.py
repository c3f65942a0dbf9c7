"""What peers answer, as a table: what comes takes its place in the order."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)
from typing_extensions import override

from viewer.core.listing import SortColumn
from viewer.core.remote import RemoteStudy
from viewer.ui.browser.remote_columns import COLUMNS, sort_key

Index = QModelIndex | QPersistentModelIndex


class RemoteTable(QAbstractTableModel):
    """The studies that peers have told so far, in one order.

    Each row keeps what it is sorted by, so that a portion more costs a merge and no
    comparison of texts.
    """

    columns = COLUMNS

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[tuple[Any, int, RemoteStudy]] = []
        self._by: SortColumn = "study_date"
        self._descending = True
        self._came = 0

    @property
    def total(self) -> int:
        """How many have come."""
        return len(self._rows)

    @property
    def studies(self) -> tuple[RemoteStudy, ...]:
        """All of them, in the order of the list."""
        return tuple(row[2] for row in self._rows)

    def study(self, row: int) -> RemoteStudy | None:
        """The study of a row."""
        return self._rows[row][2] if 0 <= row < len(self._rows) else None

    def want(self, rows: Iterable[int]) -> None:
        """Nothing has to be fetched: what has come is here."""

    def clear(self) -> None:
        """Begin with an empty list."""
        self.beginResetModel()
        self._rows.clear()
        self._came = 0
        self.endResetModel()

    def add(self, studies: Sequence[RemoteStudy]) -> None:
        """Put these into their places; what is selected stays selected."""
        first = len(self._rows)
        self.beginInsertRows(QModelIndex(), first, first + len(studies) - 1)
        self._rows += self._to_rows(studies)
        self.endInsertRows()
        self._arrange()

    def sort_by(self, column: SortColumn, *, descending: bool) -> None:
        """Put all of them into another order."""
        if (column, descending) == (self._by, self._descending):
            return
        self._by, self._descending = column, descending
        key = sort_key(column)
        self._arrange([(key(study), came, study) for _, came, study in self._rows])

    def mark(self, studies: Iterable[RemoteStudy]) -> None:
        """Show anew what of these is here."""
        fresh = {(one.peer, one.study_uid): one for one in studies}
        for at, (key, came, study) in enumerate(self._rows):
            new = fresh.get((study.peer, study.study_uid))
            if new is not None and new.local != study.local:
                self._rows[at] = (key, came, new)
                last = self.index(at, len(self.columns) - 1)
                self.dataChanged.emit(self.index(at, 0), last)

    @override
    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    @override
    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.columns)

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        study = self.study(index.row())
        return self.columns[index.column()].text(study) if study else None

    @override
    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        column = self.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.title
        if role == Qt.ItemDataRole.TextAlignmentRole:
            right, left = Qt.AlignmentFlag.AlignRight, Qt.AlignmentFlag.AlignLeft
            side = right if column.numeric else left
            return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def _to_rows(
        self, studies: Sequence[RemoteStudy]
    ) -> Iterator[tuple[Any, int, RemoteStudy]]:
        key = sort_key(self._by)
        for study in studies:
            self._came += 1
            yield key(study), self._came, study

    def _arrange(self, rows: list[tuple[Any, int, RemoteStudy]] | None = None) -> None:
        """Sort, and let selection and current row follow their studies."""
        self.layoutAboutToBeChanged.emit()
        held = self.persistentIndexList()
        before = [self._rows[one.row()][1] for one in held]
        self._rows = self._rows if rows is None else rows
        self._rows.sort(key=_order, reverse=self._descending)
        if held:
            wanted = set(before)
            places = {
                row[1]: at for at, row in enumerate(self._rows) if row[1] in wanted
            }
            now = [
                self.index(places[came], one.column())
                for came, one in zip(before, held, strict=True)
            ]
            self.changePersistentIndexList(held, now)
        self.layoutChanged.emit()


def _order(row: tuple[Any, int, RemoteStudy]) -> Any:
    return row[0]
