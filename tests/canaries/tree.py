"""Attributes as a tree, written byte by byte in any encoding, right or wrong."""

from collections.abc import Iterable
from dataclasses import dataclass

from tests.dicom.written_files import Value, element, item, sequence_end

UNDEFINED = 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class Writing:
    """How a data set is written.

    Attributes
    ----------
    implicit : bool
    order : str
        The sign `struct` knows the byte order by.
    open_ends : bool
        Whether sequences and items are closed by delimiters instead of lengths.
    """

    implicit: bool = False
    order: str = "<"
    open_ends: bool = False


@dataclass(frozen=True, slots=True)
class Leaf:
    """An attribute with a value: text, bytes as they are, or numbers.

    Attributes
    ----------
    length : int or None
        What it claims; None for the truth.
    """

    tag: int
    vr: str
    value: Value = b""
    length: int | None = None


@dataclass(frozen=True, slots=True)
class Branch:
    """A sequence; as UN its items are implicit, PS3.5 6.2.2 note 5."""

    tag: int
    items: tuple[tuple["Node", ...], ...]
    vr: str = "SQ"


Node = Leaf | Branch


def written(nodes: Iterable[Node], way: Writing) -> bytes:
    """A data set or the inside of an item, in the order of tags."""
    ordered = sorted(nodes, key=lambda node: node.tag)
    return b"".join(_written(node, way) for node in ordered)


def chain(tags: Iterable[int], inside: Iterable[Node]) -> tuple[Node, ...]:
    """`inside` at the bottom of sequences in each other, the outermost first."""
    nodes = tuple(inside)
    for tag in reversed(tuple(tags)):
        nodes = (Branch(tag, (nodes,)),)
    return nodes


def _written(node: Node, way: Writing) -> bytes:
    if isinstance(node, Leaf):
        return element(
            node.tag,
            node.vr,
            node.value,
            implicit=way.implicit,
            order=way.order,
            length=node.length,
        )
    inner = way
    if node.vr == "UN":
        inner = Writing(implicit=True, order=way.order)
    items = b"".join(
        item(written(nodes, inner), order=inner.order, open_end=inner.open_ends)
        for nodes in node.items
    )
    length = None
    if inner.open_ends:
        items, length = items + sequence_end(inner.order), UNDEFINED
    return element(
        node.tag,
        node.vr,
        items,
        implicit=way.implicit,
        order=way.order,
        length=length,
    )
