"""What is written and drawn over an image: corners, marks, letters, rulers, lines.

Everything is laid out in screen pixels of the viewport; nothing here knows where the
values come from.
"""

import math
from dataclasses import dataclass, field
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QRegion

from viewer.core.corners import Corners
from viewer.core.orientation import SideLetters
from viewer.core.ruler import Ruler
from viewer.core.view import Point, Size
from viewer.ui import theme
from viewer.ui.viewport.outlined import Placed
from viewer.ui.viewport.writing import placed_above, placed_below

_SMALLEST = 160  # screen pixels; a viewport less wide or high has no rulers


@dataclass(frozen=True, slots=True)
class ReferenceLine:
    """Where another image cuts this one, in screen pixels.

    `colour` is a token's; `leads` marks the line of the active viewport.
    """

    start: Point
    end: Point
    colour: str
    leads: bool


@dataclass(frozen=True, slots=True)
class Overlay:
    """One viewport's text and drawings."""

    corners: Corners = field(default_factory=Corners)
    letters: SideLetters = field(default_factory=SideLetters)
    rulers: tuple[Ruler | None, Ruler | None] = (None, None)
    lines: tuple[ReferenceLine, ...] = ()


class Written(NamedTuple):
    """An overlay with every text at its place.

    Attributes
    ----------
    lines : tuple of ReferenceLine
    above, below : tuple of Placed
        Text and rulers; the same tuple as long as nothing of it changes.
    """

    lines: tuple[ReferenceLine, ...]
    above: tuple[Placed, ...]
    below: tuple[Placed, ...]


def to_written(overlay: Overlay, size: Size, ratio: float) -> Written:
    """Find the places in a viewport of `size` screen pixels.

    `ratio` are the device pixels of one of them.
    """
    text, letters = overlay.corners, overlay.letters
    below, beside = overlay.rulers if min(size) >= _SMALLEST else (None, None)
    upper = (text.top_left, text.top_right), letters, beside
    lower = (text.marks, text.bottom_left, text.bottom_right), letters.bottom, below
    return Written(
        overlay.lines,
        placed_above(*upper, size, ratio),
        placed_below(*lower, size, ratio),
    )


def paint_written(painter: QPainter, written: Written, region: QRegion) -> None:
    """Draw what reaches into the `region` that is being painted."""
    for line in written.lines:
        _paint_line(painter, line)
    for place, picture, room in (*written.above, *written.below):
        if region.intersects(room):
            painter.drawPixmap(place, picture)


def differing(before: Written, after: Written) -> QRegion:
    """Where the texts of two are not the same, in screen pixels."""
    region = QRegion()
    for old, new in ((before.above, after.above), (before.below, after.below)):
        if old is not new:
            was, now = _rooms(old), _rooms(new)
            for key in was.keys() ^ now.keys():
                region += was[key] if key in was else now[key]
    return region


def _rooms(texts: tuple[Placed, ...]) -> dict[object, QRect]:
    """The room of each, by what is the same only where the text is."""
    return {(one.place.x(), one.place.y(), id(one.picture)): one.room for one in texts}


def paint_sentence(
    painter: QPainter, rect: QRect, sentence: str, hint: str = ""
) -> None:
    """Say in the middle of an empty viewport why it is empty."""
    inner = rect.adjusted(theme.GAP_L, theme.GAP_L, -theme.GAP_L, -theme.GAP_L)
    wrap = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignHCenter
    painter.setFont(theme.font("body"))
    said = painter.boundingRect(inner, wrap, sentence)
    hinted = painter.boundingRect(inner, wrap, hint) if hint else QRect()
    top = inner.center().y() - (said.height() + hinted.height()) // 2
    painter.setPen(theme.color(theme.ON_IMAGE.text_2))
    place = QRect(inner.left(), top, inner.width(), said.height())
    painter.drawText(place, wrap, sentence)
    if hint:
        painter.setPen(theme.color(theme.ON_IMAGE.text_3))
        below = place.translated(0, said.height() + theme.UNIT)
        painter.drawText(below.adjusted(0, 0, 0, hinted.height()), wrap, hint)


def _paint_line(painter: QPainter, line: ReferenceLine) -> None:
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pen = QPen(theme.color(line.colour, 1.0 if line.leads else 0.6), 1.0)
    if not line.leads:
        pen.setStyle(Qt.PenStyle.DashLine)
    painter.setPen(pen)
    painter.drawLine(QPointF(*line.start), QPointF(*line.end))
    painter.restore()


def paint_frame(painter: QPainter, rect: QRect, ratio: float) -> None:
    """The frame of the active viewport, wholly inside, in whole device pixels."""
    width = math.ceil(theme.FRAME * ratio) / ratio
    left, top, across, down = rect.left(), rect.top(), rect.width(), rect.height()
    colour = theme.color(theme.ON_IMAGE.focus)
    for side in (
        QRectF(left, top, across, width),
        QRectF(left, top + down - width, across, width),
        QRectF(left, top, width, down),
        QRectF(left + across - width, top, width, down),
    ):
        painter.fillRect(side, colour)
