"""Drawings over an image: lines, handles, and what they measure beside them."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from viewer.core.annotation import Annotation, Shape
from viewer.core.view import Point
from viewer.ui import theme
from viewer.ui.viewport.drawing_labels import Label
from viewer.ui.viewport.outlined import line_height, outlined

_LINE, _EDGE = 1.5, 3.5
_END, _HANDLE = 2.0, 4.0  # radius
_CROSS, _CROSS_GAP = 8.0, 2.5
_LEADER_DASHES = [3.0, 3.0]


@dataclass(frozen=True, slots=True)
class Drawn:
    """One drawing as it lies on the screen, in screen pixels.

    Attributes
    ----------
    annotation : Annotation
    line : tuple of Point
        Its outline.
    handles : tuple of Point
    label : Label
    selected : bool
    """

    annotation: Annotation
    line: tuple[Point, ...]
    handles: tuple[Point, ...]
    label: Label
    selected: bool


def paint_drawings(painter: QPainter, drawings: Sequence[Drawn], ratio: float) -> None:
    """Draw them, the selected one on top, with `ratio` device pixels a screen pixel."""
    if not drawings:
        return
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for drawn in sorted(drawings, key=lambda one: one.selected):
        edge = theme.ON_IMAGE.text if drawn.selected else theme.ON_IMAGE.canvas
        for colour, width in ((edge, _EDGE), (theme.ON_IMAGE.drawing, _LINE)):
            pen = QPen(theme.color(colour), width)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
            painter.setPen(pen)
            _paint_line(painter, drawn)
        _paint_ends(painter, drawn)
        _paint_label(painter, drawn.label, ratio)
    painter.restore()


def _paint_line(painter: QPainter, drawn: Drawn) -> None:
    if drawn.annotation.shape is Shape.PROBE:
        (x, y) = drawn.line[0]
        for across, down in ((1, 0), (-1, 0), (0, 1), (0, -1)):
            painter.drawLine(
                QPointF(x + across * _CROSS_GAP, y + down * _CROSS_GAP),
                QPointF(x + across * _CROSS, y + down * _CROSS),
            )
        return
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPolyline(QPolygonF([QPointF(*point) for point in drawn.line]))


def _paint_ends(painter: QPainter, drawn: Drawn) -> None:
    """Dots at the ends of lines; larger ones where the hand can take hold."""
    shape = drawn.annotation.shape
    if shape is Shape.PROBE or (shape.has_area and not drawn.selected):
        return
    radius = _HANDLE if drawn.selected else _END
    edge = theme.ON_IMAGE.text if drawn.selected else theme.ON_IMAGE.canvas
    painter.setPen(QPen(theme.color(edge), 1.0))
    painter.setBrush(theme.color(theme.ON_IMAGE.drawing))
    for point in drawn.handles:
        painter.drawEllipse(QPointF(*point), radius, radius)


def _paint_label(painter: QPainter, label: Label, ratio: float) -> None:
    if label.leader is not None:
        start, end = (QPointF(*point) for point in label.leader)
        pen = QPen(theme.color(theme.ON_IMAGE.drawing, 0.8), 1.0)
        pen.setDashPattern(_LEADER_DASHES)
        painter.setPen(pen)
        painter.drawLine(start, end)
    left, top = label.box[:2]
    for row, (words, colour) in enumerate(label.lines):
        drawn = outlined(words, colour, ratio)
        place = QPointF(round(left), round(top) + row * line_height())
        painter.drawPixmap(place, drawn)
