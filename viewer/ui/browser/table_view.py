"""The list of studies on the screen."""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QItemSelectionRange,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import (
    QContextMenuEvent,
    QFontMetrics,
    QMouseEvent,
    QPainter,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)
from typing_extensions import override

from viewer.ui import theme
from viewer.ui.browser.columns import Column, widths
from viewer.ui.browser.remote_table import RemoteTable
from viewer.ui.browser.table_model import StudyTable
from viewer.ui.icons import paint_icon

_PAD = theme.GAP_S
_SIGN = 14
_SIGN_ROOM = _SIGN + 6
_DASH = 64
_TEXTS_KEPT = 4096

Table = StudyTable | RemoteTable
"""What a list can show: studies of the catalog, or of peers."""


class StudyList(QTableView):
    """Rows of studies: selected whole, sorted by their headers, opened by Enter.

    Attributes
    ----------
    left_out : frozenset of int
        Columns that would say the same in every row.

    Signals
    -------
    hover_changed : (int)
        The pointer is over another row; -1 where it is over none.
    """

    hover_changed = Signal(int)

    def __init__(self, model: Table) -> None:
        super().__init__()
        self._studies = model
        self.hovered = -1
        self.left_out: frozenset[int] = frozenset()
        self.setModel(model)
        self.setItemDelegate(_StudyDelegate(self, model))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        rows = self.verticalHeader()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(theme.ROW)
        rows.hide()
        header = self.horizontalHeader()
        header.setSectionsClickable(True)
        header.setHighlightSections(False)
        header.setSortIndicatorShown(True)
        header.setMinimumSectionSize(0)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        # With the list's own, the header asks every row whether it is selected.
        header.setSelectionModel(QItemSelectionModel(model, header))
        self._fetch = QTimer(self, interval=0, singleShot=True)
        self._fetch.timeout.connect(self._want_visible)
        model.modelReset.connect(self.fit_columns)
        self.verticalScrollBar().valueChanged.connect(self._fetch.start)

    def visible_rows(self) -> range:
        """The rows on the screen."""
        first = self.rowAt(0)
        if first < 0:
            return range(0)
        return range(first, min(self._studies.total, first + self._rows_fitting()))

    def selected_rows(self) -> Iterator[int]:
        """The selected rows, from above."""
        ranges = self.selectionModel().selection()
        spans = sorted((r.top(), r.bottom()) for r in ranges.toList())
        for top, bottom in spans:
            yield from range(top, bottom + 1)

    def select_rows(self, rows: Iterable[int]) -> None:
        """Select these rows and no others; what is on the screen stays there."""
        chosen, last = QItemSelection(), self._studies.columnCount() - 1
        spans = _spans(rows)
        for top, bottom in spans:
            first = self._studies.index(top, 0)
            chosen.append(QItemSelectionRange(first, self._studies.index(bottom, last)))
        flags = QItemSelectionModel.SelectionFlag
        self.selectionModel().select(chosen, flags.ClearAndSelect)
        if spans:
            self.setAutoScroll(False)
            current = self._studies.index(spans[0][0], 0)
            self.selectionModel().setCurrentIndex(current, flags.NoUpdate)
            self.setAutoScroll(True)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit_columns()
        self._fetch.start()

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self._hover(self.rowAt(round(event.position().y())))

    @override
    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hover(-1)

    @override
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        row = self.rowAt(event.pos().y())
        if row >= 0 and not self.selectionModel().isRowSelected(row, QModelIndex()):
            self.selectRow(row)
        super().contextMenuEvent(event)

    def _hover(self, row: int) -> None:
        if row == self.hovered:
            return
        for changed in {self.hovered, row} - {-1}:
            top = self.rowViewportPosition(changed)
            self.viewport().update(0, top, self.viewport().width(), theme.ROW)
        self.hovered = row
        self.hover_changed.emit(row)

    def fit_columns(self) -> None:
        """Width by what is on the screen; while scrolling, the columns stand still."""
        contents = self._content_widths() if self._studies.total else ()
        columns: Sequence[Column[Any]] = self._studies.columns
        every = widths(self.viewport().width(), contents, columns)
        fills = next(at for at, column in enumerate(columns) if column.fills)
        for at in self.left_out:
            every[fills] += every[at]
            every[at] = 0
        for at, width in enumerate(every):
            self.setColumnHidden(at, width == 0)
            if width:
                self.setColumnWidth(at, width)

    def _content_widths(self) -> list[int]:
        """What the texts of the rows on the screen need, column by column."""
        metrics = QFontMetrics(theme.figures(theme.font("body")))
        rows = self.visible_rows() or range(self._rows_fitting())
        there = [study for row in rows if (study := self._studies.study(row))]
        columns: Sequence[Column[Any]] = self._studies.columns
        return [
            max(
                (
                    metrics.horizontalAdvance(column.text(one))
                    + _SIGN_ROOM * (column.sign(one) is not None)
                    for one in there
                ),
                default=0,
            )
            + 2 * _PAD
            + 1
            for column in columns
        ]

    def _rows_fitting(self) -> int:
        return self.viewport().height() // theme.ROW + 2

    def _want_visible(self) -> None:
        self._studies.want(self.visible_rows())


