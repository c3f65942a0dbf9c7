"""Commands that turn, mirror, zoom, and choose what the left button does."""

from collections.abc import Callable
from dataclasses import replace

from viewer.commands.command import Command
from viewer.commands.desk import Desk, DeskCommand, Page
from viewer.commands.reading_conditions import (
    has_image,
    has_overlays,
    has_profile,
    has_several_images,
    has_shutter,
)
from viewer.commands.tools import choosing
from viewer.core.view import View
from viewer.services.reading_state import Tool


def _view(  # noqa: PLR0913 - a row of a table
    name: str,
    title: str,
    change: Callable[[View], View],
    *,
    key: str = "",
    icon: str = "",
    group: str = "turn",
    checked: Callable[[Desk], bool] | None = None,
    enabled: Callable[[Desk], bool] = has_image,
) -> DeskCommand:
    return Command(
        f"image.{name}",
        title,
        lambda desk: desk.session.change_view(change),
        enabled=enabled,
        keys=(key,) if key else (),
        scope=Page.READING,
        menu="Image",
        group=group,
        icon=icon,
        checked=checked,
    )


def _inverted(view: View) -> View:
    return replace(view, inverted=not view.inverted)


def _is_inverted(desk: Desk) -> bool:
    return desk.session.state.viewport.view.inverted


VIEW_COMMANDS: tuple[DeskCommand, ...] = (
    choosing(Tool.WINDOW, "Window", "W", "circle-half", "tool"),
    choosing(Tool.SCROLL, "Scroll", "S", "arrows-down-up", "tool"),
    choosing(Tool.PAN, "Pan", "T", "hand", "tool"),
    choosing(Tool.ZOOM, "Zoom", "Z", "magnifying-glass", "tool"),
    choosing(Tool.ROTATE, "Rotate", "R", "arrows-clockwise", "tool"),
    _view(
        "flip_horizontally",
        "Flip horizontally",
        View.flipped_horizontally,
        key="H",
        icon="arrows-out-line-horizontal",
    ),
    _view(
        "flip_vertically",
        "Flip vertically",
        View.flipped_vertically,
        key="V",
        icon="arrows-out-line-vertical",
    ),
    _view("turn_right", "Rotate right", View.turned, key="]", icon="arrow-clockwise"),
    _view(
        "turn_left",
        "Rotate left",
        lambda view: view.turned(-1),
        key="[",
        icon="arrow-counter-clockwise",
    ),
    _view(
        "invert",
        "Invert",
        _inverted,
        key="I",
        icon="circle-half-tilt",
        group="grey",
        checked=_is_inverted,
    ),
    _view(
        "overlays",
        "Overlay planes",
        lambda view: replace(view, overlaid=not view.overlaid),
        key="O",
        group="layers",
        checked=lambda desk: desk.session.state.viewport.view.overlaid,
        enabled=has_overlays,
    ),
    _view(
        "shutter",
        "Shutter",
        lambda view: replace(view, shuttered=not view.shuttered),
        key="U",
        group="layers",
        checked=lambda desk: desk.session.state.viewport.view.shuttered,
        enabled=has_shutter,
    ),
    _view(
        "profile",
        "Colour profile",
        lambda view: replace(view, color_managed=not view.color_managed),
        group="layers",
        checked=lambda desk: desk.session.state.viewport.view.color_managed,
        enabled=has_profile,
    ),
    _view("fit", "Fit", View.fitted, key="=", icon="frame-corners", group="zoom"),
    _view(
        "one_to_one",
        "One image pixel per screen pixel",
        lambda view: replace(view, zoom=1.0),
        key="Ctrl+1",
        group="zoom",
    ),
    Command(
        "image.true_size",
        "True size",
        lambda desk: desk.session.show_true_size(),
        enabled=lambda desk: desk.session.true_size_zoom is not None,
        keys=("Ctrl+2",),
        scope=Page.READING,
        menu="Image",
        group="zoom",
    ),
    Command(
        "image.reset",
        "Leave the tool, then reset this viewport",
        lambda desk: desk.session.leave(),
        enabled=has_image,
        keys=("Esc",),
        scope=Page.READING,
        menu="Image",
        group="reset",
        icon="arrow-u-up-left",
    ),
    Command(
        "image.play",
        "Cine",
        lambda desk: desk.session.toggle_playing(),
        enabled=has_several_images,
        keys=("C",),
        scope=Page.READING,
        menu="Image",
        group="cine",
        icon="play",
        checked=lambda desk: desk.session.state.playing is not None,
    ),
    Command(
        "image.copy",
        "Copy the view",
        lambda desk: desk.window.copy_view(),
        enabled=has_image,
        keys=("Ctrl+C",),
        scope=Page.READING,
        menu="Edit",
        group="view",
        icon="copy",
    ),
    Command(
        "image.save",
        "Save the view as a picture…",
        lambda desk: desk.window.save_view(),
        enabled=has_image,
        keys=("Ctrl+S",),
        scope=Page.READING,
        menu="File",
        group="view",
        icon="floppy-disk",
    ),
)
