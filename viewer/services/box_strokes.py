"""The hand on boxes: take hold of one, move it, drag its edges, draw a new one.

Points are ``(x, y)`` in pixels of the image from its upper left *corner*: the first
pixel reaches from 0 to 1.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import IntFlag

from viewer.core.boxes import Box

Point = tuple[float, float]
Size = tuple[int, int]
"""Columns and rows of the image."""


class Edge(IntFlag):
    """What of a box the hand holds; two edges that meet are a corner."""

    NONE = 0
    LEFT = 1
    RIGHT = 2
    TOP = 4
    BOTTOM = 8
    ALL = 15


@dataclass(frozen=True, slots=True)
class Hold:
    """A box in the hand.

    Attributes
    ----------
    place : int
        Which of the boxes, counted from 0.
    edges : Edge
        What of it follows the hand; all four move it.
    """

    place: int
    edges: Edge


def held_at(
    boxes: Sequence[Box], point: Point, reach: float, first: int | None = None
) -> Hold | None:
    """What the hand would take hold of; None beside every box.

    Parameters
    ----------
    boxes : sequence of Box
        Those of the frame on show.
    point : Point
    reach : float
        How far beside an edge it is still held, in pixels of the image.
    first : int, optional
        The box that is selected: it is taken before others that lie over it.
    """
    order = sorted(range(len(boxes)), key=lambda at: (at != first, -at))
    for at in order:
        edges = _edges_at(boxes[at], point, reach)
        if edges is not None:
            return Hold(at, edges)
    return None


def dragged(box: Box, edges: Edge, way: Point, size: Size) -> Box:
    """`box` with the held edges moved by `way`; it stays in the image, and a pixel."""
    across, down = round(way[0]), round(way[1])
    columns, rows = size
    if edges == Edge.ALL:
        column = min(max(box.column + across, 0), columns - box.width)
        row = min(max(box.row + down, 0), rows - box.height)
        return replace(box, column=column, row=row)
    left, right = _moved(
        (box.column, box.right), across, columns, (Edge.LEFT, Edge.RIGHT), edges
    )
    top, bottom = _moved(
        (box.row, box.bottom), down, rows, (Edge.TOP, Edge.BOTTOM), edges
    )
    return replace(box, column=left, row=top, width=right - left, height=bottom - top)


def drawn(start: Point, end: Point, size: Size) -> Box | None:
    """The box of every pixel between two points; None beside the image."""
    left, right = sorted((start[0], end[0]))
    top, bottom = sorted((start[1], end[1]))
    column, row = max(math.floor(left), 0), max(math.floor(top), 0)
    across = min(math.ceil(right), size[0]) - column
    down = min(math.ceil(bottom), size[1]) - row
    if across < 1 or down < 1:
        return None
    return Box(column, row, across, down)


def in_the_middle(middle: Point, size: Size) -> Box:
    """A box to begin with where no hand draws one: a fifth of the image's width."""
    columns, rows = size
    width, height = max(columns // 5, 1), max(rows // 20, 1)
    column = min(max(round(middle[0] - width / 2), 0), columns - width)
    row = min(max(round(middle[1] - height / 2), 0), rows - height)
    return Box(column, row, width, height)


def _edges_at(box: Box, point: Point, reach: float) -> Edge | None:
    x, y = point
    beside_x = x < box.column - reach or x > box.right + reach
    beside_y = y < box.row - reach or y > box.bottom + reach
    if beside_x or beside_y:
        return None
    # In a small box the middle must still be there to be taken hold of.
    across, down = min(reach, box.width / 4), min(reach, box.height / 4)
    edges = Edge.NONE
    if x < box.column + across:
        edges |= Edge.LEFT
    elif x > box.right - across:
        edges |= Edge.RIGHT
    if y < box.row + down:
        edges |= Edge.TOP
    elif y > box.bottom - down:
        edges |= Edge.BOTTOM
    return edges or Edge.ALL


def _moved(
    ends: tuple[int, int], way: int, limit: int, names: tuple[Edge, Edge], held: Edge
) -> tuple[int, int]:
    """Both ends along one axis, the held one moved as far as the other allows."""
    low, high = ends
    if names[0] in held:
        low = min(max(low + way, 0), high - 1)
    elif names[1] in held:
        high = max(min(high + way, limit), low + 1)
    return low, high
