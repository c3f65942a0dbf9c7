"""Drawings over an image: lines, handles, and what they measure beside them."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPen, QPixmap, QPolygonF

from viewer.core.annotation import Annotation, Shape
from viewer.core.annotation_forms import Box
from viewer.core.view import Point, Size
from viewer.ui import theme
from viewer.ui.viewport.drawing_labels import Label
from viewer.ui.viewport.outlined import line_height, outlined

_LINE, _EDGE = 1.5, 3.5
_END, _HANDLE = 2.0, 4.0  # radius
_CROSS, _CROSS_GAP = 8.0, 2.5
_LEADER_DASHES = [3.0, 3.0]
_AROUND = 12.0  # what lines, ends and crosses reach beyond their points


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


class DrawingLayer:
    """Paints the drawings of a viewport; those at rest are kept as one picture.

    Outlining smooth lines costs more than all else that is painted when the window
    changes, and a hand moves one drawing at a time.
    """

    def __init__(self) -> None:
        self._key: object = None
        self._picture: QPixmap | None = None
        self._corner = QPointF()

    def paint(
        self, painter: QPainter, drawings: Sequence[Drawn], size: Size, ratio: float
    ) -> None:
        """Draw them into a viewport of `size` screen pixels, the selected one on top.

        `ratio` are the device pixels of one screen pixel.
        """
        resting = tuple(one for one in drawings if not one.selected)
        if (resting, size, ratio) != self._key:
            self._key = (resting, size, ratio)
            self._keep(resting, size, ratio)
        if self._picture is not None:
            painter.drawPixmap(self._corner, self._picture)
        _paint(painter, [one for one in drawings if one.selected], ratio)

    def _keep(self, resting: tuple[Drawn, ...], size: Size, ratio: float) -> None:
        """Paint those at rest on a picture of whole device pixels, not larger."""
        self._picture = None
        if not resting:
            return
        left, top, right, bottom = _extent(resting, size)
        first_x, first_y = floor(left * ratio), floor(top * ratio)
        width, height = ceil(right * ratio) - first_x, ceil(bottom * ratio) - first_y
        if width <= 0 or height <= 0:
            return
        self._corner = QPointF(first_x / ratio, first_y / ratio)
        self._picture = QPixmap(width, height)
        self._picture.setDevicePixelRatio(ratio)
        self._picture.fill(Qt.GlobalColor.transparent)
        inside = QPainter(self._picture)
        inside.translate(-self._corner)
        _paint(inside, resting, ratio)
        inside.end()


def _extent(drawings: Sequence[Drawn], size: Size) -> Box:
    """The part of a viewport that drawings and their labels can reach."""
    points = [point for one in drawings for point in one.line]
    for one in drawings:
        left, top, right, bottom = one.label.box
        points += [(left, top), (right, bottom)]
    columns, rows = zip(*points, strict=True)
    return (
        max(min(columns) - _AROUND, 0.0),
        max(min(rows) - _AROUND, 0.0),
        min(max(columns) + _AROUND, float(size[0])),
        min(max(rows) + _AROUND, float(size[1])),
    )


def _paint(painter: QPainter, drawings: Sequence[Drawn], ratio: float) -> None:
    if not drawings:
        return
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for drawn in drawings:
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
