"""The field that searches the catalog while one types."""

from dataclasses import replace

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QLineEdit
from typing_extensions import override

from viewer.services.browsing import Browsing, BrowsingState
from viewer.ui.icons import icon

_SETTLED_MS = 120
_WIDTH = 320


class SearchField(QLineEdit):
    """Asks for what is typed as soon as the hand rests.

    Signals
    -------
    left : ()
        The keyboard should go to the list: Enter, or an arrow down.
    touched : ()
        Something was typed.
    """

    left = Signal()
    touched = Signal()

    def __init__(self, browsing: Browsing) -> None:
        super().__init__()
        self._browsing = browsing
        self.setObjectName("search")
        self.setPlaceholderText("Search studies  (Ctrl+F)")
        self.setToolTip("Parts of names, IDs, accession numbers and descriptions")
        self.setFixedWidth(_WIDTH)
        self.addAction(
            QAction(icon("magnifying-glass"), "", self),
            QLineEdit.ActionPosition.LeadingPosition,
        )
        self._clear = QAction(icon("x"), "Clear", self)
        self._clear.triggered.connect(self.clear)
        self.addAction(self._clear, QLineEdit.ActionPosition.TrailingPosition)
        self._clear.setVisible(False)  # Qt forgets what was hidden before it was added
        self._settle = QTimer(self, interval=_SETTLED_MS, singleShot=True)
        self._settle.timeout.connect(self._ask)
        self.textEdited.connect(self._on_edited)
        self.textChanged.connect(self._on_changed)
        browsing.changed.connect(self._show)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down):
            self._ask()
            self.left.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.clear()
            self._ask()
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def _on_edited(self) -> None:
        self.touched.emit()

    def _on_changed(self) -> None:
        self._clear.setVisible(bool(self.text()))
        self._settle.start()

    def _ask(self) -> None:
        self._settle.stop()
        query = self._browsing.state.query
        self._browsing.ask(replace(query, text=self.text().strip()))

    def _show(self, state: BrowsingState) -> None:
        """Follow a question that was changed elsewhere, but never the hand's own."""
        if not self._settle.isActive() and state.query.text != self.text().strip():
            self.setText(state.query.text)
            self._settle.stop()
