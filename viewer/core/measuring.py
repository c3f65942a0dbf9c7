"""Measure a drawing on its image, and say why it is this number."""

from typing import Any

import numpy as np
import numpy.typing as npt

from viewer.core import measure
from viewer.core.annotation import Annotation, Shape
from viewer.core.calibration import Calibration, spacing_for
from viewer.core.enclosed import RULE, Enclosed, enclosed, probed
from viewer.core.grayscale import GrayscaleDisplay
from viewer.core.image import Image
from viewer.core.measurement import Because, Measurement, Quantity
from viewer.core.pixel_statistics import (
    MEAN_FORMULA,
    SD_FORMULA,
    PixelStatistics,
    pixel_statistics,
)
from viewer.core.probing import to_probe
from viewer.core.view import Point
from viewer.core.windowing import takes_window

Array = npt.NDArray[Any]

_NO_UNIT = frozenset({"", "US"})  # US: unspecified


def measured(
    annotation: Annotation,
    image: Image,
    decoded: Array | None,
    photometric: str = "MONOCHROME2",
) -> Measurement:
    """What a drawing measures on its image.

    Parameters
    ----------
    annotation : Annotation
    image : Image
        The instance it is drawn on.
    decoded : numpy.ndarray or None
        Its frame as decoded, ``(rows, columns)`` or with samples; None while it is
        not at hand: then what follows from the points alone is given.
    photometric : str
        What the samples are after decoding.
    """
    if annotation.shape is Shape.PROBE:
        return _probe(annotation, image, decoded, photometric)
    filled = annotation.shape.has_area
    corners = _corners(annotation) if filled else annotation.points
    calibration = spacing_for(image, annotation.frame, corners, filled=filled)
    if annotation.shape is Shape.ANGLE:
        return _angle(annotation, calibration)
    if annotation.shape is Shape.LENGTH:
        return _length(annotation, calibration)
    return _area(annotation, image, calibration, decoded)


def _length(annotation: Annotation, calibration: Calibration) -> Measurement:
    value = measure.length(annotation.points, *calibration.steps)
    because = (
        *_spacing_because(calibration),
        Because("Formula", f"length = {measure.LENGTH_FORMULA}"),
        Because("With the numbers", _length_numbers(annotation.points, calibration)),
        Because("Ends (column, row)", _points_text(annotation.points)),
    )
    quantity = Quantity("length", value, calibration.unit)
    return Measurement(annotation, (quantity,), _caution(calibration), because)


def _angle(annotation: Annotation, calibration: Calibration) -> Measurement:
    """Needs no millimetres, only the proportion of a pixel."""
    height, width = calibration.aspect
    value = measure.angle(annotation.points, height, width)
    because = (
        Because("Pixel height : width", f"{height:.6g} : {width:.6g}"),
        Because("Formula", f"angle = {measure.ANGLE_FORMULA}"),
        Because("End, vertex, end (column, row)", _points_text(annotation.points)),
    )
    return Measurement(annotation, (Quantity("angle", value, "°"),), "", because)


def _area(
    annotation: Annotation,
    image: Image,
    calibration: Calibration,
    decoded: Array | None,
) -> Measurement:
    ellipse = annotation.shape is Shape.ELLIPSE
    formula = measure.ELLIPSE_FORMULA if ellipse else measure.RECTANGLE_FORMULA
    to_area = measure.ellipse_area if ellipse else measure.rectangle_area
    left, top, right, bottom = annotation.box
    row_step, column_step = calibration.steps
    unit = calibration.unit
    sides = (
        Quantity("width", (right - left) * column_step, unit),
        Quantity("height", (bottom - top) * row_step, unit),
    )
    area = Quantity(
        "area", to_area(annotation.points, row_step, column_step), unit + "²"
    )
    inside = enclosed(annotation, (image.pixels.columns, image.pixels.rows))
    because = (
        *_spacing_because(calibration),
        Because("Formula of the area", f"area = {formula}"),
        Because("Width × height", " × ".join(f"{s.value:.6g} {unit}" for s in sides)),
        Because("Corners (column, row)", _points_text(annotation.points)),
        Because("Pixels used", RULE),
    )
    found, more, complete = _inside(image, annotation.frame, decoded, inside)
    return Measurement(
        annotation,
        (*_shown_first(found), area, *_shown_last(found), *sides),
        _caution(calibration),
        because + more,
        complete=complete,
    )


def _inside(
    image: Image, number: int, decoded: Array | None, inside: Enclosed
) -> tuple[tuple[Quantity, ...], tuple[Because, ...], bool]:
    """Values of the pixels, why they are these, and whether they have been read."""
    if not takes_window(image):
        colour = Because("Values", "The pixels are colours, which have no mean.")
        return (Quantity("pixels", inside.count),), (colour,), True
    if decoded is None:
        return (Quantity("pixels", inside.count),), (), False
    display = image.display(number)
    statistics = pixel_statistics(decoded, display, inside)
    if statistics is None:
        left_out = inside.count
        none = Because("Values", "No pixel of the image lies inside.")
        if left_out:
            none = Because("Values", f"All {left_out} pixels inside are padding.")
        return (Quantity("pixels", 0), Quantity("left_out", left_out)), (none,), True
    unit = value_unit(display)
    return (
        (
            Quantity("mean", statistics.mean, unit),
            Quantity("sd", statistics.deviation, unit),
            Quantity("min", statistics.lowest, unit),
            Quantity("max", statistics.highest, unit),
            Quantity("sum", statistics.total, unit),
            Quantity("pixels", statistics.count),
            Quantity("left_out", statistics.left_out),
        ),
        _statistics_because(statistics, display, unit),
        True,
    )


