"""Hang the studies that were opened."""

from dataclasses import replace

from viewer.core.hanging import PROJECTIONS, Picture, to_hanging
from viewer.core.identity import SeriesUID
from viewer.core.opened import OpenStudy
from viewer.core.view import View
from viewer.services.reading_stacks import ReadingStack, ReadingStacks, patient_of
from viewer.services.reading_state import ReadingState, Viewport

_FOR_PROCESSING = frozenset(
    {
        "1.2.840.10008.5.1.4.1.1.1.1.1",  # Digital X-Ray
        "1.2.840.10008.5.1.4.1.1.1.2.1",  # Digital Mammography X-Ray
        "1.2.840.10008.5.1.4.1.1.1.3.1",  # Digital Intra-Oral X-Ray
    }
)
"""SOP classes of raw detector images, PS3.4 B.5."""

_LOOKED_AT_FIRST = 4  # images of one projection series that get places of their own


def hung(
    state: ReadingState, stacks: ReadingStacks, series_uid: SeriesUID | None = None
) -> ReadingState:
    """`state` with the first study that has images on the screen, or one series alone.

    A prior beside it is of the same patient; files opened together need not be.
    """
    chosen = [s for s in stacks if s.series.record.series_uid == series_uid]
    lead = next((s.study for s in stacks), None)
    first = [s for s in stacks if s.study is lead]
    priors = [s for s in stacks if s.study is not lead and _same_patient(s.study, lead)]
    hanging = to_hanging(_pictures(chosen[:1] or first), _pictures(priors))
    viewports = tuple(
        Viewport()
        if picture is None
        else Viewport(
            picture.stack_id,
            picture.image,
            first_view(stacks[picture.stack_id], picture.image),
        )
        for picture in hanging.places
    )
    if all(one.modality == "MG" for one in hanging.places if one is not None):
        viewports = _at_one_scale(stacks, viewports)
    return replace(state, layout=hanging.layout, viewports=viewports)


def _at_one_scale(
    stacks: ReadingStacks, viewports: tuple[Viewport, ...]
) -> tuple[Viewport, ...]:
    """The same, as many millimetres of one kind in each place: breasts compare."""
    shown = [(stacks[one.stack_id], one.image) for one in viewports if one.stack_id]
    spacings = [stack.frame(image).spacing for stack, image in shown]
    known = [spacing for spacing in spacings if spacing is not None]
    if len(known) < len(shown) or len({spacing.kind for spacing in known}) != 1:
        return viewports
    sizes = [stack.image(image).pixels for stack, image in shown]
    pairs = list(zip(known, sizes, strict=True))
    wide_mm = max(spacing.column_mm * pixels.columns for spacing, pixels in pairs)
    high_mm = max(spacing.row_mm * pixels.rows for spacing, pixels in pairs)
    fields = iter(
        (wide_mm / spacing.column_mm, high_mm / spacing.row_mm) for spacing in known
    )
    return tuple(
        replace(one, view=replace(one.view, field=next(fields)))
        if one.stack_id
        else one
        for one in viewports
    )


def _same_patient(one: OpenStudy, other: OpenStudy | None) -> bool:
    return other is not None and patient_of(one.summary) == patient_of(other.summary)


def first_view(stack: ReadingStack, image: int) -> View:
    """How an image looks before anyone touched it: fit, PET in inverted grey."""
    display = stack.display(image)
    dark_on_white = stack.modality == "PT" and stack.has_window
    return View(
        inverted=dark_on_white and not display.inverse,
        mirrored=_hangs_mirrored(stack, image),
    )


def _pictures(stacks: list[ReadingStack]) -> list[Picture]:
    return [
        _picture(stack, image)
        for stack in stacks
        for image in range(
            min(stack.count, _LOOKED_AT_FIRST) if stack.modality in PROJECTIONS else 1
        )
    ]


def _picture(stack: ReadingStack, image: int) -> Picture:
    instance = stack.stored(image).instance
    technique = instance.technique
    return Picture(
        stack.id,
        image,
        modality=stack.modality,
        localizer=stack.stack.localizer,
        laterality=technique.image_laterality or stack.series.record.laterality,
        view_position=technique.view_position,
        for_processing=instance.sop_class_uid in _FOR_PROCESSING,
    )


def _hangs_mirrored(stack: ReadingStack, image: int) -> bool:
    """Whether the chest wall of a mammogram would face away from the other breast.

    The right breast hangs on the left, its chest wall to the right: rows run from
    anterior to posterior; the left one the other way.
    """
    orientation = stack.frame(image).patient_orientation
    if stack.modality != "MG" or orientation is None:
        return False
    technique = stack.stored(image).instance.technique
    side = technique.image_laterality or stack.series.record.laterality
    runs_to = orientation[0][:1]
    return (side, runs_to) in {("R", "A"), ("L", "P")}
