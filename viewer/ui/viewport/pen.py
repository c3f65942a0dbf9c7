"""Drawing in one viewport: what is drawn there, and what the hand does to it."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QPointF, Qt

from viewer.commands.desk import Desk
from viewer.core.annotation import Annotation
from viewer.core.annotation_forms import Box, handles, outline
from viewer.core.measurement_text import label_lines
from viewer.core.view import Point, Size, ViewTransform
from viewer.services.drawing_hits import Hit, Part, hit
from viewer.services.frame_on_show import Subject
from viewer.services.strokes import (
    Sheet,
    Sketch,
    Stroke,
    moved_drawing,
    moved_label,
    pulled_handle,
)
from viewer.ui import theme
from viewer.ui.viewport.drawing_labels import to_label
from viewer.ui.viewport.drawing_layer import Drawn

_CURSORS = {
    Part.HANDLE: Qt.CursorShape.PointingHandCursor,
    Part.LABEL: Qt.CursorShape.OpenHandCursor,
    Part.LINE: Qt.CursorShape.SizeAllCursor,
}


@dataclass(frozen=True, slots=True)
class Place:
    """What a viewport shows, and how that lies in it.

    Attributes
    ----------
    subject : Subject
    transform : ViewTransform
        In device pixels.
    size : Size
        In screen pixels.
    ratio : float
        Device pixels for one screen pixel.
    """

    subject: Subject
    transform: ViewTransform
    size: Size
    ratio: float

    @property
    def sheet(self) -> Sheet:
        """The frame that is drawn on."""
        stack, image = self.subject.stack, self.subject.image
        pixels = stack.image(image).pixels
        uid = stack.stored(image).instance.sop_instance_uid
        return Sheet(uid, stack.number(image), pixels.columns, pixels.rows)

    def to_screen(self, point: Point) -> Point:
        """From image coordinates to screen pixels."""
        x, y = self.transform.to_viewport(point)
        return x / self.ratio, y / self.ratio

    def to_image(self, at: Point) -> Point:
        """From screen pixels to image coordinates."""
        return self.transform.to_image((at[0] * self.ratio, at[1] * self.ratio))


class Pen:
    """The drawings of one viewport, and the hand on them.

    Parameters
    ----------
    desk : Desk
    place : callable
        What is shown at this moment; None while nothing is.
    at : callable
        Where the pen is for a place of the cursor.
    """

    def __init__(
        self,
        desk: Desk,
        place: Callable[[], Place | None],
        at: Callable[[QPointF], Point],
    ) -> None:
        self._desk, self._session, self._place = desk, desk.session, place
        self.at = at
        self._key: object = None
        self._shown: tuple[Drawn, ...] = ()

    # What is drawn

    def key(self, subject: Subject) -> object:
        """Equal as long as nothing here looks different."""
        state = self._session.state
        return self._on(subject), state.selected, state.drawings_shown

    def drawn(self) -> tuple[Drawn, ...]:
        """Everything to paint, as it lies on the screen."""
        state = self._session.state
        if not (state.drawings_shown and (state.drawings or state.draft)):
            return ()
        place = self._place()
        if place is None:
            return ()
        drawings = self._on(place.subject)
        if not drawings:
            return ()
        key = (
            drawings,
            state.selected,
            (place.transform.view, place.transform.image_size, place.size, place.ratio),
            self._desk.measuring.revision,
        )
        if key != self._key:
            self._key = key
            self._shown = tuple(self._drawn(one, place) for one in drawings)
        return self._shown

    def marks(self, subject: Subject) -> tuple[str, ...]:
        """What cannot be hidden: drawings that are not kept, or not shown."""
        drawings = self._on(subject)
        marks = []
        if any(self._desk.saving.is_unsaved(one) for one in drawings):
            marks.append("drawings unsaved")
        if drawings and not self._session.state.drawings_shown:
            marks.append("drawings hidden")
        return tuple(marks)

    def _on(self, subject: Subject) -> tuple[Annotation, ...]:
        stack, image = subject.stack, subject.image
        uid = stack.stored(image).instance.sop_instance_uid
        return self._session.drawing.on(uid, stack.number(image))

    def _drawn(self, one: Annotation, place: Place) -> Drawn:
        line = tuple(place.to_screen(point) for point in outline(one))
        moved_to = None if one.label is None else place.to_screen(one.label)
        label = to_label(self._words(one), line, moved_to, place.size, place.ratio)
        ends = tuple(place.to_screen(point) for point in handles(one))
        return Drawn(one, line, ends, label, one.uid == self._session.state.selected)

    def _words(self, one: Annotation) -> tuple[tuple[str, str], ...]:
        found = self._desk.measuring.of(one)
        if found is None:
            return ()
        lines = label_lines(found)
        colours = [theme.ON_IMAGE.drawing] * len(lines)
        if found.caution:
            colours[-1] = theme.ON_IMAGE.warn
        return tuple(zip(lines, colours, strict=True))

    # The hand, in screen pixels

    def press(self, at: Point) -> bool:
        """Begin or go on with a drawing; returns whether there is one in the hand."""
        place, drawing = self._place(), self._session.drawing
        if place is None:
            return False
        sheet, point = place.sheet, place.to_image(at)
        if drawing.stroke is not None and drawing.stroke.sheet != sheet:
            drawing.drop()
        stroke = drawing.stroke or self._begun(place, sheet, at)
        drawing.stroke = stroke
        if stroke is None:
            drawing.select("")
            return False
        stroke.press(point)
        return True

    def move(self, at: Point) -> None:
        """Let what is in the hand follow."""
        place, stroke = self._place(), self._session.drawing.stroke
        if place is not None and stroke is not None and stroke.sheet == place.sheet:
            stroke.move(place.to_image(at))

    def release(self, at: Point, *, dragged: bool) -> None:
        """Let go; where another image has come meanwhile, give up."""
        place, stroke = self._place(), self._session.drawing.stroke
        if stroke is None:
            return
        if place is not None and stroke.sheet == place.sheet:
            stroke.release(place.to_image(at), dragged=dragged)
        else:
            self._session.drawing.drop()

    def select_at(self, at: Point) -> None:
        """Select what lies here, if there is something."""
        place = self._place()
        found = None if place is None else self._hit(place, at)
        if found is not None:
            self._session.drawing.select(found.annotation.uid)

    def cursor(self, at: Point) -> Qt.CursorShape:
        """What the hand could do here."""
        place = self._place()
        found = None if place is None else self._hit(place, at)
        if found is not None:
            return _CURSORS[found.part]
        if self._session.state.tool.shape is not None:
            return Qt.CursorShape.CrossCursor
        return Qt.CursorShape.ArrowCursor

    def _begun(self, place: Place, sheet: Sheet, at: Point) -> Stroke | None:
        found, point = self._hit(place, at), place.to_image(at)
        if found is not None:
            return self._taken(found, place, sheet, at)
        shape = self._session.state.tool.shape
        left, top, right, bottom = sheet.box
        if shape is None or not (
            left <= point[0] <= right and top <= point[1] <= bottom
        ):
            return None
        if not self._session.state.drawings_shown:
            self._session.drawing.toggle_shown()
        return Sketch(self._session.drawing, shape, sheet)

    def _taken(self, found: Hit, place: Place, sheet: Sheet, at: Point) -> Stroke:
        drawing, point, one = (
            self._session.drawing,
            place.to_image(at),
            found.annotation,
        )
        if found.part is Part.HANDLE:
            return pulled_handle(drawing, one, sheet, found.handle)
        if found.part is Part.LABEL:
            middle = place.to_image(self._drawn(one, place).label.middle)
            return moved_label(drawing, one, sheet, point, middle)
        return moved_drawing(drawing, one, sheet, point)

    def _hit(self, place: Place, at: Point) -> Hit | None:
        drawn = self.drawn()
        labels: dict[str, Box] = {one.annotation.uid: one.label.box for one in drawn}
        drawings = [one.annotation for one in drawn]
        selected = self._session.state.selected
        return hit(drawings, selected, labels, place.to_screen, at)
