"""What the hand would take hold of: a handle, a label, or the line of a drawing."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from viewer.core.annotation import Annotation
from viewer.core.annotation_forms import Box, distance, handles, outline
from viewer.core.view import Point

HANDLE_REACH = 8.0  # screen pixels on each side
LINE_REACH = 5.0


class Part(Enum):
    """Where a drawing is taken."""

    HANDLE = auto()
    LABEL = auto()
    LINE = auto()


@dataclass(frozen=True, slots=True)
class Hit:
    """A drawing, and where on it the hand is; `handle` counts as its handles do."""

    annotation: Annotation
    part: Part
    handle: int = 0


def hit(
    drawings: Sequence[Annotation],
    selected: str,
    labels: Mapping[str, Box],
    to_screen: Callable[[Point], Point],
    at: Point,
) -> Hit | None:
    """What lies under the hand; None if nothing does.

    The nearest handle comes first, then a label, then a line; the selected drawing
    before others, and what was drawn last before what lies below it.

    Parameters
    ----------
    drawings : sequence of Annotation
        On the frame, in the order they were drawn.
    selected : str
        UID of the selected one.
    labels : mapping of str to Box
        Where each label is, by UID, in screen pixels.
    to_screen : callable
        From image coordinates to screen pixels.
    at : Point
        The hand, in screen pixels.
    """
    upmost = list(reversed(drawings))
    upmost.sort(key=lambda one: one.uid != selected)
    found = _handle(upmost, to_screen, at)
    if found is not None:
        return found
    for one in upmost:
        box = labels.get(one.uid)
        if box and box[0] <= at[0] <= box[2] and box[1] <= at[1] <= box[3]:
            return Hit(one, Part.LABEL)
    for one in upmost:
        line = [to_screen(point) for point in outline(one)]
        if distance(at, line) <= LINE_REACH:
            return Hit(one, Part.LINE)
    return None


def _handle(
    upmost: Sequence[Annotation], to_screen: Callable[[Point], Point], at: Point
) -> Hit | None:
    best: Hit | None = None
    reach = HANDLE_REACH
    for one in upmost:
        for number, point in enumerate(handles(one)):
            away = math.dist(to_screen(point), at)
            if away < reach or (best is None and away == reach):
                best, reach = Hit(one, Part.HANDLE, number), away
    return best
