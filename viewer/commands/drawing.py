"""Commands that draw and measure, and say why a number is what it is."""

from viewer.commands.command import Command
from viewer.commands.desk import Desk, DeskCommand, Page, Tone
from viewer.commands.tools import choosing
from viewer.core.measurement_text import because_text
from viewer.services.measure_table import measure_rows, to_text
from viewer.services.reading_state import Tool


def tell_not_kept(desk: Desk) -> None:
    """Say that drawings on files outside the catalog last as long as the program."""
    desk.window.notice(
        "What you draw here is not saved.",
        tone=Tone.WARNING,
        hint="These files are not in the catalog. Import them to keep measurements.",
    )


def _has_selected(desk: Desk) -> bool:
    return desk.session.drawing.selected is not None


def _has_drawings(desk: Desk) -> bool:
    return bool(desk.session.state.drawings)


def _delete(desk: Desk) -> None:
    selected = desk.session.drawing.selected
    if selected is not None:
        desk.session.drawing.take_away(selected.uid)


def _copy_reasons(desk: Desk) -> None:
    selected = desk.session.drawing.selected
    found = None if selected is None else desk.measuring.of(selected)
    if found is not None:
        desk.window.copy_text(because_text(found))
        desk.window.notice("The value and its reasons are on the clipboard.")


def _copy_table(desk: Desk) -> None:
    desk.window.copy_text(to_text(measure_rows(desk.session, desk.measuring)))
    desk.window.notice("The measures are on the clipboard as a table.")


DRAWING_COMMANDS: tuple[DeskCommand, ...] = (
    choosing(Tool.LENGTH, "Length", "D", "ruler", "measure"),
    choosing(Tool.ANGLE, "Angle", "A", "triangle", "measure"),
    choosing(
        Tool.RECTANGLE, "Rectangle with statistics", "Shift+E", "rectangle", "measure"
    ),
    choosing(Tool.ELLIPSE, "Ellipse with statistics", "E", "circle", "measure"),
    choosing(Tool.PROBE, "Pixel value", "P", "crosshair-simple", "measure"),
    Command(
        "drawing.delete",
        "Delete the drawing",
        _delete,
        enabled=_has_selected,
        keys=("Del",),
        scope=Page.READING,
        menu="Edit",
        group="drawing",
        icon="trash",
    ),
    Command(
        "drawing.why",
        "Why this number?",
        lambda desk: desk.window.show_measures(),
        enabled=_has_selected,
        scope=Page.READING,
        menu="Edit",
        group="drawing",
        icon="question",
    ),
    Command(
        "drawing.copy_reasons",
        "Copy the value and its reasons",
        _copy_reasons,
        enabled=_has_selected,
        scope=Page.READING,
        menu="Edit",
        group="drawing",
    ),
    Command(
        "drawing.copy_table",
        "Copy all measures as a table",
        _copy_table,
        enabled=_has_drawings,
        scope=Page.READING,
        menu="Edit",
        group="drawing",
    ),
    Command(
        "drawing.shown",
        "Drawings",
        lambda desk: desk.session.drawing.toggle_shown(),
        enabled=_has_drawings,
        scope=Page.READING,
        menu="View",
        group="images",
        checked=lambda desk: desk.session.state.drawings_shown,
    ),
)
