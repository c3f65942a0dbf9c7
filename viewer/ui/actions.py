"""Commands as Qt actions: one action a command, wherever it is shown."""

from collections.abc import Callable, Iterable

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from viewer.commands.command import EVERYWHERE
from viewer.commands.desk import Commands, Desk, DeskCommand
from viewer.core.errors import ViewerError
from viewer.ui import theme
from viewer.ui.icons import icon

_SETTLE_MS = 30  # several changes of one gesture are one look at `enabled`


class Actions(QObject):
    """The actions of every command, kept in step with what is possible now.

    Keys of a scope are heard in the widget given for it by `hear` and its children;
    keys heard everywhere, in every window of the program that no dialog blocks.
    """

    def __init__(self, commands: Commands, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self.commands = commands
        self._desk = desk
        self._actions = {c.id: self._action(c) for c in commands}
        self._settle = QTimer(self, interval=_SETTLE_MS, singleShot=True)
        self._settle.timeout.connect(self.refresh)

    def __getitem__(self, command_id: str) -> QAction:
        return self._actions[command_id]

    def hear(self, widget: QWidget, scope: str = EVERYWHERE) -> None:
        """Have the keys of `scope` work while the keyboard is in `widget`."""
        widget.addActions(
            [self._actions[c.id] for c in self.commands if c.scope == scope]
        )

    def button(self, command_id: str, *, words: bool = False) -> QToolButton:
        """A toolbar button: its icon, or its words where it has none."""
        button = QToolButton()
        button.setDefaultAction(self._actions[command_id])
        button.setIconSize(
            button.iconSize().scaled(
                theme.ICON, theme.ICON, Qt.AspectRatioMode.IgnoreAspectRatio
            )
        )
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        if words and self.commands[command_id].icon:
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        return button

    def fill(self, menu: QMenu, commands: Iterable[DeskCommand]) -> QMenu:
        """Put `commands` into `menu`, with a line between their groups."""
        previous: str | None = None
        for command in commands:
            if previous is not None and command.group != previous:
                menu.addSeparator()
            previous = command.group
            menu.addAction(self._actions[command.id])
        return menu

    def refresh_soon(self, *_: object) -> None:
        """Look again at what is possible, once the present gesture is over."""
        self._settle.start()

    def refresh(self, *_: object) -> None:
        """Look again at what is possible and what is on."""
        for command in self.commands:
            action = self._actions[command.id]
            action.setEnabled(command.enabled(self._desk))
            if command.checked is not None:
                action.setChecked(command.checked(self._desk))

    def run(self, command_id: str) -> None:
        """Run a command; what it cannot do for a known reason is said in a notice."""
        try:
            self.commands.run(command_id, self._desk)
        except ViewerError as error:
            self._desk.window.failed(error)
        self.refresh()

    def _action(self, command: DeskCommand) -> QAction:
        action = QAction(icon(command.icon), command.title, self)
        action.setObjectName(command.id)
        action.setShortcuts([QKeySequence(key) for key in command.keys])
        everywhere = command.scope == EVERYWHERE
        action.setShortcutContext(
            Qt.ShortcutContext.ApplicationShortcut
            if everywhere
            else Qt.ShortcutContext.WidgetWithChildrenShortcut
        )
        action.setCheckable(command.checked is not None)
        action.setIconVisibleInMenu(False)
        action.setToolTip(_tip(command))
        action.triggered.connect(self._runner(command.id))
        return action

    def _runner(self, command_id: str) -> Callable[[], None]:
        return lambda: self.run(command_id)


def keys_text(command: DeskCommand) -> str:
    """The command's keys as this platform writes them."""
    native = QKeySequence.SequenceFormat.NativeText
    return "  ".join(QKeySequence(key).toString(native) for key in command.keys)


def _tip(command: DeskCommand) -> str:
    keys = keys_text(command)
    return f"{command.title}   {keys}" if keys else command.title
