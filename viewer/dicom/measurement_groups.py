"""Each drawing as a measurement group of a report; PS3.16 TID 1410 and TID 1501."""

from typing import Final, TypeVar

from highdicom.sr import (
    CodedConcept,
    ContentSequence,
    CoordinatesForMeasurement,
    ImageRegion,
    PlanarROIMeasurementsAndQualitativeEvaluations,
    RelationshipTypeValues,
    ScoordContentItem,
    SourceImageForRegion,
    TextContentItem,
    TrackingIdentifier,
)
from highdicom.sr import Measurement as Measured
from highdicom.sr import MeasurementsAndQualitativeEvaluations as MeasuredGroup
from pydicom.sr.coding import Code

from viewer.core.annotation import Annotation
from viewer.core.measured_report import MeasuredImage, tracking_uid
from viewer.core.measurement import Measurement, Quantity
from viewer.core.measurement_text import TITLES
from viewer.dicom.measurement_codes import coded_measure
from viewer.dicom.measurement_graphics import graphic

PlacedT = TypeVar("PlacedT", ImageRegion, CoordinatesForMeasurement)
Group = MeasuredGroup | PlanarROIMeasurementsAndQualitativeEvaluations

_CONTAINS: Final = RelationshipTypeValues.CONTAINS
_REGION: Final = Code("111030", "DCM", "Image Region")
_COMMENT: Final = Code("121106", "DCM", "Comment")
_TILED: Final = frozenset(
    {"1.2.840.10008.5.1.4.1.1.77.1.6", "1.2.840.10008.5.1.4.1.1.77.1.9"}
)
"""Images whose coordinates must say whether they are of a tile or of the whole."""


def measurement_group(measurement: Measurement, image: MeasuredImage) -> Group:
    """The group of a drawing on an image.

    What encloses pixels or names one is a region (TID 1410), a line or an angle has
    its coordinates with its value (TID 1501). Why the values are these is its comment.
    """
    annotation = measurement.annotation
    tracked = _tracking(annotation)
    group: Group
    if annotation.shape.reads_pixels:
        region = _region(annotation, image)
        values = [_measured(one, image) for one in measurement.quantities]
        group = PlanarROIMeasurementsAndQualitativeEvaluations(
            tracked, referenced_region=region, measurements=values
        )
    else:
        line = _line(annotation, image)
        values = [_measured(one, image, line) for one in measurement.quantities]
        group = MeasuredGroup(tracked, measurements=values)
    group[0].ContentSequence.extend(map(_comment, _comments(measurement)))
    return group


def _tracking(annotation: Annotation) -> TrackingIdentifier:
    uid = tracking_uid(annotation.uid)
    name = f"{TITLES[annotation.shape]} {int(uid[5:]) % 1_000_000:06d}"
    return TrackingIdentifier(uid, name)


def _measured(
    quantity: Quantity,
    image: MeasuredImage,
    line: CoordinatesForMeasurement | None = None,
) -> Measured:
    code = coded_measure(quantity, image.modality)
    return Measured(
        code.name,
        quantity.value,
        code.unit,
        derivation=code.derivation,
        referenced_coordinates=None if line is None else [line],
    )


def _line(annotation: Annotation, image: MeasuredImage) -> CoordinatesForMeasurement:
    line = CoordinatesForMeasurement(*graphic(annotation), _source(annotation, image))
    return _placed(line, image)


def _region(annotation: Annotation, image: MeasuredImage) -> ImageRegion:
    """A region of any image: the constructor knows no retired kinds."""
    region = ScoordContentItem(_REGION, *graphic(annotation), None, None, _CONTAINS)
    region.ContentSequence = ContentSequence([_source(annotation, image)])
    return _placed(ImageRegion.from_dataset(region, copy=False), image)


def _source(annotation: Annotation, image: MeasuredImage) -> SourceImageForRegion:
    """The frame, for a multi-frame image; PS3.3 C.18.4."""
    frames = [annotation.frame] if image.frames > 1 else None
    return SourceImageForRegion(image.sop_class_uid, image.sop_instance_uid, frames)


def _placed(coordinates: PlacedT, image: MeasuredImage) -> PlacedT:
    if image.sop_class_uid in _TILED:
        coordinates.PixelOriginInterpretation = "FRAME"
    return coordinates


def _comments(measurement: Measurement) -> list[str]:
    """What has no code: a colour, or no value at all, and why the values are these."""
    found = [f"Value: {measurement.colour}"] if measurement.colour else []
    reasons = [f"{line.about}: {line.says}" for line in measurement.because]
    return [*found, "\n".join(reasons)] if reasons else found


def _comment(text: str) -> TextContentItem:
    return TextContentItem(CodedConcept.from_code(_COMMENT), text, _CONTAINS)
