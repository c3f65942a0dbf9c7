"""What peers have, in the place of the list; their faults in a line above."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from viewer.commands.desk import Desk, Page
from viewer.core.counts import counted
from viewer.core.errors import ViewerError
from viewer.core.listing import StudyQuery
from viewer.core.remote import RemoteStudy
from viewer.services.browsing import BrowsingState, Place
from viewer.services.remote_browsing import Inquiry
from viewer.ui import theme
from viewer.ui.actions import Actions
from viewer.ui.browser.remote_columns import COLUMNS, PEER_COLUMN
from viewer.ui.browser.remote_table import RemoteTable
from viewer.ui.browser.table_view import StudyList

_REST_MS = 250
"""How long the hand rests before peers are asked; the catalog is asked sooner."""

_LINE = 2
_RECENT = (("Today", 0), ("Last 7 days", 6), ("Last 30 days", 29))


class RemotePane(QWidget):
    """Asks when the question changes, and lists what comes.

    Signals
    -------
    told : (str)
        How many studies came, in words.
    selected : ()
    opened : ()
        A row was double-clicked.
    """

    told = Signal(str)
    selected = Signal()
    opened = Signal()

    def __init__(self, desk: Desk, actions: Actions) -> None:
        super().__init__()
        self._desk = desk
        self._asked: object = None
        self.table = RemoteTable(self)
        self.list = StudyList(self.table)
        self.list.setObjectName("remote.list")
        self.faults = _Faults(actions)
        self.invitation = _Invitation(desk)
        self._sentence = QLabel()
        self._sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        theme.set_role(self._sentence, "secondary")
        self._line = QProgressBar()
        self._line.setRange(0, 0)
        self._line.setTextVisible(False)
        self._line.setFixedHeight(_LINE)
        theme.set_role(self._line, "line")
        keep = self._line.sizePolicy()
        keep.setRetainSizeWhenHidden(True)
        self._line.setSizePolicy(keep)
        self._places = QStackedWidget()
        for widget in (self.invitation, self._sentence, self.list):
            self._places.addWidget(widget)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.faults)
        layout.addWidget(self._line)
        layout.addWidget(self._places, 1)
        self._rest = QTimer(self, interval=_REST_MS, singleShot=True)
        self._rest.timeout.connect(self._ask)
        actions.hear(self.list, Page.STUDIES)
        self.setFocusProxy(self.list)
        self.list.selectionModel().selectionChanged.connect(self._on_selected)
        self.list.doubleClicked.connect(self.opened)
        self.list.horizontalHeader().sectionClicked.connect(self._sort)
        desk.remote.began.connect(self._on_began)
        desk.remote.found.connect(self._on_found)
        desk.remote.changed.connect(self._show_inquiry)

    # Wishes

    def show_state(self, state: BrowsingState) -> None:
        """Ask anew if something else is asked now, once the hand rests."""
        self._show_order(state.query)
        asked = (_meant(state.query), state.peers, state.asks_all)
        if state.place is not Place.PEERS:
            self._rest.stop()
            self._desk.remote.stop()
            self._asked = None
        elif asked != self._asked:
            self._asked = asked
            self._desk.remote.stop()  # a key more makes the old question worthless
            self._rest.start()
            if not state.asks_peers:
                self._ask()

    def mark_again(self) -> None:
        """The catalog changed: look which of the studies are here now."""
        if self.table.total:
            work = partial(self._desk.remote.marked, self.table.studies)
            self._desk.jobs.submit(work, self._mark, self._desk.window.failed)

    def _mark(self, studies: tuple[RemoteStudy, ...]) -> None:
        self.table.mark(studies)
        self._on_selected()

    def _ask(self) -> None:
        self._rest.stop()
        state = self._desk.browsing.state
        self._desk.remote.ask(state.peers if state.asks_peers else (), state.query)

    def _sort(self, column: int) -> None:
        by = COLUMNS[column].sort
        if by is not None:
            self._desk.browsing.sort(by)

    def _show_order(self, query: StudyQuery) -> None:
        self.table.sort_by(query.sort, descending=query.descending)
        at = next((n for n, c in enumerate(COLUMNS) if c.sort == query.sort), -1)
        down, up = Qt.SortOrder.DescendingOrder, Qt.SortOrder.AscendingOrder
        order = down if query.descending else up
        self.list.horizontalHeader().setSortIndicator(at, order)

    # What comes

    def _on_began(self) -> None:
        one = len(self._desk.browsing.state.peers) < 2
        self.list.left_out = frozenset({PEER_COLUMN} if one else ())
        self.table.clear()
        self._on_selected()

    def _on_found(self, studies: tuple[RemoteStudy, ...]) -> None:
        first = not self.table.total
        self.table.add(studies)
        if first:
            self.list.fit_columns()
        self._show_inquiry(self._desk.remote.inquiry)

    def _show_inquiry(self, inquiry: Inquiry) -> None:
        state, total = self._desk.browsing.state, self.table.total
        self._line.setVisible(inquiry.running)
        self.faults.show_faults(inquiry.faults)
        words = counted(total, "study", "studies")
        if inquiry.more:
            words = f"The first {words}; narrow the search for others"
        self.told.emit(words if total or state.asks_peers else "")
        if total and not inquiry.running:
            self.list.fit_columns()
        if total:
            self._places.setCurrentWidget(self.list)
        elif not state.asks_peers:
            self.invitation.name(state.peers)
            self._places.setCurrentWidget(self.invitation)
        else:
            waiting = f"Asking {_listed(inquiry.silent)}…"
            nothing = "" if inquiry.faults else "No study matches."
            self._sentence.setText(waiting if inquiry.running else nothing)
            self._places.setCurrentWidget(self._sentence)

    def _on_selected(self, *_: object) -> None:
        studies = [self.table.study(row) for row in self.list.selected_rows()]
        known = tuple(study for study in studies if study is not None)
        self._desk.browsing.select_remote(known)
        self.selected.emit()


class _Faults(QWidget):
    """One line for each peer that could not answer: why, and what to do."""

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self._actions = actions
        self._shown: tuple[ViewerError, ...] = ()
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(theme.GAP_M, 0, theme.GAP_M, theme.GAP_S)
        self._layout.setSpacing(theme.UNIT)
        self.hide()

    def show_faults(self, faults: tuple[ViewerError, ...]) -> None:
        """Show these and no others."""
        if faults == self._shown:
            return
        self._shown = faults
        while (item := self._layout.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for fault in faults:
            self._layout.addWidget(self._line(fault))
        self.setVisible(bool(faults))

    @property
    def sentences(self) -> list[str]:
        """What is said."""
        return [fault.message for fault in self._shown]

    def _line(self, fault: ViewerError) -> QWidget:
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.GAP_S)
        said = QLabel(f"▲ {fault.message}")
        theme.set_role(said, "warn")
        hint = QLabel(fault.hint)
        theme.set_role(hint, "secondary")
        again = QPushButton("Try again")
        theme.set_role(again, "link")
        again.clicked.connect(lambda: self._actions.run("studies.refresh"))
        for widget in (said, hint):
            widget.setTextFormat(Qt.TextFormat.PlainText)
            row.addWidget(widget)
        row.addStretch(1)
        row.addWidget(again)
        return line


class _Invitation(QWidget):
    """What stands there before anything is asked: archives are large."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._sentence = QLabel()
        theme.set_role(self._sentence, "title")
        hint = QLabel("Type a name, an ID or an accession number above, or begin here.")
        theme.set_role(hint, "secondary")
        buttons = QHBoxLayout()
        buttons.setSpacing(theme.GAP_S)
        buttons.addStretch(1)
        for word, days in _RECENT:
            buttons.addWidget(self._button(word, partial(self._ask_days, days)))
        buttons.addWidget(self._button("Everything", desk.browsing.ask_all))
        buttons.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setSpacing(theme.GAP_M)
        layout.addStretch(1)
        for label in (self._sentence, hint):
            layout.addWidget(label, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addLayout(buttons)
        layout.addStretch(1)

    def name(self, peers: tuple[str, ...]) -> None:
        """Say who is asked."""
        self._sentence.setText(f"Search {_listed(peers)}")

    def _ask_days(self, days: int) -> None:
        today = date.today()  # noqa: DTZ011 - study dates are local dates without a zone
        query = self._desk.browsing.state.query
        first = today - timedelta(days)
        self._desk.browsing.ask(replace(query, date_from=first, date_to=today))

    def _button(self, word: str, act: Callable[[], object]) -> QPushButton:
        button = QPushButton(word)
        button.setObjectName(f"invitation.{word}")
        button.clicked.connect(lambda _: act())
        return button


def _meant(query: StudyQuery) -> StudyQuery:
    """The question without the order, which is made here."""
    return replace(query, sort="study_date", descending=True)


def _listed(names: tuple[str, ...]) -> str:
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"
