"""A line of text that gives way: cut with an ellipsis where there is no room."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel
from typing_extensions import override

_FEWEST_PIXELS = 40


class ElidingLabel(QLabel):
    """A label that may be narrower than its text; the tooltip has it whole."""

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(_FEWEST_PIXELS, super().minimumSizeHint().height())

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        whole = self.text()
        shown = self.fontMetrics().elidedText(
            whole, Qt.TextElideMode.ElideRight, self.width()
        )
        self.setToolTip(whole if shown != whole else "")
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(
            self.rect(), self.alignment() | Qt.AlignmentFlag.AlignVCenter, shown
        )
        painter.end()
