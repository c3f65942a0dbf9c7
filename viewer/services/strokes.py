"""What a hand does to drawings: begin one, move one, pull a handle, move a label.

All points are image coordinates, so the view may change while the hand is at it.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol
from uuid import uuid4

from viewer.core.annotation import POINTS, Annotation, Shape
from viewer.core.annotation_forms import (
    Box,
    clamped,
    image_box,
    moved,
    with_handle,
)
from viewer.core.errors import GeometryError
from viewer.core.identity import SOPInstanceUID
from viewer.core.view import Point
from viewer.services.drawing import Drawing


@dataclass(frozen=True, slots=True)
class Sheet:
    """The frame that is drawn on.

    Attributes
    ----------
    sop_instance_uid : SOPInstanceUID
    frame : int
        Counted from 1.
    columns, rows : int
    """

    sop_instance_uid: SOPInstanceUID
    frame: int
    columns: int
    rows: int

    @property
    def box(self) -> Box:
        """The edges of the image: drawings stay inside."""
        return image_box(self.columns, self.rows)


class Stroke(Protocol):
    """A drawing under the hand; over as soon as `Drawing.stroke` is another."""

    sheet: Sheet

    def press(self, point: Point) -> None:
        """The button goes down once more."""

    def move(self, point: Point) -> None:
        """The hand moves, with the button down or not."""

    def release(self, point: Point, *, dragged: bool) -> None:
        """The button goes up; `dragged` if the hand has moved meanwhile."""


class Sketch:
    """A new drawing: press, drag and let go, or one click for each point."""

    def __init__(self, drawing: Drawing, shape: Shape, sheet: Sheet) -> None:
        self._drawing, self._shape, self.sheet = drawing, shape, sheet
        self._uid = uuid4().hex
        self._fixed: list[Point] = []
        self._is_clicked = False

    def press(self, point: Point) -> None:
        """Put the first of several points down; the last is put down by letting go."""
        if not self._fixed and POINTS[self._shape] > 1:
            self._fixed.append(clamped(point, self.sheet.box))
        self.move(point)

    def move(self, point: Point) -> None:
        """Let the free point follow."""
        draft = self._with(point)
        if draft is not None:
            self._drawing.sketch(draft)

    def release(self, point: Point, *, dragged: bool) -> None:
        """Put a point down; the drawing is made when all are.

        Letting go of a first click that was no drag puts nothing down: the next point
        follows the hand until the next click.
        """
        point = clamped(point, self.sheet.box)
        puts_down = dragged or self._is_clicked or not self._fixed
        if puts_down and point not in self._fixed[-1:]:
            self._fixed.append(point)
        self._is_clicked = True
        if len(self._fixed) == POINTS[self._shape]:
            self._finish()

    def _finish(self) -> None:
        self._drawing.stroke = None
        try:
            self._drawing.keep(self._made(self._fixed))
        except GeometryError:  # a rectangle without height
            self._drawing.drop()

    def _with(self, point: Point) -> Annotation | None:
        """The drawing if the free point were here; None where it would be nothing."""
        points = [*self._fixed, clamped(point, self.sheet.box)]
        missing = POINTS[self._shape] - len(points)
        shape = self._shape
        if missing > 0:  # an angle with one arm looks like a line
            shape = Shape.LENGTH
        try:
            return self._made(points[: POINTS[shape]], shape)
        except GeometryError:
            return None

    def _made(self, points: list[Point], shape: Shape | None = None) -> Annotation:
        return Annotation(
            self._uid,
            self.sheet.sop_instance_uid,
            self.sheet.frame,
            shape or self._shape,
            tuple(points),
        )


class Change:
    """A change of a drawing that is there: it follows the hand until that lets go.

    A click without a drag selects and changes nothing.

    Parameters
    ----------
    drawing : Drawing
    before : Annotation
    sheet : Sheet
    to : callable
        The drawing when the hand is at a point; raises `GeometryError` where nothing
        would be left of it.
    """

    def __init__(
        self,
        drawing: Drawing,
        before: Annotation,
        sheet: Sheet,
        to: Callable[[Point], Annotation],
    ) -> None:
        self._drawing, self._before, self.sheet, self._to = drawing, before, sheet, to

    def press(self, _point: Point) -> None:
        """Select what is taken hold of."""
        self._drawing.select(self._before.uid)

    def move(self, point: Point) -> None:
        """Let the drawing follow, as far as it stays one."""
        draft = self._changed(point)
        if draft is not None:
            self._drawing.sketch(draft)

    def release(self, point: Point, *, dragged: bool) -> None:
        """Keep it as it is now."""
        self._drawing.stroke = None
        draft = self._changed(point) if dragged else None
        if draft is None:
            self._drawing.drop()
            self._drawing.select(self._before.uid)
        else:
            self._drawing.keep(draft)

    def _changed(self, point: Point) -> Annotation | None:
        try:
            return self._to(point)
        except GeometryError:
            return None


def pulled_handle(drawing: Drawing, before: Annotation, sheet: Sheet, n: int) -> Change:
    """Handle `n` follows the hand."""
    return Change(
        drawing,
        before,
        sheet,
        lambda point: with_handle(before, n, clamped(point, sheet.box)),
    )


def moved_drawing(
    drawing: Drawing, before: Annotation, sheet: Sheet, start: Point
) -> Change:
    """The whole drawing follows the hand, and stays on the image."""
    return Change(
        drawing,
        before,
        sheet,
        lambda point: moved(before, _way(start, point), sheet.box),
    )


def moved_label(
    drawing: Drawing, before: Annotation, sheet: Sheet, start: Point, middle: Point
) -> Change:
    """The label follows the hand; `middle` is where its middle was at the start."""

    def to(point: Point) -> Annotation:
        across, down = _way(start, point)
        return replace(before, label=(middle[0] + across, middle[1] + down))

    return Change(drawing, before, sheet, to)


def _way(start: Point, end: Point) -> Point:
    return end[0] - start[0], end[1] - start[1]
