"""All measures of the open studies as a table, and the way to their images."""

from dataclasses import dataclass

from viewer.core.annotation import Annotation
from viewer.core.measurement import Measurement
from viewer.core.measurement_text import TITLES, value_text
from viewer.services.measuring import Measuring
from viewer.services.session import ReadingSession


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """One drawing as a table shows it.

    Attributes
    ----------
    annotation : Annotation
    measurement : Measurement
    title, value : str
        ``"Length"``, ``"12.3 mm"``.
    kind : str
        What must be known of the value: ``"detector plane"``; mostly empty.
    image : str
        Series and image: ``"3: 12"``; empty if no stack shows it.
    """

    annotation: Annotation
    measurement: Measurement
    title: str
    value: str
    kind: str
    image: str


def measure_rows(
    session: ReadingSession, measuring: Measuring
) -> tuple[MeasureRow, ...]:
    """Every drawing on the open studies, in the order it was drawn."""
    found = ((one, measuring.of(one)) for one in session.drawing.all)
    return tuple(
        MeasureRow(
            one,
            measurement,
            TITLES[one.shape],
            value_text(measurement),
            measurement.caution,
            _image_text(session, one),
        )
        for one, measurement in found
        if measurement is not None
    )


def to_text(rows: tuple[MeasureRow, ...]) -> str:
    """Every value on a line of its own, tabs between columns, for a spreadsheet."""
    lines = ["\t".join(("Measure", "Quantity", "Value", "Unit", "Kind", "Image"))]
    for row in rows:
        found = row.measurement
        values = [(q.name, f"{q.value:.10g}", q.unit) for q in found.quantities]
        if found.colour:
            values.append(("value", found.colour, ""))
        lines += ["\t".join((row.title, *v, row.kind, row.image)) for v in values]
    return "\n".join(lines) + "\n"


def go_to_drawing(session: ReadingSession, annotation: Annotation) -> None:
    """Show a drawing's image where its stack is shown, else in the active viewport."""
    place = session.stacks.place_of(annotation.sop_instance_uid, annotation.frame)
    if place is None:
        return
    stack, image = place
    state = session.state
    showing = [n for n in state.visible if state.viewports[n].stack_id == stack.id]
    if showing:
        index = state.active if state.active in showing else showing[0]
        session.activate(index)
        session.go_to(image, index)
    else:
        session.show(stack.id, image=image)
    session.drawing.select(annotation.uid)


def _image_text(session: ReadingSession, annotation: Annotation) -> str:
    place = session.stacks.place_of(annotation.sop_instance_uid, annotation.frame)
    if place is None:
        return ""
    stack, image = place
    number = stack.series.record.number
    return f"{'–' if number is None else number}: {image + 1}"
