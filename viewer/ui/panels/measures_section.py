"""The inspector's measures: a table of all of them, and why a number is what it is."""

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLabel,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from viewer.commands.desk import Desk
from viewer.core.measurement_text import because_text
from viewer.services.measure_table import MeasureRow, go_to_drawing, measure_rows
from viewer.ui import theme

_MOST_ROWS = 6
_WIDTHS = {0: 17 * theme.UNIT, 1: 23 * theme.UNIT, 3: 12 * theme.UNIT}
_STRETCH = QHeaderView.ResizeMode.Stretch
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_COLUMNS = ("Measure", "Value", "Kind", "Img")


class MeasuresSection(QWidget):
    """Lists what is drawn; a click goes to its image.

    Signals
    -------
    finished : ()
        The keyboard is not needed here any more.
    """

    finished = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.rows: tuple[MeasureRow, ...] = ()
        self._selected: str | None = None
        self.empty = QLabel("Nothing is measured yet.")
        theme.set_role(self.empty, "secondary")
        self.table = _table()
        self.table.itemClicked.connect(self._on_clicked)
        self.reasons = QLabel()
        self.reasons.setTextFormat(Qt.TextFormat.PlainText)
        self.reasons.setWordWrap(True)
        self.reasons.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
        )
        self.reasons.setAccessibleName("Why this number")
        theme.set_role(self.reasons, "value")
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.GAP_M, 0, theme.GAP_M, theme.GAP_M)
        column.setSpacing(theme.GAP_S)
        column.addWidget(self.empty)
        column.addWidget(self.table)
        column.addWidget(self.reasons)
        self.refresh()

    def refresh(self) -> None:
        """Show what is drawn now, and why the selected number is what it is."""
        selected = self._desk.session.state.selected
        rows = measure_rows(self._desk.session, self._desk.measuring)
        if (rows, selected) == (self.rows, self._selected):
            return
        self.rows, self._selected = rows, selected
        with QSignalBlocker(self.table):
            self._fill(selected)
        self.empty.setVisible(not rows)
        self.table.setVisible(bool(rows))
        chosen = next((row for row in rows if row.annotation.uid == selected), None)
        self.reasons.setText("" if chosen is None else because_text(chosen.measurement))
        self.reasons.setVisible(chosen is not None)
        self._fit_reasons()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit_reasons()

    def _fit_reasons(self) -> None:
        """Claim all the height: a scroll area would squeeze words that wrap."""
        width = self.width() - 2 * theme.GAP_M
        self.reasons.setMinimumHeight(max(self.reasons.heightForWidth(width), 0))

    def _fill(self, selected: str) -> None:
        self.table.clear()
        for row in self.rows:
            item = QTreeWidgetItem([row.title, row.value, row.kind, row.image])
            item.setToolTip(1, row.value)
            item.setToolTip(2, row.kind)
            for column in (1, 3):
                item.setTextAlignment(column, _RIGHT)
            if row.kind:
                item.setForeground(2, theme.color(theme.tokens().warn))
            self.table.addTopLevelItem(item)
            if row.annotation.uid == selected:
                self.table.setCurrentItem(item)
        has_kinds = any(row.kind for row in self.rows)
        self.table.setColumnHidden(2, not has_kinds)
        mode = QHeaderView.ResizeMode.Fixed if has_kinds else _STRETCH
        self.table.header().setSectionResizeMode(1, mode)
        self.table.header().resizeSection(1, _WIDTHS[1])
        shown = min(len(self.rows), _MOST_ROWS)
        height = self.table.header().sizeHint().height()
        self.table.setFixedHeight(height + shown * theme.ROW_COMPACT + theme.GAP_M)

    def _on_clicked(self, item: QTreeWidgetItem, _column: int) -> None:
        place = self.table.indexOfTopLevelItem(item)
        go_to_drawing(self._desk.session, self.rows[place].annotation)
        self.finished.emit()


def _table() -> QTreeWidget:
    table = QTreeWidget()
    table.setHeaderLabels(list(_COLUMNS))
    table.setRootIsDecorated(False)
    table.setUniformRowHeights(True)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    table.setAccessibleName("Measures")
    table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    table.setFont(theme.figures(theme.font("body")))
    header = table.header()
    header.setStretchLastSection(False)
    header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    header.setSectionResizeMode(2, _STRETCH)
    header.setMinimumSectionSize(theme.UNIT)
    for column, width in _WIDTHS.items():
        header.resizeSection(column, width)
    return table
