"""The filter chips above the list of studies."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, timedelta
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QWidget

from viewer.core.listing import FilterValues, StudyQuery
from viewer.services.browsing import Browsing, Place
from viewer.ui import theme
from viewer.ui.dialogs.dates import DatesDialog
from viewer.ui.icons import icon

_RECENT = (("Today", 0), ("Last 7 days", 6), ("Last 30 days", 29))
_VALUES = (
    ("Modality", "modalities", ""),
    ("Status", "statuses", "Status: "),
    ("Institution", "institutions", ""),
    ("Tag", "tags", "#"),
)
"""Menu title, field of `StudyQuery` and `FilterValues`, what a chip begins with."""

_AT_PEERS = ("CR", "CT", "DX", "MG", "MR", "NM", "PT", "US", "XA")
"""Modalities peers may be asked for: what they have is not known before."""


class FilterBar(QWidget):
    """What the list is narrowed to, each as a chip that a click removes."""

    def __init__(self, browsing: Browsing) -> None:
        super().__init__()
        self._browsing = browsing
        self._values = FilterValues()
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(theme.GAP_S)
        self._chips: list[QPushButton] = []
        self._add = QPushButton("+ Filter")
        self._add.setObjectName("filters.add")
        theme.set_role(self._add, "chip")
        self._add.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._add.clicked.connect(self.open_menu)
        self._layout.addWidget(self._add)
        browsing.changed.connect(lambda state: self._show(state.query))

    def offer(self, values: FilterValues) -> None:
        """Offer what the catalog holds."""
        self._values = values

    def open_menu(self) -> None:
        """Offer the filters in a menu under the last chip."""
        menu = self.menu()
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self._add.mapToGlobal(self._add.rect().bottomLeft()))

    def menu(self) -> QMenu:
        """Every filter there is, those in force ticked."""
        menu = QMenu(self)
        dates = menu.addMenu("Date")
        for title, days in _RECENT:
            dates.addAction(title, partial(self._set_days, days))
        dates.addAction("From … to …", self._ask_dates)
        at_peers = self._browsing.state.place is Place.PEERS
        for title, field, _ in _VALUES:
            values = getattr(self._values, field)
            if at_peers:  # they know nothing of what the user notes here
                values = _AT_PEERS if field == "modalities" else ()
            if values:
                submenu = menu.addMenu(title)
                submenu.addActions(list(self._value_actions(submenu, field, values)))
        return menu

    def set_dates(self, first: date | None, last: date | None) -> None:
        """List the studies of these days, both included."""
        query = self._browsing.state.query
        self._browsing.ask(replace(query, date_from=first, date_to=last))

    def toggle(self, field: str, value: str) -> None:
        """Take one value of a filter in, or out."""
        query = self._browsing.state.query
        present: tuple[str, ...] = getattr(query, field)
        others = tuple(v for v in present if v != value)
        wanted = others if value in present else (*present, value)
        self._browsing.ask(_with(query, field, wanted))

    def _value_actions(
        self, menu: QMenu, field: str, values: Iterable[str]
    ) -> Iterable[QAction]:
        present = getattr(self._browsing.state.query, field)
        for value in values:
            action = QAction(value.replace("&", "&&"), menu)
            action.setCheckable(True)
            action.setChecked(value in present)
            action.triggered.connect(partial(self._on_toggled, field, value))
            yield action

    def _on_toggled(self, field: str, value: str, *_: object) -> None:
        self.toggle(field, value)

    def _set_days(self, days: int) -> None:
        today = date.today()  # noqa: DTZ011 - study dates are local dates without a zone
        self.set_dates(today - timedelta(days), today)

    def _ask_dates(self) -> None:
        query = self._browsing.state.query
        last = query.date_to or date.today()  # noqa: DTZ011 - as above
        first = query.date_from or last - timedelta(_RECENT[-1][1])
        DatesDialog(first, last, self.set_dates, self.window()).open()

    def _show(self, query: StudyQuery) -> None:
        wanted = list(self._wanted_chips(query))
        if [chip.text() for chip in self._chips] == [text for text, _ in wanted]:
            return
        for chip in self._chips:
            self._layout.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        self._chips = [_chip(text, remove) for text, remove in wanted]
        for at, chip in enumerate(self._chips):
            self._layout.insertWidget(at, chip)

    def _wanted_chips(
        self, query: StudyQuery
    ) -> Iterable[tuple[str, Callable[[], None]]]:
        if query.date_from or query.date_to:
            yield _dates_text(query), partial(self.set_dates, None, None)
        for _, field, prefix in _VALUES:
            for value in getattr(query, field):
                yield f"{prefix}{value}", partial(self.toggle, field, value)


def _with(query: StudyQuery, field: str, values: tuple[str, ...]) -> StudyQuery:
    return replace(query, **{field: values})  # type: ignore[arg-type]  # a tuple field


def _chip(text: str, remove: Callable[[], None]) -> QPushButton:
    chip = QPushButton(icon("x"), text.replace("&", "&&"))
    theme.set_role(chip, "chip-on")
    chip.setLayoutDirection(Qt.LayoutDirection.RightToLeft)  # the cross stands behind
    chip.setToolTip("Remove this filter")
    chip.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    chip.clicked.connect(remove)
    return chip


def _dates_text(query: StudyQuery) -> str:
    today = date.today()  # noqa: DTZ011 - as above
    for title, days in _RECENT:
        if (query.date_from, query.date_to) == (today - timedelta(days), today):
            return title
    first = query.date_from.isoformat() if query.date_from else "…"
    last = query.date_to.isoformat() if query.date_to else "…"
    return first if first == last else f"{first} – {last}"
