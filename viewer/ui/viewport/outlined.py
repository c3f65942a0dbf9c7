"""Text that can be read on any picture: light, with a thin dark outline."""

from functools import cache, lru_cache
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import (
    QFontMetricsF,
    QPainter,
    QPainterPath,
    QPen,
    QPixmap,
)

from viewer.ui import theme


class Placed(NamedTuple):
    """A small picture, where its corner lies and its room, in screen pixels."""

    place: QPointF
    picture: QPixmap
    room: QRect


def placed(place: QPointF, picture: QPixmap) -> Placed:
    """The picture there."""
    room = QRectF(place, picture.deviceIndependentSize()).toAlignedRect()
    return Placed(place, picture, room)


_OUTLINE = 1.0  # on each side
_MARGIN = 2


@lru_cache(maxsize=1024)
def outlined(text: str, colour: str, ratio: float) -> QPixmap:
    """One line of text as a small picture.

    Kept, because outlining costs more than everything else that is painted when the
    window changes.

    Parameters
    ----------
    text : str
    colour : str
        A colour of the tokens.
    ratio : float
        Device pixels for one screen pixel.
    """
    font = theme.figures(theme.font("image"))
    metrics = QFontMetricsF(font)
    width = metrics.horizontalAdvance(text) + 2 * _MARGIN
    pixmap = QPixmap(round(width * ratio) + 1, round(line_height() * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    path = QPainterPath()
    path.addText(QPointF(_MARGIN, metrics.ascent()), font, text)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pen = QPen(theme.color(theme.ON_IMAGE.canvas), 2 * _OUTLINE)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.strokePath(path, pen)
    painter.setPen(theme.color(colour))
    painter.setFont(font)
    painter.drawText(QPointF(_MARGIN, metrics.ascent()), text)
    painter.end()
    return pixmap


@lru_cache(maxsize=1024)
def width_of(text: str, colour: str, ratio: float) -> float:
    """Screen pixels from one end of an outlined text to the other."""
    return outlined(text, colour, ratio).deviceIndependentSize().width()


@cache
def line_height() -> int:
    """Screen pixels from one line of text to the next."""
    return round(QFontMetricsF(theme.font("image")).height()) + 1
