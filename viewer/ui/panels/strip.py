"""The thumbnail strip: every stack of the open studies, to click or to drag."""

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QImage, QPainter, QPen
from PySide6.QtWidgets import (
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)
from typing_extensions import override

from viewer.services.reading_state import ReadingState
from viewer.services.session import ReadingSession
from viewer.services.stack_thumbnails import StackThumbnails
from viewer.ui import theme
from viewer.ui.icons import paint_icon
from viewer.ui.panels.strip_model import Row, StripModel, to_rows

_PICTURE = theme.STRIP - 2 * theme.GAP_M - 10  # the scroll bar takes ten
_LINES = 3
_SIGN = 14
_BADGE = 3

Index = QModelIndex | QPersistentModelIndex


class ThumbnailStrip(QListView):
    """A click shows a stack in the active viewport; a drag takes it to any."""

    def __init__(self, session: ReadingSession, thumbnails: StackThumbnails) -> None:
        super().__init__()
        self._session, self._thumbnails = session, thumbnails
        self.rows = StripModel(self)
        self.setModel(self.rows)
        self._delegate = _Delegate(self.rows, self)
        self.setItemDelegate(self._delegate)
        self.setFixedWidth(theme.STRIP)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QListView.SelectionMode.NoSelection)
        self.setDragEnabled(True)
        self.setDragDropMode(QListView.DragDropMode.DragOnly)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # keys belong to the images
        self.setAccessibleName("Series")
        self.clicked.connect(self._on_clicked)

    @staticmethod
    def picture_side() -> int:
        """Side of a picture in screen pixels."""
        return _PICTURE

    def show_studies(self) -> None:
        """Show the stacks of the studies that are open now."""
        self._thumbnails.drop()
        scrolled = self.verticalScrollBar().value()
        self.rows.show_rows(to_rows(self._session.stacks))
        self.doItemsLayout()
        self.verticalScrollBar().setValue(scrolled)
        for row in self.rows.rows:
            if row.stack is not None:
                self._thumbnails.ask(row.stack)

    def show_state(self, state: ReadingState) -> None:
        """Mark what is on the screen."""
        shown = frozenset(state.viewports[place].stack_id for place in state.visible)
        if self._delegate.mark(shown, state.viewport.stack_id):
            self.viewport().update()

    def _on_clicked(self, index: QModelIndex) -> None:
        stack = self.rows.rows[index.row()].stack
        if stack is not None:
            self._session.show(stack.id)


class _Delegate(QStyledItemDelegate):
    def __init__(self, rows: StripModel, parent: QObject) -> None:
        super().__init__(parent)
        self._rows = rows
        self._caption = theme.figures(theme.font("caption"))
        self._metrics = QFontMetrics(self._caption)
        self._shown: frozenset[str] = frozenset()
        self._active = ""

    def mark(self, shown: frozenset[str], active: str) -> bool:
        """Note what is on the screen; return whether that is news."""
        news = (shown, active) != (self._shown, self._active)
        self._shown, self._active = shown, active
        return news

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        row, line = self._rows.rows[index.row()], self._metrics.height()
        if row.is_heading:
            return QSize(theme.STRIP, 2 * line + theme.GAP_M)
        text = theme.UNIT + _LINES * line + 2 * theme.GAP_S
        return QSize(theme.STRIP, text + (_PICTURE if row.stack else 0))

    @override
    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: Index
    ) -> None:
        row = self._rows.rows[index.row()]
        painter.save()
        painter.setFont(self._caption)
        if row.is_heading:
            self._paint_heading(painter, option.rect, row)
        else:
            hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
            if hovered and row.stack:
                painter.fillRect(option.rect, theme.color(theme.tokens().hover))
            self._paint_row(painter, option.rect, row)
        painter.restore()

    def _paint_heading(self, painter: QPainter, rect: QRect, row: Row) -> None:
        look = theme.tokens()
        self._write(painter, rect, theme.GAP_S, row.title, look.text)
        below = theme.GAP_S + self._metrics.height()
        self._write(painter, rect, below, row.caption, look.text_2)

    def _paint_row(self, painter: QPainter, rect: QRect, row: Row) -> None:
        look = theme.tokens()
        top = theme.GAP_S
        if row.stack is not None:
            place = QRect(
                rect.left() + theme.GAP_M, rect.top() + top, _PICTURE, _PICTURE
            )
            self._paint_picture(painter, place, self._rows.picture(row))
            self._paint_marks(painter, place, row)
            top += _PICTURE + theme.UNIT
        line = self._metrics.height()
        texts = (
            (row.title, look.text if row.stack else look.text_2),
            (row.caption, look.text_2),
            (row.count, look.text_2),
        )
        for at, (text, colour) in enumerate(texts):
            self._write(painter, rect, top + at * line, text, colour)

    def _write(
        self, painter: QPainter, rect: QRect, top: int, text: str, colour: str
    ) -> None:
        place = QRect(
            rect.left() + theme.GAP_M,
            rect.top() + top,
            _PICTURE,
            self._metrics.height(),
        )
        elided = self._metrics.elidedText(text, Qt.TextElideMode.ElideRight, _PICTURE)
        painter.setPen(theme.color(colour))
        painter.drawText(place, Qt.AlignmentFlag.AlignLeft, elided)

    def _paint_picture(
        self, painter: QPainter, place: QRect, picture: QImage | str | None
    ) -> None:
        painter.fillRect(place, theme.color(theme.ON_IMAGE.canvas))
        if isinstance(picture, QImage):
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(place, picture)
        elif isinstance(picture, str):
            painter.setPen(theme.color(theme.ON_IMAGE.text_2))
            inner = place.adjusted(theme.UNIT, theme.UNIT, -theme.UNIT, -theme.UNIT)
            wrap = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(inner, wrap, picture)

    def _paint_marks(self, painter: QPainter, place: QRect, row: Row) -> None:
        """A bar beside what is on the screen, a frame around what is active."""
        look, stack_id = theme.tokens(), row.stack.id if row.stack else ""
        if stack_id in self._shown:
            bar = QRect(place.left() - theme.GAP_S, place.top(), _BADGE, place.height())
            painter.fillRect(bar, theme.color(look.accent))
        if stack_id == self._active:
            painter.setPen(QPen(theme.color(look.focus), theme.FRAME))
            painter.drawRect(place)
        if row.faults:
            sign = QRect(place.right() - _SIGN - 3, place.top() + 4, _SIGN, _SIGN)
            paint_icon(painter, sign, "warning", theme.ON_IMAGE.warn)
