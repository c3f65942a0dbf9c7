"""Images that belong together make one stack, and what is wrong with it is said."""

import math
import random
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewer.core.geometry import ImagePlane, Vector
from viewer.core.identity import SeriesUID, SOPInstanceUID
from viewer.core.image import (
    Frame,
    FrameTraits,
    Image,
    PixelFormat,
    Spacing,
    SpacingKind,
)
from viewer.core.records import InstanceRecord
from viewer.core.stacking import to_stacks
from viewer.core.stacks import FaultKind, Stack

SERIES = SeriesUID("2.25.2")
AXIAL = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0))
SAGITTAL = ((0.0, 1.0, 0.0), (0.0, 0.0, -1.0))
CORONAL = ((1.0, 0.0, 0.0), (0.0, 0.0, -1.0))


def plane(
    z: float, axes: tuple[Vector, Vector] = AXIAL, *, x: float = 0, y: float = 0
) -> ImagePlane:
    return ImagePlane((x, y, z), *axes, 0.5, 0.5)


def instance(  # noqa: PLR0913 - what may set images apart
    number: int,
    places: ImagePlane | list[ImagePlane | None] | None = None,
    *,
    size: int = 64,
    traits: FrameTraits | list[FrameTraits] = FrameTraits(),  # noqa: B008 - frozen
    step: float = 0.5,
    frames: int = 0,
    image_type: tuple[str, ...] = (),
) -> InstanceRecord:
    """An instance of one frame, or of as many as there are places."""
    where = places if isinstance(places, list) else [places]
    kinds = traits if isinstance(traits, list) else [traits] * len(where)
    described = tuple(
        Frame(plane=at, spacing=Spacing(step, step, SpacingKind.PATIENT), traits=kind)
        for at, kind in zip(where, kinds, strict=True)
    )
    pixels = PixelFormat("1.2", size, size, frames=frames or len(where))
    return InstanceRecord(
        SOPInstanceUID(f"2.25.{1000 + number}"),
        "1.2.840.10008.5.1.4.1.1.2",
        "1.2.840.10008.1.2.1",
        number,
        image_type,
        image=Image(pixels, frames=described),
    )


def volume(count: int = 5, step: float = 2.0) -> list[InstanceRecord]:
    return [instance(n, plane(step * n)) for n in range(1, count + 1)]


def stacks(instances: list[InstanceRecord], description: str = "") -> tuple[Stack, ...]:
    return to_stacks(SERIES, instances, description)


def only(instances: list[InstanceRecord]) -> Stack:
    (stack,) = stacks(instances)
    return stack


def sentences(stack: Stack) -> list[str]:
    return [fault.sentence for fault in stack.faults]


def labels(instances: list[InstanceRecord]) -> list[str]:
    return [stack.label for stack in stacks(instances)]


def test_a_sound_volume_is_one_stack_without_a_fault() -> None:
    stack = only(volume())
    assert [frame.position_mm for frame in stack.frames] == [2, 4, 6, 8, 10]
    assert (stack.label, stack.faults, stack.localizer) == ("", (), False)
    assert stack.id == "2.25.2#0"


def test_images_lie_in_the_order_of_their_places_not_of_their_numbers() -> None:
    downwards = [instance(n, plane(-2.0 * n)) for n in range(1, 5)]
    uids = [frame.sop_instance_uid for frame in only(downwards).frames]
    assert uids == [f"2.25.{1000 + n}" for n in (4, 3, 2, 1)]


def test_images_without_a_place_lie_in_the_order_of_their_numbers() -> None:
    numbers = [3, 1, 2]
    uids = [f.sop_instance_uid for f in only([instance(n) for n in numbers]).frames]
    assert uids == ["2.25.1001", "2.25.1002", "2.25.1003"]


def test_objects_without_pixels_are_in_no_stack() -> None:
    report = replace(instance(1), image=None)
    assert stacks([report]) == ()
    assert len(only([report, *volume(3)]).frames) == 3


@pytest.mark.parametrize(
    ("other", "names"),
    [
        ({"places": [plane(9, SAGITTAL)]}, ["axial", "sagittal"]),
        ({"places": [plane(9, CORONAL)]}, ["axial", "coronal"]),
        ({"places": [plane(20)], "size": 32}, ["64×64", "32×32"]),
        ({"places": [plane(20)], "step": 1.0}, ["0.5 mm pixels", "1 mm pixels"]),
        ({"places": [None]}, ["axial", "unplaced"]),
    ],
)
def test_what_differs_in_shape_is_split_and_named(
    other: dict[str, list[ImagePlane | None]], names: list[str]
) -> None:
    assert labels([*volume(), instance(6, **other)]) == names  # type: ignore[arg-type]  # a table of keywords


