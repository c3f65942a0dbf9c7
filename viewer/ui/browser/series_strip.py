"""The series of the selected study, each with a picture."""

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFontMetrics, QImage, QPainter
from PySide6.QtWidgets import (
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)
from typing_extensions import override

from viewer.core.counts import counted
from viewer.core.identity import SeriesUID, StudyUID
from viewer.core.listing import SeriesSummary
from viewer.ui import theme

PICTURE = 104
_CELL = QSize(PICTURE + 2 * theme.GAP_S, PICTURE + 58)

Picture = npt.NDArray[np.uint8]
"""``(rows, columns)`` grey or ``(rows, columns, 3)`` RGB."""

Index = QModelIndex | QPersistentModelIndex


class SeriesModel(QAbstractListModel):
    """The series, with the pictures that have come.

    Signals
    -------
    wanted : (SeriesUID)
        A series without a picture is on the screen.
    """

    wanted = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.series: tuple[SeriesSummary, ...] = ()
        self._pictures: dict[SeriesUID, QImage | str] = {}
        self._asked: set[SeriesUID] = set()

    def show_series(self, series: Sequence[SeriesSummary]) -> None:
        """Show other series; pictures that were there before stay known."""
        self.beginResetModel()
        self.series = tuple(series)
        kept = {one.series_uid for one in series}
        self._pictures = {u: p for u, p in self._pictures.items() if u in kept}
        self._asked = set(self._pictures)
        self.endResetModel()

    def forget_reasons(self) -> None:
        """Look again for pictures that could not be had."""
        found = self._pictures.items()
        self._pictures = {u: p for u, p in found if not isinstance(p, str)}
        self._asked = set(self._pictures)

    def set_picture(self, series_uid: SeriesUID, picture: Picture | str) -> None:
        """Show a picture, or the reason why there is none."""
        shown = picture if isinstance(picture, str) else _to_image(picture)
        self._pictures[series_uid] = shown
        for row, one in enumerate(self.series):
            if one.series_uid == series_uid:
                self.dataChanged.emit(self.index(row), self.index(row))

    def picture(self, row: int) -> QImage | str | None:
        """The picture of a row, the reason why there is none, or None: not yet."""
        uid = self.series[row].series_uid
        if uid not in self._pictures and uid not in self._asked:
            self._asked.add(uid)
            self.wanted.emit(uid)
        return self._pictures.get(uid)

    @override
    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.series)

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role == Qt.ItemDataRole.DisplayRole:
            return title(self.series[index.row()])
        if role == Qt.ItemDataRole.ToolTipRole:
            one = self.series[index.row()]
            reason = self._pictures.get(one.series_uid)
            lines = [title(one), one.description, count(one)]
            lines += [reason] if isinstance(reason, str) else []
            return "\n".join(line for line in lines if line)
        return None


class SeriesStrip(QListView):
    """One row of pictures; a click chooses a series, a double click reads it."""

    def __init__(self, model: SeriesModel) -> None:
        super().__init__()
        theme.set_role(self, "panel")
        self.setModel(model)
        self.setItemDelegate(_SeriesDelegate(model, self))
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(False)
        self.setUniformItemSizes(True)
        self.setSpacing(theme.UNIT)
        self.setHorizontalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumHeight(_CELL.height() + 2 * theme.GAP_M)
        self.setMaximumHeight(_CELL.height() + 3 * theme.GAP_L)

    def series_at(self, index: Index) -> SeriesUID | None:
        """Which series stands at `index`."""
        model = self.model()
        if isinstance(model, SeriesModel) and index.isValid():
            return model.series[index.row()].series_uid
        return None


def title(series: SeriesSummary) -> str:
    """``"3 · CT"``; what is not known is left out."""
    number = "" if series.number is None else str(series.number)
    return " · ".join(part for part in (number, series.modality) if part) or "Series"


def count(series: SeriesSummary) -> str:
    """``"140 images"``; frames where one instance holds many."""
    if series.frames == 0:
        return "no images"
    return counted(series.frames, "image")


class _SeriesDelegate(QStyledItemDelegate):
    def __init__(self, model: SeriesModel, parent: QObject) -> None:
        super().__init__(parent)
        self._series = model
        self._caption = theme.figures(theme.font("caption"))
        self._metrics = QFontMetrics(self._caption)

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return _CELL

    @override
    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: Index
    ) -> None:
        look = theme.tokens()
        one = self._series.series[index.row()]
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        if chosen or hovered:
            painter.fillRect(
                option.rect, theme.color(look.selection if chosen else look.hover)
            )
        left, top = option.rect.left() + theme.GAP_S, option.rect.top() + theme.GAP_S
        place = QRect(left, top, PICTURE, PICTURE)
        self._paint_picture(painter, place, self._series.picture(index.row()))
        painter.setFont(self._caption)
        line = self._metrics.height()
        words = (title(one), one.description, count(one))
        for at, text in enumerate(word for word in words if word):
            colour = look.text_2 if at else look.text
            painter.setPen(theme.color(colour))
            painter.drawText(
                QRect(left, place.bottom() + 3 + at * line, PICTURE, line),
                Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter,
                self._metrics.elidedText(text, Qt.TextElideMode.ElideRight, PICTURE),
            )

    def _paint_picture(
        self, painter: QPainter, place: QRect, picture: QImage | str | None
    ) -> None:
        painter.fillRect(place, theme.color(theme.ON_IMAGE.canvas))
        if isinstance(picture, QImage):
            size = picture.size().scaled(
                place.size(), Qt.AspectRatioMode.KeepAspectRatio
            )
            corner = place.center() - QPoint(size.width() // 2, size.height() // 2)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(QRect(corner, size), picture)
        elif isinstance(picture, str):
            painter.setFont(self._caption)
            painter.setPen(theme.color(theme.ON_IMAGE.text_2))
            painter.drawText(
                place.adjusted(6, 6, -6, -6),
                Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap,
                picture,
            )


def _to_image(picture: Picture) -> QImage:
    pixels = np.ascontiguousarray(picture)
    grey = pixels.ndim == 2
    kind = QImage.Format.Format_Grayscale8 if grey else QImage.Format.Format_RGB888
    rows, columns = pixels.shape[:2]
    # `copy` lets the picture outlive the array.
    return QImage(pixels.data, columns, rows, pixels.strides[0], kind).copy()


Deliver = Callable[[Picture | str], None]
"""Takes a picture, or the reason why there is none."""

PictureSource = Callable[[StudyUID, SeriesUID, Deliver], None]
"""Finds the picture of a series of a study, later and off the GUI thread."""
