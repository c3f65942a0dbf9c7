"""The commands that choose what the left button does."""

from viewer.commands.command import Command
from viewer.commands.desk import Desk, DeskCommand, Page
from viewer.commands.reading_conditions import has_image
from viewer.services.reading_state import Tool


def choosing(tool: Tool, title: str, key: str, icon: str, group: str) -> DeskCommand:
    """The command that gives the left button `tool`."""

    def in_hand(desk: Desk) -> bool:
        return desk.session.state.tool is tool

    return Command(
        f"tool.{tool}",
        title,
        lambda desk: desk.session.set_tool(tool),
        enabled=has_image,
        keys=(key,),
        scope=Page.READING,
        menu="Image/Left button",
        group=group,
        icon=icon,
        checked=in_hand,
    )
