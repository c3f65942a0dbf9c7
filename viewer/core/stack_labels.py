"""What the stacks of a series are called: by what sets them apart."""

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from viewer.core.stack_splits import SPLITTERS, Group

Label = Callable[[str, Group, Sequence[Group]], str]

_CLEARLY: Final = math.cos(math.radians(30))  # an axis within this is not oblique


def labels(groups: Sequence[Group]) -> list[str]:
    """What sets each group apart from the others; empty for an only one."""
    names = [
        name for name in SPLITTERS if len({group.values[name] for group in groups}) > 1
    ]
    found = [
        ", ".join(filter(None, (_LABELS[name](name, group, groups) for name in names)))
        for group in groups
    ]
    times = Counter(found)
    met: Counter[str] = Counter()
    for index, label in enumerate(found):
        met[label] += 1
        if times[label] > 1:
            found[index] = f"{label} ({met[label]})".strip()
    return found


def _film_label(name: str, group: Group, groups: Sequence[Group]) -> str:
    """``film 2``: films are counted in the order of their stacks."""
    films = [other for other in groups if other.values[name] is not None]
    return f"film {films.index(group) + 1}" if group in films else ""


def _echo_label(_name: str, group: Group, groups: Sequence[Group]) -> str:
    """``echo 2``: echoes are counted by their times."""
    times = {other.values["echo"]: _echo_time(other) for other in groups}
    known = sorted(time for time in times.values() if time is not None)
    time = times[group.values["echo"]]
    return "" if time is None else f"echo {known.index(time) + 1}"


def _echo_time(group: Group) -> float | None:
    value = group.values["echo"]
    return value[0] if isinstance(value, tuple) else None


def _placed_label(_name: str, group: Group, _groups: Sequence[Group]) -> str:
    film = group.values["film"] is not None
    return "" if film or group.values["placed"] is True else "unplaced"


def _reference_label(name: str, group: Group, groups: Sequence[Group]) -> str:
    """``frame of reference 2``: counted in the order of the stacks."""
    known = list(dict.fromkeys(other.values[name] for other in groups))
    known = [value for value in known if value not in (None, "")]
    value = group.values[name]
    return f"frame of reference {known.index(value) + 1}" if value in known else ""


def _size_label(_name: str, group: Group, _groups: Sequence[Group]) -> str:
    value = group.values["size"]
    if not isinstance(value, tuple):
        return ""
    columns, rows, colour = value
    return f"{columns}×{rows}{' colour' if colour else ''}"


def _orientation_label(_name: str, group: Group, _groups: Sequence[Group]) -> str:
    plane = group.slices[0].frame.plane
    if plane is None:
        return ""
    sizes = [abs(part) for part in plane.normal]
    if max(sizes) < _CLEARLY:
        return "oblique"
    return ("sagittal", "coronal", "axial")[sizes.index(max(sizes))]


def _spacing_label(_name: str, group: Group, _groups: Sequence[Group]) -> str:
    spacing = group.slices[0].frame.spacing
    return f"{spacing.row_mm:.3g} mm pixels" if spacing else ""


def _b_label(_name: str, group: Group, _groups: Sequence[Group]) -> str:
    value = group.slices[0].frame.traits.b_value
    return "" if value is None else f"b {value:.0f}"


def _plain_label(name: str, group: Group, _groups: Sequence[Group]) -> str:
    value = group.values[name]
    return "" if value is None else f"{name} {value}"


def _stack_label(_name: str, group: Group, _groups: Sequence[Group]) -> str:
    """The stack's own name; a bare number would not say what it counts."""
    value = group.values["stack"]
    named = "" if value is None else str(value)
    return f"stack {named}" if named.isdigit() else named


def _kind_label(_name: str, group: Group, groups: Sequence[Group]) -> str:
    """The words of Image Type that not all groups have."""
    types = [set(other.slices[0].frame.traits.image_type) for other in groups]
    common = set.intersection(*types)
    own = group.slices[0].frame.traits.image_type
    return " ".join(word for word in own if word and word not in common)


_LABELS: Final[Mapping[str, Label]] = {
    "film": _film_label,
    "placed": _placed_label,
    "reference": _reference_label,
    "size": _size_label,
    "orientation": _orientation_label,
    "spacing": _spacing_label,
    "echo": _echo_label,
    "b": _b_label,
    "time": _plain_label,
    "stack": _stack_label,
    "kind": _kind_label,
    "acquisition": _plain_label,
    "pass": _plain_label,
}
