"""Open studies built for tests: no files, only what files would have said."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from viewer.core.geometry import ImagePlane
from viewer.core.grayscale import GrayscaleDisplay, Rescale, Window
from viewer.core.identity import SeriesUID, SOPInstanceUID, StudyUID
from viewer.core.image import Frame, Image, PixelFormat, Spacing, SpacingKind
from viewer.core.listing import StudySummary
from viewer.core.opened import OpenSeries, OpenStudy
from viewer.core.records import (
    FileStamp,
    InstanceRecord,
    SeriesRecord,
    StoredInstance,
    Technique,
)
from viewer.core.stacks import Stack, StackFrame

ORIENTATIONS = {
    "axial": (1.0, 0.0, 0.0, 0.0, 1.0, 0.0),
    "coronal": (1.0, 0.0, 0.0, 0.0, 0.0, -1.0),
    "sagittal": (0.0, 1.0, 0.0, 0.0, 0.0, -1.0),
}
SOFT, BONE = Window(40, 400, explanation="Soft"), Window(400, 1800, explanation="Bone")
SPACING = Spacing(1, 1, SpacingKind.PATIENT)


def to_study(
    *series: OpenSeries, uid: str = "1.2", patient_id: str = "P1"
) -> OpenStudy:
    """A study of these series."""
    summary = StudySummary(
        study_uid=StudyUID(uid),
        patient_name="Phantom^Test",
        patient_id=patient_id,
        issuer="",
        patient_birth_date=None,
        patient_sex="O",
        age=None,
        study_date=date(2026, 1, 2),
        study_time=None,
        accession_number="A1",
        description="Thorax",
        modalities=("CT",),
        series=len(series),
        instances=sum(len(one.instances) for one in series),
        institution="Clinic",
        referring_physician="",
        status="pending",
        tags=(),
        body_parts=(),
        conflicts=0,
    )
    return OpenStudy(summary, series)


def to_slices(  # noqa: PLR0913 - each test varies one of them
    uid: str,
    positions: Sequence[float],
    *,
    modality: str = "CT",
    orientation: str = "axial",
    frame_of_reference: str = "FOR1",
    windows: tuple[Window, ...] = (SOFT, BONE),
    localizer: bool = False,
) -> OpenSeries:
    """A series of 64 × 48 slices, 1 mm a pixel, one after the other."""
    along = {"axial": 2, "coronal": 1, "sagittal": 0}[orientation]
    planes = []
    for position in positions:
        origin = [-32.0, -24.0, 24.0]
        origin[along] = position
        planes.append(
            ImagePlane.from_attributes(
                (origin[0], origin[1], origin[2]), ORIENTATIONS[orientation], (1, 1)
            )
        )
    display = GrayscaleDisplay(rescale=Rescale(1.0, -1024.0, "HU"), windows=windows)
    frames = [Frame(plane=plane, spacing=SPACING) for plane in planes]
    series = _series(uid, modality, frames, display)
    record = replace(series.record, frame_of_reference_uid=frame_of_reference)
    stack = replace(series.stacks[0], localizer=localizer)
    return replace(series, record=record, stacks=(stack,))


def to_projections(
    uid: str,
    sides: Sequence[tuple[str, str]] = (("", ""),),
    *,
    modality: str = "CR",
    orientation: tuple[str, str] | None = None,
) -> OpenSeries:
    """A series of radiographs, one for each ``(laterality, view position)``."""
    display = GrayscaleDisplay(inverse=True)
    frames = [Frame(patient_orientation=orientation) for _ in sides]
    series = _series(uid, modality, frames, display)
    instances = tuple(
        replace(
            stored,
            instance=replace(
                stored.instance,
                technique=Technique(image_laterality=side, view_position=view),
            ),
        )
        for stored, (side, view) in zip(series.instances, sides, strict=True)
    )
    return replace(series, instances=instances)


def _series(
    uid: str, modality: str, frames: Sequence[Frame], display: GrayscaleDisplay
) -> OpenSeries:
    pixels = PixelFormat("1.2.840.10008.1.2.1", rows=48, columns=64)
    uids = [SOPInstanceUID(f"{uid}.{n}") for n in range(1, len(frames) + 1)]
    instances = tuple(
        StoredInstance(
            InstanceRecord(
                sop_instance_uid=sop_uid,
                sop_class_uid="1.2.840.10008.5.1.4.1.1.2",
                transfer_syntax_uid=pixels.transfer_syntax_uid,
                number=number,
                image=Image(pixels, displays=(display,), frames=(frame,)),
            ),
            path=f"/nowhere/{sop_uid}",
            stamp=FileStamp(1, 1, number),
        )
        for number, (sop_uid, frame) in enumerate(zip(uids, frames, strict=True), 1)
    )
    record = SeriesRecord(
        SeriesUID(uid),
        modality=modality,
        number=int(uid.rsplit(".", 1)[-1]),
    )
    stack = Stack(
        record.series_uid,
        0,
        tuple(StackFrame(sop_uid) for sop_uid in uids),
    )
    return OpenSeries(record, instances, (stack,))
