"""The icons: Phosphor, one weight, in the colours of the theme.

The engine paints with the tokens of the moment, so an icon made once stays right
when the theme changes. The font loads on the first paint of one, not with the window.
"""

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QIcon, QIconEngine, QPainter, QPixmap
from typing_extensions import override

from viewer.ui.theme import color, tokens

_GLYPH_SHARE = 0.92  # of the icon's square; the font's own margin does the rest


def icon(name: str, role: str = "") -> QIcon:
    """The Phosphor icon `name` (``"folder-open"``); an empty one for no name.

    `role` is a colour of the tokens that the icon keeps in every state:
    ``good``, ``warn``, ``bad``, ``accent``, ``secondary``.
    """
    return QIcon(_Glyph(name, role)) if name else QIcon()


def paint_icon(painter: QPainter, rect: QRect, name: str, colour: str) -> None:
    """Draw the Phosphor icon `name` into `rect` in a token's colour."""
    from viewer.ui.icon_font import (  # noqa: PLC0415 - the first paint need not wait
        glyph,
        icon_font,
    )

    side = min(rect.width(), rect.height())
    painter.save()
    painter.setFont(icon_font(max(1, round(side * _GLYPH_SHARE))))
    painter.setPen(color(colour))
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, glyph(name))
    painter.restore()


class _Glyph(QIconEngine):
    def __init__(self, name: str, role: str) -> None:
        super().__init__()
        self._name = name
        self._role = role

    @override
    def paint(
        self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State
    ) -> None:
        look = tokens()
        if self._role:
            colour = (
                look.text_2 if self._role == "secondary" else getattr(look, self._role)
            )
        elif mode == QIcon.Mode.Disabled:
            colour = look.text_3
        elif state == QIcon.State.On:
            colour = look.accent
        elif mode in (QIcon.Mode.Active, QIcon.Mode.Selected):
            colour = look.text
        else:
            colour = look.text_2
        paint_icon(painter, rect, self._name, colour)

    @override
    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        drawn = QPixmap(size)
        drawn.fill(Qt.GlobalColor.transparent)
        painter = QPainter(drawn)
        self.paint(painter, QRect(QPoint(0, 0), size), mode, state)
        painter.end()
        return drawn

    @override
    def clone(self) -> QIconEngine:
        return _Glyph(self._name, self._role)
