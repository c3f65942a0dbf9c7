"""Canaries around the data set, and in attributes that nobody knows."""

from tests.canaries.cage import Wrap, file, image, merged
from tests.canaries.planting import Fate, Planting
from tests.canaries.tree import Branch, Leaf, Node, chain
from tests.dicom.written_files import BIG, EXPLICIT, IMPLICIT, element
from viewer.core.deidentification import Option

DERIVATION, EQUIVALENT = 0x00089215, 0x00080121  # two that every export leaves
SAFE = frozenset({Option.RETAIN_SAFE_PRIVATE})
_INSTITUTION = Fate(frozenset({Option.RETAIN_INSTITUTION_IDENTITY}))
KEPT = Fate(SAFE)
FREE = Fate(maybe_by=SAFE, reason="whatever is written there is safe by the table")

_META = (
    (0x00020013, "SH"),  # Implementation Version Name
    (0x00020016, "AE"),  # Source Application Entity Title
    (0x00020017, "AE"),  # Sending
    (0x00020018, "AE"),  # Receiving
    (0x00020026, "UR"),  # Source Presentation Address
    (0x00020027, "UR"),
    (0x00020028, "UR"),
    (0x00020031, "UI"),  # RTV Meta Information Version and its neighbours
    (0x00020032, "UI"),
    (0x00020100, "UI"),  # Private Information Creator UID
    (0x00020102, "OB"),  # Private Information
    (0x00020099, "LO"),  # unknown
)
_UNKNOWN = (0x00080007, 0x0010FFFE, 0x00186FFE, 0x00201999, 0x00402FF0, 0x43210010)


def below(depth: int) -> tuple[int, ...]:
    """So many sequences around an attribute, each of which an export leaves."""
    return (DERIVATION, *(EQUIVALENT for _ in range(depth - 1))) if depth else ()


def plant_around(planting: Planting) -> None:
    """File meta information, preamble, padding, what follows the data set."""
    meta = []
    for tag, vr in _META:
        value = planting.value(vr, "file meta", f"({tag >> 16:04X},{tag & 0xFFFF:04X})")
        meta.append(Leaf(tag, vr, value))
    preamble = planting.text("preamble", "its first bytes").encode()
    behind = planting.text("padding", "after the data set").encode()
    padding = planting.text("padding", "Data Set Trailing Padding").encode()
    tail = Leaf(0xFFFCFFFC, "OB", padding)
    wrap = Wrap(preamble.ljust(128, b"\0"), tuple(meta), behind)
    planting.file("around/slice.dcm", file(merged(image(1), [tail]), EXPLICIT, wrap))
    text = planting.text("preamble", "a TIFF's beginning").encode()
    wrap = Wrap((b"II*\0" + text).ljust(128, b"\0"))
    planting.file("around/tiff.dcm", file(image(2), IMPLICIT, wrap))
    command = planting.text("command set", "Affected SOP Instance UID")
    content = file(image(3))
    left_over = element(0x00001000, "UI", command, implicit=True)
    start = content.index(b"\x08\0\x08\0CS")
    planting.file("around/dump.dcm", content[:start] + left_over + content[start:])


def plant_unknown(planting: Planting) -> None:
    """Attributes no edition names, directory groups, private ones of all kinds."""
    for number, syntax in enumerate((EXPLICIT, IMPLICIT, BIG)):
        nodes: list[Node] = []
        for depth in (0, 1, 3, 10):
            inside = [
                *_nameless(planting, depth),
                *_private(planting, depth),
                *_hidden(planting, depth),
            ]
            nodes += _joined(nodes, chain(below(depth), inside))
        content = file(merged(image(10 + number), nodes), syntax)
        planting.file(f"unknown/{number}.dcm", content)


def _joined(there: list[Node], more: tuple[Node, ...]) -> tuple[Node, ...]:
    """Depths share their outermost sequence: each becomes an item of it."""
    for node in there:
        if isinstance(node, Branch) and node.tag == DERIVATION and len(more) == 1:
            there.remove(node)
            (branch,) = more
            if isinstance(branch, Branch):
                return (Branch(DERIVATION, (*node.items, *branch.items)),)
    return more


