"""Commands of the program itself: files, pages, help."""

from viewer.commands.command import Command
from viewer.commands.demo import open_demo
from viewer.commands.desk import Desk, DeskCommand, Page
from viewer.commands.screen import SCREEN_COMMANDS


def _toggle_full_screen(desk: Desk) -> None:
    desk.window.set_full_screen(on=not desk.window.full_screen)


def _toggle_detached(desk: Desk) -> None:
    desk.window.detach_studies(on=not desk.window.studies_detached)


def _search(desk: Desk) -> None:
    desk.window.show_page(Page.STUDIES)
    desk.window.focus_search()


def _is_filtered(desk: Desk) -> bool:
    return desk.browsing.state.query != desk.browsing.state.empty_query


def _show_all(desk: Desk) -> None:
    desk.browsing.ask(desk.browsing.state.empty_query)


def _look_again(desk: Desk) -> None:
    state = desk.browsing.state
    if state.asks_peers:
        desk.remote.ask(state.peers, state.query)
    desk.browsing.refresh()


def _quit(desk: Desk) -> None:
    desk.window.close()


def _reading_is_possible(desk: Desk) -> bool:
    return bool(desk.session.studies)


PROGRAM_COMMANDS: tuple[DeskCommand, ...] = (
    Command(
        "file.import",
        "Import…",
        lambda desk: desk.window.ask_import(),
        keys=("Ctrl+I",),
        menu="File",
        group="bring",
        icon="download-simple",
    ),
    Command(
        "file.open",
        "Open files without importing…",
        lambda desk: desk.window.ask_open(),
        keys=("Ctrl+O",),
        menu="File",
        group="bring",
        icon="folder-open",
    ),
    Command(
        "file.demo",
        "Open the demo study",
        open_demo,
        menu="File",
        group="bring",
    ),
    Command(
        "file.quit",
        "Quit",
        _quit,
        keys=("Ctrl+Q",),
        menu="File",
        group="quit",
    ),
    Command(
        "go.search",
        "Search the catalog",
        _search,
        keys=("Ctrl+F",),
        menu="Go",
        group="pages",
        icon="magnifying-glass",
    ),
    Command(
        "go.studies",
        "Studies",
        lambda desk: desk.window.show_page(Page.STUDIES),
        keys=("F2",),
        menu="Go",
        group="pages",
        icon="list",
    ),
    Command(
        "go.reading",
        "Reading",
        lambda desk: desk.window.show_page(Page.READING),
        enabled=_reading_is_possible,
        keys=("F3",),
        menu="Go",
        group="pages",
        icon="image",
    ),
    Command(
        "view.full_screen",
        "Full screen",
        _toggle_full_screen,
        keys=("F11",),
        menu="View",
        group="screen",
        icon="arrows-out",
        checked=lambda desk: desk.window.full_screen,
    ),
    Command(
        "view.detach_studies",
        "Studies in a window of their own",
        _toggle_detached,
        menu="View",
        group="screen",
        icon="arrow-square-out",
        checked=lambda desk: desk.window.studies_detached,
    ),
    Command(
        "view.light",
        "Light theme",
        lambda desk: desk.window.toggle_theme(),
        menu="View",
        group="screen",
        icon="sun",
        checked=lambda desk: desk.settings.value.theme == "light",
    ),
    *SCREEN_COMMANDS,
    Command(
        "help.palette",
        "Find a command…",
        lambda desk: desk.window.show_palette(),
        keys=("Ctrl+K",),
        menu="Help",
        icon="command",
    ),
    Command(
        "help.keys",
        "Keys and help",
        lambda desk: desk.window.show_help(),
        keys=("F1",),
        menu="Help",
        icon="keyboard",
    ),
    Command(
        "help.display",
        "Check the display…",
        lambda desk: desk.window.show_display_check(),
        menu="Help",
        icon="monitor",
    ),
    Command(
        "studies.add_filter",
        "Add a filter…",
        lambda desk: desk.window.add_filter(),
        scope=Page.STUDIES,
        keys=("Ctrl+L",),
        menu="Study",
        group="list",
        icon="funnel",
    ),
    Command(
        "studies.show_all",
        "Remove every filter",
        _show_all,
        enabled=_is_filtered,
        scope=Page.STUDIES,
        menu="Study",
        group="list",
    ),
    Command(
        "studies.refresh",
        "Look again",
        _look_again,
        scope=Page.STUDIES,
        keys=("F5",),
        menu="Study",
        group="list",
        icon="arrow-clockwise",
    ),
)
