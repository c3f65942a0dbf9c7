"""The frames of an image: where each lies, what sets it apart, how it is shown."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from viewer.core.geometry import ImagePlane
from viewer.core.grayscale import GrayscaleDisplay
from viewer.core.image import Frame, PixelFormat
from viewer.core.orientation import letters
from viewer.dicom import tag as tags
from viewer.dicom.attributes import Attributes
from viewer.dicom.display import to_display
from viewer.dicom.functional_groups import FunctionalGroups
from viewer.dicom.placement import shifted, to_aspect, to_plane
from viewer.dicom.real_world import to_real_world
from viewer.dicom.shutters import to_shutter
from viewer.dicom.spacing import SpacingItems, pixel_spacing, to_spacing
from viewer.dicom.traits import FRAME_TYPE_GROUPS, to_frame_traits, to_traits
from viewer.dicom.ultrasound_regions import to_region_aspect, to_regions

_DISPLAY_GROUPS: Final = (
    tags.PIXEL_VALUE_TRANSFORMATION_SEQUENCE,
    tags.FRAME_VOI_LUT_SEQUENCE,
)
"""What can make one frame look different from the others."""

_TURNING: Final = frozenset({"TOMO", "GATED TOMO"})
"""Image Type, value 3, of projections from a detector that goes round the patient."""


def to_frames(
    data_set: Attributes, pixels: PixelFormat
) -> tuple[tuple[Frame, ...], tuple[GrayscaleDisplay, ...]]:
    """Every frame, or a single one that holds for all; and their grayscales."""
    groups = FunctionalGroups.from_data_set(data_set)
    if groups:
        return _enhanced_frames(data_set, pixels, groups)
    display = to_display(data_set, pixels)
    frames = _classic_frames(data_set, pixels)
    return frames, (display,)


def _classic_frames(data_set: Attributes, pixels: PixelFormat) -> tuple[Frame, ...]:
    planes = _planes(data_set, pixel_spacing(data_set))
    plane = planes[0]
    frame = replace(
        to_frame(data_set, pixels, placed=plane is not None),
        plane=plane,
        location_mm=data_set.number(tags.SLICE_LOCATION),
    )
    if len(planes) == 1 and (pixels.frames == 1 or plane is None):
        return (frame,)
    offsets = _offsets(data_set, pixels.frames)
    if offsets is not None and plane is not None:
        return tuple(replace(frame, plane=shifted(plane, offset)) for offset in offsets)
    # Several frames and one position: it cannot be that of each.
    sides = _sides(data_set, planes, pixels.frames)
    return tuple(replace(frame, plane=None, patient_orientation=one) for one in sides)


def to_frame(data_set: Attributes, pixels: PixelFormat, *, placed: bool) -> Frame:
    """What the slices of a series have in common: a frame, but not where it lies.

    Parameters
    ----------
    placed : bool
        Whether it has a plane.
    """
    stated = data_set.texts(tags.PATIENT_ORIENTATION)
    return Frame(
        spacing=to_spacing(
            SpacingItems.of_image(data_set), pixel_spacing(data_set), placed=placed
        ),
        aspect=to_region_aspect(to_regions(data_set, pixels)) or to_aspect(data_set),
        thickness_mm=data_set.number(tags.SLICE_THICKNESS),
        traits=to_traits(data_set),
        patient_orientation=(stated[0], stated[1])
        if len(stated) == 2 and all(stated)
        else None,
        shutter=to_shutter(data_set),
        real_world=to_real_world(
            data_set.items(tags.REAL_WORLD_VALUE_MAPPING_SEQUENCE), pixels
        ),
    )


def _planes(
    data_set: Attributes, spacing: tuple[float, float] | None
) -> tuple[ImagePlane | None, ...]:
    """The plane of the image, or of each detector that took frames of it."""
    position = data_set.vector(tags.IMAGE_POSITION_PATIENT, 3)
    orientation = data_set.vector(tags.IMAGE_ORIENTATION_PATIENT, 6)
    detectors = data_set.items(tags.DETECTOR_INFORMATION_SEQUENCE)
    return tuple(
        to_plane(
            position or detector.vector(tags.IMAGE_POSITION_PATIENT, 3),
            orientation or detector.vector(tags.IMAGE_ORIENTATION_PATIENT, 6),
            spacing,
            data_set.note,
        )
        for detector in detectors or (data_set,)
    )


def _sides(
    data_set: Attributes, planes: Sequence[ImagePlane | None], frames: int
) -> tuple[tuple[str, str] | None, ...]:
    """Where rows and columns run to: one for all frames, or one for each.

    Detector Vector (0054,0020) tells which detector took a frame; of one that went
    round the patient only the first frame would be known. PS3.3 C.8.4.8, C.8.4.11.
    """
    if _TURNING.intersection(data_set.texts(tags.IMAGE_TYPE)[2:3]):
        return (None,)
    found: list[tuple[str, str] | None] = [
        None
        if plane is None
        else (letters(plane.along_row), letters(plane.along_column))
        for plane in planes
    ]
    if len(found) == 1:
        return tuple(found)
    takers = data_set.numbers(tags.DETECTOR_VECTOR)
    known = [int(taker) for taker in takers if taker and 1 <= taker <= len(found)]
    if len(known) != len(takers) or len(known) != frames:
        return (None,)
    sides = tuple(found[taker - 1] for taker in known)
    return sides[:1] if len(set(sides)) == 1 else sides


def _offsets(data_set: Attributes, frames: int) -> list[float] | None:
    """How far along the normal each frame of a volume lies from the first one.

    References
    ----------
    PS3.3 C.8.8.3.2 (Grid Frame Offset Vector of a dose), C.8.4.15 (NM
    reconstruction: Slice Vector and Spacing Between Slices).
    """
    grid = data_set.numbers(tags.GRID_FRAME_OFFSET_VECTOR)
    values = [value for value in grid if value is not None]
    if len(values) == frames:
        return [value - values[0] for value in values]
    step = data_set.number(tags.SPACING_BETWEEN_SLICES)
    slices = [value for value in data_set.numbers(tags.SLICE_VECTOR) if value]
    detectors = len(data_set.items(tags.DETECTOR_INFORMATION_SEQUENCE))
    if step and len(slices) == frames and detectors == 1:
        return [(value - slices[0]) * step for value in slices]
    return None


def _enhanced_frames(
    data_set: Attributes, pixels: PixelFormat, groups: FunctionalGroups
) -> tuple[tuple[Frame, ...], tuple[GrayscaleDisplay, ...]]:
    if groups.per_frame and len(groups.per_frame) < pixels.frames:
        data_set.note("fewer descriptions of frames than frames")
    common = _classic_frames(data_set, replace(pixels, frames=1))[0]
    displays: dict[GrayscaleDisplay, int] = {}
    coloured = tags.PALETTE_DESCRIPTORS[0] in data_set
    display_groups = _DISPLAY_GROUPS + (FRAME_TYPE_GROUPS if coloured else ())
    shared_display = _frame_display(data_set, pixels, groups, pixels.frames + 1)
    frames = []
    for number in range(1, pixels.frames + 1):
        display = shared_display
        if any(groups.own(number, tag) for tag in display_groups):
            display = _frame_display(data_set, pixels, groups, number)
        frame = _enhanced_frame(data_set, pixels, groups, number, common)
        index = displays.setdefault(display, len(displays))
        frames.append(replace(frame, display=index) if index else frame)
    if all(frame == frames[0] for frame in frames):
        del frames[1:]
    return tuple(frames), tuple(displays)


def _frame_display(
    data_set: Attributes, pixels: PixelFormat, groups: FunctionalGroups, number: int
) -> GrayscaleDisplay:
    return to_display(
        data_set,
        pixels,
        transformation=groups.group(number, tags.PIXEL_VALUE_TRANSFORMATION_SEQUENCE),
        voi=groups.group(number, tags.FRAME_VOI_LUT_SEQUENCE),
        presentation=_pixel_presentation(groups, number),
    )


def _pixel_presentation(groups: FunctionalGroups, number: int) -> str:
    for tag in FRAME_TYPE_GROUPS:
        item = groups.group(number, tag)
        if item is not None and tags.PIXEL_PRESENTATION in item:
            return item.text(tags.PIXEL_PRESENTATION)
    return ""


def _enhanced_frame(
    data_set: Attributes,
    pixels: PixelFormat,
    groups: FunctionalGroups,
    number: int,
    common: Frame,
) -> Frame:
    measures = groups.group(number, tags.PIXEL_MEASURES_SEQUENCE)
    position = groups.group(number, tags.PLANE_POSITION_SEQUENCE)
    orientation = groups.group(number, tags.PLANE_ORIENTATION_SEQUENCE)
    spacing = pixel_spacing(measures) if measures is not None else None
    if position is None or orientation is None:
        plane = common.plane
    else:
        plane = to_plane(
            position.vector(tags.IMAGE_POSITION_PATIENT, 3),
            orientation.vector(tags.IMAGE_ORIENTATION_PATIENT, 6),
            spacing or pixel_spacing(data_set),
            data_set.note,
        )
    thickness = measures.number(tags.SLICE_THICKNESS) if measures is not None else None
    shutter = groups.group(number, tags.FRAME_DISPLAY_SHUTTER_SEQUENCE)
    return replace(
        common,
        plane=plane,
        spacing=to_spacing(
            _spacing_items(data_set, groups, number),
            spacing or pixel_spacing(data_set),
            placed=plane is not None,
        ),
        thickness_mm=common.thickness_mm if thickness is None else thickness,
        traits=to_frame_traits(groups, number, common.traits),
        shutter=common.shutter if shutter is None else to_shutter(shutter),
        real_world=to_real_world(
            groups.items(number, tags.REAL_WORLD_VALUE_MAPPING_SEQUENCE), pixels
        )
        or common.real_world,
    )


def _spacing_items(
    data_set: Attributes, groups: FunctionalGroups, number: int
) -> SpacingItems:
    """Where frame `number` of an enhanced X-ray says what its millimetres are."""
    pixels = groups.group(number, tags.FRAME_PIXEL_DATA_PROPERTIES_SEQUENCE)
    geometry = groups.group(number, tags.XRAY_GEOMETRY_SEQUENCE)
    return SpacingItems(
        data_set,
        data_set if pixels is None else pixels,
        data_set if geometry is None else geometry,
    )
