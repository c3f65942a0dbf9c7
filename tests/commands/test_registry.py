"""Commands as data: nothing is named twice, everything can be asked without Qt."""

import pytest

from tests.commands.desks import RememberingWindow
from viewer.commands.command import Command, Registry
from viewer.commands.desk import Commands, Desk
from viewer.commands.program import PROGRAM_COMMANDS
from viewer.commands.reading import READING_COMMANDS
from viewer.commands.studies import STUDY_COMMANDS

ALL = (*PROGRAM_COMMANDS, *STUDY_COMMANDS, *READING_COMMANDS)


def command(command_id: str, key: str, scope: str = "everywhere") -> Command[None]:
    return Command(command_id, command_id, lambda _: None, keys=(key,), scope=scope)


def test_every_command_of_the_program_has_its_own_id_and_keys() -> None:
    registry = Commands()
    for one in ALL:
        registry.add(one)
    assert len(list(registry)) == len(ALL)


def test_a_key_means_one_thing_in_one_place() -> None:
    registry: Registry[None] = Registry()
    registry.add(command("a", "Ctrl+C", "studies"))
    registry.add(command("b", "Ctrl+C", "reading"))
    with pytest.raises(ValueError, match="already taken"):
        registry.add(command("c", "Ctrl+C"))
    with pytest.raises(ValueError, match="already taken"):
        registry.add(command("a", "Ctrl+D"))


def test_a_command_that_cannot_run_is_not_run() -> None:
    registry: Registry[list[str]] = Registry()
    registry.add(
        Command("a", "A", lambda log: log.append("ran"), enabled=lambda _: False)
    )
    log: list[str] = []
    registry.run("a", log)
    assert log == []


def test_whether_a_command_can_run_is_known_without_a_window(desk: Desk) -> None:
    can_run = {c.id: c.enabled(desk) for c in ALL}
    assert can_run["file.import"]
    assert not can_run["go.reading"]
    assert not can_run["studies.open"]


def test_what_can_be_on_or_off_is_known_without_a_window(
    desk: Desk, window: RememberingWindow
) -> None:
    switches = {c.id: c for c in ALL if c.checked is not None}
    full_screen = switches["view.full_screen"]
    assert full_screen.checked is not None
    assert not full_screen.checked(desk)
    full_screen.run(desk)
    assert window.is_full
    assert full_screen.checked(desk)


def test_every_icon_is_one_of_the_set() -> None:
    from viewer.ui.icon_font import NAMES  # noqa: PLC0415 - Qt, for this alone

    assert [c.id for c in ALL if c.icon and c.icon not in NAMES] == []