@pytest.mark.parametrize(
    ("kinds", "names"),
    [
        (
            [FrameTraits(echo_time_ms=80), FrameTraits(echo_time_ms=20)],
            ["echo 2", "echo 1"],
        ),
        ([FrameTraits(b_value=0), FrameTraits(b_value=800)], ["b 0", "b 800"]),
        (
            [FrameTraits(temporal_position=1), FrameTraits(temporal_position=2)],
            ["time 1", "time 2"],
        ),
        (
            [FrameTraits(acquisition=1), FrameTraits(acquisition=2)],
            ["acquisition 1", "acquisition 2"],
        ),
        (
            [FrameTraits(stack_id="1"), FrameTraits(stack_id="2")],
            ["stack 1", "stack 2"],
        ),
        (
            [
                FrameTraits(image_type=("ORIGINAL", "PRIMARY", "M")),
                FrameTraits(image_type=("ORIGINAL", "PRIMARY", "PHASE")),
            ],
            ["M", "PHASE"],
        ),
    ],
)
def test_what_differs_in_kind_at_the_same_places_is_split_and_named(
    kinds: list[FrameTraits], names: list[str]
) -> None:
    instances = [
        instance(10 * k + n, plane(2.0 * n), traits=kind)
        for k, kind in enumerate(kinds)
        for n in range(4)
    ]
    found = stacks(instances)
    assert [stack.label for stack in found] == names
    assert [len(stack.frames) for stack in found] == [4, 4]
    assert not any(stack.faults for stack in found)


@pytest.mark.parametrize(
    "traits",
    [lambda n: FrameTraits(acquisition=n), lambda n: FrameTraits(temporal_position=n)],
)
def test_a_number_of_its_own_for_every_slice_tears_nothing_apart(
    traits: Callable[[int], FrameTraits],
) -> None:
    instances = [instance(n, plane(2.0 * n), traits=traits(n)) for n in range(20)]
    assert len(only(instances).frames) == 20
    again = instance(99, plane(10.0), traits=traits(99))
    stack = only([*instances, again])
    assert [fault.kind for fault in stack.faults] == [FaultKind.DUPLICATE]


def test_interleaved_acquisitions_of_one_volume_stay_together() -> None:
    instances = [
        instance(n, plane(2.0 * n), traits=FrameTraits(acquisition=n % 2))
        for n in range(20)
    ]
    assert only(instances).faults == ()


def test_acquisitions_that_do_not_mesh_are_split() -> None:
    instances = [
        instance(10 * a + n, plane(5.0 * n + a), traits=FrameTraits(acquisition=a))
        for a in range(2)
        for n in range(8)
    ]
    assert [len(stack.frames) for stack in stacks(instances)] == [8, 8]


def test_passes_the_file_does_not_tell_apart_are_split_by_number() -> None:
    instances = [
        instance(10 * p + n, plane(2.0 * n)) for p in range(3) for n in range(4)
    ]
    found = stacks(instances)
    assert [stack.label for stack in found] == ["pass 1", "pass 2", "pass 3"]
    assert found[1].frames[0].sop_instance_uid == "2.25.1010"


def test_images_of_one_place_are_a_film_of_it() -> None:
    assert only([instance(n, plane(5.0)) for n in range(12)]).faults == ()


def test_each_film_is_its_own_stack_in_the_order_of_its_frames() -> None:
    found = stacks([instance(2, frames=3), instance(1, frames=2), instance(3)])
    assert [stack.label for stack in found] == ["film 1", "film 2", ""]
    assert [frame.number for frame in found[1].frames] == [1, 2, 3]


def test_frames_of_several_volumes_are_sorted_together() -> None:
    upper = instance(1, [plane(6.0), plane(8.0)])
    lower = instance(2, [plane(4.0), plane(2.0)])
    stack = only([upper, lower])
    assert [(f.sop_instance_uid, f.number) for f in stack.frames] == [
        ("2.25.1002", 2),
        ("2.25.1002", 1),
        ("2.25.1001", 1),
        ("2.25.1001", 2),
    ]


@pytest.mark.parametrize(
    ("image_type", "description"),
    [
        (("ORIGINAL", "PRIMARY", "LOCALIZER"), ""),
        ((), "3-plane Localizer"),
        ((), "SCOUT"),
        ((), "survey SHC"),
        ((), "Smart tracker"),
    ],
)
def test_localizers_are_known_by_type_or_by_name(
    image_type: tuple[str, ...], description: str
) -> None:
    image = instance(1, plane(0.0), image_type=image_type)
    (stack,) = stacks([image, instance(2, plane(9.0))], description)
    assert stack.localizer


def test_missing_slices_are_counted_and_placed() -> None:
    present = [1, 2, 3, 7, 8, 10]
    stack = only([instance(n, plane(2.0 * n)) for n in present])
    assert sentences(stack) == [
        "gap after image 3: 3 images missing",
        "gap after image 5: 1 image missing",
    ]
    assert [fault.images for fault in stack.faults] == [(3,), (5,)]


