"""The histogram of an image with its window drawn into it, to be dragged."""

import math
from dataclasses import replace

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from viewer.core.grayscale import Voi, Window
from viewer.core.histogram import Histogram
from viewer.core.voi import as_window, limits
from viewer.core.window_drag import narrowest, to_rounded
from viewer.ui import theme

_HEIGHT = 24 * theme.UNIT
_GRASP = 6  # screen pixels around an edge that take hold of it


class HistogramPlot(QWidget):
    """Counts on a logarithmic scale; the window as a ramp from black to white.

    Signals
    -------
    window_dragged : (Window, object)
        A window by hand, and the step of undo it belongs to.
    """

    window_dragged = Signal(object, object)

    def __init__(self) -> None:
        super().__init__()
        self._histogram: Histogram | None = None
        self._voi: Voi | None = None
        self._start: tuple[float, Window, str] | None = None
        self._step: object = None
        self.setFixedHeight(_HEIGHT)
        self.setMouseTracking(True)
        self.setAccessibleName("Histogram")

    def show_values(self, histogram: Histogram | None, voi: Voi | None) -> None:
        """Show the values of another image, or another window."""
        if (histogram, voi) != (self._histogram, self._voi):
            self._histogram, self._voi = histogram, voi
            self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(60 * theme.UNIT, _HEIGHT)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), theme.color(theme.ON_IMAGE.canvas))
        if self._histogram is not None:
            self._paint_counts(painter, self._histogram)
            if self._voi is not None:
                self._paint_window(painter, self._voi)
        painter.end()

    def _paint_counts(self, painter: QPainter, histogram: Histogram) -> None:
        counts, height = histogram.counts, self.height()
        highest = math.log1p(max(counts))
        outline = QPolygonF([QPointF(self._x(histogram.lowest), height)])
        for place, count in enumerate(counts):
            left = histogram.lowest + place * histogram.bin_width
            y = height - math.log1p(count) / highest * (height - theme.UNIT)
            outline.append(QPointF(self._x(left), y))
            outline.append(QPointF(self._x(left + histogram.bin_width), y))
        outline.append(QPointF(self._x(histogram.highest), height))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color(theme.ON_IMAGE.text_3))
        painter.drawPolygon(outline)

    def _paint_window(self, painter: QPainter, voi: Voi) -> None:
        low, high = (self._x(value) for value in limits(voi))
        height = self.height()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color(theme.ON_IMAGE.accent, 0.18))
        painter.drawRect(QRectF(low, 0, max(high - low, 1.0), height))
        painter.setPen(QPen(theme.color(theme.ON_IMAGE.accent), 1.5))
        painter.drawPolyline(
            [
                QPointF(0, height - 1),
                QPointF(low, height - 1),
                QPointF(high, 1),
                QPointF(self.width(), 1),
            ]
        )

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._voi is None or self._histogram is None:
            return
        part = self._part_at(event.position().x())
        self._start = (event.position().x(), as_window(self._voi), part)
        self._step = object()

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._start is None:
            part = self._part_at(event.position().x())
            edge = Qt.CursorShape.SizeHorCursor
            grab = Qt.CursorShape.OpenHandCursor
            self.setCursor(edge if part != "middle" else grab)
            return
        start, window, part = self._start
        by = (event.position().x() - start) * self._value_per_pixel
        self.window_dragged.emit(_dragged(window, part, by), self._step)

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._start = None

    def _part_at(self, x: float) -> str:
        """``low`` or ``high`` at an edge of the window, otherwise ``middle``."""
        if self._voi is None or self._histogram is None:
            return "middle"
        edges = zip(("low", "high"), limits(self._voi), strict=True)
        near = [(abs(self._x(value) - x), name) for name, value in edges]
        distance, name = min(near)
        return name if distance <= _GRASP else "middle"

    @property
    def _value_per_pixel(self) -> float:
        if self._histogram is None:
            return 0.0
        span = self._histogram.highest - self._histogram.lowest
        return span / max(self.width(), 1)

    def _x(self, value: float) -> float:
        if self._histogram is None:
            return 0.0
        return (value - self._histogram.lowest) / self._value_per_pixel


def _dragged(window: Window, part: str, by: float) -> Window:
    """The window with one edge, or all of it, moved by modality values."""
    if part == "middle":
        return to_rounded(replace(window, center=window.center + by))
    change = by if part == "high" else -by
    width = max(window.width + change, narrowest(window))
    shift = (width - window.width) / 2
    center = window.center + (shift if part == "high" else -shift)
    return to_rounded(replace(window, width=width, center=center))
