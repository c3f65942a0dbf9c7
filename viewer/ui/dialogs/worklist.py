"""What is planned: the modality worklist of a peer, as a table to copy from."""

from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QTableWidgetItem,
    QWidget,
)

from viewer.commands.desk import Desk
from viewer.commands.study_table import one_cell
from viewer.core.counts import counted
from viewer.core.errors import ViewerError
from viewer.core.identity import PersonName
from viewer.core.peers import Peer
from viewer.core.worklist import WorklistItem, WorklistQuery
from viewer.ui import theme
from viewer.ui.dialogs.frame import Dialog, note
from viewer.ui.dialogs.tables import row_table

if TYPE_CHECKING:
    from viewer.services.streaming import Stream

_SIZE = (980, 520)
_MODALITIES = ("", "CR", "CT", "DX", "MG", "MR", "NM", "PT", "US", "XA")
_DAYS = (("Today", 0, 0), ("Tomorrow", 1, 1), ("This week", 0, 6), ("Any day", None, 0))
_COLUMNS: tuple[tuple[str, int, Callable[[WorklistItem], str]], ...] = (
    ("Date", 104, lambda i: i.scheduled_date.isoformat() if i.scheduled_date else ""),
    ("Time", 60, lambda i: f"{i.scheduled_time:%H:%M}" if i.scheduled_time else ""),
    ("Patient", 190, lambda i: PersonName.from_pn(i.patient_name).display),
    ("ID", 110, lambda i: i.patient_id),
    (
        "Born",
        104,
        lambda i: i.patient_birth_date.isoformat() if i.patient_birth_date else "",
    ),
    ("Mod", 50, lambda i: i.modality),
    (
        "Procedure",
        0,
        lambda i: i.step_description or i.procedure_description,
    ),
    ("Station", 100, lambda i: ", ".join(i.stations)),
    ("Accession", 110, lambda i: i.accession_number),
)


class WorklistDialog(Dialog):
    """Asks as soon as it is open, and whenever something else is chosen."""

    def __init__(
        self, desk: Desk, peers: Sequence[Peer], parent: QWidget | None
    ) -> None:
        super().__init__("Worklist", "Close", parent)
        self.resize(*_SIZE)
        self.cancel.hide()
        self._desk = desk
        self._stream: Stream[list[WorklistItem]] | None = None
        self.items: list[WorklistItem] = []
        self.peer, self.day, self.modality = QComboBox(), QComboBox(), QComboBox()
        for peer in peers:
            self.peer.addItem(peer.name, peer)
        for words, first, last in _DAYS:
            self.day.addItem(words, (first, last))
        for one in _MODALITIES:
            self.modality.addItem(one or "Every modality", one)
        self.table = row_table([(title, width) for title, width, _ in _COLUMNS])
        self.said = note("", "secondary")
        self.copy = QPushButton("Copy")
        self.copy.setAutoDefault(False)
        self.copy.clicked.connect(self.copy_rows)
        keys = QShortcut(QKeySequence.StandardKey.Copy, self.table)
        keys.setContext(Qt.ShortcutContext.WidgetShortcut)
        keys.activated.connect(self.copy_rows)
        row = QHBoxLayout()
        row.setSpacing(theme.GAP_S)
        for words, combo in (("Of", self.peer), ("", self.day), ("", self.modality)):
            if words:
                row.addWidget(QLabel(words))
            row.addWidget(combo)
            combo.currentIndexChanged.connect(self.ask)
        row.addStretch(1)
        row.addWidget(self.copy)
        self.add(row, self.table, self.said)
        self.finished.connect(self._call_off)
        self.ask()

    def ask(self) -> None:
        """Ask for what is chosen now."""
        self._call_off()
        self._show([])
        peer = self.peer.currentData()
        if not isinstance(peer, Peer):
            self._say("No peer is known yet; Connect a PACS… describes one.")
            return
        self._say(f"Asking {peer.name}…")
        self._stream = self._desk.streams.start(
            partial(self._items, peer, self._query()), self._take, self._end, "worklist"
        )

    def copy_rows(self) -> None:
        """Put the selected rows, or all, on the clipboard as a table."""
        rows = sorted({i.row() for i in self.table.selectionModel().selectedRows()})
        chosen = [self.items[row] for row in rows] or self.items
        lines = ["\t".join(title for title, _, _ in _COLUMNS)]
        lines += ["\t".join(one_cell(t(i)) for _, _, t in _COLUMNS) for i in chosen]
        self._desk.window.copy_text("\n".join(lines) + "\n")
        self._say(f"{counted(len(chosen), 'row')} copied.")

    def _query(self) -> WorklistQuery:
        first, last = self.day.currentData()
        modality = self.modality.currentData()
        if first is None:
            return WorklistQuery(modality=modality)
        today = date.today()  # noqa: DTZ011 - worklists have local dates without a zone
        begin, end = today + timedelta(first), today + timedelta(last)
        return WorklistQuery(modality=modality, date_from=begin, date_to=end)

    def _items(
        self, peer: Peer, query: WorklistQuery, cancel: Callable[[], bool]
    ) -> Generator[list[WorklistItem], None, None]:
        from viewer.services.planned import list_worklist  # noqa: PLC0415 - the wire

        secret = self._desk.exchange.secrets.passcode(peer)
        found: list[WorklistItem] = []
        with closing(list_worklist(peer, query, secret=secret, cancel=cancel)) as items:
            found.extend(items)
        yield sorted(found, key=_when)

    def _take(self, items: list[WorklistItem]) -> None:
        self._show(items)
        self._say(counted(len(items), "planned step") if items else "Nothing planned.")

    def _end(self, error: BaseException | None) -> None:
        if isinstance(error, ViewerError):
            self._say(f"▲ {error.message} {error.hint}", "warn")
        elif error is not None:
            self._desk.window.failed(error)

    def _show(self, items: list[WorklistItem]) -> None:
        self.items = items
        self.table.setRowCount(len(items))
        for at, item in enumerate(items):
            for column, (_, _, text) in enumerate(_COLUMNS):
                cell = QTableWidgetItem(text(item))
                cell.setToolTip(text(item))
                self.table.setItem(at, column, cell)
        self.copy.setEnabled(bool(items))

    def _call_off(self) -> None:
        if self._stream is not None:
            self._stream.cancel()
            self._stream = None

    def _say(self, words: str, role: str = "secondary") -> None:
        theme.set_role(self.said, role)
        self.said.setText(words)


def _when(item: WorklistItem) -> tuple[str, str]:
    return str(item.scheduled_date or ""), str(item.scheduled_time or "")