def _nameless(planting: Planting, depth: int) -> list[Node]:
    nodes: list[Node] = []
    for tag in _UNKNOWN:
        place = f"({tag >> 16:04X},{tag & 0xFFFF:04X}) at depth {depth}"
        nodes.append(Leaf(tag, "LO", planting.text("unknown", place)))
    directory = planting.text("directory", f"(0004,1220) at depth {depth}")
    nodes.append(Branch(0x00041220, ((Leaf(0x00080104, "LO", directory),),)))
    directory = planting.text("directory", f"(0004,1130) at depth {depth}")
    nodes.append(Leaf(0x00041130, "CS", directory))
    return nodes


def _private(planting: Planting, depth: int) -> list[Node]:
    def text(place: str) -> str:
        return planting.text("private", f"{place} at depth {depth}")

    code = (Leaf(0x00080104, "LO", text("inside a private sequence")),)
    person = (Leaf(0x00100010, "PN", text("a name in a private sequence")),)
    return [
        Leaf(0x00090010, "LO", text("the creator itself")),
        Leaf(0x00091001, "LO", text("a text")),
        Leaf(0x00091002, "UN", text("an unknown value").encode()),
        Branch(0x00091003, (code, person)),
        Branch(
            0x00091004, ((Leaf(0x00100020, "LO", text("in a UN sequence")),),), "UN"
        ),
        Leaf(0x00091005, "OB", text("bytes").encode()),
        Leaf(0x00110001, "LO", text("an element below 10")),
        Leaf(0x00131010, "LO", text("no creator at all")),
        Leaf(0x00010010, "LO", text("group 1")),
        *_of_safe_creators(planting, depth),
    ]


def _of_safe_creators(planting: Planting, depth: int) -> list[Node]:
    """Creators whose other elements are safe, with what is not."""
    where = f"at depth {depth}"
    unsafe = planting.text("private", f"an unsafe element of a safe creator {where}")
    wrong = planting.text("private", f"a name where a safe number belongs {where}")
    behind = planting.text("private", f"three numbers where one is safe {where}")
    pitch = planting.text("safe private", f"a safe text {where}", FREE)
    number = f"{len(planting.canaries) + 1_000}.1847265"
    place = f"a safe number {where}"
    planting.note("safe private", place, [number.encode()], KEPT)
    return [
        Leaf(0x00190010, "LO", "SIEMENS MR HEADER"),
        Leaf(0x00191008, "CS", unsafe),  # not in the table
        Leaf(0x0019100C, "IS", wrong),  # B_value
        Leaf(0x00430010, "LO", "GEMS_PARM_01"),
        Leaf(0x00431027, "SH", pitch),
        Leaf(0x20010010, "LO", "Philips Imaging DD 001"),
        Leaf(0x20011003, "FL", behind.encode()),
        Leaf(0x00E10010, "LO", "ELSCINT1"),
        Leaf(0x00E11050, "DS", number),
    ]


def _hidden(planting: Planting, depth: int) -> list[Node]:
    """Sequences disguised as UN, and known attributes under the VR UN."""

    def text(place: str) -> str:
        return planting.text("disguised", f"{place} at depth {depth}")

    place = f"an address as UN at depth {depth}"
    address = planting.text("disguised", place, _INSTITUTION)
    inside: tuple[Node, ...] = (
        Leaf(0x00100010, "PN", text("a name in a UN sequence")),
        Leaf(0x00081070, "PN", text("an operator in a UN sequence")),
        *chain((EQUIVALENT,), [Leaf(0x00080090, "PN", text("deeper in it"))]),
    )
    return [
        Branch(0x00082228, (inside,), "UN"),  # Primary Anatomic Structure Sequence
        Leaf(0x00080081, "UN", address.encode()),
        Leaf(0x00104000, "UN", text("comments as UN").encode()),
        Leaf(0x00081030, "OB", text("a description as OB").encode()),
    ]
