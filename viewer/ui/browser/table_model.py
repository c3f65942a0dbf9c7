"""The list of studies as a table that fetches only what is looked at.

The table has a row for every study that matches; the rows of a page are asked for
when one of them is painted, off the GUI thread, and stand empty until they come.
"""

from collections import OrderedDict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from itertools import chain
from typing import Any, Protocol

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    QTimer,
    Signal,
)
from typing_extensions import override

from viewer.core.listing import StudyPage, StudyQuery, StudySummary
from viewer.services.jobs import Jobs
from viewer.ui.browser.columns import COLUMNS

PAGE = 100
_PAGES_KEPT = 200
_ASK_AFTER_MS = (
    15  # while the list flies by, pages that are gone again are not asked for
)
_AT_ONCE = 2
_COUNT_TO = 5_000  # a first answer comes at once; who types goes on before the exact
_COUNT_AFTER_MS = 250

Index = QModelIndex | QPersistentModelIndex


class Search(Protocol):
    """Finds the answer to a question; never called on the GUI thread."""

    def __call__(self, query: StudyQuery, keep: Collection[str] = ()) -> StudyPage:
        """The page that is asked for, and where the studies to keep are by now."""


class StudyTable(QAbstractTableModel):
    """Every study that matches a question, in pages.

    Signals
    -------
    answered : (int)
        A new question has its answer: how many studies match, or that so many do at
        least as long as `complete` is False.
    counted : (int)
        How many match exactly, where it was not known at once.
    failed : (BaseException)
    """

    columns = COLUMNS
    answered = Signal(int)
    counted = Signal(int)
    failed = Signal(object)

    def __init__(self, search: Search, jobs: Jobs, parent: QObject) -> None:
        super().__init__(parent)
        self._search = search
        self._jobs = jobs
        self._query = StudyQuery()
        self._keep: Collection[str] = ()
        self._question = 0
        self._total = 0
        self.complete = True
        self._pages: OrderedDict[int, tuple[StudySummary, ...]] = OrderedDict()
        self._kept: dict[int, StudySummary] = {}  # by row, whatever page it is on
        self._wanted: dict[int, None] = {}
        self._asked: set[int] = set()
        self._ask_soon = QTimer(self, interval=_ASK_AFTER_MS, singleShot=True)
        self._ask_soon.timeout.connect(self._ask_wanted)
        self._count_soon = QTimer(self, interval=_COUNT_AFTER_MS, singleShot=True)
        self._count_soon.timeout.connect(self._ask_count)

    @property
    def total(self) -> int:
        """How many studies match, as far as is known."""
        return self._total

    def ask(self, query: StudyQuery, keep: Collection[str] = ()) -> None:
        """Show the answer to `query` once it is there; until then, the old one.

        Parameters
        ----------
        query : StudyQuery
        keep : collection of str
            UIDs of studies that are to be known at once on whatever row they are.
        """
        # Asked again, all rows are to be there at once: who looks at the end stays.
        counted = query == self._query and self.complete and self._total > _COUNT_TO
        count_to = None if counted else _COUNT_TO
        self._question += 1
        self._query, self._keep = query, keep
        self._wanted.clear()
        self._asked.clear()
        self._count_soon.stop()
        question = self._question
        first = replace(query, limit=PAGE, offset=0, count_to=count_to)
        self._jobs.submit(
            lambda: self._search(first, keep),
            lambda page: self._begin(question, page),
            lambda error: self._fail(question, error),
        )

    def study(self, row: int) -> StudySummary | None:
        """The study of a row; None while it has not been fetched."""
        page = self._pages.get(row // PAGE)
        within = row % PAGE
        if page is None:
            return self._kept.get(row)
        return page[within] if within < len(page) else None

    def rows_of(self, study_uids: Collection[str]) -> Iterator[int]:
        """The rows of these studies in a new answer that was to keep them."""
        first = enumerate(self._pages.get(0, ()))
        for row, study in chain(first, self._kept.items()):
            if study.study_uid in study_uids and row < self._total:
                yield row

    def want(self, rows: Iterable[int]) -> None:
        """Have these rows fetched."""
        for number in {row // PAGE for row in rows}:
            if number not in self._pages and number not in self._asked:
                self._wanted.pop(number, None)
                self._wanted[number] = None
        if self._wanted and not self._ask_soon.isActive():
            self._ask_soon.start()

    @override
    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else self._total

    @override
    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(COLUMNS)

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        study = self.study(index.row())
        return COLUMNS[index.column()].text(study) if study else None

    @override
    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        column = COLUMNS[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.title
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = (
                Qt.AlignmentFlag.AlignRight
                if column.numeric
                else (Qt.AlignmentFlag.AlignLeft)
            )
            return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def _begin(self, question: int, page: StudyPage) -> None:
        if question != self._question:
            return  # an answer to an old question
        self.beginResetModel()
        self._total, self.complete = page.total, page.complete
        self._pages.clear()
        self._pages[0] = page.items
        self._kept = {row: study for row, study in page.kept if row >= PAGE}
        self._asked.clear()
        self.endResetModel()
        self.answered.emit(page.total)
        if not page.complete:
            self._count_soon.start()

    def _ask_count(self) -> None:
        question = self._question
        whole = replace(self._query, limit=0)
        self._jobs.submit(
            lambda: self._search(whole),
            lambda page: self._note_count(question, page),
            lambda error: self._fail(question, error),
        )

    def _note_count(self, question: int, page: StudyPage) -> None:
        """Add the rows that were not counted at first."""
        if question != self._question or self.complete or not page.complete:
            return
        if page.total < self._total:  # the catalog has changed meanwhile
            self.ask(self._query, self._keep)
            return
        self.complete = True
        if page.total > self._total:
            self.beginInsertRows(QModelIndex(), self._total, page.total - 1)
            self._total = page.total
            self.endInsertRows()
        self.counted.emit(page.total)

    def _ask_wanted(self) -> None:
        while self._wanted and len(self._asked) < _AT_ONCE:
            number = next(reversed(self._wanted))  # what was looked at last, first
            del self._wanted[number]
            self._ask_page(number)

    def _ask_page(self, number: int) -> None:
        self._asked.add(number)
        question = self._question
        offset = number * PAGE
        query = replace(self._query, limit=PAGE, offset=offset, count_to=_COUNT_TO)
        self._jobs.submit(
            lambda: self._search(query),
            lambda page: self._take(question, number, page),
            lambda error: self._fail(question, error),
        )

    def _take(self, question: int, number: int, page: StudyPage) -> None:
        if question != self._question:
            return
        self._asked.discard(number)
        self._pages[number] = page.items
        while len(self._pages) > _PAGES_KEPT:
            self._pages.popitem(last=False)
        first, last = number * PAGE, min(self._total, (number + 1) * PAGE) - 1
        self.dataChanged.emit(self.index(first, 0), self.index(last, len(COLUMNS) - 1))
        self._ask_wanted()

    def _fail(self, question: int, error: BaseException) -> None:
        if question == self._question:
            self._asked.clear()
            self.failed.emit(error)
