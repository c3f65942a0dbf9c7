"""Measurements in words: on the image, in the table, on the clipboard."""

from viewer.core.annotation import Shape
from viewer.core.corners import plain
from viewer.core.measurement import Measurement, Quantity
from viewer.core.probing import plain_value

TITLES = {
    Shape.LENGTH: "Length",
    Shape.ANGLE: "Angle",
    Shape.RECTANGLE: "Rectangle",
    Shape.ELLIPSE: "Ellipse",
    Shape.PROBE: "Pixel",
}

_WORDS = {
    "length": "Length",
    "angle": "Angle",
    "area": "Area",
    "width": "Width",
    "height": "Height",
    "mean": "Mean",
    "sd": "SD",
    "min": "Min",
    "max": "Max",
    "sum": "Sum",
    "pixels": "Pixels",
    "left_out": "Left out",
    "value": "Value",
}
_WHOLE = frozenset({"pixels", "left_out", "sum", "min", "max", "value"})


def quantity_text(quantity: Quantity) -> str:
    """A value with its unit, in as many digits as mean something: ``"12.3 mm"``."""
    if quantity.name in _WHOLE:
        number = plain_value(float(quantity.value))
    elif abs(quantity.value) >= 1:
        number = f"{quantity.value:.1f}".replace("-", "−")
    else:
        number = plain(quantity.value)
    gap = "" if quantity.unit in ("", "°") else " "
    return f"{number}{gap}{quantity.unit}"


def label_lines(measurement: Measurement) -> tuple[str, ...]:
    """What stands beside the drawing; the last line is the caution, if there is one."""
    shape = measurement.annotation.shape
    caution = (measurement.caution,) if measurement.caution else ()
    if shape is Shape.PROBE:
        return (_probe_text(measurement),)
    if not shape.has_area:
        return (quantity_text(measurement.quantities[0]), *caution)
    lines = [_pair(measurement, "mean", "sd"), _pair(measurement, "min", "max")]
    if not measurement.complete:
        lines = ["…"]
    lines += [_pair(measurement, "area"), _pair(measurement, "pixels")]
    left_out = measurement.quantity("left_out")
    if left_out is not None and left_out.value:
        lines.append(f"without padding ({quantity_text(left_out)})")
    return (*(line for line in lines if line), *caution)


def value_text(measurement: Measurement) -> str:
    """The one value a table shows."""
    if measurement.annotation.shape is Shape.PROBE:
        return _probe_text(measurement)
    if not measurement.complete:
        return "…"
    return quantity_text(measurement.quantities[0])


def because_text(measurement: Measurement) -> str:
    """The whole answer to "Why this number?", to be read and copied."""
    values = [
        f"{_WORDS[one.name]}: {quantity_text(one)}" for one in measurement.quantities
    ]
    if measurement.colour:
        values.append(f"Value: {measurement.colour}")
    reasons = [f"{line.about}: {line.says}" for line in measurement.because]
    return "\n".join((*values, "", *reasons))


def _pair(measurement: Measurement, *names: str) -> str:
    """Several values on one line, as far as the drawing has them."""
    found = [measurement.quantity(name) for name in names]
    return "  ".join(
        f"{_WORDS[one.name]} {quantity_text(one)}" for one in found if one is not None
    )


def _probe_text(measurement: Measurement) -> str:
    if measurement.colour:
        return measurement.colour
    if not measurement.complete:
        return "…"
    value = measurement.quantity("value")
    return "outside" if value is None else quantity_text(value)
