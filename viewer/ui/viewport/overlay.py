"""What is written and drawn over an image: corners, marks, letters, rulers, lines.

Everything is laid out in screen pixels of the viewport; nothing here knows where the
values come from.
"""

import math
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice, takewhile, zip_longest

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPixmap

from viewer.core.corners import Corners
from viewer.core.orientation import SideLetters
from viewer.core.ruler import Ruler
from viewer.core.view import Point
from viewer.ui import theme
from viewer.ui.viewport.outlined import line_height, outlined, width_of
from viewer.ui.viewport.scales import paint_bottom, paint_left

_MARGIN = theme.GAP_S
_RULER_LABEL = 11 * theme.UNIT
_LINES_BESIDE_RULER = 3
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


def paint_overlay(
    painter: QPainter, overlay: Overlay, rect: QRect, ratio: float
) -> None:
    """Draw `overlay` into `rect`, with `ratio` device pixels a screen pixel."""
    for line in overlay.lines:
        _paint_line(painter, line)
    _Writing(painter, rect, ratio).write(overlay)
    if min(rect.width(), rect.height()) >= _SMALLEST:
        bottom, left = overlay.rulers
        if bottom is not None:
            paint_bottom(painter, bottom, rect, ratio)
        if left is not None:
            paint_left(painter, left, rect, ratio)


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


def room_below(corners: Corners, width: int, ratio: float) -> float:
    """The part of a viewport's width that its lowest lines leave in the middle."""
    widest = max(
        (
            width_of(line, theme.ON_IMAGE.text, ratio)
            for lines in (
                (*corners.marks, *corners.bottom_left),
                corners.bottom_right,
            )
            for line in lines[-_LINES_BESIDE_RULER:]
        ),
        default=0.0,
    )
    taken = 2 * (widest + _MARGIN + _RULER_LABEL)
    return max(width - taken, 0.0) / width


class _Writing:
    """Lines of text in the corners and letters on the sides of one viewport."""

    def __init__(self, painter: QPainter, rect: QRect, ratio: float) -> None:
        self._painter, self._rect, self._ratio = painter, rect, ratio
        self._line = line_height()

    def write(self, overlay: Overlay) -> None:
        corners, rect = overlay.corners, self._rect
        top, bottom = rect.top() + _MARGIN, rect.bottom() + 1 - _MARGIN
        text, warn = theme.ON_IMAGE.text, theme.ON_IMAGE.warn
        self._column(corners.top_left, top, text)
        self._column(corners.top_right, top, text, right=True)
        lower = bottom - self._line * len(corners.bottom_left)
        self._column(corners.bottom_left, lower, text)
        self._column(corners.marks, lower - self._line * len(corners.marks), warn)
        beside = (*corners.marks, *corners.bottom_left)
        shown = self._fitting(corners.bottom_right, beside)
        lower = bottom - self._line * len(shown)
        self._column(shown, lower, text, right=True)
        self._letters(overlay.letters, self._free_row(beside))

    def _free_row(self, lines: tuple[str, ...]) -> int:
        """Screen pixels that the letter at the foot goes up beside long marks."""
        middle = self._rect.width() / 2 - _MARGIN - self._line
        reaching = (self._width(line) > middle for line in reversed(lines))
        return self._line * sum(1 for _ in takewhile(bool, reaching))

    def _fitting(
        self, lines: tuple[str, ...], beside: tuple[str, ...]
    ) -> tuple[str, ...]:
        """Lines of the right corner, blank where a mark reaches into them."""
        return _not_met(lines, beside, self._rect.width() - 2 * _MARGIN, self._ratio)

    def _width(self, line: str) -> float:
        return _width(line, self._ratio)

    def _column(
        self, lines: tuple[str, ...], top: int, colour: str, *, right: bool = False
    ) -> None:
        edge = (
            self._rect.right() + 1 - _MARGIN if right else self._rect.left() + _MARGIN
        )
        for place, line in _places(
            lines, (edge, top), colour, self._ratio, right=right
        ):
            self._painter.drawPixmap(place, line)

    def _letters(self, letters: SideLetters, lift: int) -> None:
        middle = self._rect.center()
        left, top = self._rect.left() + _MARGIN, self._rect.top() + _MARGIN
        right = self._rect.right() + 1 - _MARGIN
        bottom = self._rect.bottom() + 1 - _MARGIN - lift
        self._letter(letters.left, left, middle.y(), 0.0, 0.5)
        self._letter(letters.right, right, middle.y(), 1.0, 0.5)
        self._letter(letters.top, middle.x(), top, 0.5, 0.0)
        self._letter(letters.bottom, middle.x(), bottom, 0.5, 1.0)

    def _letter(self, text: str, x: int, y: int, across: float, down: float) -> None:
        """`across` and `down` say which part of the text lies at ``(x, y)``."""
        if text:
            drawn = outlined(text, theme.ON_IMAGE.text, self._ratio)
            size = drawn.deviceIndependentSize()
            left = round(x - size.width() * across)
            self._painter.drawPixmap(
                QPointF(left, round(y - size.height() * down)), drawn
            )


def _width(line: str, ratio: float) -> float:
    return width_of(line, theme.ON_IMAGE.text, ratio) if line else 0.0


@lru_cache(maxsize=256)  # most lines stay while the window changes
def _not_met(
    lines: tuple[str, ...], beside: tuple[str, ...], room: float, ratio: float
) -> tuple[str, ...]:
    rows = zip_longest(reversed(lines), reversed(beside), fillvalue="")
    kept = [
        right if _width(right, ratio) + _width(left, ratio) <= room else ""
        for right, left in islice(rows, len(lines))
    ]
    return tuple(reversed(kept))


@lru_cache(maxsize=256)
def _places(
    lines: tuple[str, ...],
    corner: tuple[int, int],
    colour: str,
    ratio: float,
    *,
    right: bool,
) -> tuple[tuple[QPointF, QPixmap], ...]:
    """Each line of a column as a picture, and where it lies; blank ones are left out.

    `corner` is the upper left one, or the upper right one of lines at the `right`.
    """
    edge, top = corner
    places = []
    for row, line in enumerate(lines):
        if line:
            left = edge - round(width_of(line, colour, ratio)) if right else edge
            place = QPointF(left, top + row * line_height())
            places.append((place, outlined(line, colour, ratio)))
    return tuple(places)


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
