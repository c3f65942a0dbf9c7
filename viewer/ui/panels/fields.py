"""Fields beside the images: while one has the keyboard, its keys are its own.

Up, Down and Esc belong to the images everywhere else on the page. Return and Esc end
the writing and give the keyboard back.
"""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDoubleSpinBox, QLineEdit
from typing_extensions import override

_ENDS = frozenset({Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter})
_MOVES = frozenset(
    {
        Qt.Key.Key_Up,
        Qt.Key.Key_Down,
        Qt.Key.Key_PageUp,
        Qt.Key.Key_PageDown,
    }
)


class NumberBox(QDoubleSpinBox):
    """A number.

    Signals
    -------
    finished : ()
    """

    finished = Signal()

    @override
    def event(self, event: QEvent) -> bool:
        return _keeps(event, _ENDS | _MOVES) or super().event(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        super().keyPressEvent(event)
        if Qt.Key(event.key()) in _ENDS:
            self.finished.emit()


class SearchField(QLineEdit):
    """Words to look for; Esc forgets them.

    Signals
    -------
    finished : ()
    """

    finished = Signal()

    @override
    def event(self, event: QEvent) -> bool:
        return _keeps(event, _ENDS) or super().event(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        super().keyPressEvent(event)
        if event.key() == Qt.Key.Key_Escape:
            self.clear()
        if Qt.Key(event.key()) in _ENDS:
            self.finished.emit()


def _keeps(event: QEvent, keys: frozenset[Qt.Key]) -> bool:
    """Whether this asks who may have a key, and the answer is: the field."""
    if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
        return False
    if Qt.Key(event.key()) not in keys:
        return False
    event.accept()
    return True
