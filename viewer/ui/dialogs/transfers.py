"""The queue of transfers: how far each is, why it waits, what can be done."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QPushButton,
    QTableWidgetItem,
    QWidget,
)

from viewer.commands.desk import Desk
from viewer.commands.retrieving import steer
from viewer.core.commitment import Commitment, CommitmentState
from viewer.core.counts import counted
from viewer.core.identity import PersonName
from viewer.core.transfer import Direction, Transfer, TransferState
from viewer.services.transfer_rows import TransferRow
from viewer.ui import theme
from viewer.ui.dialogs.frame import Dialog, note
from viewer.ui.dialogs.tables import row_table

_SIZE = (880, 460)
_COLUMNS = (
    ("Study", 240),
    ("", 58),
    ("Peer", 110),
    ("Images", 170),
    ("State", 110),
    ("Why", 0),
)
_WAYS = {Direction.FETCH: "from", Direction.SEND: "to"}
_LOOK_MS = 1000
_ID = Qt.ItemDataRole.UserRole
_STOPPED = (
    TransferState.PAUSED,
    TransferState.FAILED,
    TransferState.PARTIAL,
    TransferState.CANCELLED,
)
_MOVING = (TransferState.WAITING, TransferState.RUNNING)
_OPEN = (*_MOVING, TransferState.PAUSED)
_WORDS = {
    CommitmentState.PENDING: "no word yet",
    CommitmentState.COMMITTED: "kept for good",
    CommitmentState.FAILED: "not all of it is kept",
    CommitmentState.REFUSED: "refused",
}


class TransfersDialog(Dialog):
    """One row a wish, the newest first; the buttons act on what is selected."""

    def __init__(self, desk: Desk, parent: QWidget | None) -> None:
        super().__init__("Transfers", "Close", parent)
        self.resize(*_SIZE)
        self.cancel.hide()
        self._desk = desk
        self._names: dict[str, str] = {}
        self._rows: tuple[TransferRow, ...] = ()
        self.table = row_table(_COLUMNS)
        self.table.itemSelectionChanged.connect(self._show_buttons)
        self._nothing = note("Nothing is being transferred.", "secondary")
        self._detail = note("")
        self._commitments = note("")
        exchange = desk.exchange
        self.buttons = {
            word: self._button(word, act)
            for word, act in (
                ("Pause", partial(self._steer, exchange.pause, _MOVING)),
                ("Go on", partial(self._steer, exchange.go_on, _STOPPED)),
                ("Cancel transfer", partial(self._steer, exchange.cancel, _OPEN)),
                ("Clear finished", self._clear),
            )
        }
        row = QHBoxLayout()
        row.setSpacing(theme.GAP_S)
        for button in self.buttons.values():
            row.addWidget(button)
        row.addStretch(1)
        self.add(self.table, self._nothing, self._detail, self._commitments, row)
        desk.exchange.board.changed.connect(self._show_soon)
        self._soon = QTimer(self, interval=200, singleShot=True)
        self._soon.timeout.connect(self._show)
        self._look = QTimer(self, interval=_LOOK_MS)
        self._look.timeout.connect(self._ask_commitments)
        self._look.start()
        self.finished.connect(self._leave)
        self._show()
        self._ask_commitments()

    def _leave(self) -> None:
        self._look.stop()
        self._soon.stop()
        self._desk.exchange.board.changed.disconnect(self._show_soon)

    def _show_soon(self, _: object) -> None:
        if not self._soon.isActive():
            self._soon.start()

    def _show(self) -> None:
        self._rows = rows = self._desk.exchange.board.rows
        chosen = {one.first.id for one in self.selected()}
        self.table.setVisible(bool(rows))
        self._nothing.setVisible(not rows)
        self.table.blockSignals(True)  # noqa: FBT003 - Qt's own signature
        self.table.setRowCount(len(rows))
        for at, one in enumerate(rows):
            for column, text in enumerate(self._cells(one)):
                item = self.table.item(at, column) or QTableWidgetItem()
                item.setText(text)
                item.setToolTip(text)
                item.setData(_ID, one.first.id)
                if item.tableWidget() is None:
                    self.table.setItem(at, column, item)
        self._select(chosen)
        self.table.blockSignals(False)  # noqa: FBT003
        self._show_buttons()
        self._ask_names(rows)

    def selected(self) -> list[TransferRow]:
        """The rows that are selected."""
        model = self.table.selectionModel()
        ids = {index.data(_ID) for index in model.selectedRows()}
        return [one for one in self._rows if one.first.id in ids]

    def _select(self, chosen: set[int]) -> None:
        self.table.clearSelection()
        mode = QAbstractItemView.SelectionMode
        self.table.setSelectionMode(mode.MultiSelection)
        for at, one in enumerate(self._rows):
            if one.first.id in chosen:
                self.table.selectRow(at)
        self.table.setSelectionMode(mode.ExtendedSelection)

    def _cells(self, one: TransferRow) -> tuple[str, ...]:
        pace = self._desk.exchange.board.pace(*one.ids)
        speed = f"  ·  {pace:,.0f}/s" if pace >= 0.5 else ""
        part = f"{one.part} of " if one.part else ""
        name = self._names.get(one.first.key.study_uid, "a study")
        return (
            f"{part}{name}",
            _WAYS[one.first.direction],
            one.first.peer,
            f"{one.share}{speed}",
            _state(one),
            one.reason,
        )

    def _show_buttons(self) -> None:
        chosen = self.selected()
        states = {one.state for one in chosen}
        self.buttons["Pause"].setEnabled(bool(states.intersection(_MOVING)))
        self.buttons["Go on"].setEnabled(bool(states.intersection(_STOPPED)))
        again = states and TransferState.PAUSED not in states
        self.buttons["Go on"].setText("Try again" if again else "Go on")
        open_ = [one for one in chosen if not one.state.over]
        self.buttons["Cancel transfer"].setEnabled(bool(open_))
        over = any(one.state.over for one in self._rows)
        self.buttons["Clear finished"].setEnabled(over)
        self._detail.setVisible(False)
        if len(chosen) == 1:
            self._ask_outcomes(chosen[0])

    def _steer(
        self,
        act: Callable[[Sequence[int]], object],
        states: Sequence[TransferState],
        *_: object,
    ) -> None:
        ids = [id_ for one in self.selected() for id_ in one.in_state(states)]
        steer(self._desk, act, ids)

    def _clear(self, *_: object) -> None:
        ids = [id_ for one in self._rows if one.state.over for id_ in one.ids]

        def shown(left: Sequence[Transfer]) -> None:
            self._desk.exchange.board.show(left)
            self._show()

        forget = partial(self._desk.exchange.forget, ids)
        self._desk.jobs.submit(forget, shown, self._desk.window.failed)

    def _ask_names(self, rows: Sequence[TransferRow]) -> None:
        """Whose studies they are, as far as the catalog knows."""
        unknown = {one.first.key.study_uid for one in rows} - self._names.keys()
        if not unknown:
            return
        catalog = self._desk.library.catalog

        def work() -> dict[str, str]:
            found = {uid: catalog.summary(uid) for uid in unknown}
            return {
                uid: _named(one.patient_name, one.description)
                for uid, one in found.items()
                if one is not None
            }

        def done(names: dict[str, str]) -> None:
            self._names |= names
            if names:
                self._show_soon(None)

        self._desk.jobs.submit(work, done, self._desk.window.failed)

    def _ask_outcomes(self, row: TransferRow) -> None:
        outcomes = self._desk.exchange.outcomes

        def work() -> dict[str, str]:
            return {uid: why for id_ in row.ids for uid, why in outcomes(id_).items()}

        def done(told: dict[str, str]) -> None:
            if [row.first.id] != [one.first.id for one in self.selected()]:
                return  # something else is selected by now
            said = _told_outcomes(told, row.first.direction)
            self._detail.setText("\n".join(said))
            self._detail.setVisible(bool(said))

        self._desk.jobs.submit(work, done, self._desk.window.failed)

    def _ask_commitments(self) -> None:
        def done(found: Sequence[Commitment]) -> None:
            lines = [
                f"Storage commitment of {one.peer}: {_WORDS[one.state]} "
                f"({counted(one.kept + one.pending + len(one.failed), 'image')})"
                for one in found[:3]
            ]
            self._commitments.setText("\n".join(lines))
            self._commitments.setVisible(bool(lines))

        commitments = self._desk.exchange.commitments
        self._desk.jobs.submit(commitments, done, self._desk.window.failed)

    def _button(self, word: str, act: Callable[..., object]) -> QPushButton:
        button = QPushButton(word)
        button.setAutoDefault(False)
        button.clicked.connect(act)
        return button


def _told_outcomes(outcomes: Mapping[str, str], direction: Direction) -> list[str]:
    """What became of the images of a transfer, the most frequent reason first."""
    bad = Counter(why for why in outcomes.values() if why)
    well = len(outcomes) - bad.total()
    sent = direction is Direction.SEND
    said = [f"{counted(well, 'image')} acknowledged."] if sent and outcomes else []
    verb = "not sent" if sent else "did not come"
    return [*said, *(f"{count:,} {verb}: {why}" for why, count in bad.most_common())]


def _state(one: TransferRow) -> str:
    due = [each.not_before for each in one.transfers if each.not_before is not None]
    if one.state is TransferState.WAITING and due:
        left = round((min(due) - datetime.now(UTC)).total_seconds())
        return f"again in {left} s" if left > 0 else "waiting"
    if one.state is TransferState.PARTIAL:
        return "in part"
    return one.state.value


def _named(name: str, description: str) -> str:
    shown = PersonName.from_pn(name).display or "no name"
    return ", ".join(part for part in (shown, description) if part)
