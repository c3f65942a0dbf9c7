"""What tells the stacks of a series apart: echo, diffusion, time, acquisition."""

from typing import Final

from viewer.core.image import FrameTraits
from viewer.dicom import tag as tags
from viewer.dicom.attributes import Attributes
from viewer.dicom.functional_groups import FunctionalGroups

FRAME_TYPE_GROUPS: Final = (
    tags.MR_IMAGE_FRAME_TYPE_SEQUENCE,
    tags.CT_IMAGE_FRAME_TYPE_SEQUENCE,
    tags.PET_FRAME_TYPE_SEQUENCE,
)

_PRIVATE_B_VALUES: Final = (
    (0x0019, 0x0C, "SIEMENS MR HEADER", "IS"),
    (0x0043, 0x39, "GEMS_PARM_01", "IS"),
    (0x2001, 0x03, "Philips Imaging DD 001", "FL"),
)
"""Group, element, creator and VR of b-values from before they were standard."""

_GE_OFFSET: Final = 1_000_000  # GE adds multiples of 10⁹ or 10⁶ as flags


def to_traits(data_set: Attributes) -> FrameTraits:
    """Traits of an image that is not enhanced."""
    return FrameTraits(
        echo_time_ms=data_set.number(tags.ECHO_TIME),
        b_value=_b_value(data_set),
        temporal_position=data_set.integer(tags.TEMPORAL_POSITION_IDENTIFIER),
        acquisition=data_set.integer(tags.ACQUISITION_NUMBER),
        image_type=data_set.terms(tags.IMAGE_TYPE),
        trigger_ms=data_set.number(tags.TRIGGER_TIME),
    )


def to_frame_traits(
    groups: FunctionalGroups, number: int, common: FrameTraits
) -> FrameTraits:
    """Traits of frame `number` of an enhanced object; `common` fills the gaps."""
    content = groups.group(number, tags.FRAME_CONTENT_SEQUENCE)
    echo = groups.number(number, tags.MR_ECHO_SEQUENCE, tags.EFFECTIVE_ECHO_TIME)
    b_value = groups.number(number, tags.MR_DIFFUSION_SEQUENCE, tags.DIFFUSION_B_VALUE)
    trigger = groups.number(
        number, tags.CARDIAC_SYNCHRONIZATION_SEQUENCE, tags.NOMINAL_TRIGGER_DELAY
    )
    temporal = content.integer(tags.TEMPORAL_POSITION_INDEX) if content else None
    acquisition = content.integer(tags.FRAME_ACQUISITION_NUMBER) if content else None
    return FrameTraits(
        echo_time_ms=common.echo_time_ms if echo is None else echo,
        b_value=common.b_value if b_value is None else b_value,
        temporal_position=common.temporal_position if temporal is None else temporal,
        acquisition=common.acquisition if acquisition is None else acquisition,
        stack_id=_stack(groups, number, content),
        image_type=_frame_type(groups, number) or common.image_type,
        trigger_ms=common.trigger_ms if trigger is None else trigger,
    )


def _stack(
    groups: FunctionalGroups, number: int, content: Attributes | None
) -> str | None:
    """What stack the frame belongs to: a segment of a segmentation is one."""
    segment = groups.number(
        number, tags.SEGMENT_IDENTIFICATION_SEQUENCE, tags.REFERENCED_SEGMENT_NUMBER
    )
    if segment is not None:
        return f"segment {segment:.0f}"
    return content.text(tags.STACK_ID) or None if content else None


def _frame_type(groups: FunctionalGroups, number: int) -> tuple[str, ...]:
    for tag in FRAME_TYPE_GROUPS:
        item = groups.group(number, tag)
        if item is not None:
            return item.terms(tags.FRAME_TYPE)
    return ()


def _b_value(data_set: Attributes) -> float | None:
    value = data_set.number(tags.DIFFUSION_B_VALUE)
    if value is not None:
        return value
    for group, element, creator, vr in _PRIVATE_B_VALUES:
        value = data_set.private_number(group, element, creator, vr)
        if value is not None:
            return value % _GE_OFFSET if group == 0x0043 else value
    return None
