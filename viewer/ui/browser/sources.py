"""Where the Studies page can look: the list at its left."""

from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QListWidget,
    QListWidgetItem,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from viewer.core.listing import STATUSES
from viewer.services.browsing import Browsing, BrowsingState, Place
from viewer.ui import theme
from viewer.ui.icons import icon

_WIDTH = 184
_COUNT = Qt.ItemDataRole.UserRole


@dataclass(frozen=True, slots=True)
class _Source:
    title: str
    icon: str
    place: Place
    status: str = ""


_SOURCES = (
    _Source("This computer", "desktop", Place.LIBRARY),
    _Source("To read", "circle", Place.LIBRARY, STATUSES[0]),
    _Source("Trash", "trash", Place.TRASH),
    _Source("Conflicts", "warning", Place.CONFLICTS),
)


class Sources(QWidget):
    """The places, each with how much lies there when that matters."""

    def __init__(self, browsing: Browsing) -> None:
        super().__init__()
        theme.set_role(self, "side")
        self.setFixedWidth(_WIDTH)
        self._browsing = browsing
        self.list = QListWidget()
        self.list.setIconSize(QSize(theme.GAP_L, theme.GAP_L))
        self.list.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.list.setSpacing(1)
        self.list.setItemDelegate(_SourceDelegate(self.list))
        for source in _SOURCES:
            self.list.addItem(_item(source))
        self.list.setCurrentRow(0)
        self.list.setFixedHeight(len(_SOURCES) * (theme.ROW + 2) + 2)
        self.list.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.currentRowChanged.connect(self._on_chosen)
        # What is left by choosing a peer is chosen again by a click.
        self.list.itemClicked.connect(lambda _: self._on_clicked())
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(
            theme.UNIT, theme.GAP_S, theme.UNIT, theme.GAP_S
        )
        self._layout.addWidget(self.list)
        browsing.changed.connect(self._show)

    def add(self, widget: QWidget) -> None:
        """Put more to look at below the places."""
        self._layout.addWidget(widget, 1)

    def count(self, to_read: int, conflicts: int, *, more: bool = False) -> None:
        """Say how much waits, perhaps `more` to read; nothing is said about nothing."""
        counts = {"To read": to_read, "Conflicts": conflicts}
        for row, source in enumerate(_SOURCES):
            number = counts.get(source.title, 0)
            plus = "+" if more and source.title == "To read" else ""
            text = f"{number:,}{plus}" if number else ""
            self.list.item(row).setData(_COUNT, text)

    def _on_chosen(self, row: int) -> None:
        source = _SOURCES[row]
        self._browsing.look_in(source.place, status=source.status)

    def _on_clicked(self) -> None:
        if self._browsing.state.place is Place.PEERS:
            self._on_chosen(self.list.currentRow())

    def _show(self, state: BrowsingState) -> None:
        """Mark the place that is looked at, without choosing it again."""
        if state.place is Place.PEERS:
            self.list.clearSelection()
            return
        only = state.query.statuses
        row = next(
            (
                at
                for at, source in reversed(list(enumerate(_SOURCES)))
                if source.place is state.place
                and (not source.status or only == (source.status,))
            ),
            0,
        )
        self.list.blockSignals(True)  # noqa: FBT003 - Qt's own signature
        self.list.setCurrentRow(row)
        self.list.item(row).setSelected(True)
        self.list.blockSignals(False)  # noqa: FBT003


class _SourceDelegate(QStyledItemDelegate):
    """A row as ever, and its number at the right end."""

    @override
    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        super().paint(painter, option, index)
        number = index.data(_COUNT)
        if number:
            painter.setFont(theme.figures(theme.font("caption")))
            painter.setPen(theme.color(theme.tokens().text_2))
            painter.drawText(
                option.rect.adjusted(0, 0, -theme.GAP_S, 0),
                Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
                number,
            )


def _item(source: _Source) -> QListWidgetItem:
    item = QListWidgetItem(icon(source.icon), source.title)
    item.setSizeHint(QSize(0, theme.ROW))
    return item
