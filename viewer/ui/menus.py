"""The menus, built from the commands: a new command needs no line here."""

from collections.abc import Iterable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMenu, QMenuBar

from viewer.commands.command import EVERYWHERE
from viewer.commands.desk import DeskCommand
from viewer.commands.window_port import Page
from viewer.ui.actions import Actions

_ORDER = ("File", "Edit", "Study", "Image", "Window", "Layout", "View", "Go", "Help")


class Menus(QObject):
    """One menu for each first word of the commands' menu paths.

    A menu shows what can be meant on the page in front; one that would be empty
    there is hidden.
    """

    def __init__(self, bar: QMenuBar, actions: Actions) -> None:
        super().__init__(bar)
        self._actions = actions
        self._menus: dict[str, QMenu] = {}
        for name in _names(actions.commands):
            self._menus[name] = menu = bar.addMenu(f"&{name}")
            menu.setObjectName(f"menu.{name}")
            menu.aboutToShow.connect(actions.refresh)

    def show_page(self, page: Page) -> None:
        """Offer what belongs to `page`."""
        commands = [c for c in self._actions.commands if c.scope in (EVERYWHERE, page)]
        for name, menu in self._menus.items():
            for submenu in menu.findChildren(QMenu):  # clearing leaves them behind
                submenu.deleteLater()
            menu.clear()
            _fill(menu, name, commands, self._actions)
            menu.menuAction().setVisible(not menu.isEmpty())


def _names(commands: Iterable[DeskCommand]) -> list[str]:
    """The names in their usual order, new ones before the last."""
    found = {c.menu.split("/")[0] for c in commands if c.menu}
    known = [name for name in _ORDER if name in found]
    return [*known[:-1], *sorted(found - set(known)), *known[-1:]]


def _fill(
    menu: QMenu, path: str, commands: Iterable[DeskCommand], actions: Actions
) -> None:
    """Put in what stands at `path`, groups together, submenus in their place."""
    inside = [c for c in commands if f"{c.menu}/".startswith(f"{path}/")]
    submenus: set[str] = set()
    previous: str | None = None
    for command in _by_group(inside):
        rest = command.menu[len(path) + 1 :].split("/")[0]
        if rest in submenus:
            continue
        if previous is not None and command.group != previous:
            menu.addSeparator()
        previous = command.group
        if rest:
            submenus.add(rest)
            _fill(menu.addMenu(rest), f"{path}/{rest}", inside, actions)
        else:
            menu.addAction(actions[command.id])


def _by_group(commands: Iterable[DeskCommand]) -> list[DeskCommand]:
    """Groups in the order of their first command, whoever added the others."""
    groups: dict[str, list[DeskCommand]] = {}
    for command in commands:
        groups.setdefault(command.group, []).append(command)
    return [command for group in groups.values() for command in group]
