"""What is wrong with a row of slices: gaps, doubles, unequal steps, leaning."""

import math
from collections.abc import Sequence
from itertools import pairwise
from statistics import median_low
from typing import Final

from viewer.core.counts import counted
from viewer.core.geometry import ImagePlane, Vector
from viewer.core.stacks import Fault, FaultKind

SAME_PLACE_MM: Final = 0.01
_TILT_DEGREES: Final = 0.5
_BESIDE_MM: Final = 0.3  # positions are often written with one decimal
_ROUNDING_MM: Final = 0.12  # of the difference between two of these
_MANY: Final = 3  # more faults of a kind than this are told in one sentence

Line = tuple[ImagePlane, ImagePlane]
"""Two planes whose origins a straight line is drawn through."""


def places(planes: Sequence[ImagePlane]) -> list[tuple[int, float]]:
    """Where each plane lies along the normal of the first one.

    Returns
    -------
    list of tuple
        For each plane the number of its place, counted from 0 upwards along the
        normal, and its position in mm. Planes within `SAME_PLACE_MM` share a place.
    """
    if not planes:
        return []
    normal = planes[0].normal
    positions = [_dot(plane.origin, normal) for plane in planes]
    found: list[tuple[int, float]] = [(0, 0.0)] * len(planes)
    place, last = 0, math.nan
    for index in sorted(range(len(planes)), key=positions.__getitem__):
        position = positions[index]
        if position - last > SAME_PLACE_MM:
            place += 1
        last = position
        found[index] = place, position
    return found


def is_even(planes: Sequence[ImagePlane]) -> bool:
    """Whether the planes follow each other in equal steps."""
    at = dict(places(planes))
    steps = [b - a for a, b in pairwise(at[place] for place in sorted(at))]
    if not steps:
        return True
    usual = median_low(steps)
    allowed = _tolerance(usual, planes[0].normal)
    return all(abs(step - usual) <= allowed for step in steps)


def find_faults(planes: Sequence[ImagePlane]) -> tuple[Fault, ...]:
    """Faults of a stack.

    Parameters
    ----------
    planes : sequence of ImagePlane
        One for each image, sorted along the normal.

    Returns
    -------
    tuple of Fault
        None for images that all lie in one place: they are a film of it.
    """
    at = places(planes)
    images: dict[int, list[int]] = {}
    for image, (place, _) in enumerate(at, 1):
        images.setdefault(place, []).append(image)
    if len(images) < 2:
        return ()
    positions = dict(at)
    steps = [
        (images[a][-1], positions[b] - positions[a])
        for a, b in pairwise(sorted(images))
    ]
    doubles = [group for group in images.values() if len(group) > 1]
    return (
        *_missing_or_unequal(steps, planes[0].normal),
        *_duplicates(doubles),
        *_leaning(planes, [position for _, position in at]),
    )


def _tolerance(usual: float, normal: Vector) -> float:
    """How far a step may be off: positions are often written with one decimal.

    Each of the three coordinates is then off on its own, which adds up where the
    normal leans.
    """
    rounding = _ROUNDING_MM * sum(map(abs, normal))
    return max(0.05 * usual, min(rounding, 0.25 * usual))


def _missing_or_unequal(
    steps: Sequence[tuple[int, float]], normal: Vector
) -> list[Fault]:
    usual = median_low(step for _, step in steps)
    tolerance = _tolerance(usual, normal)
    gaps: list[tuple[int, int]] = []
    unequal: list[int] = []
    for image, step in steps:
        times = round(step / usual)
        allowed = min(max(times, 1) * tolerance, usual / 4)
        if abs(step - times * usual) > allowed:
            unequal.append(image)
        elif times > 1:
            gaps.append((image, times - 1))
    faults = _missing(gaps)
    if unequal:
        sizes = [step for _, step in steps]
        sentence = f"unequal spacing: {min(sizes):.2f} to {max(sizes):.2f} mm"
        faults.append(Fault(FaultKind.UNEQUAL, sentence, tuple(unequal)))
    return faults