def _spans(rows: Iterable[int]) -> list[list[int]]:
    """First and last of each group of rows that stand together, from above."""
    spans: list[list[int]] = []
    for row in sorted(rows):
        if spans and row == spans[-1][1] + 1:
            spans[-1][1] = row
        else:
            spans.append([row, row])
    return spans


class _StudyDelegate(QStyledItemDelegate):
    """Paints a cell: one look at the study, one line of text, no style in between."""

    def __init__(self, view: StudyList, model: Table) -> None:
        super().__init__(view)
        self._view = view
        self._model = model
        self._figures = theme.figures(theme.font("body"))
        metrics = QFontMetrics(self._figures)
        right = Qt.TextElideMode.ElideRight
        # Half of a repaint went into measuring the same texts again.
        self._fitted = lru_cache(_TEXTS_KEPT)(
            lambda text, width: metrics.elidedText(text, right, width)
        )

    @override
    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        look, rect = theme.tokens(), option.rect
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        if selected:
            painter.fillRect(rect, theme.color(look.selection))
        elif index.row() == self._view.hovered:
            painter.fillRect(rect, theme.color(look.hover))
        study = self._model.study(index.row())
        if study is None:
            self._model.want([index.row()])
            if index.column() == 0:
                _paint_waiting(painter, rect)
            return
        column: Column[Any] = self._model.columns[index.column()]
        inner = rect.adjusted(_PAD, 0, -_PAD, 0)
        sign = column.sign(study)
        if sign is not None:
            inner = _paint_sign(painter, inner, sign[0], getattr(look, sign[1]))
        text = column.text(study)
        painter.setFont(self._figures)
        painter.setPen(theme.color(look.text_2 if column.quiet else look.text))
        side = (
            Qt.AlignmentFlag.AlignRight
            if column.numeric
            else (Qt.AlignmentFlag.AlignLeft)
        )
        shown = self._fitted(text, inner.width())
        painter.drawText(inner, side | Qt.AlignmentFlag.AlignVCenter, shown)
        if self._view.hasFocus() and index.row() == self._view.currentIndex().row():
            _paint_focus(painter, rect)


def _paint_sign(painter: QPainter, rect: QRect, name: str, colour: str) -> QRect:
    """Draw a sign at the left of `rect`; return what is left for the word."""
    top = rect.center().y() - _SIGN // 2 + 1  # on the line of the small letters
    paint_icon(painter, QRect(rect.left(), top, _SIGN, _SIGN), name, colour)
    return rect.adjusted(_SIGN_ROOM, 0, 0, 0)


def _paint_waiting(painter: QPainter, rect: QRect) -> None:
    """A quiet dash where a row has not been fetched: the list keeps its shape."""
    dash = QRect(rect.left() + _PAD, rect.center().y(), _DASH, 2)
    painter.fillRect(dash, theme.color(theme.tokens().line))


def _paint_focus(painter: QPainter, rect: QRect) -> None:
    """The row the keyboard is in: a line of the focus colour along its foot."""
    line = QRect(rect.left(), rect.bottom(), rect.width(), 1)
    painter.fillRect(line, theme.color(theme.tokens().focus))