def _shown_first(found: tuple[Quantity, ...]) -> tuple[Quantity, ...]:
    return tuple(one for one in found if one.name in ("mean", "sd", "min", "max"))


def _shown_last(found: tuple[Quantity, ...]) -> tuple[Quantity, ...]:
    return tuple(one for one in found if one.name in ("sum", "pixels", "left_out"))


def _statistics_because(
    found: PixelStatistics, display: GrayscaleDisplay, unit: str
) -> tuple[Because, ...]:
    lines = [
        Because("Number of pixels", f"{found.count}"),
        Because("Sum", f"{found.total:.15g} {unit}".rstrip().replace("-", "−", 1)),
        Because("Formula of the mean", MEAN_FORMULA),
        Because("Formula of the SD", SD_FORMULA),
        Because("Value of a pixel", modality_formula(display)),
    ]
    if found.left_out:
        left_out = f"{found.left_out} inside are padding or no number"
        lines.append(Because("Pixels left out", left_out))
    return tuple(lines)


def _probe(
    annotation: Annotation, image: Image, decoded: Array | None, photometric: str
) -> Measurement:
    column, row = probed(annotation.points[0])
    inside = enclosed(annotation, (image.pixels.columns, image.pixels.rows))
    where = Because("Pixel (column, row)", f"({column}, {row}), the first is (0, 0)")
    if not inside.count:
        outside = Because("Value", "The point lies outside the image.")
        return Measurement(annotation, (), because=(where, outside))
    if decoded is None:
        return Measurement(annotation, (), because=(where,), complete=False)
    number = annotation.frame
    probe = to_probe(decoded, image, number, photometric, (column, row))
    place = (Because("In the patient", probe.place),) if probe.place else ()
    if takes_window(image) and (real := probe.value.partition("  ")[2]):
        place = (*place, Because("By the file's real world values", real))
    if not takes_window(image):
        return Measurement(annotation, (), because=(where, *place), colour=probe.value)
    display = image.display(number)
    found = pixel_statistics(decoded, display, inside)
    stored = inside.of(decoded)[0]
    because = (
        where,
        *place,
        Because("Stored value", f"{np.asarray(stored).item():.15g}"),
        Because("Value of a pixel", modality_formula(display)),
    )
    if found is None:
        return Measurement(annotation, (), because=because, colour="padding")
    value = Quantity("value", found.mean, value_unit(display))
    return Measurement(annotation, (value,), because=because)


def value_unit(display: GrayscaleDisplay) -> str:
    """The unit of modality values; empty where the file does not say."""
    lut = display.modality_lut
    unit = display.rescale.unit if lut is None else lut.explanation
    return "" if unit in _NO_UNIT else unit


def modality_formula(display: GrayscaleDisplay) -> str:
    """How a pixel's value follows from what the file stores."""
    if display.modality_lut is not None:
        return "Modality LUT Sequence (0028,3000), looked up by the stored value"
    rescale = display.rescale
    if (rescale.slope, rescale.intercept) == (1.0, 0.0):
        return "the stored value"
    sign = "−" if rescale.intercept < 0 else "+"
    slope = f"{rescale.slope:.10g}".replace("-", "−")
    return (
        f"{slope} × stored value {sign} {abs(rescale.intercept):.10g}, by Rescale "
        "Slope (0028,1053) and Rescale Intercept (0028,1052)"
    )


def _caution(calibration: Calibration) -> str:
    """The kind of millimetres that are not simply the patient's, or why none."""
    if calibration.kind is None:
        return calibration.reason
    return calibration.kind.value if calibration.caution else ""


def _spacing_because(calibration: Calibration) -> tuple[Because, ...]:
    if calibration.kind is None:
        return (Because("No millimetres", calibration.reason),)
    lines = [
        Because("Attribute", calibration.attribute),
        Because("Row step × column step", calibration.formula),
        Because("Calibration", calibration.kind.value),
    ]
    if calibration.caution:
        lines.append(Because("Beware", calibration.caution))
    return tuple(lines)


def _length_numbers(points: tuple[Point, ...], calibration: Calibration) -> str:
    (x0, y0), (x1, y1) = points
    row_step, column_step = calibration.steps
    across, down = abs(x1 - x0), abs(y1 - y0)
    value = measure.length(points, row_step, column_step)
    return (
        f"√(({across:.6g} × {column_step:.6g})² + ({down:.6g} × {row_step:.6g})²)"
        f" = {value:.6g} {calibration.unit}"
    )


def _points_text(points: tuple[Point, ...]) -> str:
    return ", ".join(f"({column:.2f}, {row:.2f})" for column, row in points)


def _corners(annotation: Annotation) -> tuple[Point, ...]:
    left, top, right, bottom = annotation.box
    return (left, top), (right, top), (right, bottom), (left, bottom)
