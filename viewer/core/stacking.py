"""The images of a series put in order, and apart where they do not belong together.

What tells images apart stands in `viewer.core.stack_splits`; here they are sorted by
position along the normal, named and examined.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from viewer.core.geometry import ImagePlane
from viewer.core.identity import SeriesUID
from viewer.core.image import MOST_FRAMES, Image
from viewer.core.records import InstanceRecord
from viewer.core.series_faults import find_series_faults
from viewer.core.stack_faults import find_faults, places
from viewer.core.stack_labels import labels
from viewer.core.stack_splits import Slice, split
from viewer.core.stacks import Stack, StackFrame

_SEGMENTATION: Final = "1.2.840.10008.5.1.4.1.1.66"  # and .66.4, .66.7

_LOCALIZER_WORDS: Final = (
    "localizer",
    "localiser",
    "scout",
    "survey",
    "locator",
    "tracker",
)


def to_stacks(
    series_uid: SeriesUID, instances: Sequence[InstanceRecord], description: str = ""
) -> tuple[Stack, ...]:
    """Group and sort the images of one series.

    Parameters
    ----------
    instances : sequence of InstanceRecord
        In any order; those without pixels are in no stack.
    description : str
        Of the series; it tells the localizers that Image Type (0008,0008) does not.

    Returns
    -------
    tuple of Stack
        Every frame in exactly one, whatever is wrong with its place; in the order of
        their lowest instance numbers.
    """
    slices = sorted(_slices(instances), key=lambda one: one.order)
    groups = sorted(split(slices), key=lambda group: group.slices[0].order)
    named = zip(groups, labels(groups), strict=True)
    stacks = [
        _to_stack(series_uid, index, group.slices, label, description)
        for index, (group, label) in enumerate(named)
    ]
    rows = [group for group in groups if not any(map(_is_segmentation, group.slices))]
    shared = find_series_faults(rows)
    return tuple(
        stack
        if stack.localizer or not shared
        else replace(stack, faults=(*shared, *stack.faults))
        for stack in stacks
    )


def _slices(instances: Iterable[InstanceRecord]) -> Iterator[Slice]:
    for instance in instances:
        image = instance.image
        if image is None:
            continue
        film = _is_film(image)
        stated = image.pixels.frames
        for number in range(1, 1 + (stated if stated <= MOST_FRAMES else 1)):
            frame = image.frame(number)
            if film and frame.plane is not None:
                frame = replace(frame, plane=None)
            yield Slice(instance, number, frame, film=film)


def _is_film(image: Image) -> bool:
    """Whether several frames lie in one place, or nowhere: a cine, no volume."""
    if image.pixels.frames == 1:
        return False
    origins = {frame.plane and frame.plane.origin for frame in image.frames}
    return len(origins) == 1


def _to_stack(
    series_uid: SeriesUID,
    index: int,
    slices: Sequence[Slice],
    label: str,
    description: str,
) -> Stack:
    localizer = any(one.is_localizer for one in slices)
    localizer = localizer or _names_localizer(description)
    planes = [one.frame.plane for one in slices if one.frame.plane is not None]
    if len(planes) < len(slices):
        return Stack(
            series_uid,
            index,
            tuple(StackFrame(one.uid, one.number) for one in slices),
            label,
            localizer,
        )
    rows = _along_normal(slices, planes)
    frames = tuple(StackFrame(one.uid, one.number, at) for one, _, at in rows)
    is_row = not localizer and not any(map(_is_segmentation, slices))
    faults = find_faults([plane for _, plane, _ in rows]) if is_row else ()
    return Stack(series_uid, index, frames, label, localizer, faults)


def _along_normal(
    slices: Sequence[Slice], planes: Sequence[ImagePlane]
) -> list[tuple[Slice, ImagePlane, float]]:
    """Slices with their planes, sorted by position; those in one place by number."""
    at = places(planes)
    rows = sorted(
        zip(slices, planes, at, strict=True), key=lambda row: (row[2][0], row[0].order)
    )
    return [(one, plane, position) for one, plane, (_, position) in rows]


def _is_segmentation(one: Slice) -> bool:
    """Whether it is a mask, which leaves out the slices where there is nothing."""
    return one.instance.sop_class_uid.startswith(_SEGMENTATION)


def _names_localizer(description: str) -> bool:
    words = description.casefold()
    return any(word in words for word in _LOCALIZER_WORDS)
