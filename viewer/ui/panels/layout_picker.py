"""Choose a layout by drawing it: a small grid under the mouse."""

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from viewer.core.layout import LARGEST, Layout
from viewer.ui import theme

_CELL = 7 * theme.UNIT
_GAP = theme.UNIT
_MARGIN = theme.GAP_M
_WORDS = theme.ROW_COMPACT


class LayoutPicker(QWidget):
    """A grid of cells; those up to the mouse light up, a click takes them.

    Signals
    -------
    picked : (Layout)
    """

    picked = Signal(object)

    def __init__(self, present: Layout, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.offered = present
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Layout")

    @override
    def sizeHint(self) -> QSize:
        side = LARGEST * (_CELL + _GAP) - _GAP + 2 * _MARGIN
        return QSize(side, side + _WORDS)

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        point = event.position()
        self._offer(int(point.y()) - _MARGIN, int(point.x()) - _MARGIN)

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.mouseMoveEvent(event)
        self.picked.emit(self.offered)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {
            Qt.Key.Key_Up: (-1, 0),
            Qt.Key.Key_Down: (1, 0),
            Qt.Key.Key_Left: (0, -1),
            Qt.Key.Key_Right: (0, 1),
        }
        key = Qt.Key(event.key())
        if key in steps:
            down, right = steps[key]
            self._set(self.offered.rows + down, self.offered.columns + right)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.picked.emit(self.offered)
        else:
            super().keyPressEvent(event)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme.tokens()
        painter = QPainter(self)
        painter.setPen(Qt.PenStyle.NoPen)
        for row in range(LARGEST):
            for column in range(LARGEST):
                lit = row < self.offered.rows and column < self.offered.columns
                painter.setBrush(theme.color(look.accent if lit else look.line))
                painter.drawRoundedRect(_cell(row, column), 3, 3)
        painter.setPen(theme.color(look.text))
        words = QRect(0, self.height() - _WORDS - _GAP, self.width(), _WORDS)
        painter.drawText(words, Qt.AlignmentFlag.AlignCenter, self.offered.text)
        painter.end()

    def _offer(self, down: int, right: int) -> None:
        self._set(down // (_CELL + _GAP) + 1, right // (_CELL + _GAP) + 1)

    def _set(self, rows: int, columns: int) -> None:
        self.offered = Layout(min(max(rows, 1), LARGEST), min(max(columns, 1), LARGEST))
        self.update()


def _cell(row: int, column: int) -> QRect:
    left = _MARGIN + column * (_CELL + _GAP)
    top = _MARGIN + row * (_CELL + _GAP)
    return QRect(left, top, _CELL, _CELL)
