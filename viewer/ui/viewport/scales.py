"""The rulers on an image: each drawn once, then laid on it as a small picture.

Smooth lines cost more than the text of all four corners, and a ruler stays as it is
until the zoom changes.
"""

from collections.abc import Iterator
from functools import lru_cache
from math import ceil, floor

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPixmap

from viewer.core.ruler import Ruler
from viewer.core.view import Point, Size
from viewer.ui import theme
from viewer.ui.viewport.outlined import Placed, line_height, outlined, placed

_MARGIN = theme.GAP_S
_TICK, _LONG_TICK = 4.0, 8.0
_ROOM = theme.GAP_L  # between a ruler and the edge
_EDGE = 4  # screen pixels that lines and their dark edges reach beyond their points


def ruler_below(ruler: Ruler, size: Size, ratio: float) -> Iterator[Placed]:
    """The ruler below an image, with its label at its end and its note over it."""
    length = ruler.pixels / ratio
    ground = _ground(ruler, size, ratio)
    start = ground.center().x() - length / 2
    lowest = size[1] - _MARGIN - line_height() - theme.UNIT
    edge = min(lowest, ground.bottom() - theme.UNIT)
    yield _lines_at((start, edge), ruler, ratio, upright=False)
    label = outlined(ruler.label, theme.ON_IMAGE.text, ratio)
    top = edge - line_height() / 2 - theme.UNIT
    yield placed(QPointF(round(start + length + theme.UNIT), round(top)), label)
    if ruler.note:
        note = outlined(ruler.note, theme.ON_IMAGE.text, ratio)
        taken = note.deviceIndependentSize()
        left, above = start + (length - taken.width()) / 2, edge - _LONG_TICK
        yield placed(QPointF(round(left), round(above - taken.height())), note)


def ruler_beside(ruler: Ruler, size: Size, ratio: float) -> Iterator[Placed]:
    """The ruler left of an image, with its label below it."""
    length = ruler.pixels / ratio
    ground = _ground(ruler, size, ratio)
    start = ground.center().y() - length / 2
    leftmost = _MARGIN + _ROOM + theme.UNIT
    edge = max(leftmost, ground.left() + theme.UNIT)
    yield _lines_at((edge, start), ruler, ratio, upright=True)
    label = outlined(ruler.label, theme.ON_IMAGE.text, ratio)
    yield placed(QPointF(round(edge), round(start + length + 2)), label)


def _ground(ruler: Ruler, size: Size, ratio: float) -> QRectF:
    """The part of the viewport that a ruler lies in."""
    if ruler.ground is None:
        return QRectF(0, 0, *size)
    left, top, right, bottom = (side / ratio for side in ruler.ground)
    return QRectF(left, top, right - left, bottom - top)


def _lines_at(start: Point, ruler: Ruler, ratio: float, *, upright: bool) -> Placed:
    """The lines; a part of a device pixel in `start` is kept to a hundredth."""
    x, y = start[0] * ratio, start[1] * ratio
    part = round(x - floor(x), 2), round(y - floor(y), 2)
    length = round(ruler.pixels, 2)
    picture = _picture(length, ruler.divisions, part, ratio, upright=upright)
    reach = _reach(ratio)
    corner = QPointF((floor(x) - reach) / ratio, (floor(y) - reach) / ratio)
    if not upright:
        corner -= QPointF(0, ceil(_LONG_TICK * ratio) / ratio)
    return placed(corner, picture)


@lru_cache(maxsize=64)
def _picture(
    length: float, divisions: int, part: Point, ratio: float, *, upright: bool
) -> QPixmap:
    """Light lines with a dark edge, so that they show on any picture.

    Parameters
    ----------
    length : float
        In device pixels, as `part`.
    divisions : int
    part : Point
        How far beyond a whole device pixel the ruler begins.
    ratio : float
        Device pixels for one screen pixel.
    upright : bool
        Whether it runs down with its ticks to the right, or right with ticks up.
    """
    reach, ticks = _reach(ratio), ceil(_LONG_TICK * ratio)
    along, across = ceil(length) + 2 * reach + 1, ticks + 2 * reach + 1
    picture = QPixmap(across, along) if upright else QPixmap(along, across)
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    x = (reach + part[0]) / ratio
    y = (reach + part[1] + (0 if upright else ticks)) / ratio
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    lines = list(_lines(QPointF(x, y), length / ratio, divisions, upright=upright))
    for colour, width in ((theme.ON_IMAGE.canvas, 3.0), (theme.ON_IMAGE.text, 1.0)):
        painter.setPen(QPen(theme.color(colour), width))
        painter.drawLines(lines)
    painter.end()
    return picture


def _lines(
    start: QPointF, length: float, divisions: int, *, upright: bool
) -> list[QLineF]:
    along = QPointF(0, length) if upright else QPointF(length, 0)
    across = QPointF(1, 0) if upright else QPointF(0, -1)
    lines = [QLineF(start, start + along)]
    for part in range(divisions + 1):
        foot = start + along * (part / divisions)
        long = part in (0, divisions)
        lines.append(QLineF(foot, foot + across * (_LONG_TICK if long else _TICK)))
    return lines


def _reach(ratio: float) -> int:
    """Device pixels around the points of a ruler that its lines may colour."""
    return ceil(_EDGE * ratio)
