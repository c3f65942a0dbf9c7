"""The tables of dialogs: whole rows, no grid, columns of a usual width."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget

from viewer.ui import theme


def row_table(columns: Sequence[tuple[str, int]]) -> QTableWidget:
    """An empty table; each column has a title and a width, and 0 takes what is left."""
    table = QTableWidget(0, len(columns))
    theme.set_role(table, "well")
    table.setHorizontalHeaderLabels([title for title, _ in columns])
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setShowGrid(False)
    table.setWordWrap(False)
    table.setTabKeyNavigation(False)
    table.setFont(theme.figures(table.font()))
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(theme.ROW)
    header = table.horizontalHeader()
    header.setHighlightSections(False)
    left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
    header.setDefaultAlignment(left)
    for at, (_, width) in enumerate(columns):
        if width:
            header.resizeSection(at, width)
        else:
            header.setSectionResizeMode(at, QHeaderView.ResizeMode.Stretch)
    return table
