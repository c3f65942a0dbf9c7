"""Boxes over an image: outlines with handles, or black as they will leave."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from viewer.core.boxes import Box
from viewer.core.view import ViewTransform
from viewer.ui import theme
from viewer.ui.viewport.outlined import line_height, outlined

_LINE, _EDGE = 1.5, 3.5
_HANDLE = 4.0
_DASHES = [4.0, 3.0]


@dataclass(frozen=True, slots=True)
class ShownBox:
    """A box as it lies on the screen.

    Attributes
    ----------
    rect : QRectF
        In screen pixels.
    words : str
        What stands beside it.
    proposed : bool
        Nobody has agreed to it yet: its line is dashed.
    selected : bool
    """

    rect: QRectF
    words: str
    proposed: bool
    selected: bool


def to_rect(box: Box, transform: ViewTransform, ratio: float) -> QRectF:
    """The place of a box on the screen, in screen pixels.

    Parameters
    ----------
    box : Box
    transform : ViewTransform
        Of a view that is neither turned nor mirrored.
    ratio : float
        Device pixels of one screen pixel.
    """
    left, top = transform.to_viewport((box.column - 0.5, box.row - 0.5))
    right, bottom = transform.to_viewport((box.right - 0.5, box.bottom - 0.5))
    corner = QPointF(left / ratio, top / ratio)
    return QRectF(corner, QPointF(right / ratio, bottom / ratio))


def paint_black(painter: QPainter, rects: Sequence[QRectF]) -> None:
    """Cover the boxes as the export burns them."""
    for rect in rects:
        painter.fillRect(rect, theme.color(theme.ON_IMAGE.canvas))


def paint_boxes(painter: QPainter, boxes: Sequence[ShownBox], ratio: float) -> None:
    """Draw their outlines, the selected one with handles and on top."""
    painter.save()
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for shown in sorted(boxes, key=lambda one: one.selected):
        edge = theme.ON_IMAGE.text if shown.selected else theme.ON_IMAGE.canvas
        for colour, width in ((edge, _EDGE), (theme.ON_IMAGE.drawing, _LINE)):
            pen = QPen(theme.color(colour), width)
            pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
            if shown.proposed and colour is theme.ON_IMAGE.drawing:
                pen.setDashPattern(_DASHES)
            painter.setPen(pen)
            painter.drawRect(shown.rect)
        if shown.selected:
            _paint_handles(painter, shown.rect)
        _paint_words(painter, shown, ratio)
    painter.restore()


def _paint_handles(painter: QPainter, rect: QRectF) -> None:
    painter.setPen(QPen(theme.color(theme.ON_IMAGE.text), 1.0))
    painter.setBrush(theme.color(theme.ON_IMAGE.drawing))
    middle = rect.center()
    for x in (rect.left(), middle.x(), rect.right()):
        for y in (rect.top(), middle.y(), rect.bottom()):
            if (x, y) != (middle.x(), middle.y()):
                painter.drawEllipse(QPointF(x, y), _HANDLE, _HANDLE)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _paint_words(painter: QPainter, shown: ShownBox, ratio: float) -> None:
    """Above the box, or below it where there is no room above."""
    top = shown.rect.top() - line_height() - _HANDLE
    if top < 0:
        top = shown.rect.bottom() + _HANDLE
    colour = theme.ON_IMAGE.text if shown.selected else theme.ON_IMAGE.drawing
    place = QPointF(round(shown.rect.left()), round(top))
    painter.drawPixmap(place, outlined(shown.words, colour, ratio))
