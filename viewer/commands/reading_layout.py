"""Commands that divide the screen, and say what lies on and beside the images."""

from collections.abc import Callable

from viewer.commands.command import Command
from viewer.commands.desk import Desk, DeskCommand, Page
from viewer.commands.reading_conditions import (
    has_image,
    has_several_viewports,
    has_study,
)
from viewer.core.layout import LARGEST, Layout


def _has_layout(layout: Layout) -> Callable[[Desk], bool]:
    return lambda desk: desk.session.state.layout == layout


def _layout(layout: Layout) -> DeskCommand:
    return Command(
        f"layout.{layout.rows}x{layout.columns}",
        f"Layout {layout.text}",
        lambda desk: desk.session.set_layout(layout),
        enabled=has_study,
        scope=Page.READING,
        menu="Layout",
        group=f"{layout.rows} rows",
        checked=_has_layout(layout),
    )


def _panel(name: str, title: str, key: str, icon: str) -> DeskCommand:
    return Command(
        f"view.{name}",
        title,
        lambda desk: desk.window.toggle_panel(name),
        keys=(key,),
        scope=Page.READING,
        menu="View",
        group="panels",
        icon=icon,
        checked=lambda desk: desk.window.panel_shown(name),
    )


LAYOUT_COMMANDS: tuple[DeskCommand, ...] = (
    *(
        _layout(Layout(rows, columns))
        for rows in range(1, LARGEST + 1)
        for columns in range(1, LARGEST + 1)
    ),
    Command(
        "layout.alone",
        "This viewport alone, and back",
        lambda desk: desk.session.toggle_maximised(),
        enabled=has_several_viewports,
        scope=Page.READING,
        menu="Layout",
        group="alone",
        icon="corners-out",
        checked=lambda desk: desk.session.state.maximised,
    ),
    Command(
        "layout.synchronised",
        "Scroll together",
        lambda desk: desk.session.toggle_synchronised(),
        enabled=has_study,
        keys=("M",),
        scope=Page.READING,
        menu="View",
        group="together",
        icon="link-simple",
        checked=lambda desk: desk.session.state.synchronised,
    ),
    Command(
        "layout.reference_lines",
        "Reference lines",
        lambda desk: desk.session.toggle_reference_lines(),
        enabled=has_study,
        keys=("L",),
        scope=Page.READING,
        menu="View",
        group="together",
        icon="line-segments",
        checked=lambda desk: desk.session.state.reference_lines,
    ),
    Command(
        "view.text",
        "Text on the image: all, little, none",
        lambda desk: desk.session.cycle_text(),
        enabled=has_image,
        keys=("Space",),
        scope=Page.READING,
        menu="View",
        group="together",
        icon="text-t",
    ),
    _panel("series", "Series beside the images", "F8", "columns"),
    _panel("inspector", "Inspector beside the images", "F9", "sliders-horizontal"),
    Command(
        "reading.undo",
        "Undo",
        lambda desk: desk.session.undo(),
        enabled=lambda desk: desk.session.moments.can_undo,
        keys=("Ctrl+Z",),
        scope=Page.READING,
        menu="Edit",
        group="undo",
        icon="arrow-arc-left",
    ),
    Command(
        "reading.redo",
        "Redo",
        lambda desk: desk.session.redo(),
        enabled=lambda desk: desk.session.moments.can_redo,
        keys=("Ctrl+Shift+Z",),
        scope=Page.READING,
        menu="Edit",
        group="undo",
        icon="arrow-arc-right",
    ),
)
