"""What is to be written and drawn over the image of a viewport."""

from collections.abc import Sequence
from dataclasses import dataclass

from viewer.core.corners import Corners, Showing, TextLevel, corners
from viewer.core.grayscale import Voi
from viewer.core.orientation import side_letters
from viewer.core.probing import Probe
from viewer.core.ruler import Rulers, rulers_of
from viewer.core.view import Point, Size, ViewTransform
from viewer.services.frame_on_show import Subject
from viewer.services.lines_across import LineAcross
from viewer.ui import theme
from viewer.ui.viewport.overlay import Overlay, ReferenceLine, room_below

_SHORTEST_RULER = 40
_RULER_PART = 0.4
_WIDE = 700  # screen pixels, from which on the place in the patient is written, too


@dataclass(frozen=True, slots=True)
class Scene:
    """What a viewport shows at this moment.

    Attributes
    ----------
    subject : Subject
    transform : ViewTransform or None
        None where the image cannot be shown.
    voi : Voi or None
        None for colour.
    level : TextLevel
    size : Size
        In screen pixels.
    ratio : float
        Device pixels for one screen pixel.
    probe : Probe or None
        The pixel under the cursor.
    lines : sequence of LineAcross
    marks : tuple of str
        What must be said of the picture itself.
    """

    subject: Subject
    transform: ViewTransform | None
    voi: Voi | None
    level: TextLevel
    size: Size
    ratio: float
    probe: Probe | None
    lines: Sequence[LineAcross] = ()
    marks: tuple[str, ...] = ()


def to_overlay(scene: Scene) -> Overlay:
    """Text, letters, rulers and lines of a viewport."""
    subject, transform = scene.subject, scene.transform
    text = _to_text(scene)
    if transform is None:
        return Overlay(text)
    frame = subject.stack.frame(subject.image)
    return Overlay(
        text,
        side_letters(frame, transform.view),
        _to_rulers(scene, transform, text),
        tuple(_to_line(line, transform, scene.ratio) for line in scene.lines),
    )


def _to_text(scene: Scene) -> Corners:
    stack, image = scene.subject.stack, scene.subject.image
    zoom = scene.transform.zoom if scene.transform else None
    cursor = _cursor_text(scene)
    showing = Showing(scene.voi, zoom, image + 1, stack.count, cursor)
    faults = tuple(fault.sentence for fault in stack.stack.faults)
    marks = (*faults, *scene.marks)
    return corners(stack.facts(image), showing, scene.level, scene.size, marks)


def _cursor_text(scene: Scene) -> str:
    probe = scene.probe
    if probe is None:
        return ""
    placed = scene.size[0] >= _WIDE and probe.place
    return f"{probe.text}  {probe.place}" if placed else probe.text


def _to_rulers(scene: Scene, transform: ViewTransform, text: Corners) -> Rulers:
    """The ruler below as long as the text beside it allows, the left one free."""
    stack, shown = scene.subject.stack, scene.subject.image
    image, number = stack.image(shown), stack.number(shown)
    bottom, left = rulers_of(transform, image, number)
    room = room_below(text, scene.size[0], scene.ratio)
    if room * scene.size[0] < _SHORTEST_RULER:
        return None, left
    if room < _RULER_PART:
        bottom, _ = rulers_of(transform, image, number, part=room)
    return bottom, left


def _to_line(line: LineAcross, transform: ViewTransform, ratio: float) -> ReferenceLine:
    start, end = (_to_screen(p, transform, ratio) for p in (line.start, line.end))
    return ReferenceLine(start, end, theme.PLANES[line.plane], line.leads)


def _to_screen(point: Point, transform: ViewTransform, ratio: float) -> Point:
    x, y = transform.to_viewport(point)
    return x / ratio, y / ratio
