"""Faults planted into series are all found, where they are, and nothing else is."""

import math
import random
from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest

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
from viewer.core.stacks import Fault, FaultKind

CT = "1.2.840.10008.5.1.4.1.1.2"
AXES: list[Vector] = [
    (1, 0, 0), (-1, 0, 0), (0, 1, 0), (0, -1, 0), (0, 0, 1), (0, 0, -1),
]  # fmt: skip
WAYS = [
    (row, column)
    for row in AXES
    for column in AXES
    if not any(a * b for a, b in zip(row, column, strict=True))
]


@dataclass(frozen=True)
class Series:
    """A sound series, and the slices it is made of."""

    instances: tuple[InstanceRecord, ...]
    step_mm: float
    normal: Vector
    across: Vector


def turned(vector: Vector, degrees: float) -> Vector:
    """About the x axis."""
    x, y, z = vector
    cosine, sine = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return x, y * cosine - z * sine, y * sine + z * cosine


def moved(plane: ImagePlane, way: Vector, mm: float) -> ImagePlane:
    x, y, z = (at + step * mm for at, step in zip(plane.origin, way, strict=True))
    return replace(plane, origin=(x, y, z))


def slice_of(number: int, plane: ImagePlane, size: int = 64) -> InstanceRecord:
    spacing = Spacing(plane.row_step, plane.column_step, SpacingKind.PATIENT)
    return InstanceRecord(
        SOPInstanceUID(f"2.25.{number}"),
        CT,
        "",
        number,
        image=Image(
            PixelFormat("", size, size),
            frames=(
                Frame(plane=plane, spacing=spacing, traits=FrameTraits(acquisition=1)),
            ),
        ),
        frame_of_reference_uid="2.25.9",
    )


def sound(chance: random.Random) -> Series:
    """Any series without a fault: any way round, step and number of digits."""
    row, column = chance.choice(WAYS)
    if chance.random() < 0.5:
        lean = chance.uniform(-40, 40)
        row, column = turned(row, lean), turned(column, lean)
    first = ImagePlane(
        (chance.uniform(-300, 300), chance.uniform(-300, 300), chance.uniform(-900, 0)),
        row,
        column,
        0.7,
        0.7,
    )
    step = chance.choice([0.5, 0.625, 0.9, 1.0, 1.25, 2.0, 3.0, 5.0, 7.5])
    digits = chance.choice([1, 2, 6]) if step >= 0.9 else 6
    instances = []
    for number in range(1, chance.randint(8, 60) + 1):
        plane = moved(first, first.normal, step * number)
        x, y, z = (round(at, digits) for at in plane.origin)
        instances.append(slice_of(number, replace(plane, origin=(x, y, z))))
    return Series(tuple(instances), step, first.normal, first.along_row)


def plane_of(one: InstanceRecord) -> ImagePlane:
    assert one.image is not None
    plane = one.image.frame(1).plane
    assert plane is not None
    return plane


def with_plane(one: InstanceRecord, plane: ImagePlane | None) -> InstanceRecord:
    assert one.image is not None
    frame = replace(one.image.frame(1), plane=plane)
    return replace(one, image=replace(one.image, frames=(frame,)))


Planted = tuple[list[InstanceRecord], tuple[int, ...]]
"""The series with its fault, and the images it is at, where it is at any."""


def inner(series: Series, chance: random.Random) -> int:
    """Index of a slice that is neither the first nor the last two."""
    return chance.randint(1, len(series.instances) - 3)


def gap(series: Series, chance: random.Random) -> Planted:
    at = inner(series, chance)
    count = min(chance.randint(1, 5), len(series.instances) - 2 - at)
    kept = [*series.instances[:at], *series.instances[at + count :]]
    return kept, (at,)


def double(series: Series, chance: random.Random) -> Planted:
    at = chance.randrange(len(series.instances))
    again = replace(series.instances[at], sop_instance_uid=SOPInstanceUID("2.25.777"))
    return [*series.instances, again], (at + 1, at + 2)


def uneven(series: Series, chance: random.Random) -> Planted:
    at = inner(series, chance)
    one = series.instances[at]
    way = chance.choice([-1, 1]) * chance.uniform(0.35, 0.45) * series.step_mm
    off = with_plane(one, moved(plane_of(one), series.normal, way))
    return [*series.instances[:at], off, *series.instances[at + 1 :]], (at, at + 1)


def tilt(series: Series, chance: random.Random) -> Planted:
    lean = math.tan(math.radians(chance.uniform(2, 30))) * series.step_mm
    leaning = [
        with_plane(one, moved(plane_of(one), series.across, lean * index))
        for index, one in enumerate(series.instances)
    ]
    return leaning, ()


