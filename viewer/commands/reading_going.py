"""Commands that go somewhere: images, series, studies, viewports."""

from viewer.commands.command import Command
from viewer.commands.desk import Desk, DeskCommand, Page
from viewer.commands.opening import open_studies
from viewer.commands.reading_conditions import (
    has_several_images,
    has_several_viewports,
)
from viewer.core.listing import StudySummary

_LEAP = 10


def _scrolling(
    name: str, title: str, steps: int, *keys: str, icon: str = ""
) -> DeskCommand:
    return Command(
        f"image.{name}",
        title,
        lambda desk: desk.session.scroll(steps),
        enabled=has_several_images,
        keys=keys,
        scope=Page.READING,
        menu="Go",
        group="image",
        icon=icon,
    )


def _going_to_series(name: str, title: str, steps: int, key: str) -> DeskCommand:
    return Command(
        f"series.{name}",
        title,
        lambda desk: desk.session.show_neighbour(steps),
        enabled=lambda desk: desk.session.neighbour(steps) is not None,
        keys=(key,),
        scope=Page.READING,
        menu="Go",
        group="series",
    )


def _neighbour_study(desk: Desk, steps: int) -> StudySummary | None:
    """The patient's study `steps` later; None if the catalog has none."""
    if not desk.session.studies:
        return None
    here = desk.session.studies[0].summary.study_uid
    row = list(desk.session.related)
    place = next((n for n, s in enumerate(row) if s.study_uid == here), None)
    if place is None or not 0 <= place + steps < len(row):
        return None
    return row[place + steps]


def _go_to_study(desk: Desk, steps: int) -> None:
    study = _neighbour_study(desk, steps)
    if study is not None:
        open_studies(desk, [study.study_uid])


def _going_to_study(name: str, title: str, steps: int, key: str) -> DeskCommand:
    return Command(
        f"study.{name}",
        title,
        lambda desk: _go_to_study(desk, steps),
        enabled=lambda desk: _neighbour_study(desk, steps) is not None,
        keys=(key,),
        scope=Page.READING,
        menu="Go",
        group="study",
    )


def _going_to_viewport(name: str, title: str, steps: int, key: str) -> DeskCommand:
    return Command(
        f"viewport.{name}",
        title,
        lambda desk: desk.session.activate_next(steps),
        enabled=has_several_viewports,
        keys=(key,),
        scope=Page.READING,
        menu="Go",
        group="viewport",
    )


def _to_last_image(desk: Desk) -> None:
    if desk.session.stack is not None:
        desk.session.go_to(desk.session.stack.count - 1)


GOING_COMMANDS: tuple[DeskCommand, ...] = (
    _scrolling("previous", "Previous image", -1, "Up"),
    _scrolling("next", "Next image", 1, "Down"),
    _scrolling("back_ten", "Ten images back", -_LEAP, "PgUp", "Shift+Up"),
    _scrolling("on_ten", "Ten images on", _LEAP, "PgDown", "Shift+Down"),
    Command(
        "image.first",
        "First image",
        lambda desk: desk.session.go_to(0),
        enabled=has_several_images,
        keys=("Home",),
        scope=Page.READING,
        menu="Go",
        group="image",
    ),
    Command(
        "image.last",
        "Last image",
        _to_last_image,
        enabled=has_several_images,
        keys=("End",),
        scope=Page.READING,
        menu="Go",
        group="image",
    ),
    _going_to_series("previous", "Previous series", -1, "Left"),
    _going_to_series("next", "Next series", 1, "Right"),
    _going_to_study("earlier", "Earlier study of the patient", -1, "Ctrl+Left"),
    _going_to_study("later", "Later study of the patient", 1, "Ctrl+Right"),
    _going_to_viewport("next", "Next viewport", 1, "Tab"),
    _going_to_viewport("previous", "Previous viewport", -1, "Shift+Tab"),
)
