"""Which images on the screen cut through which."""

from dataclasses import dataclass

from viewer.core.reference_lines import Point, to_plane_name, to_reference_line
from viewer.services.session import ReadingSession


@dataclass(frozen=True, slots=True)
class LineAcross:
    """Where another image on the screen cuts one.

    Attributes
    ----------
    start, end : Point
        In pixel coordinates ``(column, row)`` of the image that is cut.
    plane : str
        The plane of the image that cuts.
    leads : bool
        Whether that image is in the active viewport.
    """

    start: Point
    end: Point
    plane: str
    leads: bool


def lines_across(session: ReadingSession, index: int) -> tuple[LineAcross, ...]:
    """The lines that the other visible images draw into viewport `index`."""
    state, target = session.state, session.shown(index)
    if not state.reference_lines or target is None:
        return ()
    image = state.viewports[index].image
    cut = target.placed(image)
    if cut is None:
        return ()
    lines: dict[tuple[Point, Point], LineAcross] = {}
    for other in state.visible:
        source, shown = session.shown(other), state.viewports[other].image
        if source is target and shown == image:
            continue  # itself, or the same once more
        if source is None or not source.meets(target):
            continue
        placed = source.placed(shown)
        line = None if placed is None else to_reference_line(placed, cut)
        if placed is not None and line is not None:
            plane, leads = to_plane_name(placed.plane), other == state.active
            if leads or line not in lines:
                lines[line] = LineAcross(*line, plane, leads)
    return tuple(lines.values())
