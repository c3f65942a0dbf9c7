"""What is to be written and drawn over the image of a viewport."""

from typing import TYPE_CHECKING, NamedTuple

from viewer.core.corners import Corners, Showing, TextLevel, bottom_left, corners
from viewer.core.grayscale import Voi
from viewer.core.orientation import side_letters
from viewer.core.probing import Probe
from viewer.core.ruler import Rulers, rulers_of
from viewer.core.view import Point, Size, ViewTransform
from viewer.services.frame_on_show import Subject
from viewer.services.lines_across import LineAcross
from viewer.ui import theme
from viewer.ui.viewport.overlay import Overlay, ReferenceLine
from viewer.ui.viewport.writing import room_below

if TYPE_CHECKING:
    from viewer.core.facts import ImageFacts

_SHORTEST_RULER = 40
_RULER_PART = 0.4
_WIDE = 700  # screen pixels, from which on the place in the patient is written, too


class Scene(NamedTuple):
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
    lines : tuple of LineAcross
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
    lines: tuple[LineAcross, ...] = ()
    marks: tuple[str, ...] = ()


class Captions:
    """The text, letters, rulers and lines of one viewport.

    All but the lower left corner and the ruler beside it stays while the window and the
    cursor move, and is found once.
    """

    def __init__(self) -> None:
        self._key: object = None
        self._facts: ImageFacts
        self._rulers: Rulers
        self._still = Overlay()

    def overlay(self, scene: Scene) -> Overlay:
        """What is to be written over the image."""
        key = (*scene[:2], *scene[3:6], *scene[7:])
        showing = _to_showing(scene)
        if key == self._key:
            text, still = self._with_lower(scene, showing), self._still
            if text is still.corners:
                return still
            rulers = self._fitted(scene, text)
            return Overlay(text, still.letters, rulers, still.lines)
        self._key = key
        self._still = self._found(scene, showing)
        return self._still

    def _found(self, scene: Scene, showing: Showing) -> Overlay:
        stack, image = scene.subject.stack, scene.subject.image
        self._facts, self._rulers = stack.facts(image), (None, None)
        marks = (*(fault.sentence for fault in stack.stack.faults), *scene.marks)
        text = corners(self._facts, showing, scene.level, scene.size, marks)
        transform = scene.transform
        if transform is None:
            return Overlay(text)
        self._rulers = rulers_of(transform, stack.image(image), stack.number(image))
        return Overlay(
            text,
            side_letters(stack.frame(image), transform.view),
            self._fitted(scene, text),
            tuple(_to_line(line, transform, scene.ratio) for line in scene.lines),
        )

    def _with_lower(self, scene: Scene, showing: Showing) -> Corners:
        text = self._still.corners
        beneath = len(text.marks)
        lower = bottom_left(
            self._facts, showing, scene.level, scene.size, beneath=beneath
        )
        if lower == text.bottom_left:
            return text
        return Corners(
            text.top_left, text.top_right, lower, text.bottom_right, text.marks
        )

    def _fitted(self, scene: Scene, text: Corners) -> Rulers:
        """The ruler below as long as the text beside it allows, the left one free."""
        bottom, left = self._rulers
        room = room_below(text, scene.size[0], scene.ratio)
        if room * scene.size[0] < _SHORTEST_RULER:
            return None, left
        if room < _RULER_PART and scene.transform is not None:
            stack, image = scene.subject.stack, scene.subject.image
            shown = stack.image(image), stack.number(image)
            bottom, _ = rulers_of(scene.transform, *shown, part=room)
        return bottom, left


def _to_showing(scene: Scene) -> Showing:
    zoom = scene.transform.zoom if scene.transform else None
    subject = scene.subject
    place = subject.image + 1, subject.stack.count
    return Showing(scene.voi, zoom, *place, _cursor_text(scene))


def _cursor_text(scene: Scene) -> str:
    probe = scene.probe
    if probe is None:
        return ""
    placed = scene.size[0] >= _WIDE and probe.place
    return f"{probe.text}  {probe.place}" if placed else probe.text


def _to_line(line: LineAcross, transform: ViewTransform, ratio: float) -> ReferenceLine:
    start, end = (_to_screen(p, transform, ratio) for p in (line.start, line.end))
    return ReferenceLine(start, end, theme.PLANES[line.plane], line.leads)


def _to_screen(point: Point, transform: ViewTransform, ratio: float) -> Point:
    x, y = transform.to_viewport(point)
    return x / ratio, y / ratio
