"""Which attributes an object must have: what compound actions are decided by; PS3.3."""

import json
from functools import lru_cache
from typing import Final, NamedTuple

from viewer.core.resources import resource

REQUIRED: Final = frozenset({"1", "1C"})
EMPTY_ALLOWED: Final = frozenset({"2", "2C"})
OPTIONAL: Final = "3"

_STRENGTH: Final = {"3": 0, "2C": 1, "2": 2, "1C": 3, "1": 4}
_COMMON: Final = (
    *("patient", "general-study", "general-series", "general-equipment"),
    *("general-image", "image-pixel", "sop-common", "frame-of-reference"),
)
"""Modules of a class of the standard that the table does not know: a retired one."""


class _Types(NamedTuple):
    classes: dict[str, str]
    objects: dict[str, list[str]]
    modules: dict[str, dict[int, str]]
    items: dict[int, dict[int, str]]


def type_of(sop_class_uid: str, parent: int, tag: int) -> str:
    """How much an object needs an attribute: ``1``, ``1C``, ``2``, ``2C`` or ``3``.

    Parameters
    ----------
    sop_class_uid : str
    parent : int
        Tag of the sequence it stands in; 0 at top level.
    tag : int

    Returns
    -------
    str
        The strictest of all modules the object can have: conditions are not
        computed, so what is required under a condition counts as required.
    """
    if parent:
        return _types().items.get(parent, {}).get(tag, OPTIONAL)
    return _top(sop_class_uid).get(tag, OPTIONAL)


def is_known(sop_class_uid: str) -> bool:
    """Whether the class is one whose object the tables describe."""
    return sop_class_uid in _types().classes


def required_in(parent: int) -> dict[int, str]:
    """What an item of a sequence must have, with its type, by tag."""
    return _types().items.get(parent, {})


@lru_cache(maxsize=64)
def _top(sop_class_uid: str) -> dict[int, str]:
    types = _types()
    name = types.classes.get(sop_class_uid, "")
    found: dict[int, str] = {}
    for module in types.objects.get(name, _COMMON):
        for tag, kind in types.modules.get(module, {}).items():
            if _STRENGTH[found.get(tag, OPTIONAL)] < _STRENGTH[kind]:
                found[tag] = kind
    return found


@lru_cache(maxsize=1)
def _types() -> _Types:
    path = resource("deidentification/object_types.json")
    raw = json.loads(path.read_text("utf-8"))
    items = {int(parent, 16): _by_tag(rows) for parent, rows in raw["items"].items()}
    modules = {name: _by_tag(rows) for name, rows in raw["modules"].items()}
    return _Types(raw["classes"], raw["objects"], modules, items)


def _by_tag(rows: dict[str, list[str]]) -> dict[int, str]:
    return {int(tag, 16): kind for kind, tags in rows.items() for tag in tags}
