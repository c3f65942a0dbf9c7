"""Third step of an anonymized export: each attribute before and after, and its rule."""

from collections.abc import Callable, Generator, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from viewer.commands.desk import Desk
from viewer.core.counts import counted
from viewer.core.deidentification import Policy
from viewer.core.errors import ViewerError
from viewer.services.change_table import ChangeTable
from viewer.services.export_draft import ExportDraft
from viewer.services.survey import Survey
from viewer.ui import theme
from viewer.ui.dialogs.change_model import COLUMNS, KINDS, ChangeModel

if TYPE_CHECKING:
    from viewer.services.export_preview import Preview
    from viewer.services.streaming import Stream

_Wish = tuple[tuple[str, ...], Policy, str]
"""Instances, policy and project."""


class AttributesStep(QWidget):
    """Asks a worker what would become of one instance of each series."""

    def __init__(self, desk: Desk, draft: ExportDraft) -> None:
        super().__init__()
        self._desk, self._draft = desk, draft
        self._asked: _Wish | None = None
        self._stream: Stream[Preview] | None = None
        self._changes, self._sentences = ChangeTable(), dict[str, None]()
        self.sample, self.kind, self.words = QComboBox(), QComboBox(), QLineEdit()
        self.model = ChangeModel()
        self.table = _table(self.model)
        self.said = QLabel()
        theme.set_role(self.said, "secondary")
        self.words.setPlaceholderText("Search attributes, values and rules")
        self.words.setClearButtonEnabled(True)
        self.kind.addItems(list(KINDS))
        self.copy = QPushButton("Copy")
        self.copy.setAutoDefault(False)
        self.copy.clicked.connect(self.copy_rows)
        keys = QShortcut(QKeySequence.StandardKey.Copy, self.table)
        keys.setContext(Qt.ShortcutContext.WidgetShortcut)
        keys.activated.connect(self.copy_rows)
        self.sample.currentIndexChanged.connect(self._ask)
        self.words.textChanged.connect(self._look)
        self.kind.currentTextChanged.connect(self._look)
        row = QHBoxLayout()
        row.setSpacing(theme.GAP_S)
        row.addWidget(self.sample)
        row.addWidget(self.words, 1)
        row.addWidget(self.kind)
        row.addWidget(self.copy)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.GAP_S)
        column.addLayout(row)
        column.addWidget(self.table, 1)
        column.addWidget(self.said)

    def show_survey(self, found: Survey) -> None:
        """Offer one instance of each series, and all of these together."""
        self.sample.blockSignals(True)  # noqa: FBT003 - Qt's own signature
        self.sample.clear()
        every = tuple(one.sop_instance_uid for one in found.samples)
        if len(every) > 1:
            self.sample.addItem(f"An image of each of {len(every):,} series", every)
        for one in found.samples:
            self.sample.addItem(one.title, (one.sop_instance_uid,))
        self.sample.blockSignals(False)  # noqa: FBT003
        self._asked = None

    def show_draft(self, draft: ExportDraft) -> None:
        """Show what would become of them now, if that may have changed."""
        self._draft = draft
        self._ask()

    def call_off(self) -> None:
        """Want no more answers."""
        if self._stream is not None:
            self._stream.cancel()
            self._stream = None

    def copy_rows(self) -> None:
        """Put the selected rows, or all that are shown, on the clipboard."""
        chosen = self.table.selectionModel().selectedRows()
        rows = sorted(index.row() for index in chosen)
        self._desk.window.copy_text(self.model.text(rows))
        self.said.setText(
            f"{counted(len(rows) or self.model.rowCount(), 'row')} copied."
        )

    def _ask(self, *_: object) -> None:
        uids = self.sample.currentData()
        if not uids:
            return
        wish = (uids, self._draft.policy, self._draft.project.strip())
        if wish == self._asked:
            return
        self.call_off()
        self._asked = wish
        self._changes, self._sentences = ChangeTable(), {}
        self.model.show_rows(())
        self.said.setText("Asking a worker what would become of it…")
        work = partial(_previews, self._desk, wish)
        self._stream = self._desk.streams.start(work, self._take, self._end, "preview")

    def _take(self, found: "Preview") -> None:
        if found.changes:
            self._changes.add(found.changes)
        if found.sentence:
            self._sentences[found.sentence] = None
        self.model.show_rows(self._changes.rows())
        self._count()

    def _end(self, error: BaseException | None) -> None:
        self._stream = None
        if isinstance(error, ViewerError):
            self.said.setText(f"▲ {error.message} {error.hint}")
        elif error is not None:
            self._desk.window.failed(error)

    def _look(self, *_: object) -> None:
        self.model.look_for(self.words.text(), self.kind.currentText())
        self._count()

    def _count(self) -> None:
        shown = counted(self.model.rowCount(), "row")
        self.said.setText("  ·  ".join((shown, *self._sentences)))


def _previews(
    desk: Desk, wish: _Wish, cancelled: Callable[[], bool]
) -> "Generator[Preview, None, None]":
    from viewer.services.export_preview import preview  # noqa: PLC0415 - heavy

    uids, policy, project = wish
    for uid in uids:
        if cancelled():
            return
        yield preview(desk.library, desk.workers, uid, project, policy)


def _table(model: ChangeModel) -> QTableView:
    table = QTableView()
    theme.set_role(table, "well")
    table.setModel(model)
    table.setShowGrid(False)
    table.setWordWrap(False)
    table.setTabKeyNavigation(False)
    table.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
    table.setSortingEnabled(True)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setFont(theme.figures(table.font()))
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(theme.ROW_COMPACT)
    header = table.horizontalHeader()
    header.setHighlightSections(False)
    left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
    header.setDefaultAlignment(left)
    _set_widths(header, [width for _, _, width in COLUMNS])
    table.setAccessibleName("What becomes of each attribute")
    return table


def _set_widths(header: QHeaderView, widths: Sequence[int]) -> None:
    for at, width in enumerate(widths):
        if width:
            header.resizeSection(at, width)
        else:
            header.setSectionResizeMode(at, QHeaderView.ResizeMode.Stretch)
