"""What an export does to every attribute, for somebody who looks before it leaves.

Values are in it: it is for the screen, or a file the user asks for, and never logged.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from viewer.core.deidentification import Change
from viewer.core.folding import folded

_ITEM: Final = re.compile(r"\[\d+\]")
_TAG: Final = re.compile(r"([0-9A-Fa-f]{4}),([0-9A-Fa-f]{4})")
_SPACE: Final = re.compile(r"[\t\r\n]+")
_MOST_VALUES: Final = 1000
_MORE: Final = "1,000 and more"


class Fate(StrEnum):
    """What became of an attribute, in a word."""

    KEPT = "kept"
    CLEANED = "cleaned"
    REPLACED = "replaced"
    EMPTIED = "emptied"
    REMOVED = "removed"


class Column(StrEnum):
    """What rows can be sorted by, and the columns of the table as text."""

    TAG = "Tag"
    ATTRIBUTE = "Attribute"
    FATE = "What becomes of it"
    RULE = "Rule"
    BEFORE = "Before"
    AFTER = "After"
    WHERE = "Where"


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One attribute, in all instances in which the same was done to it.

    Attributes
    ----------
    path : str
        ``00081140.00081155``: without the numbers of items.
    tag : str
        ``(0008,1140) > (0008,1155)``.
    attribute : str
        ``Referenced Image Sequence > Referenced SOP Instance UID``.
    keyword, vr : str
    fate : Fate
    rule : str
        What decided it, in plain words.
    before, after : str
        The value, or one of them and how many there are.
    instances, of : int
        In how many instances of how many.
    """

    path: str
    tag: str
    attribute: str
    keyword: str
    vr: str
    fate: Fate
    rule: str
    before: str
    after: str
    instances: int
    of: int

    @property
    def where(self) -> str:
        """``all 642 instances``; empty where there is only one."""
        if self.of == 1:
            return ""
        if self.instances == self.of:
            return f"all {self.of:,} instances"
        return f"{self.instances:,} of {self.of:,} instances"

    def cell(self, column: Column) -> str:
        """What the table shows in a column."""
        return {
            Column.TAG: self.tag,
            Column.ATTRIBUTE: self.attribute,
            Column.FATE: self.fate.value,
            Column.RULE: self.rule,
            Column.BEFORE: self.before,
            Column.AFTER: self.after,
            Column.WHERE: self.where,
        }[column]


@dataclass(slots=True)
class _Group:
    """Changes that are one row."""

    first: Change
    fate: Fate
    before: set[str] = field(default_factory=set)
    after: set[str] = field(default_factory=set)
    instances: int = 0
    last: int = -1


class ChangeTable:
    """Gathers the changes of instances, one after the other."""

    def __init__(self) -> None:
        self._groups: dict[tuple[str, str, Fate], _Group] = {}
        self._names: dict[str, str] = {}
        self._instances = 0

    def add(self, changes: Iterable[Change]) -> None:
        """Add what was done to one instance."""
        for change in changes:
            path = _ITEM.sub("", change.path)
            self._names.setdefault(path, change.name)
            fate = fate_of(change)
            key = path, change.rule, fate
            group = self._groups.setdefault(key, _Group(change, fate))
            for values, value in (
                (group.before, change.before),
                (group.after, change.after),
            ):
                if len(values) < _MOST_VALUES:
                    values.add(value)
            group.instances += group.last != self._instances
            group.last = self._instances
        self._instances += 1

    def rows(self) -> tuple[ChangeRow, ...]:
        """Every row, in the order of a data set."""
        found = (self._row(path, one) for (path, _, _), one in self._groups.items())
        return tuple(sorted(found, key=lambda row: (row.path, row.fate, row.rule)))

    def _row(self, path: str, group: _Group) -> ChangeRow:
        tags = path.split(".")
        names = [
            self._names.get(".".join(tags[:depth]), _written(tags[depth - 1]))
            for depth in range(1, len(tags) + 1)
        ]
        first = group.first
        return ChangeRow(
            path,
            " > ".join(_written(tag) for tag in tags),
            " > ".join(names),
            first.keyword,
            first.vr,
            group.fate,
            first.rule,
            _told(first.before, len(group.before)),
            _told(first.after, len(group.after)),
            group.instances,
            self._instances,
        )


def fate_of(change: Change) -> Fate:
    """What became of an attribute: what was empty and is, was kept."""
    if change.action == "X":
        return Fate.REMOVED
    if change.action == "K" or change.before == change.after:
        return Fate.KEPT
    if not change.after:
        return Fate.EMPTIED
    return Fate.CLEANED if change.action == "C" else Fate.REPLACED


def filtered(
    rows: Iterable[ChangeRow], text: str = "", fates: frozenset[Fate] = frozenset()
) -> tuple[ChangeRow, ...]:
    """Rows in which every word of `text` occurs, of these fates; none means any."""
    words = folded(_TAG.sub(r"\1\2", text)).split()
    return tuple(
        row
        for row in rows
        if (not fates or row.fate in fates)
        and all(word in _searched(row) for word in words)
    )


def in_order(
    rows: Iterable[ChangeRow], column: Column, *, downwards: bool = False
) -> tuple[ChangeRow, ...]:
    """Rows sorted by a column; equal ones stay as they were."""
    if column is Column.WHERE:
        return tuple(sorted(rows, key=lambda row: row.instances, reverse=downwards))
    return tuple(
        sorted(rows, key=lambda row: folded(row.cell(column)), reverse=downwards)
    )


def to_text(rows: Iterable[ChangeRow]) -> str:
    """Rows with tabs between columns, for a spreadsheet."""
    lines = ["\t".join(Column)]
    lines += (
        "\t".join(_SPACE.sub(" ", row.cell(column)) for column in Column)
        for row in rows
    )
    return "\n".join(lines) + "\n"


def counted(rows: Iterable[ChangeRow]) -> dict[Fate, int]:
    """How many rows there are of each fate, in the order of `Fate`."""
    found = dict.fromkeys(Fate, 0)
    for row in rows:
        found[row.fate] += 1
    return found


def _searched(row: ChangeRow) -> str:
    bare = row.path.replace(".", " ")
    parts = (row.cell(column) for column in Column)
    return folded(" ".join((*parts, row.keyword, bare)))


def _written(tag: str) -> str:
    return f"({tag[:4]},{tag[4:]})"


def _told(first: str, count: int) -> str:
    if count < 2:
        return first
    several = _MORE if count >= _MOST_VALUES else f"{count:,}"
    return f"{first or 'empty'} … ({several} different values)"
