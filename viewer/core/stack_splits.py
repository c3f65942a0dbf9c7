"""What sets the images of one series apart.

Frame of reference, orientation, size, spacing, echo, b-value and stack always split.
What may be mere bookkeeping (an acquisition number or a time of its own for every
slice, an image type) splits only where it keeps two images out of one place.
"""

import math
from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from viewer.core.geometry import ImagePlane
from viewer.core.identity import SOPInstanceUID
from viewer.core.image import Frame
from viewer.core.records import InstanceRecord
from viewer.core.stack_faults import is_even, places
from viewer.core.windowing import takes_window

DIRECTION_TOLERANCE: Final = 5e-3  # a third of a degree
SPACING_TOLERANCE: Final = 1e-3
_ECHO_TOLERANCE: Final = 0.01
_B_TOLERANCE: Final = 0.025  # the directions of one shell vary a little
_ENOUGH: Final = 3  # images that make an acquisition more than bookkeeping


@dataclass(frozen=True, slots=True)
class Slice:
    """One frame on its way into a stack; a film's frames have no plane."""

    instance: InstanceRecord
    number: int
    frame: Frame
    film: bool = False

    @property
    def uid(self) -> SOPInstanceUID:
        """The instance it is a frame of."""
        return self.instance.sop_instance_uid

    @property
    def is_localizer(self) -> bool:
        """Whether its Image Type says so."""
        return "LOCALIZER" in (*self.instance.image_type, *self.frame.traits.image_type)

    @property
    def order(self) -> tuple[float, str, int]:
        """Instance number, UID, frame: the order where position does not decide."""
        number = self.instance.number
        return math.inf if number is None else number, self.uid, self.number


Slices = Sequence[Slice]
Value = Hashable


@dataclass(frozen=True, slots=True)
class Group:
    """Slices that belong together, and by which values of what."""

    slices: Slices
    values: Mapping[str, Value] = field(default_factory=dict)


def split(slices: Slices) -> list[Group]:
    """Split slices, sorted by `Slice.order`, into those that make one stack each."""
    groups = [Group(slices)] if slices else []
    for name, parts_of in SPLITTERS.items():
        groups = [
            Group(part, {**group.values, name: value})
            for group in groups
            for value, part in parts_of(group.slices)
        ]
    return groups


Parts = list[tuple[Value, Slices]]


def _by(key: Callable[[Slice], Value]) -> Callable[[Slices], Parts]:
    """Split by equal values."""

    def parts(slices: Slices) -> Parts:
        found: dict[Value, list[Slice]] = {}
        for one in slices:
            found.setdefault(key(one), []).append(one)
        return list(found.items())

    return parts


def _near(
    key: Callable[[Slice], tuple[float, ...] | None], relative: float, absolute: float
) -> Callable[[Slices], Parts]:
    """Split by values that are nearly equal; the first of each kind stands for it."""

    def kind_of(value: tuple[float, ...], kinds: list[tuple[float, ...]]) -> Value:
        for kind in kinds:
            if all(
                math.isclose(a, b, rel_tol=relative, abs_tol=absolute)
                for a, b in zip(value, kind, strict=True)
            ):
                return kind
        kinds.append(value)
        return value

    def parts(slices: Slices) -> Parts:
        kinds: list[tuple[float, ...]] = []
        known: dict[tuple[float, ...] | None, Value] = {None: None}
        found: dict[Value, list[Slice]] = {}
        for one in slices:
            value = key(one)
            if value is not None and value not in known:
                known[value] = kind_of(value, kinds)
            found.setdefault(known[value], []).append(one)
        return list(found.items())

    return parts


def _direction(one: Slice) -> tuple[float, ...] | None:
    plane = one.frame.plane
    return (*plane.along_row, *plane.along_column) if plane else None


def _spacing(one: Slice) -> tuple[float, ...] | None:
    spacing = one.frame.spacing
    return (spacing.row_mm, spacing.column_mm) if spacing else None


def _size(one: Slice) -> Value:
    image = one.instance.image
    if image is None:
        return None
    return image.pixels.columns, image.pixels.rows, not takes_window(image)


