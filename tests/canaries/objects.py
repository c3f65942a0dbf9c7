"""Canaries in objects that are no slices: reports, notes, documents, states."""

import zlib

from tests.canaries.cage import CT, file, image, merged
from tests.canaries.planting import Planting
from tests.canaries.tree import Branch, Leaf, Node

SR = "1.2.840.10008.5.1.4.1.1.88.33"
KEY_OBJECTS = "1.2.840.10008.5.1.4.1.1.88.59"
GRAYSCALE_STATE = "1.2.840.10008.5.1.4.1.1.11.1"
PDF = "1.2.840.10008.5.1.4.1.1.104.1"
VIDEO = "1.2.840.10008.5.1.4.1.1.77.1.4.1"
SCREEN = "1.2.840.10008.5.1.4.1.1.7"

_PIXELS = frozenset({0x7FE00010})


def plant_objects(planting: Planting) -> None:
    """Reports and the like; the default export cleans or withholds each."""
    _report(planting, SR, "SR", 200)
    _report(planting, KEY_OBJECTS, "KO", 201)
    _state(planting)
    _document(planting)
    _screen(planting)
    _names(planting)


def _without_pixels(number: int, sop_class: str, modality: str) -> tuple[Node, ...]:
    nodes = merged(image(number, sop_class), [Leaf(0x00080060, "CS", modality)])
    return tuple(node for node in nodes if node.tag not in _PIXELS)


def _code(tag: int, value: str, meaning: str) -> Branch:
    return Branch(
        tag,
        (
            (
                Leaf(0x00080100, "SH", value),
                Leaf(0x00080102, "SH", "DCM"),
                Leaf(0x00080104, "LO", meaning),
            ),
        ),
    )


def _report(planting: Planting, sop_class: str, modality: str, number: int) -> None:
    """One content item of each type, once more within a container."""
    items = (*_content(planting, modality, 1), _container(planting, modality))
    nodes = merged(
        _without_pixels(number, sop_class, modality),
        [
            Leaf(0x0040A040, "CS", "CONTAINER"),
            _code(0x0040A043, "126000", "Imaging Measurement Report"),
            Leaf(0x0040A050, "CS", "SEPARATE"),
            Branch(0x0040A730, items),
            Branch(0x0040A078, (_author(planting, modality),)),
            Branch(0x0040A073, (_author(planting, modality),)),
        ],
    )
    planting.file(f"objects/{modality}.dcm", file(nodes), leaves=None)


def _author(planting: Planting, modality: str) -> tuple[Node, ...]:
    def text(place: str) -> str:
        return planting.text("SR", f"{modality}: {place}")

    return (
        Leaf(0x0040A075, "PN", text("verifying observer")),
        Leaf(0x0040A123, "PN", text("author")),
        Leaf(0x0040A027, "LO", text("organization")),
        Leaf(0x00080080, "LO", text("institution of an author")),
    )


def _container(planting: Planting, modality: str) -> tuple[Node, ...]:
    return (
        Leaf(0x0040A010, "CS", "CONTAINS"),
        Leaf(0x0040A040, "CS", "CONTAINER"),
        _code(0x0040A043, "125007", "Measurement Group"),
        Leaf(0x0040A050, "CS", "SEPARATE"),
        Branch(0x0040A730, tuple(_content(planting, modality, 2))),
    )


def _content(
    planting: Planting, modality: str, depth: int
) -> tuple[tuple[Node, ...], ...]:
    def value(vr: str, place: str) -> str | bytes:
        where = f"{modality}: {place} at depth {depth}"
        return planting.value(vr, "SR", where)

    def item(kind: str, meaning: str, *nodes: Node) -> tuple[Node, ...]:
        return (
            Leaf(0x0040A010, "CS", "CONTAINS"),
            Leaf(0x0040A040, "CS", kind),
            _code(0x0040A043, "121071", meaning),
            *nodes,
        )

    referenced: tuple[Node, ...] = (
        Leaf(0x00081150, "UI", CT),
        Leaf(0x00081155, "UI", value("UI", "an image's UID")),
    )
    found = str(value("LO", "a code's meaning"))
    return (
        item("TEXT", "Finding", Leaf(0x0040A160, "UT", value("UT", "a text"))),
        item("PNAME", "Person", Leaf(0x0040A123, "PN", value("PN", "a person"))),
        item("DATE", "Date", Leaf(0x0040A121, "DA", value("DA", "a date"))),
        item("TIME", "Time", Leaf(0x0040A122, "TM", value("TM", "a time"))),
        item("DATETIME", "When", Leaf(0x0040A120, "DT", value("DT", "a moment"))),
        item("UIDREF", "Object", Leaf(0x0040A124, "UI", value("UI", "a UID"))),
        item("CODE", "Finding", _code(0x0040A168, "X", found)),
        item("IMAGE", "Source", Branch(0x00081199, (referenced,))),
        item("TEXT", str(value("LO", "a concept's name"))),
    )


def _state(planting: Planting) -> None:
    def text(place: str) -> str:
        return planting.text("presentation state", place)

    drawn = (
        Leaf(0x00700002, "CS", "LAYER"),
        Branch(0x00700008, ((Leaf(0x00700006, "ST", text("a text on the image")),),)),
    )
    layer = (
        Leaf(0x00700002, "CS", "LAYER"),
        Leaf(0x00700062, "IS", "1"),
        Leaf(0x00700068, "LO", text("description of a layer")),
    )
    nodes = merged(
        _without_pixels(210, GRAYSCALE_STATE, "PR"),
        [
            Branch(0x00700001, (drawn,)),
            Branch(0x00700060, (layer,)),
            Leaf(0x00700080, "CS", text("its label")),
            Leaf(0x00700081, "LO", text("its description")),
            Leaf(0x00700084, "PN", text("its creator")),
        ],
    )
    planting.file("objects/PR.dcm", file(nodes), leaves=None)


def _document(planting: Planting) -> None:
    """A PDF with a name in its text, once more packed, and in its title."""
    open_text = planting.text("document", "in the PDF").encode()
    hidden = planting.letters(12).encode()
    packed = zlib.compress(hidden)
    planting.note("document", "packed in the PDF", [hidden, packed])
    title = planting.text("document", "its title")
    pdf = b"%PDF-1.4\n1 0 obj\n(" + open_text + b")\nstream\n" + packed + b"\nendstream"
    nodes = merged(
        _without_pixels(220, PDF, "DOC"),
        [
            Leaf(0x00280301, "CS", "YES"),
            Leaf(0x00420010, "ST", title),
            Leaf(0x00420011, "OB", pdf + b"\0" * (len(pdf) % 2)),
            Leaf(0x00420012, "LO", "application/pdf"),
        ],
    )
    planting.file("objects/document.dcm", file(nodes), leaves=False)


def _screen(planting: Planting) -> None:
    """Bytes of a name as pixels of a screen capture: nobody looked at it."""
    name = planting.value("OB", "screen capture", "as its pixels")
    if isinstance(name, str):
        raise TypeError("pixels are bytes")
    nodes = merged(
        image(230, SCREEN),
        [Leaf(0x7FE00010, "OW", name.ljust(2048, b"\0"))],
        [Leaf(0x00080060, "CS", "OT")],
    )
    planting.file("objects/screen.dcm", file(nodes), leaves=False)


def _names(planting: Planting) -> None:
    """Folders and files that are called like the patient."""
    folder = planting.text("file name", "a folder")
    name = planting.text("file name", "a file")
    planting.file(f"{folder}/{name}.dcm", file(image(240)))
