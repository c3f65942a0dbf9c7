"""Every slice twice is said, unless the files say why; sound films raise no alarm."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import date, time

import pytest

from tests.core.test_series_faults import repeated, sentences, sound
from viewer.core.image import FrameTraits
from viewer.core.records import InstanceRecord, Technique


def with_traits(one: InstanceRecord, traits: FrameTraits) -> InstanceRecord:
    assert one.image is not None
    frame = replace(one.image.frame(1), traits=traits)
    return replace(one, image=replace(one.image, frames=(frame,)))


def at_minute(minute: int) -> Technique:
    return Technique(acquired_on=date(2026, 11, 20), acquired_at=time(8, minute))


def test_passes_through_time_are_no_doubles() -> None:
    series, again = sound(random.Random(4)), random.Random(5)  # noqa: S311 - no secret
    later, _ = repeated(series, again)
    count = len(series.instances)
    timed = [
        replace(one, technique=at_minute(place // count))
        for place, one in enumerate(later)
    ]
    assert sentences(timed) == []
    assert sentences([replace(one, technique=at_minute(1)) for one in later]) == [
        "every position holds 2 images, shown as passes"
    ]


@pytest.mark.parametrize(
    "traits",
    [
        lambda number: FrameTraits(trigger_ms=40.0 * number),
        lambda number: FrameTraits(b_value=1000.0 + number),  # as directions have it
    ],
    ids=["trigger", "diffusion"],
)
def test_passes_with_a_reason_are_no_doubles(
    traits: Callable[[int], FrameTraits],
) -> None:
    series = sound(random.Random(4))  # noqa: S311 - no secret
    twice, _ = repeated(series, random.Random(5))  # noqa: S311 - no secret
    told = [
        with_traits(one, traits(place // len(series.instances)))
        for place, one in enumerate(twice)
    ]
    assert sentences(told) == []


def test_a_row_that_came_twice_does_not_make_up_for_what_is_missing() -> None:
    series = sound(random.Random(4))  # noqa: S311 - no secret
    twice, _ = repeated(series, random.Random(5))  # noqa: S311 - no secret
    count = len(series.instances)
    told = [replace(one, images_in_series=count + 3) for one in twice]
    assert f"{count} of {count + 3} images" in sentences(told)