def _references(slices: Slices) -> Parts:
    """Split by frame of reference; an image that states none goes with the first."""
    if slices[0].frame.plane is None:
        return [(None, slices)]
    stated = [one.instance.frame_of_reference_uid for one in slices]
    first = next(filter(None, stated), "")
    return _by(lambda one: one.instance.frame_of_reference_uid or first)(slices)


def _echo(one: Slice) -> tuple[float, ...] | None:
    value = one.frame.traits.echo_time_ms
    return None if value is None else (value,)


def _b_value(one: Slice) -> tuple[float, ...] | None:
    value = one.frame.traits.b_value
    return None if value is None else (value,)


def _where_it_parts(
    key: Callable[[Slice], Value], *, unplaced: bool = False
) -> Callable[[Slices], Parts]:
    """Split by a value only where that keeps two images out of one place.

    Parameters
    ----------
    unplaced : bool
        Whether to split images without a place.
    """

    def parts(slices: Slices) -> Parts:
        planes = [one.frame.plane for one in slices if one.frame.plane is not None]
        whole: Parts = [(None, slices)]
        by_value = _by(key)(slices)
        if len(by_value) == 1:
            return whole
        if not planes:
            return by_value if unplaced and not slices[0].film else whole
        return by_value if _parts_places(planes, slices, by_value) else whole

    return parts


def _parts_places(planes: list[ImagePlane], slices: Slices, parts: Parts) -> bool:
    """Whether images of different parts share a place, or do not mesh.

    A number of its own for every slice is not taken for a part because one slice was
    taken twice.
    """
    where = {
        id(one): place for one, (place, _) in zip(slices, places(planes), strict=True)
    }
    held = [{where[id(one)] for one in part} for _, part in parts]
    times = Counter(where.values())
    if sum(map(len, held)) > len(times):
        large = len(slices) >= _ENOUGH * len(parts)
        return len(times) > 1 and (large or len(parts) <= max(times.values()))
    own = [[one.frame.plane for one in part if one.frame.plane] for _, part in parts]
    return (
        all(len(part) >= _ENOUGH and is_even(part) for part in own)
        and _overlap(held)
        and not is_even(planes)
    )


def _overlap(held: Sequence[set[int]]) -> bool:
    """Whether the ranges of places overlap."""
    ranges = sorted((min(part), max(part)) for part in held)
    return any(a[1] > b[0] for a, b in pairwise(ranges))


def _passes(slices: Slices) -> Parts:
    """Split images that fill every place equally often into one pass after another.

    A time series whose times the file does not tell; by instance number.
    """
    planes = [one.frame.plane for one in slices if one.frame.plane is not None]
    whole: Parts = [(None, slices)]
    if len(planes) < len(slices):
        return whole
    where = [place for place, _ in places(planes)]
    times = Counter(where)
    count = times[where[0]]
    if count == 1 or len(times) == 1 or set(times.values()) != {count}:
        return whole
    found: list[list[Slice]] = [[] for _ in range(count)]
    met: Counter[int] = Counter()
    for one, place in zip(slices, where, strict=True):
        found[met[place]].append(one)
        met[place] += 1
    return [(number, part) for number, part in enumerate(found, 1)]


SPLITTERS: Final[Mapping[str, Callable[[Slices], Parts]]] = {
    "film": _by(lambda one: one.order[:2] if one.film else None),
    "placed": _by(lambda one: one.frame.plane is not None),
    "reference": _references,
    "size": _by(_size),
    "orientation": _near(_direction, 0, DIRECTION_TOLERANCE),
    "spacing": _near(_spacing, SPACING_TOLERANCE, 0),
    "echo": _near(_echo, _ECHO_TOLERANCE, 0),
    "b": _near(_b_value, _B_TOLERANCE, 1),
    "stack": _by(lambda one: one.frame.plane and one.frame.traits.stack_id),
    "time": _where_it_parts(
        lambda one: one.frame.traits.temporal_position, unplaced=True
    ),
    "kind": _where_it_parts(lambda one: one.frame.traits.image_type),
    "acquisition": _where_it_parts(lambda one: one.frame.traits.acquisition),
    "pass": _passes,
}
"""By what a series is split, in this order."""
