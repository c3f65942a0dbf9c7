"""Commands that settle what the colours of the screen look like."""

from functools import partial
from pathlib import Path

from viewer.commands.command import Command
from viewer.commands.desk import Desk, DeskCommand


def settle_screen_profile(desk: Desk, path: Path) -> None:
    """Show colours by the profile in a file, once it has proven to be one."""
    from viewer.services.screen_profile import chosen_profile  # noqa: PLC0415 - heavy

    desk.jobs.submit(
        partial(chosen_profile, path),
        lambda _: desk.settings.change(screen_profile=str(path)),
        desk.window.failed,
    )


def _ask_the_system(desk: Desk) -> None:
    desk.settings.change(screen_profile="")


SCREEN_COMMANDS: tuple[DeskCommand, ...] = (
    Command(
        "view.screen_profile",
        "Colour profile of the screen…",
        lambda desk: desk.window.ask_screen_profile(),
        menu="View",
        group="screen",
    ),
    Command(
        "view.no_screen_profile",
        "Ask the system for the screen's colour profile",
        _ask_the_system,
        enabled=lambda desk: bool(desk.settings.value.screen_profile),
        menu="View",
        group="screen",
    ),
)
