"""The image of one instance: pixels, grayscale, place and where its frames lie."""

from dataclasses import replace
from statistics import median
from typing import Final

from viewer.core.grayscale import GrayscaleDisplay
from viewer.core.image import Frame, FrameIndex, Image, PixelFormat
from viewer.dicom import tag as tags
from viewer.dicom.attributes import Attributes
from viewer.dicom.display import to_display
from viewer.dicom.encoding import UNDEFINED
from viewer.dicom.frame_index import index_frames
from viewer.dicom.functional_groups import FunctionalGroups
from viewer.dicom.palette import to_palette
from viewer.dicom.part10 import OpenFile
from viewer.dicom.pixels import to_pixel_format
from viewer.dicom.placement import (
    pixel_spacing,
    shifted,
    to_aspect,
    to_plane,
    to_spacing,
)
from viewer.dicom.traits import to_frame_traits, to_traits

_LOSSY_METHODS: Final = {
    "ISO_10918_1": "JPEG",
    "ISO_14495_1": "JPEG-LS",
    "ISO_15444_1": "JPEG 2000",
    "ISO_15444_15": "HTJ2K",
    "ISO_18181_1": "JPEG XL",
    "ISO_13818_2": "MPEG-2",
    "ISO_14496_10": "H.264",
    "ISO_23008_2": "HEVC",
}
"""Lossy Image Compression Method (0028,2114); PS3.3 C.7.6.1.1.5.1."""

_LOSSY_SYNTAXES: Final = {
    "1.2.840.10008.1.2.4.50": "JPEG",
    "1.2.840.10008.1.2.4.51": "JPEG",
    "1.2.840.10008.1.2.4.53": "JPEG",
    "1.2.840.10008.1.2.4.55": "JPEG",
    "1.2.840.10008.1.2.4.81": "JPEG-LS",
}
"""Syntaxes that are never lossless, so that a file that keeps quiet is marked too."""


def to_image(opened: OpenFile) -> Image | None:
    """The image of an open file; None for an object without pixels to show."""
    pixels = to_pixel_format(opened)
    if pixels is None or opened.pixels is None:
        return None
    data_set = opened.data_set
    frames, displays = _frames(data_set, pixels)
    return Image(
        pixels=pixels,
        index=_index(opened, pixels),
        displays=displays,
        frames=frames,
        palette=to_palette(data_set, pixels),
        lossy=_lossy(data_set, pixels.transfer_syntax_uid),
        frame_time_ms=_frame_time(data_set) if pixels.frames > 1 else None,
    )


def _index(opened: OpenFile, pixels: PixelFormat) -> FrameIndex:
    element, data_set = opened.pixels, opened.data_set
    if element is None:
        return FrameIndex()
    offsets = data_set.raw(tags.EXTENDED_OFFSET_TABLE, 8 * pixels.frames)
    table = memoryview(offsets[: len(offsets) & ~7]).cast("Q").tolist()
    return index_frames(
        opened.file,
        pixels,
        element.offset,
        None if element.length == UNDEFINED else element.length,
        extended_offsets=table or None,
    )


def _frames(
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
    spacing = pixel_spacing(data_set)
    detector = data_set.first(tags.DETECTOR_INFORMATION_SEQUENCE) or data_set
    plane = to_plane(
        data_set.vector(tags.IMAGE_POSITION_PATIENT, 3)
        or detector.vector(tags.IMAGE_POSITION_PATIENT, 3),
        data_set.vector(tags.IMAGE_ORIENTATION_PATIENT, 6)
        or detector.vector(tags.IMAGE_ORIENTATION_PATIENT, 6),
        spacing,
        data_set,
    )
    letters = data_set.texts(tags.PATIENT_ORIENTATION)
    frame = Frame(
        plane=plane,
        spacing=to_spacing(data_set, spacing, placed=plane is not None),
        aspect=to_aspect(data_set),
        thickness_mm=data_set.number(tags.SLICE_THICKNESS),
        location_mm=data_set.number(tags.SLICE_LOCATION),
        traits=to_traits(data_set),
        patient_orientation=(letters[0], letters[1])
        if len(letters) == 2 and all(letters)
        else None,
    )
    if pixels.frames == 1 or plane is None:
        return (frame,)
    offsets = _offsets(data_set, pixels.frames)
    if offsets is None:
        # Several frames and one position: it cannot be that of each (a tilt, a cine).
        return (frame,)
    return tuple(replace(frame, plane=shifted(plane, offset)) for offset in offsets)


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
    shared_display = _frame_display(data_set, pixels, groups, pixels.frames + 1)
    frames = []
    for number in range(1, pixels.frames + 1):
        display = shared_display
        if groups.own(number, tags.PIXEL_VALUE_TRANSFORMATION_SEQUENCE) or groups.own(
            number, tags.FRAME_VOI_LUT_SEQUENCE
        ):
            display = _frame_display(data_set, pixels, groups, number)
        frame = _enhanced_frame(data_set, groups, number, common)
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
    )


def _enhanced_frame(
    data_set: Attributes, groups: FunctionalGroups, number: int, common: Frame
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
            data_set,
        )
    thickness = measures.number(tags.SLICE_THICKNESS) if measures is not None else None
    return replace(
        common,
        plane=plane,
        spacing=to_spacing(data_set, spacing, placed=plane is not None)
        if spacing is not None
        else common.spacing,
        thickness_mm=common.thickness_mm if thickness is None else thickness,
        traits=to_frame_traits(groups, number, common.traits),
    )


def _lossy(data_set: Attributes, transfer_syntax_uid: str) -> str:
    """What the corner says of lossy compression; PS3.3 C.7.6.1.1.5."""
    coded = _LOSSY_SYNTAXES.get(transfer_syntax_uid, "")
    if data_set.text(tags.LOSSY_IMAGE_COMPRESSION) != "01":
        return f"lossy {coded}" if coded else ""
    ratios = [
        ratio
        for ratio in data_set.numbers(tags.LOSSY_IMAGE_COMPRESSION_RATIO)
        if ratio is not None
    ]
    methods = [
        _LOSSY_METHODS.get(method, method)
        for method in data_set.texts(tags.LOSSY_IMAGE_COMPRESSION_METHOD)
    ]
    words = ["lossy", ", ".join(f"{ratio:.3g}:1" for ratio in ratios)]
    words.append(", ".join(filter(None, methods)) or coded)
    return " ".join(filter(None, words))


def _frame_time(data_set: Attributes) -> float | None:
    """Milliseconds from one frame of a cine to the next; PS3.3 C.7.6.5."""
    stated = data_set.number(tags.FRAME_TIME)
    if stated is not None and stated > 0:
        return stated
    # The first entry of the vector is 0: nothing comes before the first frame.
    steps = [step for step in data_set.numbers(tags.FRAME_TIME_VECTOR) if step]
    if steps:
        return float(median(steps))
    for tag in (tags.RECOMMENDED_DISPLAY_FRAME_RATE, tags.CINE_RATE):
        rate = data_set.number(tag)
        if rate is not None and rate > 0:
            return 1000 / rate
    return None
