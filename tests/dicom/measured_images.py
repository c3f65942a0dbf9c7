"""Drawings on files, what they measure, and the report of it as others read it."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pydicom
from highdicom.sr import ComprehensiveSR, MeasurementReport
from pydicom.dataset import Dataset

from viewer.core.annotation import Annotation, Shape
from viewer.core.identity import SeriesUID, SOPInstanceUID, StudyUID
from viewer.core.measured_report import (
    MeasuredImage,
    MeasuredReport,
    Observer,
    ReportFiling,
)
from viewer.core.measuring import measured
from viewer.core.records import FileStamp, StoredInstance
from viewer.core.view import Point
from viewer.dicom.frames import decoded_photometric, read_frame
from viewer.dicom.measurement_report import measurement_report
from viewer.dicom.read import read_file

OBSERVER = Observer("Roe^Jane", "2.25.77", "1.2.3")
FILING = ReportFiling(
    SOPInstanceUID("2.25.1001"),
    SeriesUID("2.25.1002"),
    3,
    datetime(2026, 11, 20, 18, 30, 15, 250_000),  # noqa: DTZ001 - local time
    "2.25.1000",
)

DRAWN: dict[Shape, tuple[Point, ...]] = {
    Shape.LENGTH: ((2.25, 3.5), (12.125, 9.75)),
    Shape.ANGLE: ((1.0, 2.0), (10.5, 11.25), (14.0, 3.0)),
    Shape.RECTANGLE: ((4.0, 5.0), (13.25, 9.5)),
    Shape.ELLIPSE: ((3.5, 2.0), (8.5, 13.0)),
    Shape.PROBE: ((7.25, 6.0),),
}
"""One of each shape, within 16 × 16 pixels."""


def drawing(shape: Shape, points: Sequence[Point], number: int = 1) -> Annotation:
    """A drawing of a new name; its image is named by `report_on`."""
    uid = SOPInstanceUID("2.25.9")
    return Annotation(uuid.uuid4().hex, uid, number, shape, tuple(points))


def one_of_each(number: int = 1) -> list[Annotation]:
    """All shapes on one frame."""
    return [drawing(shape, points, number) for shape, points in DRAWN.items()]


def report_on(
    path: Path, drawn: Sequence[Annotation], observer: Observer = OBSERVER
) -> MeasuredReport:
    """What drawings on an image measure."""
    record = read_file(path)
    image, uid = record.instance.image, record.instance.sop_instance_uid
    assert image is not None
    photometric = decoded_photometric(image.pixels)
    found = []
    for one in drawn:
        own = Annotation(one.uid, uid, one.frame, one.shape, one.points)
        decoded = read_frame(path, image, one.frame)
        found.append(measured(own, image, decoded, photometric))
    stored = StoredInstance(record.instance, str(path), FileStamp(0, 0, 0))
    images = (MeasuredImage.of(record.series, stored, image),)
    study = record.study.study_uid or StudyUID("2.25.8")
    return MeasuredReport(study, observer, images, tuple(found))


def written(path: Path, report: MeasuredReport) -> bytes:
    """The report as a file."""
    return measurement_report(path, report, FILING)


def parsed(content: bytes) -> Dataset:
    """A report as pydicom reads it."""
    return pydicom.dcmread(BytesIO(content))


def content_of(content: bytes) -> MeasurementReport:
    """A report as highdicom reads it."""
    found = ComprehensiveSR.from_dataset(parsed(content)).content
    assert isinstance(found, MeasurementReport)
    return found


def groups(content: bytes) -> dict[str, Any]:
    """The measurement groups as highdicom reads them, by tracking UID."""
    found = content_of(content)
    every = [
        *found.get_planar_roi_measurement_groups(),
        *found.get_image_measurement_groups(),
    ]
    return {str(one.tracking_uid): one for one in every}
