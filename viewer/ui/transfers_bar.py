"""The queue of transfers at the foot of the window, in one line; gone when done."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QWidget,
)

from viewer.commands.desk import Desk
from viewer.commands.retrieving import steer
from viewer.core.counts import counted
from viewer.core.transfer import Direction, Transfer, TransferState
from viewer.ui import theme
from viewer.ui.footer import footer_button, show_paused, time_left

_BAR_WIDTH = 240
_VERBS = {Direction.FETCH: "Retrieving", Direction.SEND: "Sending"}


class TransfersBar(QWidget):
    """All that is under way as one sum: how many, how far, how fast."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        theme.set_role(self, "footer")
        self.setFixedHeight(theme.BAR)
        self.title = QLabel()
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(_BAR_WIDTH)
        self.figures = QLabel()
        self.figures.setFont(theme.figures(self.figures.font()))
        self.why = QLabel()
        for label in (self.figures, self.why):
            theme.set_role(label, "secondary")
        self._details = QPushButton("Show")
        self._details.setObjectName("transfers.show")
        theme.set_role(self._details, "link")
        self._details.clicked.connect(desk.window.show_transfers)
        self.pause = footer_button("transfers", "pause", "Pause", self._toggle)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(theme.GAP_L, 0, theme.GAP_S, 0)
        layout.setSpacing(theme.GAP_M)
        layout.addWidget(self.title)
        layout.addWidget(self._bar, 0, Qt.AlignmentFlag.AlignVCenter)
        layout.addWidget(self.figures)
        layout.addWidget(self.why, 1)
        layout.addWidget(self._details)
        layout.addWidget(self.pause)
        layout.addWidget(footer_button("transfers", "x", "Cancel", self._cancel))
        self.hide()
        desk.exchange.board.changed.connect(self._on_changed)

    @property
    def _open(self) -> list[Transfer]:
        return [t for t in self._desk.exchange.board.entries if not t.state.over]

    @property
    def _is_paused(self) -> bool:
        return all(one.state is TransferState.PAUSED for one in self._open)

    def _on_changed(self, _: object) -> None:
        found = self._open
        self.setVisible(bool(found))
        if not found:
            return
        verbs = {_VERBS[one.direction] for one in found}
        verb = verbs.pop() if len(verbs) == 1 else "Transferring"
        studies = len({one.key.study_uid for one in found})
        self.title.setText(f"{verb} {counted(studies, 'study', 'studies')}")
        told = [one for one in found if one.total is not None]
        done, total = (
            sum(one.done for one in told),
            sum(one.total or 0 for one in told),
        )
        self._bar.setRange(0, total)
        self._bar.setValue(done)
        board = self._desk.exchange.board
        pace = sum(board.pace(one.id) for one in found)
        parts = [f"{done:,} / {total:,}" if total else "", _said(pace, total - done)]
        self.figures.setText("  ·  ".join(part for part in parts if part))
        self.why.setText(self._why(found))
        show_paused(self.pause, paused=self._is_paused)

    def _why(self, found: list[Transfer]) -> str:
        """Why nothing moves, if nothing does."""
        if self._is_paused:
            return "paused"
        if any(one.state is TransferState.RUNNING for one in found):
            return ""
        return next((one.reason for one in found if one.reason), "")

    def _toggle(self) -> None:
        exchange, ids = self._desk.exchange, [one.id for one in self._open]
        steer(self._desk, exchange.go_on if self._is_paused else exchange.pause, ids)

    def _cancel(self) -> None:
        steer(self._desk, self._desk.exchange.cancel, [one.id for one in self._open])


def _said(pace: float, left: int) -> str:
    """How fast, and how long it takes."""
    if pace < 0.1:
        return ""
    told = f"{pace:,.0f} images/s"
    return f"{told}  ·  {time_left(left / pace)}" if left else told
