"""The command palette: every command by name."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QDialog,
    QLabel,
    QLineEdit,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from viewer.commands.desk import DeskCommand
from viewer.commands.matching import ranked
from viewer.ui import theme
from viewer.ui.actions import Actions, keys_text

_WIDTH, _HEIGHT = 620, 420
_MOVES = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


class Palette(QDialog):
    """Type a few letters, press Enter.

    What cannot run now is shown too, grey: the palette is also where one looks up
    whether something exists.
    """

    def __init__(self, actions: Actions, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self._actions = actions
        actions.refresh()
        theme.set_role(self, "raised")
        self.search = QLineEdit()
        theme.set_role(self.search, "palette")
        self.search.setPlaceholderText("What do you want to do?")
        self.search.textChanged.connect(self._show_matches)
        self.search.installEventFilter(self)
        self.list = self._list()
        self._nothing = QLabel("No command of that name.")
        theme.set_role(self._nothing, "secondary")
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, theme.UNIT, 1, theme.GAP_S)
        layout.setSpacing(theme.UNIT)
        layout.addWidget(self.search)
        layout.addWidget(self.list, 1)
        layout.addWidget(self._nothing, 1)
        self.setFixedSize(_WIDTH, _HEIGHT)
        self.move(
            parent.mapToGlobal(parent.rect().center()).x() - _WIDTH // 2,
            parent.mapToGlobal(parent.rect().topLeft()).y() + 2 * theme.BAR,
        )
        self._show_matches("")

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in _MOVES:
                self.list.event(event)
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._run(self.list.currentItem())
                return True
        return super().eventFilter(watched, event)

    def _list(self) -> QTreeWidget:
        tree = QTreeWidget()
        tree.setColumnCount(3)
        tree.setHeaderHidden(True)
        tree.setRootIsDecorated(False)
        tree.setUniformRowHeights(True)
        tree.setAllColumnsShowFocus(True)
        tree.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        tree.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        tree.itemClicked.connect(self._run)
        tree.setColumnWidth(0, 350)
        tree.setColumnWidth(1, 110)
        return tree

    def _show_matches(self, typed: str) -> None:
        self.list.clear()
        self.list.addTopLevelItems(
            [self._item(c) for c in ranked(self._actions.commands, typed)]
        )
        first = self.list.topLevelItem(0)
        if first is not None:
            self.list.setCurrentItem(first)
        found = first is not None
        self.list.setVisible(found)
        self._nothing.setVisible(not found)

    def _item(self, command: DeskCommand) -> QTreeWidgetItem:
        place = command.menu.split("/")[0]
        item = QTreeWidgetItem([command.title, place, keys_text(command)])
        item.setData(0, Qt.ItemDataRole.UserRole, command.id)
        look = theme.tokens()
        possible = self._actions[command.id].isEnabled()
        item.setForeground(0, theme.color(look.text if possible else look.text_3))
        for column in (1, 2):
            item.setForeground(
                column, theme.color(look.text_2 if possible else look.text_3)
            )
        item.setTextAlignment(
            2, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        )
        return item

    def _run(self, item: QTreeWidgetItem | None) -> None:
        if item is None:
            return
        command_id = item.data(0, Qt.ItemDataRole.UserRole)
        if self._actions[command_id].isEnabled():
            self.close()  # the command may open a dialog of its own
            self._actions.run(command_id)
