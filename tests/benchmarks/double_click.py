"""A double click in the list of studies, event by event, as a hand makes it."""

import time

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from tests.benchmarks.stage import Stage
from viewer.commands.desk import Page
from viewer.ui.browser.table_view import StudyList

BETWEEN_CLICKS_S = 0.1
"""From the first press to the second: a quick hand. Most take 0.15 to 0.25."""

_REST_S = 0.15  # since whatever was before: the list is looked at, nothing runs


class DoubleClick:
    """Two clicks on the row of one study."""

    def __init__(self, played: Stage, uid: str) -> None:
        self._played, self._uid = played, uid

    def approach(self) -> None:
        """Look at the list; nothing is in memory, selected or at work."""
        self._played.forget()
        self._played.program.desk.window.show_page(Page.STUDIES)
        self._list.clearSelection()
        self._played.until(lambda: self._row() is not None)
        self._rest(_REST_S)

    def first(self) -> None:
        """Press and let go, then wait as long as the second click takes."""
        self.approach()
        self._press(QEvent.Type.MouseButtonPress)
        self._rest(BETWEEN_CLICKS_S)

    def second(self) -> None:
        """Press again, until the first viewport is painted."""
        self._press(QEvent.Type.MouseButtonDblClick)
        self._played.paint_first()

    def both(self) -> None:
        """Press twice with nothing in between, as no hand can."""
        self._press(QEvent.Type.MouseButtonPress)
        self.second()

    def command(self) -> None:
        """Open it without the list, as a prior study is: nothing could be foreseen."""
        self._played.open(self._uid)

    @property
    def _list(self) -> StudyList:
        return self._played.program.studies.list

    def _rest(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        self._played.until(lambda: time.monotonic() > end)

    def _row(self) -> int | None:
        table = self._played.program.studies.table
        studies = enumerate(table.study(row) for row in range(table.total))
        found = (row for row, one in studies if one and one.study_uid == self._uid)
        return next(found, None)

    def _press(self, kind: QEvent.Type) -> None:
        place = self._list.visualRect(self._list.model().index(self._row() or 0, 0))
        for what in (kind, QEvent.Type.MouseButtonRelease):
            self._send(what, QPointF(place.center()))

    def _send(self, kind: QEvent.Type, place: QPointF) -> None:
        left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
        held = none if kind == QEvent.Type.MouseButtonRelease else left
        event = QMouseEvent(
            kind,
            place,
            QPointF(self._list.viewport().mapToGlobal(place.toPoint())),
            left,
            held,
            Qt.KeyboardModifier.NoModifier,
        )
        QApplication.sendEvent(self._list.viewport(), event)
