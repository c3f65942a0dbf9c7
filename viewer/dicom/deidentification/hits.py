"""What is found of people in a file, and whether it is more than some digits."""

import re
from mmap import mmap
from typing import Final, NamedTuple

from viewer.core.telltale import Kind
from viewer.dicom.attributes import Attributes
from viewer.dicom.element import Element

Bytes = bytes | mmap
DIGITS: Final = re.compile(rb"[0-9]+(?:[-./ ][0-9]+)*")
_TOUCHING: Final = 2  # bytes of a tag or a length that look like digits


class Survivor(NamedTuple):
    """A value that is still there.

    Attributes
    ----------
    kind : Kind
    place : str
        ``(0008,0090)``, or where else in the file.
    form : bytes
        How it is written; never shown to anybody.
    """

    kind: Kind
    place: str
    form: bytes


class Leaf(NamedTuple):
    """An attribute, and the item it stands in."""

    item: Attributes
    element: Element


class Hit(NamedTuple):
    """A form of a value in a file, before anybody asks how it came there.

    Attributes
    ----------
    kind : Kind
    form : bytes
    start : int
        Where in the data set; -1 where that says nothing.
    leaf : Leaf or None
        The attribute it is in; None among the pixels and around all attributes.
    """

    kind: Kind
    form: bytes
    start: int
    leaf: Leaf | None

    @property
    def place(self) -> str:
        """For a report."""
        return f"byte {self.start}" if self.leaf is None else _path(self.leaf.element)


def unexplained(hit: Hit) -> bool:  # noqa: ARG001 - one of those that may be asked
    """Nothing is known of the source of a file."""
    return False


def is_whole_uid(content: Bytes, start: int, form: bytes) -> bool:
    """Whether no digit before or behind makes it another UID."""
    before, behind = content[start - 1 : start], content[start + len(form) :][:1]
    return not (before.isdigit() or before == b".") and not behind.isdigit()


def stands_alone(content: Bytes, start: int, form: bytes) -> bool:
    """Whether it is not just some of the digits of a longer number."""
    if not DIGITS.fullmatch(form):
        return True
    length, end = len(form) + _TOUCHING, start + len(form)
    while end < len(content) and content[end : end + 1].isdigit():
        end += 1
    while start and content[start - 1 : start].isdigit():
        start -= 1
    return end - start <= length


def _path(element: Element) -> str:
    return f"({element.tag >> 16:04X},{element.tag & 0xFFFF:04X})"
