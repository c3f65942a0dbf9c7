"""Which frames of an export make a volume, and why others make none."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from viewer.core.errors import GeometryError
from viewer.core.geometry import ImagePlane
from viewer.core.identity import SeriesUID
from viewer.core.image import MOST_FRAMES, Image
from viewer.core.records import InstanceRecord
from viewer.core.stacking import to_stacks
from viewer.core.stacks import FaultKind, Stack
from viewer.core.volume import Volume
from viewer.dicom.codecs.stored import stored_dtype
from viewer.services.picture_source import UnfitError
from viewer.services.pixel_values import is_measured
from viewer.services.volume_file import LONGEST_SIDE, VoxelCoding

_SEGMENTATION: Final = "1.2.840.10008.5.1.4.1.1.66"  # and .66.4, .66.7
_DOSE: Final = "1.2.840.10008.5.1.4.1.1.481.2"
_UNCERTAIN: Final = {
    FaultKind.ORIENTATION,
    FaultKind.SIZE,
    FaultKind.UNPLACED,
    FaultKind.DUPLICATE,
}


@dataclass(frozen=True, slots=True)
class VolumePlan:
    """One file that is to be.

    Attributes
    ----------
    stack : Stack
    frames : tuple of tuple
        The place of the instance in the export, and its frame, counted from 1; in
        the order of the stack.
    """

    stack: Stack
    frames: tuple[tuple[int, int], ...]

    @property
    def instances(self) -> set[int]:
        """Places of its instances in the export."""
        return {number for number, _ in self.frames}


@dataclass(frozen=True, slots=True)
class Grid:
    """Where the voxels of a volume lie, and how their values are written."""

    volume: Volume
    coding: VoxelCoding


def plans(
    series_uid: SeriesUID, images: Sequence[tuple[int, InstanceRecord]]
) -> list[list[VolumePlan]]:
    """The volumes of a series; those that share an instance come together.

    Parameters
    ----------
    series_uid : SeriesUID
    images : sequence of tuple
        Each with its place in the export.
    """
    place = {record.sop_instance_uid: number for number, record in images}
    found = [
        VolumePlan(
            stack,
            tuple((place[one.sop_instance_uid], one.number) for one in stack.frames),
        )
        for stack in to_stacks(series_uid, [record for _, record in images])
    ]
    groups: list[tuple[set[int], list[VolumePlan]]] = []
    for plan in found:
        own, members = plan.instances, [plan]
        for group in [one for one in groups if one[0] & own]:
            groups.remove(group)
            own, members = own | group[0], [*group[1], *members]
        groups.append((own, members))
    return [members for _, members in groups]


def grid_of(plan: VolumePlan, record: Callable[[int], InstanceRecord]) -> Grid:
    """Where the voxels of a file will lie.

    Raises
    ------
    UnfitError
        With the reason, if the frames are no volume.
    """
    records = {number: record(number) for number in plan.instances}
    for one in records.values():
        _check(one)
    for fault in plan.stack.faults:
        if fault.kind in _UNCERTAIN:
            raise UnfitError(f"The series makes no volume: {fault.sentence}.")
    frames = [(_image(records[number]), frame) for number, frame in plan.frames]
    pixels = [image.pixels for image, _ in frames]
    columns, rows = pixels[0].columns, pixels[0].rows
    if max(columns, rows, len(frames)) > LONGEST_SIDE:
        raise UnfitError("It is too large for NIfTI.")
    try:
        volume = Volume.from_planes(list(_planes(frames)), columns, rows)
    except GeometryError as error:
        raise UnfitError(error.message) from error
    coding = VoxelCoding.of(
        [(stored_dtype(one), one.bits_stored) for one in pixels],
        [image.display(frame) for image, frame in frames],
    )
    return Grid(volume, coding)


def _planes(frames: Sequence[tuple[Image, int]]) -> Iterator[ImagePlane]:
    for image, number in frames:
        plane = image.frame(number).plane
        if plane is None:
            raise UnfitError("It does not say where it lies in the patient.")
        yield plane


def _check(record: InstanceRecord) -> None:
    """Refuse values that would mean something else in a NIfTI file."""
    image = _image(record)
    if not is_measured(image):
        raise UnfitError("Colours are no values of a volume.")
    if record.sop_class_uid.startswith(_SEGMENTATION):
        raise UnfitError("A NIfTI file would not say which segment is which.")
    if record.sop_class_uid == _DOSE:
        raise UnfitError("The scale of its doses would be lost.")
    if image.pixels.frames > MOST_FRAMES:
        raise UnfitError("It is too large for NIfTI.")


def _image(record: InstanceRecord) -> Image:
    if record.image is None:
        raise ValueError("a stack holds only images")
    return record.image
