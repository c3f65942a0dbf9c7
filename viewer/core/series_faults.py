"""What is wrong with a series as a whole, beyond its single rows of slices.

Images that do not belong together are shown in stacks of their own; that they came as
one series is told all the same, on each of these stacks.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, time

from viewer.core.counts import counted
from viewer.core.stack_faults import places
from viewer.core.stack_splits import (
    DIRECTION_TOLERANCE,
    SPACING_TOLERANCE,
    Group,
    Slice,
)
from viewer.core.stacks import Fault, FaultKind

Numbers = tuple[float, ...]


def find_series_faults(groups: Sequence[Group]) -> tuple[Fault, ...]:
    """Faults of a series.

    Parameters
    ----------
    groups : sequence of Group
        The images of each of its stacks.
    """
    return (*_mixed(groups), *_repeated(groups), *_incomplete(groups))


def other_patient(files: int) -> Fault:
    """The fault of a series under whose UID files of another patient were met."""
    name = "names" if files == 1 else "name"
    sentence = f"{counted(files, 'file')} of this series {name} another patient"
    return Fault(FaultKind.PATIENT, sentence)


def without_pixels(files: int) -> Fault:
    """The fault of a series some of whose images are headers alone."""
    hold = "holds" if files == 1 else "hold"
    sentence = f"{counted(files, 'file')} of this series {hold} no pixel data"
    return Fault(FaultKind.PIXELS, sentence)


def not_all_here(held: int, missing: int) -> Fault:
    """The fault of a series of which a peer has more than is here."""
    whole = counted(held + missing, "instance")
    sentence = f"{held:,} of {whole} of this series are here"
    return Fault(FaultKind.INCOMPLETE, sentence)


def _mixed(groups: Sequence[Group]) -> Iterator[Fault]:
    """What no row of slices can have more than one of.

    A file may say itself that its frames are several stacks (Stack ID (0020,9056));
    these may differ. Films and radiographs lie in no row, localizers in several.
    """
    rows = [group for group in groups if _is_row(group)]
    named: dict[object, list[Group]] = defaultdict(list)
    for group in rows:
        named[group.values["stack"]].append(group)
    ways = max(
        (
            _different(_direction, part, absolute=DIRECTION_TOLERANCE)
            for part in named.values()
        ),
        default=0,
    )
    if ways > 1:
        yield Fault(FaultKind.ORIENTATION, f"images of {ways} orientations")
    sizes = max(
        (
            _different(_size, part, relative=SPACING_TOLERANCE)
            for part in named.values()
        ),
        default=0,
    )
    if sizes > 1:
        yield Fault(FaultKind.SIZE, f"images of {sizes} sizes")
    references = {_reference(group) for group in rows} - {""}
    if len(references) > 1:
        sentence = f"{len(references)} frames of reference: places do not compare"
        yield Fault(FaultKind.REFERENCE, sentence)
    yield from _unplaced(groups)


def _is_row(group: Group) -> bool:
    localizer = any(one.is_localizer for one in group.slices)
    return group.values["placed"] is True and not localizer


def _different(
    key: Callable[[Slice], Numbers],
    groups: Iterable[Group],
    *,
    relative: float = 0.0,
    absolute: float = 0.0,
) -> int:
    """How many kinds of groups there are; measures that are nearly equal are one."""
    kinds: list[Numbers] = []
    for group in groups:
        value = key(group.slices[0])
        if not any(_near(value, kind, relative, absolute) for kind in kinds):
            kinds.append(value)
    return len(kinds)


def _near(value: Numbers, kind: Numbers, relative: float, absolute: float) -> bool:
    return len(value) == len(kind) and all(
        a == b
        if isinstance(a, int)
        else math.isclose(a, b, rel_tol=relative, abs_tol=absolute)
        for a, b in zip(value, kind, strict=True)
    )


def _direction(one: Slice) -> Numbers:
    plane = one.frame.plane
    return (*plane.along_row, *plane.along_column) if plane else ()


def _size(one: Slice) -> Numbers:
    image, spacing = one.instance.image, one.frame.spacing
    pixels = () if image is None else (image.pixels.columns, image.pixels.rows)
    return (*pixels, spacing.row_mm, spacing.column_mm) if spacing else pixels


def _reference(group: Group) -> str:
    found = (one.instance.frame_of_reference_uid for one in group.slices)
    return next(filter(None, found), "")


def _unplaced(groups: Sequence[Group]) -> Iterator[Fault]:
    """Images without a position among others of the same class that have one."""
    placed: Counter[str] = Counter()
    lost: Counter[str] = Counter()
    for group in groups:
        for one in group.slices:
            if not one.film:
                found = placed if one.frame.plane is not None else lost
                found[one.instance.sop_class_uid] += 1
    for sop_class, count in lost.items():
        if placed[sop_class]:
            total = count + placed[sop_class]
            have = "has" if count == 1 else "have"
            sentence = f"{count} of {total} images {have} no position"
            yield Fault(FaultKind.UNPLACED, sentence)


def _repeated(groups: Sequence[Group]) -> Iterator[Fault]:
    """Rows that came several times, when nothing in the files says why."""
    for passes in _rows_of_passes(groups):
        if not _are_told_apart(passes):
            sentence = f"every position holds {len(passes)} images, shown as passes"
            yield Fault(FaultKind.DUPLICATE, sentence)


def _rows_of_passes(groups: Sequence[Group]) -> list[list[Group]]:
    """The passes over the places of one row, for each row that has several."""
    rows: dict[object, list[Group]] = defaultdict(list)
    for group in groups:
        if group.values["pass"] is not None:
            rest = (item for item in group.values.items() if item[0] != "pass")
            rows[tuple(rest)].append(group)
    return list(rows.values())


def _are_told_apart(passes: Sequence[Group]) -> bool:
    """Whether the files say why: directions of diffusion, or moments of their own."""
    if any(one.frame.traits.b_value for group in passes for one in group.slices):
        return True
    moments = [set(map(_moment, group.slices)) for group in passes]
    return len(set().union(*moments)) == sum(map(len, moments))


def _moment(one: Slice) -> tuple[date | None, time | None, float | None]:
    technique = one.instance.technique
    return technique.acquired_on, technique.acquired_at, one.frame.traits.trigger_ms


def _incomplete(groups: Sequence[Group]) -> Iterator[Fault]:
    """Fewer images than the files say there are; one that came twice counts once."""
    slices = [one for group in groups for one in group.slices]
    doubles = [one for group in groups for one in _doubles(group.slices)]
    for passes in _rows_of_passes(groups):
        if not _are_told_apart(passes):
            doubles += (one for group in passes[1:] for one in group.slices)
    of_series = [n for one in slices if (n := one.instance.images_in_series)]
    if of_series:
        there = len({one.uid for one in slices} - {one.uid for one in doubles})
        if there < min(of_series):
            yield _too_few("", there, min(of_series))
        return
    present = Counter(map(_acquisition, slices))
    present.subtract(map(_acquisition, doubles))
    stated: dict[int | None, int] = {}
    for one in slices:
        if count := one.instance.images_in_acquisition:
            known = stated.get(_acquisition(one), count)
            stated[_acquisition(one)] = min(known, count)
    for number, count in stated.items():
        if present[number] < count:
            which = f"acquisition {number}: " if len(stated) > 1 else ""
            yield _too_few(which, present[number], count)


def _too_few(which: str, there: int, stated: int) -> Fault:
    return Fault(FaultKind.INCOMPLETE, f"{which}{there} of {stated} images")


def _acquisition(one: Slice) -> int | None:
    return one.frame.traits.acquisition


def _doubles(slices: Sequence[Slice]) -> list[Slice]:
    """Slices of a row that lie where another one of it lies."""
    planes = [one.frame.plane for one in slices if one.frame.plane is not None]
    if len(planes) < len(slices):
        return []
    met: set[int] = set()
    found: list[Slice] = []
    at = [place for place, _ in places(planes)]
    if len(set(at)) < 2:
        return []
    for one, place in zip(slices, at, strict=True):
        if place in met:
            found.append(one)
        met.add(place)
    return found
