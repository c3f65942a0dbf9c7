"""Objects written byte by byte, and what the engine leaves of them."""

import io
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from tests.dicom.written_files import EXPLICIT, Value, element, item, meta, written
from viewer.core.deidentification import (
    Option,
    Policy,
    Recipe,
    Withheld,
    Written,
)
from viewer.dicom.deidentification.engine import deidentify
from viewer.dicom.deidentification.tree import Item, items_of, raw_of, tree_of
from viewer.dicom.part10 import open_dicom

KEY: Final = bytes(range(32))
CT: Final = "1.2.840.10008.5.1.4.1.1.2"
RAW: Final = "1.2.840.10008.5.1.4.1.1.66"

Plain = tuple[int, str, Value]
Stated = Iterable[Plain]

BASE: Final[dict[int, tuple[str, Value]]] = {
    0x00080016: ("UI", RAW),
    0x00080018: ("UI", "1.2.3.4.5"),
    0x00080060: ("CS", "CT"),
    0x00100010: ("PN", "Kowalski^Jolanta"),
    0x00100020: ("LO", "PAT-884423"),
    0x0020000D: ("UI", "1.2.3.4.1"),
    0x0020000E: ("UI", "1.2.3.4.2"),
}
"""An object of raw data: it needs no pixels, and has few modules."""


@dataclass(frozen=True)
class Cleaned:
    """What came of an object."""

    outcome: Written | Withheld
    content: bytes
    path: Path

    @property
    def written(self) -> Written:
        """What is told of it; it was not withheld."""
        assert isinstance(self.outcome, Written), self.outcome
        return self.outcome

    @cached_property
    def tree(self) -> Item:
        """All of it but the pixels."""
        with open_dicom(self.path) as opened:
            return tree_of(opened)

    def value(self, *tags: int) -> bytes | None:
        """The value at a path, first items each; None if it is not there."""
        found = self.tree
        for tag in tags[:-1]:
            inner = items_of(found.get_item(tag)) if tag in found else []
            if not inner:
                return None
            found = inner[0]
        return raw_of(found, tags[-1]) if tags[-1] in found else None

    def text(self, *tags: int) -> str | None:
        """The same, as trimmed text."""
        value = self.value(*tags)
        return None if value is None else value.decode("utf-8").strip(" \0")


def options(*chosen: Option, **policy: bool) -> Policy:
    """A policy with these options."""
    return Policy("test", "Test", "For tests.", frozenset(chosen), **policy)


def object_bytes(*stated: Plain, sop_class: str = RAW, syntax: str = EXPLICIT) -> bytes:
    """A file with these attributes beside those it needs."""
    every = BASE | {0x00080016: ("UI", sop_class)}
    every |= {tag: (vr, value) for tag, vr, value in stated}
    return meta(syntax, sop_class) + b"".join(
        element(tag, vr, value) for tag, (vr, value) in sorted(every.items())
    )


def cleaned(
    folder: Path,
    content: bytes,
    policy: Policy | None = None,
    *,
    key: bytes = KEY,
    told: bool = False,
) -> Cleaned:
    """What the engine makes of a file with this content."""
    source, out = written(folder / "source.dcm", content), io.BytesIO()
    recipe = Recipe(policy or options(), key, want_changes=told, want_pairs=told)
    outcome = deidentify(source, recipe, out)
    target = written(folder / "cleaned.dcm", out.getvalue())
    return Cleaned(outcome, out.getvalue(), target)


def sequence(tag: int, *items: Stated) -> Plain:
    """A sequence of items with these attributes."""
    value = b"".join(
        item(b"".join(element(*one) for one in sorted(content, key=lambda one: one[0])))
        for content in items
    )
    return tag, "SQ", value


def nested(depth: int, inside: Plain) -> Plain:
    """An attribute in an item in an item, as deep as said."""
    for _ in range(depth):
        inside = sequence(0x00081250, [inside])  # Related Series: it has no row
    return inside
