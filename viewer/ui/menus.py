"""The menus, built from the commands: a new command needs no line here."""

from collections.abc import Iterable

from PySide6.QtWidgets import QMenu, QMenuBar

from viewer.commands.desk import DeskCommand
from viewer.ui.actions import Actions

_ORDER = ("File", "Edit", "Study", "View", "Image", "Layout", "Window", "Go", "Help")


def fill_menu_bar(bar: QMenuBar, actions: Actions) -> None:
    """Make one menu for each first word of the commands' menu paths."""
    found = {c.menu.split("/")[0] for c in actions.commands if c.menu}
    known = [name for name in _ORDER if name in found]
    for name in [*known[:-1], *sorted(found - set(_ORDER)), *known[-1:]]:
        menu = bar.addMenu(f"&{name}")
        _fill(menu, name, actions)
        menu.aboutToShow.connect(actions.refresh)


def _fill(menu: QMenu, path: str, actions: Actions) -> None:
    """Put in what stands at `path`, groups together, submenus in their place."""
    inside = [c for c in actions.commands if f"{c.menu}/".startswith(f"{path}/")]
    submenus: dict[str, QMenu] = {}
    previous: str | None = None
    for command in _by_group(inside):
        rest = command.menu[len(path) + 1 :].split("/")[0]
        if rest and rest in submenus:
            continue
        if previous is not None and command.group != previous:
            menu.addSeparator()
        previous = command.group
        if rest:
            submenus[rest] = menu.addMenu(rest)
            _fill(submenus[rest], f"{path}/{rest}", actions)
        else:
            menu.addAction(actions[command.id])


def _by_group(commands: Iterable[DeskCommand]) -> list[DeskCommand]:
    """Groups in the order of their first command, whoever added the others."""
    groups: dict[str, list[DeskCommand]] = {}
    for command in commands:
        groups.setdefault(command.group, []).append(command)
    return [command for group in groups.values() for command in group]
