"""Commands that window the active series."""

from viewer.commands.command import Command
from viewer.commands.desk import DeskCommand, Page
from viewer.commands.reading_conditions import has_window
from viewer.services.window_menu import (
    can_choose,
    choose,
    choose_next_of_file,
    has_several_of_file,
)


def _by_key(key: str, title: str) -> DeskCommand:
    return Command(
        f"window.{key}",
        title,
        lambda desk: choose(desk.session, desk.decoding, key),
        enabled=lambda desk: can_choose(desk.session, key),
        keys=(key,),
        scope=Page.READING,
        menu="Window",
        group="file" if key in "012" else "preset",
    )


WINDOW_COMMANDS: tuple[DeskCommand, ...] = (
    _by_key("0", "Full range of the data"),
    _by_key("1", "First window of the file"),
    _by_key("2", "Second window of the file"),
    Command(
        "window.next_of_file",
        "Next window of the file",
        lambda desk: choose_next_of_file(desk.session),
        enabled=lambda desk: has_several_of_file(desk.session),
        keys=("Shift+1",),
        scope=Page.READING,
        menu="Window",
        group="file",
    ),
    *(
        _by_key(str(place + 2), f"{word} preset of the modality")
        for place, word in enumerate(
            ("First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh"), 1
        )
    ),
    Command(
        "window.default",
        "As the series opened",
        lambda desk: desk.session.choose_window(None),
        enabled=has_window,
        scope=Page.READING,
        menu="Window",
        group="default",
    ),
)