def _missing(gaps: Sequence[tuple[int, int]]) -> list[Fault]:
    if len(gaps) > _MANY:
        total = sum(count for _, count in gaps)
        sentence = f"{len(gaps)} gaps: {total} images missing"
        after = tuple(image for image, _ in gaps)
        return [Fault(FaultKind.MISSING, sentence, after)]
    return [
        Fault(
            FaultKind.MISSING,
            f"gap after image {image}: {counted(count, 'image')} missing",
            (image,),
        )
        for image, count in gaps
    ]


def _duplicates(doubles: Sequence[list[int]]) -> list[Fault]:
    if len(doubles) > _MANY:
        sentence = f"{len(doubles)} positions hold more than one image"
        images = tuple(image for group in doubles for image in group)
        return [Fault(FaultKind.DUPLICATE, sentence, images)]
    return [
        Fault(
            FaultKind.DUPLICATE,
            f"images {', '.join(map(str, group))} lie in the same place",
            tuple(group),
        )
        for group in doubles
    ]


def _leaning(
    planes: Sequence[ImagePlane], positions: Sequence[float]
) -> tuple[Fault, ...]:
    """Whether the slices lean together, as with a tilted gantry, or one stands out.

    Either way a cuboid would be a lie. The line the others are held against is drawn
    through the ends that leave the fewest beside it, lest one of the ends is what
    lies beside.
    """
    last = len(planes) - 1
    fewest: tuple[Line, list[tuple[int, float]]] | None = None
    for a, b in ((0, last), (1, last), (0, last - 1), (1, last - 1)):
        if a >= b or positions[b] - positions[a] <= SAME_PLACE_MM:
            continue
        line = planes[a], planes[b]
        beside = _beside(planes, line)
        if fewest is None or len(beside) < len(fewest[1]):
            fewest = line, beside
        if not beside:
            break
    if fewest is None:
        return ()
    (first, end), beside = fewest
    return (*_tilt(first, end), *_shifted(beside))


def _tilt(first: ImagePlane, last: ImagePlane) -> list[Fault]:
    way = _minus(last.origin, first.origin)
    length = math.hypot(*way)
    cosine = min(abs(_dot(way, first.normal)) / length, 1.0)
    degrees = math.degrees(math.acos(cosine))
    if degrees <= _TILT_DEGREES:
        return []
    sentence = f"slices tilted by {degrees:.1f}° against their row"
    return [Fault(FaultKind.TILTED, sentence)]


def _shifted(beside: Sequence[tuple[int, float]]) -> list[Fault]:
    if len(beside) > _MANY:
        sentence = f"{len(beside)} images lie beside the row of the others"
        images = tuple(image for image, _ in beside)
        return [Fault(FaultKind.SHIFTED, sentence, images)]
    return [
        Fault(
            FaultKind.SHIFTED,
            f"image {image} lies {distance:.1f} mm beside the row",
            (image,),
        )
        for image, distance in beside
    ]


def _beside(planes: Sequence[ImagePlane], line: Line) -> list[tuple[int, float]]:
    """Images away from the straight line through two of them, and how far."""
    first, last = line
    way = _minus(last.origin, first.origin)
    length = _dot(way, first.normal)
    found = []
    for image, plane in enumerate(planes, 1):
        offset = _minus(plane.origin, first.origin)
        part = _dot(offset, first.normal) / length
        distance = math.hypot(*(a - part * b for a, b in zip(offset, way, strict=True)))
        if distance > _BESIDE_MM:
            found.append((image, distance))
    return found


def _dot(a: Vector, b: Vector) -> float:
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


def _minus(a: Vector, b: Vector) -> Vector:
    return a[0] - b[0], a[1] - b[1], a[2] - b[2]