def beside(series: Series, chance: random.Random) -> Planted:
    at = chance.randrange(len(series.instances))
    one = series.instances[at]
    off = with_plane(one, moved(plane_of(one), series.across, chance.uniform(0.8, 60)))
    return [*series.instances[:at], off, *series.instances[at + 1 :]], (at + 1,)


def orientation(series: Series, chance: random.Random) -> Planted:
    at = chance.randrange(len(series.instances))
    one = series.instances[at]
    plane = plane_of(one)
    other = chance.choice(
        [
            replace(plane, along_row=plane.along_column, along_column=plane.normal),
            replace(plane, along_row=plane.along_column, along_column=plane.along_row),
            replace(
                plane,
                along_row=turned(plane.along_row, 3),
                along_column=turned(plane.along_column, 3),
            ),
        ]
    )
    return [
        *series.instances[:at],
        with_plane(one, other),
        *series.instances[at + 1 :],
    ], ()


def size(series: Series, chance: random.Random) -> Planted:
    at = chance.randrange(len(series.instances))
    one = series.instances[at]
    other = slice_of(at + 1, plane_of(one), chance.choice([32, 63, 128]))
    return [*series.instances[:at], other, *series.instances[at + 1 :]], ()


def pixel_size(series: Series, chance: random.Random) -> Planted:
    at = chance.randrange(len(series.instances))
    plane = replace(
        plane_of(series.instances[at]), column_step=0.7 * chance.uniform(1.1, 2)
    )
    other = slice_of(at + 1, plane)
    return [*series.instances[:at], other, *series.instances[at + 1 :]], ()


def unplaced(series: Series, chance: random.Random) -> Planted:
    at = chance.randrange(len(series.instances))
    lost = with_plane(series.instances[at], None)
    return [*series.instances[:at], lost, *series.instances[at + 1 :]], ()


def reference(series: Series, chance: random.Random) -> Planted:
    at = chance.randrange(1, len(series.instances))
    other = [
        replace(one, frame_of_reference_uid="2.25.10")
        for one in series.instances[at : at + chance.randint(1, 9)]
    ]
    return [*series.instances[:at], *other, *series.instances[at + len(other) :]], ()


def repeated(series: Series, _chance: random.Random) -> Planted:
    again = [
        replace(one, sop_instance_uid=SOPInstanceUID(f"2.25.9{place:03}"))
        for place, one in enumerate(series.instances)
    ]
    return [*series.instances, *again], ()


def incomplete(series: Series, chance: random.Random) -> Planted:
    stated = len(series.instances)
    field = chance.choice(["images_in_series", "images_in_acquisition"])
    told = [replace(one, **{field: stated}) for one in series.instances]  # type: ignore[arg-type]  # either field is a number
    cut = chance.randint(1, 3)
    kept = told[cut:] if chance.random() < 0.5 else told[:-cut]
    if chance.random() < 0.3:  # one that came twice does not make up for it
        kept.append(replace(kept[3], sop_instance_uid=SOPInstanceUID("2.25.777")))
    return kept, ()


PLANTS: dict[FaultKind, list[Callable[[Series, random.Random], Planted]]] = {
    FaultKind.MISSING: [gap],
    FaultKind.DUPLICATE: [double, repeated],
    FaultKind.UNEQUAL: [uneven],
    FaultKind.TILTED: [tilt],
    FaultKind.SHIFTED: [beside],
    FaultKind.ORIENTATION: [orientation],
    FaultKind.SIZE: [size, pixel_size],
    FaultKind.UNPLACED: [unplaced],
    FaultKind.REFERENCE: [reference],
    FaultKind.INCOMPLETE: [incomplete],
}
ALONG_WITH = {
    # What is taken out of the row leaves a gap; one that came twice is told, too.
    FaultKind.ORIENTATION: {FaultKind.MISSING},
    FaultKind.SIZE: {FaultKind.MISSING},
    FaultKind.UNPLACED: {FaultKind.MISSING},
    FaultKind.REFERENCE: {FaultKind.MISSING},
    FaultKind.INCOMPLETE: {FaultKind.DUPLICATE},
}
SEEDS = 30
CASES = [
    pytest.param(kind, plant, seed, id=f"{plant.__name__} {seed}")
    for kind, plants in PLANTS.items()
    for plant in plants
    for seed in range(SEEDS)
]


def faults(instances: list[InstanceRecord]) -> list[Fault]:
    """What is told of any stack, each once."""
    stacks = to_stacks(SeriesUID("2.25.5"), instances, "Thorax")
    return list(dict.fromkeys(fault for stack in stacks for fault in stack.faults))


