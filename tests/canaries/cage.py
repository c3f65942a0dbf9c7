"""A small CT image around the canaries, in any transfer syntax."""

import zlib
from collections.abc import Iterable
from dataclasses import dataclass

from tests.canaries.tree import UNDEFINED, Leaf, Node, Writing, written
from tests.dicom.written_files import (
    BIG,
    DEFLATED,
    EXPLICIT,
    IMPLICIT,
    element,
    item,
    sequence_end,
)

CT = "1.2.840.10008.5.1.4.1.1.2"
SIDE = 32

WAYS = {
    EXPLICIT: Writing(),
    IMPLICIT: Writing(implicit=True),
    BIG: Writing(order=">", open_ends=True),
    DEFLATED: Writing(open_ends=True),
}


@dataclass(frozen=True, slots=True)
class Wrap:
    """What lies around a data set.

    Attributes
    ----------
    preamble : bytes
        128 of them.
    meta : tuple of Leaf
        Further file meta information.
    behind : bytes
        After the data set.
    """

    preamble: bytes = bytes(128)
    meta: tuple[Leaf, ...] = ()
    behind: bytes = b""


def image(number: int, sop_class: str = CT) -> tuple[Leaf, ...]:
    """A slice of 32 × 32 pixels of 12 bits in 16; `number` makes its UIDs."""
    root = f"1.2.826.0.1.3680043.10.55.{number}"
    stated: tuple[tuple[int, str, str | bytes | int], ...] = (
        (0x00080008, "CS", "ORIGINAL\\PRIMARY\\AXIAL"),
        (0x00080016, "UI", sop_class),
        (0x00080018, "UI", f"{root}.3"),
        (0x00080020, "DA", ""),
        (0x00080030, "TM", ""),
        (0x00080050, "SH", ""),
        (0x00080060, "CS", "CT"),
        (0x00080070, "LO", ""),
        (0x00080090, "PN", ""),
        (0x00100010, "PN", f"Cage^{number}"),
        (0x00100020, "LO", f"CAGE-{number}"),
        (0x00100030, "DA", ""),
        (0x00100040, "CS", ""),
        (0x00180060, "DS", "120"),
        (0x00185100, "CS", "HFS"),
        (0x0020000D, "UI", f"{root}.1"),
        (0x0020000E, "UI", f"{root}.2"),
        (0x00200010, "SH", ""),
        (0x00200011, "IS", "1"),
        (0x00200012, "IS", "1"),
        (0x00200013, "IS", "1"),
        (0x00200032, "DS", "0\\0\\0"),
        (0x00200037, "DS", "1\\0\\0\\0\\1\\0"),
        (0x00200052, "UI", f"{root}.4"),
        (0x00201040, "LO", ""),
        (0x00280002, "US", 1),
        (0x00280004, "CS", "MONOCHROME2"),
        (0x00280010, "US", SIDE),
        (0x00280011, "US", SIDE),
        (0x00280030, "DS", "1\\1"),
        (0x00280100, "US", 16),
        (0x00280101, "US", 12),
        (0x00280102, "US", 11),
        (0x00280103, "US", 0),
        (0x00281052, "DS", "-1024"),
        (0x00281053, "DS", "1"),
        (0x7FE00010, "OW", bytes(2 * SIDE * SIDE)),
    )
    return tuple(Leaf(tag, vr, value) for tag, vr, value in stated)


def merged(base: Iterable[Node], *others: Iterable[Node]) -> tuple[Node, ...]:
    """`base` with what others put in its place or beside it."""
    nodes = {node.tag: node for node in base}
    for more in others:
        nodes.update({node.tag: node for node in more})
    return tuple(nodes.values())


def file(
    nodes: Iterable[Node], syntax: str = EXPLICIT, wrap: Wrap | None = None
) -> bytes:
    """A whole file; for a compressed syntax its data set is explicit."""
    wrap = wrap or Wrap()
    every = tuple(nodes)
    data_set = written(every, WAYS.get(syntax, Writing())) + wrap.behind
    if syntax == DEFLATED:
        packer = zlib.compressobj(wbits=-15)
        data_set = packer.compress(data_set) + packer.flush()
    return wrap.preamble + b"DICM" + _meta(every, syntax, wrap.meta) + data_set


def encapsulated(frames: Iterable[bytes], table: bytes = b"") -> Leaf:
    """Pixel data of undefined length, one fragment a frame."""
    fragments = (frame + b"\0" * (len(frame) % 2) for frame in frames)
    items = item(table) + b"".join(item(fragment) for fragment in fragments)
    return Leaf(0x7FE00010, "OB", items + sequence_end(), UNDEFINED)


def _meta(nodes: Iterable[Node], syntax: str, more: Iterable[Leaf]) -> bytes:
    values = {node.tag: node.value for node in nodes if isinstance(node, Leaf)}
    leaves = merged(
        (
            Leaf(0x00020001, "OB", b"\0\1"),
            Leaf(0x00020002, "UI", values[0x00080016]),
            Leaf(0x00020003, "UI", values[0x00080018]),
            Leaf(0x00020010, "UI", syntax),
            Leaf(0x00020012, "UI", "1.2.826.0.1.3680043.10.55"),
        ),
        more,
    )
    content = written(leaves, Writing())
    return element(0x00020000, "UL", len(content)) + content