def test_many_gaps_are_one_sentence() -> None:
    present = [n for n in range(30) if n % 5]
    stack = only([instance(n, plane(2.0 * n)) for n in present])
    assert sentences(stack) == ["5 gaps: 5 images missing"]


def test_doubles_are_named() -> None:
    stack = only([*volume(), instance(9, plane(6.0))])
    assert sentences(stack) == ["images 3, 4 lie in the same place"]
    assert stack.faults[0].images == (3, 4)


def test_unequal_steps_are_named() -> None:
    stack = only([instance(n, plane(z)) for n, z in enumerate([0, 2, 4, 5.3, 7.3])])
    assert sentences(stack) == ["unequal spacing: 1.30 to 2.00 mm"]
    assert stack.faults[0].images == (3,)


def test_a_tilted_gantry_is_named() -> None:
    lean = math.tan(math.radians(12))
    stack = only([instance(n, plane(2.0 * n, y=2 * n * lean)) for n in range(9)])
    assert sentences(stack) == ["slices tilted by 12.0° against their row"]


@pytest.mark.parametrize("step", [0.625, 0.6, 1.25, 3.0, 3.3])
def test_positions_written_with_one_decimal_raise_no_alarm(step: float) -> None:
    stack = only([instance(n, plane(round(step * n, 1))) for n in range(60)])
    assert stack.faults == ()


def test_a_localizer_and_a_mask_have_no_missing_slices() -> None:
    gap = [instance(n, plane(2.0 * n)) for n in (1, 2, 3, 9)]
    assert stacks(gap, "scout")[0].faults == ()
    segmentation = "1.2.840.10008.5.1.4.1.1.66.4"
    masks = [replace(one, sop_class_uid=segmentation) for one in gap]
    assert only(masks).faults == ()


places = st.sampled_from([None, *(plane(z) for z in (0.0, 2.0, 4.0, 4.001, 9.0))])
turned = st.sampled_from([plane(1.0, SAGITTAL), plane(2.0, CORONAL)])
kinds = st.builds(
    FrameTraits,
    echo_time_ms=st.sampled_from([None, 20.0, 80.0]),
    b_value=st.sampled_from([None, 0.0, 800.0]),
    temporal_position=st.sampled_from([None, 1, 2]),
    acquisition=st.sampled_from([None, 1, 2, 3]),
    image_type=st.sampled_from([(), ("M",), ("P", "LOCALIZER")]),
)


@st.composite
def series(draw: st.DrawFn) -> list[InstanceRecord]:
    """Any mixture of images."""
    found = []
    for index in range(draw(st.integers(0, 9))):
        frames = draw(
            st.lists(st.tuples(places | turned, kinds), min_size=1, max_size=4)
        )
        image = instance(
            index,
            [at for at, _ in frames],
            traits=[kind for _, kind in frames],
            size=draw(st.sampled_from([64, 64, 32])),
        )
        number = draw(st.sampled_from([None, index, 1]))
        found.append(replace(image, number=number))
    return found


@given(series(), st.randoms(use_true_random=False))
def test_the_order_of_instances_never_matters(
    instances: list[InstanceRecord], shuffler: random.Random
) -> None:
    shuffled = list(instances)
    shuffler.shuffle(shuffled)
    assert stacks(shuffled) == stacks(instances)


@given(series())
def test_every_frame_is_in_exactly_one_stack(instances: list[InstanceRecord]) -> None:
    held = [
        (frame.sop_instance_uid, frame.number)
        for stack in stacks(instances)
        for frame in stack.frames
    ]
    expected = [
        (one.sop_instance_uid, number)
        for one in instances
        if one.image is not None
        for number in range(1, one.image.pixels.frames + 1)
    ]
    assert sorted(held) == sorted(expected)


@given(series())
def test_no_two_stacks_of_a_series_have_one_name(
    instances: list[InstanceRecord],
) -> None:
    found = stacks(instances)
    assert len({stack.label for stack in found}) == len(found)
    assert [stack.index for stack in found] == list(range(len(found)))


def test_images_with_a_palette_and_grey_ones_make_two_stacks() -> None:
    """The grey ones take a window, the others none."""
    mixed = volume(6)
    for number in (0, 2, 5):
        image = mixed[number].image
        assert image is not None
        coloured = replace(image.pixels, photometric="PALETTE COLOR")
        mixed[number] = replace(mixed[number], image=replace(image, pixels=coloured))
    greys, colours = sorted(stacks(mixed), key=lambda stack: "colour" in stack.label)
    assert [len(greys.frames), len(colours.frames)] == [3, 3]
    assert "colour" in colours.label