def test_there_are_enough_faults() -> None:
    assert len(CASES) >= 200
    assert len(PLANTS) == 10  # what the images themselves can have wrong


@pytest.mark.parametrize(("kind", "plant", "seed"), CASES)
def test_a_planted_fault_is_found_and_nothing_else(
    kind: FaultKind, plant: Callable[[Series, random.Random], Planted], seed: int
) -> None:
    chance = random.Random(f"{plant.__name__} {seed}")  # noqa: S311 - no secret
    planted, images = plant(sound(chance), chance)
    chance.shuffle(planted)
    found = faults(planted)
    assert kind in {fault.kind for fault in found}
    assert {fault.kind for fault in found} <= {kind, *ALONG_WITH.get(kind, ())}
    told = {image for fault in found if fault.kind is kind for image in fault.images}
    if images and kind is not FaultKind.UNEQUAL:
        assert told == set(images)
    elif images:
        assert told & set(images)


@pytest.mark.parametrize("seed", range(150))
def test_a_sound_series_raises_no_alarm(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - no secret
    instances = list(sound(chance).instances)
    chance.shuffle(instances)
    stated = [replace(one, images_in_series=len(instances)) for one in instances]
    assert faults(instances) == []
    assert faults(stated) == []


@pytest.mark.parametrize("seed", range(40))
def test_two_faults_at_once_are_both_found(seed: int) -> None:
    chance = random.Random(f"two {seed}")  # noqa: S311 - no secret
    series = sound(chance)
    first, _ = gap(series, chance)
    second, _ = chance.choice([reference, unplaced, size, tilt])(
        replace(series, instances=tuple(first)), chance
    )
    kinds = {fault.kind for fault in faults(second)}
    assert FaultKind.MISSING in kinds
    assert len(kinds) >= 2


def sentences(instances: list[InstanceRecord]) -> list[str]:
    return [fault.sentence for fault in faults(instances)]


def test_the_sentences_say_what_is_wrong() -> None:
    series = list(sound(random.Random(4)).instances)  # noqa: S311 - no secret
    count = len(series)
    short = [replace(one, images_in_series=count + 2) for one in series]
    assert sentences(short) == [f"{count} of {count + 2} images"]
    lost = [with_plane(series[0], None), *series[1:]]
    assert sentences(lost) == [f"1 of {count} images has no position"]
    far = [replace(one, frame_of_reference_uid="2.25.10") for one in series[:4]]
    assert sentences([*far, *series[4:]]) == [
        "2 frames of reference: places do not compare"
    ]
    stacks = to_stacks(SeriesUID("2.25.5"), [*far, *series[4:]])
    assert [stack.label for stack in stacks] == [
        "frame of reference 1",
        "frame of reference 2",
    ]


def test_each_acquisition_is_counted_for_itself() -> None:
    series = list(sound(random.Random(4)).instances)  # noqa: S311 - no secret

    def of(one: InstanceRecord, number: int, stated: int) -> InstanceRecord:
        assert one.image is not None
        frame = replace(one.image.frame(1), traits=FrameTraits(acquisition=number))
        image = replace(one.image, frames=(frame,))
        return replace(one, image=image, images_in_acquisition=stated)

    half = len(series) // 2
    told = [of(one, 1, half) for one in series[:half]]
    told += [of(one, 2, len(series)) for one in series[half:]]
    rest = len(series) - half
    assert sentences(told) == [f"acquisition 2: {rest} of {len(series)} images"]


def test_localizers_may_lie_every_way() -> None:
    series = list(sound(random.Random(4)).instances)  # noqa: S311 - no secret
    plane = plane_of(series[0])
    across = replace(plane, along_row=plane.along_column, along_column=plane.normal)
    scout = replace(
        with_plane(series[0], across),
        sop_instance_uid=SOPInstanceUID("2.25.700"),
        image_type=("ORIGINAL", "PRIMARY", "LOCALIZER"),
    )
    assert faults([scout, *series]) == []


def test_stacks_that_the_file_itself_tells_apart_are_no_mixture() -> None:
    series = list(sound(random.Random(4)).instances)[:4]  # noqa: S311 - no secret
    ways = [(WAYS[0]), (WAYS[4]), (WAYS[9])]
    told = []
    for index, ((row, column), one) in enumerate(zip(ways, series[:3], strict=True)):
        plane = replace(plane_of(one), along_row=row, along_column=column)
        placed = with_plane(one, plane)
        assert placed.image is not None
        frame = replace(
            placed.image.frame(1), traits=FrameTraits(stack_id=str(index + 1))
        )
        told.append(replace(placed, image=replace(placed.image, frames=(frame,))))
    assert faults(told) == []
