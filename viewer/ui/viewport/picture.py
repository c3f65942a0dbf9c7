"""The grey or coloured pixels of a viewport, written where Qt keeps the window's.

A picture that is copied there costs as much again as finding its pixels.
"""

from math import floor
from typing import TYPE_CHECKING, NamedTuple, cast

import numpy as np
from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QRegion
from PySide6.QtWidgets import QWidget

from viewer.core.grayscale import Voi
from viewer.core.render import FramePainter
from viewer.core.resampling import WORD_OF_GREY, Rectangle, Words
from viewer.core.view import Point, Size, View, ViewTransform

if TYPE_CHECKING:
    from collections.abc import Iterable

_QUICK_FROM = 200_000  # pixels of the frame; smaller ones are averaged in no time
_ROUNDING = 1e-3  # device pixels that a cursor may lie before its pixel by rounding
_KINDS = (QImage.Format.Format_RGB32, QImage.Format.Format_ARGB32_Premultiplied)


def device_size_of(widget: QWidget) -> Size:
    """Width and height of a widget in device pixels, at least one each."""
    ratio = widget.devicePixelRatioF()
    return max(round(widget.width() * ratio), 1), max(round(widget.height() * ratio), 1)


def is_large(transform: ViewTransform) -> bool:
    """Whether an image is shrunk quickly while the hand moves."""
    columns, rows = transform.image_size
    return columns * rows >= _QUICK_FROM


def device_point(widget: QWidget, point: QPointF) -> Point:
    """The centre of the device pixel a cursor is on.

    Qt gives its corner: in a picture that is turned that is the next image pixel's.
    """
    placed = (point - to_grid(widget)) * widget.devicePixelRatioF()
    return floor(placed.x() + _ROUNDING) + 0.5, floor(placed.y() + _ROUNDING) + 0.5


def to_grid(widget: QWidget) -> QPointF:
    """From the widget's corner to the nearest whole device pixel, in screen pixels.

    At 150 % half of all widgets begin between two pixels, and a picture drawn there
    would be smeared.
    """
    ratio = widget.devicePixelRatioF()
    if ratio.is_integer():
        return QPointF()
    corner = QPointF(widget.mapTo(widget.window(), QPoint(0, 0))) * ratio
    shift = QPointF(round(corner.x()) - corner.x(), round(corner.y()) - corner.y())
    return shift / ratio


class Ground(NamedTuple):
    """Where a picture is laid.

    Attributes
    ----------
    painter : QPainter
        Its origin is the corner of the viewport.
    region : QRegion
        What of the viewport is to be painted, in screen pixels.
    size : Size
        Of the viewport, in device pixels.
    """

    painter: QPainter
    region: QRegion
    size: Size


class Picture:
    """Lays an image on a viewport, and knows whether it has done so in a hurry.

    Parameters
    ----------
    hurries : bool
        Whether it may.
    """

    def __init__(self, *, hurries: bool = True) -> None:
        self._hurries = hurries
        self._place: object = None
        self.is_rough = False

    def lay_on(
        self, ground: Ground, frame: FramePainter, view: View, voi: Voi | None
    ) -> None:
        """Paint the region of a viewport.

        While frame, zoom, pan or size change, large frames are shrunk quickly;
        `is_rough` tells that a call of `refine` would bring a better one.
        """
        painter, region, size = ground
        place = (frame, view, size)
        rough = self._hurries and is_large(frame.transform(view, size))
        rough = rough and place != self._place
        self._place, self.is_rough = place, rough or self.is_rough
        words = _words_under(painter, size)
        if words is not None:
            ratio = round(painter.deviceTransform().m11())
            covered = screen_rect(frame.transform(view, size).covered, ratio)
            for part in _parts(region.intersected(covered), ratio, size):
                image = frame.lay(words, part, view, voi, quick=self.is_rough)
                _blacken(painter, part, image, ratio)
            for rect in _rects(region.subtracted(QRegion(covered))):
                painter.fillRect(rect, Qt.GlobalColor.black)
            return
        words = np.full((size[1], size[0]), WORD_OF_GREY[0])
        frame.lay(words, (0, 0, *size), view, voi, quick=self.is_rough)
        shown = QImage(words.data, *size, 4 * size[0], QImage.Format.Format_RGB32)
        shown.setDevicePixelRatio(painter.deviceTransform().m11())
        painter.drawImage(QPointF(0, 0), shown)

    def refine(self) -> None:
        """Paint in full quality next time."""
        self.is_rough = False


def _words_under(painter: QPainter, size: Size) -> Words | None:
    """The pixels that `painter` paints on, from its origin on, `size` of them.

    None where they are not to be had, or where a screen pixel is not so many whole
    device pixels: what may be painted there is known to Qt alone.
    """
    device = painter.paintEngine().paintDevice()
    if not isinstance(device, QImage) or device.format() not in _KINDS:
        return None
    way = painter.deviceTransform()
    left, top = round(way.dx()), round(way.dy())
    if way.m11() != round(way.m11()) or (left, top) != (way.dx(), way.dy()):
        return None
    right, bottom = left + size[0], top + size[1]
    if min(left, top) < 0 or right > device.width() or bottom > device.height():
        return None
    line = device.bytesPerLine() // 4
    words = np.frombuffer(device.bits(), np.int32).reshape(device.height(), line)
    return words[top:bottom, left:right]


def screen_rect(part: Rectangle, ratio: float) -> QRect:
    """The screen pixels that a part of a viewport touches, given in device pixels."""
    if ratio == 1:
        return QRect(part[0], part[1], part[2] - part[0], part[3] - part[1])
    left, top, right, bottom = (side / ratio for side in part)
    return QRectF(left, top, right - left, bottom - top).toAlignedRect()


def _parts(region: QRegion, ratio: int, size: Size) -> list[Rectangle]:
    """The rectangles of a region, in device pixels of the viewport."""
    return [
        (
            max(rect.left() * ratio, 0),
            max(rect.top() * ratio, 0),
            min((rect.right() + 1) * ratio, size[0]),
            min((rect.bottom() + 1) * ratio, size[1]),
        )
        for rect in _rects(region)
    ]


def _rects(region: QRegion) -> "Iterable[QRect]":
    return cast("Iterable[QRect]", region)  # which its stubs do not know


def _blacken(painter: QPainter, part: Rectangle, image: Rectangle, ratio: int) -> None:
    """Paint `part` black where the `image` is not."""
    left, top, right, bottom = part
    if image[0] >= image[2]:
        image = (right, bottom, right, bottom)
    for sides in (
        (left, top, right, image[1]),
        (left, image[3], right, bottom),
        (left, image[1], image[0], image[3]),
        (image[2], image[1], right, image[3]),
    ):
        if sides[0] < sides[2] and sides[1] < sides[3]:
            x, y, x_end, y_end = (side / ratio for side in sides)
            painter.fillRect(QRectF(x, y, x_end - x, y_end - y), Qt.GlobalColor.black)
