"""Two dates: the studies of these days."""

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import QDate
from PySide6.QtWidgets import QDateEdit, QFormLayout, QWidget

from viewer.ui import theme
from viewer.ui.dialogs.frame import Dialog


class DatesDialog(Dialog):
    """Asks for the first and the last day; the order does not matter."""

    def __init__(
        self,
        first: date,
        last: date,
        chosen: Callable[[date, date], None],
        parent: QWidget | None,
    ) -> None:
        super().__init__("List the studies of these days", "List them", parent)
        self.first, self.last = _field(first), _field(last)
        form = QFormLayout()
        form.setHorizontalSpacing(theme.GAP_M)
        form.setVerticalSpacing(theme.GAP_S)
        form.addRow("From", self.first)
        form.addRow("To", self.last)
        self.add(form)
        self._chosen = chosen
        self.accepted.connect(self._say)

    def _say(self) -> None:
        days = sorted((_to_date(self.first), _to_date(self.last)))
        self._chosen(days[0], days[1])


def _field(day: date) -> QDateEdit:
    field = QDateEdit(QDate(day.year, day.month, day.day))
    field.setDisplayFormat("yyyy-MM-dd")
    field.setCalendarPopup(True)
    return field


def _to_date(field: QDateEdit) -> date:
    day = field.date()
    return date(day.year(), day.month(), day.day())
