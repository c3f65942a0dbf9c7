"""The Studies page: sources, filters, the list, the series of what is selected."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QMenu,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from viewer.commands.desk import Desk, DeskCommand, Page
from viewer.core.counts import counted
from viewer.core.listing import (
    STATUSES,
    Conflict,
    FilterValues,
    StudyPage,
    StudyQuery,
)
from viewer.core.peers import Peer
from viewer.services.browsing import BrowsingState, Place
from viewer.ui import theme
from viewer.ui.actions import Actions
from viewer.ui.browser.columns import COLUMNS
from viewer.ui.browser.conflicts import ConflictList
from viewer.ui.browser.empty import EmptyCatalog, NothingFound
from viewer.ui.browser.filters import FilterBar
from viewer.ui.browser.foreseeing import Foreseeing
from viewer.ui.browser.peer_sources import PeerSources
from viewer.ui.browser.remote_pane import RemotePane
from viewer.ui.browser.search_field import SearchField
from viewer.ui.browser.series_pane import SeriesPane
from viewer.ui.browser.series_strip import PictureSource
from viewer.ui.browser.sources import Sources
from viewer.ui.browser.table_model import StudyTable
from viewer.ui.browser.table_view import StudyList

_SELECT_AT_MOST = 5000
_COUNT_TO = 5000  # of a million to read, all are counted for seconds
_HEARD_BESIDE_THE_LIST = (
    "studies.undo",
    "studies.redo",
    "studies.add_filter",
    "studies.refresh",
)


class StudiesPage(QWidget):
    """Shows the desk's `Browsing`, and passes wishes to it and to the commands."""

    def __init__(self, desk: Desk, actions: Actions, pictures: PictureSource) -> None:
        super().__init__()
        theme.set_role(self, "panel")
        self._desk = desk
        self._actions = actions
        self._asked: tuple[StudyQuery, Place] | None = None
        self._known_peers: tuple[Peer, ...] = ()
        browsing = desk.browsing
        self.search = SearchField(browsing)
        self.sources = Sources(browsing)
        self.peers = PeerSources(browsing, actions)
        self.sources.add(self.peers)
        self.remote = RemotePane(desk, actions)
        self.filters = FilterBar(browsing)
        self.table = StudyTable(desk.library.search, desk.jobs, self)
        self.list = StudyList(self.table)
        self.strip = SeriesPane(desk, actions, pictures)
        self.foreseeing = Foreseeing(self.list, self.table)
        self.conflicts = ConflictList(desk.window.copy_text)
        self._empty = EmptyCatalog(actions)
        self._nothing = NothingFound(actions)
        self._total = QLabel()
        self._lay_out()
        self._connect()
        actions.hear(self.list, Page.STUDIES)
        # What needs no row works without the list too: the last one may just have gone.
        self.addActions([actions[one] for one in _HEARD_BESIDE_THE_LIST])
        self.setFocusProxy(self.list)
        self._on_changed(browsing.state)
        self._on_stale()
        self._ask_peers()

    # Building

    def _lay_out(self) -> None:
        theme.set_role(self._total, "secondary")
        self._bar = QHBoxLayout()
        self._bar.setContentsMargins(theme.GAP_M, theme.GAP_S, theme.GAP_M, theme.GAP_S)
        self._bar.setSpacing(theme.GAP_S)
        self._bar.addWidget(self.filters)
        self._bar.addStretch(1)
        self._bar.addWidget(self._total)
        self._places = QStackedWidget()
        for widget in (
            self.list,
            self._nothing,
            self._empty,
            self.conflicts,
            self.remote,
        ):
            self._places.addWidget(widget)
        upper = QWidget()
        column = QVBoxLayout(upper)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._bar)
        column.addWidget(self._places, 1)
        splitter = QSplitter(Qt.Orientation.Vertical)
        splitter.addWidget(upper)
        splitter.addWidget(self.strip)
        splitter.setStretchFactor(0, 1)
        splitter.setCollapsible(0, False)  # noqa: FBT003 - Qt's own signature
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.sources)
        row.addWidget(splitter, 1)

    def _connect(self) -> None:
        browsing = self._desk.browsing
        browsing.changed.connect(self._on_changed)
        browsing.stale.connect(self._on_stale)
        self._desk.edits.failed.connect(self._desk.window.failed)
        self.search.left.connect(self._enter_list)
        self.table.answered.connect(self._on_answered)
        self.table.counted.connect(self._show_total)
        self.table.failed.connect(self._desk.window.failed)
        self.list.selectionModel().selectionChanged.connect(self._on_selected)
        self.list.pressed.connect(self.strip.catch_up)
        self.list.doubleClicked.connect(self._open)
        self.list.customContextMenuRequested.connect(self._show_menu)
        self.list.horizontalHeader().sectionClicked.connect(self._sort)
        self.table.dataChanged.connect(self._on_selected)
        self.remote.told.connect(self._show_remote)
        self.remote.selected.connect(self.strip.follow)
        self.remote.opened.connect(self._open)
        self.remote.list.customContextMenuRequested.connect(self._show_remote_menu)
        self._desk.exchange.peers_changed.connect(self._ask_peers)

    # Wishes

    def select_all(self) -> None:
        """Select every study of the list."""
        at_peers = self._desk.browsing.state.place is Place.PEERS
        (self.remote.list if at_peers else self.list).selectAll()

    def show_search_here(self, *, here: bool) -> None:
        """Take the search field into the page, or let the window have it."""
        if here:
            self._bar.insertWidget(0, self.search)
            self.search.show()

    def _enter_list(self) -> None:
        if self._desk.browsing.state.place is Place.PEERS:
            self.remote.list.setFocus()
            if not self.remote.list.selectionModel().hasSelection():
                self.remote.list.selectRow(0)
            return
        self.list.setFocus()
        if self.table.total and not self.list.selectionModel().hasSelection():
            self.list.selectRow(0)

    def _sort(self, column: int) -> None:
        by = COLUMNS[column].sort
        if by is not None:
            self._desk.browsing.sort(by)
        self._show_order(self._desk.browsing.state.query)

    def _open(self) -> None:
        self._desk.browsing.choose_series(None)
        self.strip.clearSelection()
        self._actions.run("studies.open")

    def _show_menu(self, where: QPoint) -> None:
        commands = [c for c in self._actions.commands if c.menu.startswith("Study")]
        on_rows = [c for c in commands if c.group != "list"]
        self._popup(
            [*on_rows, self._actions.commands["network.send"]], self.list, where
        )

    def _show_remote_menu(self, where: QPoint) -> None:
        wanted = ("studies.open", "network.retrieve", "studies.copy")
        self._popup(
            [self._actions.commands[one] for one in wanted], self.remote.list, where
        )

    def _popup(
        self, commands: Sequence[DeskCommand], over: StudyList, where: QPoint
    ) -> None:
        menu = QMenu(self)
        self._actions.refresh()
        self._actions.fill(menu, commands)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(over.viewport().mapToGlobal(where))

    # What the model says

    def _on_changed(self, state: BrowsingState) -> None:
        self.remote.show_state(state)
        if state.place is Place.PEERS:
            self._asked = None
            self.filters.show()
            self._show_place(self.remote)
            return
        if self._asked == (state.query, state.place):
            return
        self._asked = (state.query, state.place)
        self._show_order(state.query)
        self._ask()

    def _on_stale(self) -> None:
        """The catalog changed: ask again, and keep what is selected if it is there."""
        if self._desk.browsing.state.place is Place.PEERS:
            self.remote.mark_again()
        else:
            self._ask()
        self._desk.jobs.submit(self._surroundings, self._show_surroundings, _ignore)

    def _ask(self) -> None:
        state = self._desk.browsing.state
        if state.place is Place.CONFLICTS:
            library = self._desk.library
            self._desk.jobs.submit(
                library.conflicts, self._show_conflicts, self._desk.window.failed
            )
        else:
            self.table.ask(state.query, self._desk.browsing.selected_uids)

    def _surroundings(self) -> tuple[FilterValues, StudyPage, int]:
        """What chips and sources show; asked for off the GUI thread."""
        library = self._desk.library
        waiting = StudyQuery(statuses=STATUSES[:1], limit=1, count_to=_COUNT_TO)
        to_read = library.search(waiting)
        return library.filters(), to_read, len(library.conflicts())

    def _ask_peers(self) -> None:
        every = self._desk.exchange.peers.all
        self._desk.jobs.submit(every, self._show_peers, self._desk.window.failed)

    def _show_peers(self, peers: Sequence[Peer]) -> None:
        if tuple(peers) != self._known_peers:
            self._known_peers = tuple(peers)
            self.peers.show_peers(peers)
            self._show_bareness()

    def _show_surroundings(self, found: tuple[FilterValues, StudyPage, int]) -> None:
        values, to_read, conflicts = found
        self.filters.offer(values)
        self.sources.count(to_read.total, conflicts, more=not to_read.complete)

    def _show_conflicts(self, conflicts: Sequence[Conflict]) -> None:
        if self._desk.browsing.state.place is not Place.CONFLICTS:
            return
        self.conflicts.show_conflicts(conflicts)
        self._total.setText(counted(len(conflicts), "file"))
        self.filters.hide()
        self._show_place(
            self.conflicts if conflicts else self._said("There are no conflicts.")
        )

    def _on_answered(self, total: int) -> None:
        state = self._desk.browsing.state
        if state.place is Place.PEERS:
            return  # somebody went there meanwhile
        self._show_total(total)
        self.filters.show()
        if total:
            self._show_place(self.list)
            self._reselect()
        elif state.query != state.empty_query:
            self._show_place(self._said("No study matches.", filtered=True))
        elif state.place is Place.TRASH:
            self._show_place(self._said("The trash is empty."))
        else:
            self._show_place(self._empty)
        self._on_selected()

    def _show_total(self, total: int) -> None:
        known = self.table.complete
        text = counted(total, "study", "studies") if known else f"{total:,}+ studies"
        self._total.setText(text)

    def _show_remote(self, words: str) -> None:
        if self._desk.browsing.state.place is Place.PEERS:
            self._total.setText(words)

    def _show_bareness(self) -> None:
        """An empty catalog hides everything else, unless there is a PACS to ask."""
        bare = self._places.currentWidget() is self._empty
        self.sources.setVisible(not bare or bool(self._known_peers))

    def _show_place(self, widget: QWidget) -> None:
        self._places.setCurrentWidget(widget)
        bare = widget is self._empty
        self._show_bareness()
        self.filters.setVisible(widget not in (self._empty, self.conflicts))
        self._total.setVisible(not bare)
        self.strip.setVisible(widget in (self.list, self.remote))
        self.setFocusProxy(self.remote if widget is self.remote else self.list)

    def _said(self, sentence: str, *, filtered: bool = False) -> QWidget:
        self._nothing.say(sentence, filtered=filtered)
        return self._nothing

    def _show_order(self, query: StudyQuery) -> None:
        header = self.list.horizontalHeader()
        sorted_by = [at for at, c in enumerate(COLUMNS) if c.sort == query.sort]
        order = Qt.SortOrder.DescendingOrder
        if not query.descending:
            order = Qt.SortOrder.AscendingOrder
        header.setSortIndicator(sorted_by[0] if sorted_by else -1, order)

    # The selection

    def _reselect(self) -> None:
        """Select again what is selected, on whatever rows it is by now."""
        selected = frozenset(self._desk.browsing.selected_uids)
        self.list.select_rows(self.table.rows_of(selected))

    def _on_selected(self, *_: object) -> None:
        if self._desk.browsing.state.place is Place.PEERS:
            return  # another list is looked at
        rows = self.list.selectionModel().selection()
        wanted = sum(one.height() for one in rows.toList())
        if wanted > _SELECT_AT_MOST:
            self._desk.window.notice(
                f"At most {_SELECT_AT_MOST:,} studies can be selected at once.",
                hint="Narrow the list with the search field or a filter.",
            )
            self.list.clearSelection()
            return
        studies = [self.table.study(row) for row in self.list.selected_rows()]
        known = tuple(study for study in studies if study is not None)
        if len(known) < len(studies):
            # Commands act on the whole selection or not at all.
            self.table.want(self.list.selected_rows())
            known = ()
        self._desk.browsing.select(known)
        self.strip.follow()


def _ignore(_: BaseException) -> None:
    """The list itself will say that the catalog does not answer."""
