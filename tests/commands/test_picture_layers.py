"""What the file lays on a picture can be switched, and switching be undone."""

from dataclasses import replace

import pytest

from tests.services.reading_studies import to_slices, to_study
from viewer.commands.desk import Commands, Desk
from viewer.commands.reading import READING_COMMANDS
from viewer.core.color_profile import ColorProfile
from viewer.core.image import Frame
from viewer.core.overlay_plane import OverlayPlane
from viewer.core.shutter import Shutter

FIELDS = {
    "image.overlays": "overlaid",
    "image.shutter": "shuttered",
    "image.profile": "color_managed",
}


@pytest.fixture
def commands() -> Commands:
    commands = Commands()
    for command in READING_COMMANDS:
        commands.add(command)
    return commands


def open_with(desk: Desk, *, layered: bool) -> None:
    series = to_slices("1.2.1", [0.0])
    stored = series.instances[0]
    image = stored.instance.image
    assert image is not None
    if layered:
        image = replace(
            image,
            frames=(Frame(shutter=Shutter(circle=(5, 5, 3))),),
            overlays=(OverlayPlane(0x6000, 2, 2),),
            profile=ColorProfile(100, 200),
        )
    instance = replace(stored.instance, image=image)
    series = replace(series, instances=(replace(stored, instance=instance),))
    desk.session.open([to_study(series)])


@pytest.mark.parametrize("command", FIELDS)
def test_a_layer_goes_and_comes_back(
    desk: Desk, commands: Commands, command: str
) -> None:
    open_with(desk, layered=True)
    shown = commands[command].checked
    assert shown is not None
    assert shown(desk)
    commands.run(command, desk)
    assert not shown(desk)
    assert not getattr(desk.session.state.viewport.view, FIELDS[command])
    desk.session.undo()
    assert shown(desk)
    commands.run(command, desk)
    commands.run(command, desk)
    assert shown(desk)


@pytest.mark.parametrize("command", FIELDS)
def test_where_there_is_no_layer_there_is_nothing_to_switch(
    desk: Desk, commands: Commands, command: str
) -> None:
    assert not commands[command].enabled(desk)
    open_with(desk, layered=False)
    assert not commands[command].enabled(desk)
